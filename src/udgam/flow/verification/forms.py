"""What people type from a certificate in their hands."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from udgam.rules.public_fields import COMPARABLE

# A credential with a hundred lines of goods has some 150,000 characters.
LONGEST_TEXT = 400_000
HINTS = {
    "issued_on": _("As printed, for example 22-11-2026"),
    "invoice_date": _("As printed, for example 22-11-2026"),
    "hs_code": _("At least six digits"),
    "fob": _("Only the number; the sum of all items"),
    "gross_weight": _("Only the number; the sum of all items"),
    "packages": _("The sum of all items"),
    "destination": _("Its name or two-letter code"),
    "consignee_country": _("Its name or two-letter code"),
}


class SearchForm(forms.Form):
    """A certificate number."""

    number = forms.CharField(
        label=_("Certificate number"),
        max_length=120,
        help_text=_("The whole number with its slashes, for example SEC/2026/016/0000081A/00000002"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "udgam-number"}),
        error_messages={"required": _("Enter the certificate number as it stands on the certificate.")},
    )


class FileForm(forms.Form):
    """The certificate's PDF, its credential, or a picture of its signed code."""

    file = forms.FileField(
        label=_("File or picture"),
        help_text=_("The PDF, the credential, or a picture with the large QR code. It is checked and not kept."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/*,.pdf,.png,.jpg,.jpeg,.jwt,.txt,.json,.zip"}),
        error_messages={
            "required": _("Choose the PDF, the credential or a picture of the code."),
            "empty": _("The file is empty. Choose the PDF of the certificate."),
            "invalid": _("No file arrived. Choose the PDF of the certificate."),
        },
    )

    def clean_file(self) -> object:
        """A certificate is small; a larger file is something else."""
        file = self.cleaned_data["file"]
        if file.size > settings.DOCUMENT_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(limit)s MB. A certificate is much smaller: choose its PDF."),
                params={"limit": settings.DOCUMENT_MAX_BYTES // (1024 * 1024)},
                code="too_large",
            )
        return file


class TextForm(forms.Form):
    """The text of a signed code or of a credential."""

    text = forms.CharField(
        label=_("Text of the code or of the credential"),
        max_length=LONGEST_TEXT,
        strip=False,
        help_text=_("What a QR reader shows for the large code begins with UD1:, a credential with eyJ"),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": _("Paste the text of the large code or of the credential."),
            "max_length": _("The text is too long to be a code or a credential. Send it as a file."),
        },
    )


class CompareForm(forms.Form):
    """What stands on the paper; every field may stay empty, but not all."""

    def __init__(self, *args: object, fields: Iterable[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for name in fields:
            self.fields[name] = forms.CharField(
                # The labels are the rules' own words; the catalogue translates them.
                label=_(COMPARABLE[name]),
                required=False,
                max_length=300,
                help_text=HINTS.get(name, ""),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def clean(self) -> dict[str, str]:
        """At least one field must say something."""
        values: dict[str, str] = self.cleaned_data
        if not self.errors and not any(value.strip() for value in values.values()):
            raise forms.ValidationError(_("Type at least one thing that stands on the certificate."), code="nothing")
        return values


class OpenForm(forms.Form):
    """What only somebody who holds the certificate or its invoice knows."""

    invoice_number = forms.CharField(
        label=_("Invoice number"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the number of an invoice that the certificate names.")},
    )
    country = forms.CharField(
        label=_("Consignee's country"),
        max_length=120,
        help_text=_("Its name or two-letter code"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Enter the country of the consignee.")},
    )
