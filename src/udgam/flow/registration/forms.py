"""Shape and spelling of what is typed. Whether it may stand is decided by services and policies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from udgam.flow.registration.places import PlaceNeeded, TaxPlace
from udgam.flow.registration.reasons import text_of_refusal
from udgam.parties.accounts.forms import NewPasswordForm
from udgam.rules.identifiers import STATES, STATES_TO_CHOOSE, parse_email, parse_iec, parse_mobile
from udgam.rules.refusals import Refused

CODE_DIGITS = 6
_LONG_CODE = 12


def refusal(refused: Refused) -> ValidationError:
    """A refusal as an error beside its field: what is wrong, and what to do."""
    return ValidationError(str(text_of_refusal(refused)), code=refused.code.replace(".", "_"))


def state_choices() -> list[tuple[str, str]]:
    """The States of India by GST code, in the reader's language, by name."""
    language = 1 if (get_language() or "en").startswith("hi") else 0
    named = [(code, STATES[code][language]) for code in STATES_TO_CHOOSE]
    return [("", _("Choose a State")), *sorted(named, key=lambda pair: pair[1])]


# Ten digits or a PAN, with the spaces and hyphens that people copy along. The browser asks before the agent's window opens;
# what counts is decided by ``parse_iec`` on the server.
IEC_PATTERN = r"(\s|-)*(([0-9](\s|-)*){10}|([A-Za-z](\s|-)*){5}([0-9](\s|-)*){4}[A-Za-z](\s|-)*)"
IEC_FORM = gettext_lazy("An IEC has ten characters: ten digits, or a PAN. Look at your IEC certificate.")


class IecForm(forms.Form):
    """The IEC, with the token that the agent puts into the hidden field."""

    iec = forms.CharField(
        label=gettext_lazy("Importer-Exporter Code (IEC)"),
        help_text=gettext_lazy("Ten characters, as on your IEC certificate. Zeros in front count."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-10",
                "autocomplete": "off",
                "spellcheck": "false",
                "maxlength": 40,
                "pattern": IEC_PATTERN,
                "data-invalid": IEC_FORM,
            }
        ),
    )

    def clean_iec(self) -> str:
        try:
            return parse_iec(self.cleaned_data["iec"]).value
        except Refused as refused:
            raise refusal(refused) from refused


class CheckForm(forms.Form):
    """The check of a token; with an IEC it is compared with the one in the certificate."""

    iec = forms.CharField(
        label=gettext_lazy("Importer-Exporter Code (IEC)"),
        help_text=gettext_lazy("With it we can also say whether the token carries this IEC."),
        required=False,
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-10",
                "autocomplete": "off",
                "spellcheck": "false",
                "pattern": IEC_PATTERN,
                "data-invalid": IEC_FORM,
            }
        ),
    )

    def clean_iec(self) -> str:
        typed = self.cleaned_data["iec"]
        if not typed:
            return ""
        try:
            return parse_iec(typed).value
        except Refused as refused:
            raise refusal(refused) from refused


class ContactForm(forms.Form):
    """Mobile and e-mail."""

    mobile = forms.CharField(
        label=gettext_lazy("Mobile number"),
        help_text=gettext_lazy("The number in your IEC record, for example 9876543210."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-10", "type": "tel", "autocomplete": "tel", "inputmode": "tel"}
        ),
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The address in your IEC record. The password will be sent there."),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_mobile(self) -> str:
        try:
            return parse_mobile(self.cleaned_data["mobile"])
        except Refused as refused:
            raise refusal(refused) from refused

    def clean_email(self) -> str:
        try:
            return parse_email(self.cleaned_data["email"])
        except Refused as refused:
            raise refusal(refused) from refused


class EmailForm(forms.Form):
    """The new e-mail address."""

    email = forms.CharField(
        label=gettext_lazy("New e-mail address"),
        help_text=gettext_lazy("The address that now stands in your IEC record."),
        max_length=254,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email", "spellcheck": "false"}),
    )

    def clean_email(self) -> str:
        try:
            return parse_email(self.cleaned_data["email"])
        except Refused as refused:
            raise refusal(refused) from refused


def code_field(label: Any) -> forms.CharField:
    """A field for a one-time code; spaces that people type or paste are taken out."""
    return forms.CharField(
        label=label,
        max_length=_LONG_CODE,
        widget=forms.TextInput(
            attrs={"class": "govuk-input--width-5", "inputmode": "numeric", "autocomplete": "one-time-code"}
        ),
    )


def clean_code(typed: str) -> str:
    """The six digits of a code. Raises `ValidationError`."""
    code = "".join(typed.split())
    if len(code) != CODE_DIGITS or not (code.isascii() and code.isdigit()):
        raise ValidationError(_("A code has six digits. Enter it as it stands in the message."), code="code_form")
    return code


class CodesForm(forms.Form):
    """The codes for those of the two addresses that are not proved yet."""

    mobile = code_field(gettext_lazy("Code from the text message"))
    email = code_field(gettext_lazy("Code from the e-mail"))

    def __init__(self, *args: Any, needs_mobile: bool, needs_email: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_mobile:
            del self.fields["mobile"]
        if not needs_email:
            del self.fields["email"]

    def clean_mobile(self) -> str:
        return clean_code(self.cleaned_data["mobile"])

    def clean_email(self) -> str:
        return clean_code(self.cleaned_data["email"])


class CodeForm(forms.Form):
    """One code."""

    code = code_field(gettext_lazy("One-time code"))

    def clean_code(self) -> str:
        return clean_code(self.cleaned_data["code"])


class DetailsForm(forms.Form):
    """Per branch a GSTIN or an SEZ with its State, and the AEO number: the only things a firm adds to its record.

    The branches come from the record, never from what was sent; a field for any other branch does not exist.
    """

    def __init__(self, *args: Any, places: Sequence[PlaceNeeded], with_aeo: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = tuple(places)
        for number, place in enumerate(self.places):
            self.fields[f"gstin_{number}"] = forms.CharField(
                label=gettext_lazy("GSTIN"),
                help_text=gettext_lazy(
                    "15 characters, for example 27ABCDE1234F1Z5. Leave it empty if the branch is in an SEZ."
                ),
                required=False,
                max_length=40,
                widget=forms.TextInput(
                    attrs={"class": "govuk-input--width-20", "autocomplete": "off", "spellcheck": "false"}
                ),
            )
            self.fields[f"is_sez_{number}"] = forms.BooleanField(
                label=gettext_lazy("Is in SEZ (special economic zone)"), required=False
            )
            self.fields[f"sez_state_{number}"] = forms.ChoiceField(
                label=gettext_lazy("State of the SEZ"),
                help_text=gettext_lazy("Needed when the branch is in an SEZ."),
                required=False,
                choices=state_choices,
                initial=place.state_code if place.state_code in STATES_TO_CHOOSE else "",
            )
        if with_aeo:
            self.fields["aeo"] = forms.CharField(
                label=gettext_lazy("AEO registration number"),
                help_text=gettext_lazy("Only if the firm is an authorised economic operator."),
                required=False,
                max_length=40,
                widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
            )

    def typed_places(self) -> dict[str, TaxPlace]:
        """What was typed, by branch code."""
        return {
            place.code: TaxPlace(
                gstin=self.cleaned_data.get(f"gstin_{number}", ""),
                is_sez=self.cleaned_data.get(f"is_sez_{number}", False),
                sez_state=self.cleaned_data.get(f"sez_state_{number}", ""),
            )
            for number, place in enumerate(self.places)
        }

    def add_refused(self, code: str, field: str, refused: Refused) -> None:
        """Put a refusal beside the field of the branch it is about."""
        number = next(number for number, place in enumerate(self.places) if place.code == code)
        text = str(text_of_refusal(refused))
        if len(self.places) > 1:
            # The summary on top lists the errors of all branches; each must say which branch it means.
            text = _("Branch %(code)s: %(error)s") % {"code": code, "error": text}
        self.add_error(f"{field}_{number}", ValidationError(text, code=refused.code.replace(".", "_")))

    def groups(self) -> list[dict[str, Any]]:
        """The branches with their three fields, for the page."""
        return [
            {
                "place": place,
                "number": number + 1,
                "gstin": self[f"gstin_{number}"],
                "is_sez": self[f"is_sez_{number}"],
                "sez_state": self[f"sez_state_{number}"],
            }
            for number, place in enumerate(self.places)
        ]


class NearMissForm(forms.Form):
    """An administrator's decision about a near miss."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("What you saw, where, and why both names mean the same. It stays on record."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    document = forms.FileField(
        label=gettext_lazy("Evidence"),
        help_text=gettext_lazy(
            "PDF, JPEG or PNG, for example a copy of the PAN card. Needed unless the reason describes it."
        ),
        required=False,
    )


class InvitationForm(forms.Form):
    """Whom the firm asks to act for it."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the person’s name.")},
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The invitation goes there, and it becomes the user name."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Enter the person’s e-mail address.")},
    )
    role = forms.ChoiceField(
        label=gettext_lazy("What the person may do"),
        choices=[
            ("drafter", gettext_lazy("Drafter: fills applications and answers, does not sign")),
            ("signatory", gettext_lazy("Signatory: also signs with a token and manages these people")),
            ("broker", gettext_lazy("Customs broker: drafts for your firm and perhaps for others, does not sign")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the person may do.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the mail"),
        choices=[("en", gettext_lazy("English")), ("hi", gettext_lazy("Hindi"))],
        widget=forms.RadioSelect,
    )

    def clean_email(self) -> str:
        try:
            return parse_email(self.cleaned_data["email"])
        except Refused as refused:
            raise refusal(refused) from refused


class JoinForm(NewPasswordForm):
    """Who was invited opens an account: the name as it shall stand, and a password of one's own."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter your name.")},
    )
    agree = forms.BooleanField(
        label=gettext_lazy("I have read the declaration and agree to it."),
        error_messages={"required": gettext_lazy("Read the declaration and tick that you agree.")},
    )
    field_order = ("name", "new_password", "repeated", "agree")


class AgreeForm(forms.Form):
    """Who has an account already agrees once more, for the firm that invites."""

    agree = forms.BooleanField(
        label=gettext_lazy("I have read the declaration and agree to it."),
        error_messages={"required": gettext_lazy("Read the declaration and tick that you agree.")},
    )


class KeyForm(forms.Form):
    """What a key for programs is called and may do."""

    name = forms.CharField(
        label=gettext_lazy("Name of the key"),
        help_text=gettext_lazy("For example the program that will use it."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Give the key a name.")},
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What the key may do"),
        choices=[
            ("read", gettext_lazy("Read applications")),
            ("draft", gettext_lazy("Read and draft applications")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the key may do.")},
    )
