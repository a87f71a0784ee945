"""What officers and exporters send about certificates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from udgam.flow.issuance.models import Certificate, CertificateRequest
from udgam.parties.accounts.reasons import words_of
from udgam.rules.endings import CANCEL_REASONS
from udgam.rules.numbers import NumberRefused, parse_certificate_number


class ChoiceToSign(forms.Form):
    """The applications that are ticked, by their public identifiers."""

    application = forms.TypedMultipleChoiceField(
        label=_("Applications"),
        coerce=str,
        error_messages={
            "required": _("Tick at least one application in the list."),
            "invalid_choice": _("One of the applications is no longer in the list. Look at the list again."),
        },
    )

    def __init__(self, *args: object, offered: list[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["application"].choices = [(one, one) for one in offered]  # type: ignore[attr-defined]


class IssuedFilter(forms.Form):
    """The filter above the list of what the office has issued."""

    search = forms.CharField(label=_("Number, firm or IEC"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            ("", _("All")),
            ("issued", _("Issued")),
            ("superseded", _("Superseded")),
            ("cancelled", _("Cancelled")),
        ],
    )


class PostFilter(forms.Form):
    """Which prints the postal list shows."""

    show = forms.ChoiceField(required=False, choices=[("", _("To be sent")), ("sent", _("Sent"))])
    search = forms.CharField(label=_("Number, firm or article"), max_length=100, required=False)

    def clean_search(self) -> str:
        return str(self.cleaned_data["search"]).replace("\0", "")


class DispatchForm(forms.Form):
    """The numbers of the articles, one field for each certificate on the page; and how and when they were sent."""

    carrier = forms.CharField(
        label=_("Carrier"),
        max_length=60,
        validators=[ProhibitNullCharactersValidator()],
        error_messages={"required": _("“Carrier” is missing.")},
    )
    sent_on = forms.DateField(
        label=_("Sent on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input--width-10"}),
        error_messages={"required": _("“Sent on” is missing.")},
    )

    def __init__(self, *args: Any, rows: Sequence[Certificate], today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"carrier": "Speed Post", "sent_on": today})
        super().__init__(*args, **kwargs)
        for row in rows:
            sent = getattr(row, "dispatch", None)
            self.fields[self.name_of(row)] = forms.CharField(
                label=gettext("Article number for %(number)s") % {"number": row.number},
                max_length=60,
                required=False,
                initial=sent.article_number if sent else "",
                widget=forms.TextInput(
                    attrs={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-10"}
                ),
            )

    @staticmethod
    def name_of(row: Certificate) -> str:
        """The field of a certificate. By its identifier, not by its place: a list that moved meanwhile mixes up nothing."""
        return f"article_{row.public_id}"


class CancelForm(forms.Form):
    """Why a certificate is cancelled."""

    reason = forms.ChoiceField(
        label=_("Why is it cancelled?"),
        choices=[(code, _(label)) for code, label in CANCEL_REASONS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the reason.")},
    )
    note = forms.CharField(
        label=_("Explanation"),
        help_text=_("The exporter and your office read it. The public learns only that it was cancelled, and when."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say in a sentence why it is cancelled.")},
    )


SHOWABLE = {
    "exporter": _("Exporter"),
    "producer": _("Producer"),
    "consignee": _("Consignee"),
    "third_party": _("Third party"),
    "transport": _("Transport"),
    "invoices": _("Invoices"),
    "shipping_bills": _("Shipping bills"),
    "remarks": _("Remarks"),
    "declaration": _("Declaration"),
    # From here on of each line of goods.
    "marks": _("Marks and numbers"),
    "packages": _("Number of packages"),
    "package_kind": _("Kind of packages"),
    "description": _("Description of goods"),
    "quantity": _("Quantity"),
    "gross_weight": _("Gross weight"),
    "fob": _("FOB value"),
    "currency": _("Currency"),
    "invoice": _("Invoice of each line"),
}


class ExtractForm(forms.Form):
    """What an extract shows of a certificate."""

    shown = forms.MultipleChoiceField(
        label=_("What is to be shown?"),
        help_text=_("A bank usually needs no prices."),
        choices=list(SHOWABLE.items()),
        initial=[name for name in SHOWABLE if name not in {"fob", "currency"}],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from what is listed.")},
    )


class SupersedeForm(forms.Form):
    """Which certificate stands in the place of this one."""

    number = forms.CharField(
        label=_("Number of the new certificate"),
        help_text=_("The certificate that was issued in lieu of this one, with its slashes."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "udgam-number"}),
        error_messages={"required": _("Enter the number of the new certificate.")},
    )
    note = forms.CharField(
        label=_("Explanation"),
        help_text=_("The exporter and your office read it."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_number(self) -> str:
        """The number in its canonical form."""
        try:
            return str(parse_certificate_number(self.cleaned_data["number"]))
        except NumberRefused as refused:
            told = words_of(refused)
            raise forms.ValidationError(f"{told.message} {told.advice}") from refused


class AskForm(forms.Form):
    """What an exporter asks for, and why."""

    kind = forms.ChoiceField(
        label=_("What do you ask for?"),
        choices=CertificateRequest.Kind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you ask for.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Say what is wrong or what happened. The office reads this and answers by mail."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say why you ask for it.")},
    )


class AnswerForm(forms.Form):
    """The office's answer to a request."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("grant", _("Grant it")), ("refuse", _("Refuse it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it is granted.")},
    )
    answer = forms.CharField(
        label=_("Answer to the exporter"),
        help_text=_("A refusal needs its reason."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SealForm(forms.Form):
    """The address of a key in a key store."""

    address = forms.CharField(
        label=_("Address of the key"),
        help_text=_("As in RFC 7512, beginning with pkcs11:. Leave it empty to use the key of this installation."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_address(self) -> str:
        """A long address may have been broken into lines."""
        return "".join(str(self.cleaned_data["address"]).split())


class CloseAlarmForm(forms.Form):
    """What an administrator found about an alarm."""

    note = forms.CharField(
        label=_("What you found and what was done"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write what you found and what was done.")},
    )
