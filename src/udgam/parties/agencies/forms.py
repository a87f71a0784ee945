"""What administrators and officers type about agencies, posts and tokens."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from udgam.ground.agreements.queries import agreements_on
from udgam.parties.accounts.captcha import CalculationField
from udgam.parties.accounts.forms import PasswordAndTokenForm
from udgam.parties.agencies.models import Officer
from udgam.rules.decisions import LEVELS
from udgam.rules.numbers import indian_date

# Exporters' user names are their IEC: ten digits or a PAN. The dot or hyphen keeps the two apart, so that nobody takes the user
# name of a firm that has not registered yet.
USERNAME = RegexValidator(
    re.compile(r"\A(?=[a-z0-9]*[._-])[a-z][a-z0-9._-]{2,59}\Z"),
    _("Use small letters, digits, dots and hyphens; begin with a letter, and use at least one dot or hyphen."),
)
CODE = RegexValidator(re.compile(r"\A[A-Z]{2,8}\Z"), _("Use two to eight capital letters."))


# At least one letter of Devanagari, beside it what names are written with; nothing invisible.
DEVANAGARI = RegexValidator(
    re.compile(r"\A(?=.*[\u0904-\u0939])[\u0900-\u097fA-Za-z0-9 ,.()&'’–-]+\Z"), _("Write it in Devanagari letters.")
)


def _in_hindi(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=_("Pages and mails in Hindi show it; left empty, they show the English name."),
        max_length=200,
        required=False,
        validators=[DEVANAGARI],
    )


class PersonForm(forms.Form):
    """Who gets a post."""

    name = forms.CharField(label=_("Name as on the token"), max_length=150)
    designation = forms.CharField(label=_("Designation"), help_text=_("It is printed on certificates."), max_length=120)
    office = forms.ChoiceField(label=_("Office"))
    username = forms.CharField(
        label=_("User name"), help_text=_("For example meera.kulkarni"), max_length=60, validators=[USERNAME]
    )
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("The one-time password goes there."), max_length=254
    )

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["office"]
        if isinstance(field, forms.ChoiceField):
            field.choices = offices


class AppointForm(PersonForm):
    """A new post in an agency."""

    role = forms.ChoiceField(label=_("Role"), choices=Officer.Role, widget=forms.RadioSelect)
    field_order = ("name", "designation", "office", "role", "username", "email")


def agreement_choices() -> list[tuple[str, str]]:
    """Every arrangement the platform knows, by its name."""
    known = agreements_on(indian_date(timezone.now()))
    return [(code, f"{code} – {gettext(agreement.name)}") for code, agreement in known.items()]


class AgreementsForm(forms.Form):
    """What an office may issue."""

    agreements = forms.MultipleChoiceField(
        label=_("Agreements it may issue under"), widget=forms.CheckboxSelectMultiple, choices=agreement_choices
    )


class OfficeForm(AgreementsForm):
    """One more office."""

    name = forms.CharField(label=_("Name of the office"), max_length=200)
    name_hindi = _in_hindi(_("Name of the office in Hindi"))
    address = forms.CharField(
        label=_("Address of the office"),
        help_text=_("The town stands before the PIN code in the last line; it is printed on certificates."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ("name", "name_hindi", "address", "agreements")


class HindiNameForm(forms.Form):
    """How an agency or an office is called on Hindi pages."""

    name_hindi = _in_hindi(_("Name in Hindi"))

    def clean(self) -> dict[str, Any]:
        """An empty field means the English name; one that was not sent at all says nothing."""
        field = self.fields["name_hindi"]
        if "name_hindi" not in self.data:
            self.add_error("name_hindi", field.error_messages["required"])
        return self.cleaned_data


class RegionForm(forms.Form):
    """The regional office to which an office belongs."""

    region = forms.ChoiceField(label=_("Regional office"), required=False)

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        none = ("", gettext("None: it is a regional office itself, or stands alone"))
        self.fields["region"].choices = [none, *offices]  # type: ignore[attr-defined]


class ExceptionForm(forms.Form):
    """Another name that the certificates of an agency's officers may carry."""

    organisation = forms.CharField(
        label=_("Organisation in the certificates"), help_text=_("Exactly as it stands there."), max_length=200
    )
    reason = forms.CharField(
        label=_("Reason, and the paper that proves it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )


class BringTokenForm(PasswordAndTokenForm):
    """An officer's user name, password and token."""


class AgencyForm(AgreementsForm):
    """A new agency with its first office and administrator."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("It stands in every number and never changes, for example SEC."),
        max_length=8,
        validators=[CODE],
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    name_hindi = _in_hindi(_("Name in Hindi"))
    registered_name = forms.CharField(
        label=_("Registered name"), help_text=_("Exactly as in the certificates of its officers."), max_length=200
    )
    office_name = forms.CharField(label=_("Name of the first office"), max_length=200)
    office_name_hindi = _in_hindi(_("Name of the first office in Hindi"))
    office_address = forms.CharField(
        label=_("Address of the office"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    administrator_name = forms.CharField(label=_("Administrator’s name as on the token"), max_length=150)
    administrator_username = forms.CharField(label=_("Administrator’s user name"), max_length=60, validators=[USERNAME])
    administrator_email = forms.EmailField(label=_("Administrator’s e-mail address"), max_length=254)
    field_order = (
        "code",
        "name",
        "name_hindi",
        "registered_name",
        "office_name",
        "office_name_hindi",
        "office_address",
        "agreements",
        "administrator_name",
        "administrator_username",
        "administrator_email",
    )


class RequestForm(AgencyForm):
    """A body asks to be admitted, and shows the letter that authorises it."""

    letter = forms.FileField(
        label=_("Letter of authorisation"),
        help_text=_("The letter by which the body names its administrator, signed and stamped: PDF, JPEG or PNG."),
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    calculation = CalculationField()


class RequestDecisionForm(AgreementsForm):
    """Approve for some agreements, or refuse with the reason."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("approve", _("Admit the agency")), ("refuse", _("Refuse"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason for refusing"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    field_order = ("decision", "agreements", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreements"].required = False

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("decision") == "approve" and not typed.get("agreements"):
            self.add_error("agreements", _("Choose at least one agreement."))
        if typed.get("decision") == "refuse" and not typed.get("reason"):
            self.add_error("reason", _("Write the reason; the body reads it."))
        return typed


def _day() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input--width-10"})


class AuthorisationForm(forms.Form):
    """One more arrangement for an office."""

    agreement = forms.ChoiceField(label=_("Agreement"), choices=agreement_choices)
    valid_from = forms.DateField(label=_("From"), widget=_day())
    valid_until = forms.DateField(label=_("Until"), required=False, widget=_day())

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        since, until = typed.get("valid_from"), typed.get("valid_until")
        if since and until and until < since:
            self.add_error("valid_until", _("The last day lies before the first."))
        return typed


class EndAuthorisationForm(forms.Form):
    """The last day on which an office may issue under an arrangement."""

    last_day = forms.DateField(label=_("Last day"), widget=_day())


class FeeAccountDecisionForm(forms.Form):
    """Confirm where an agency's fees go, or reject it with the reason; of the change that was on the page, and no other."""

    change = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("confirm", _("Confirm")), ("reject", _("Reject"))],
        widget=forms.RadioSelect,
    )
    compared = forms.BooleanField(
        label=_("I have compared PAN and GSTIN with the agency’s papers"),
        help_text=_("Its certificate of registration for GST, or the register of taxpayers."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason for rejecting"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, wants_comparing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not wants_comparing:
            del self.fields["compared"]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("decision") == "reject" and not typed.get("reason"):
            self.add_error("reason", _("Write the reason; the agency reads it."))
        return typed


class LeaveForm(forms.Form):
    """Days on which an officer is away, and who stands in."""

    since = forms.DateField(label=_("First day"), widget=_day())
    until = forms.DateField(label=_("Last day"), widget=_day())
    stand_in = forms.ChoiceField(label=_("Who stands in?"), required=False)
    reason = forms.CharField(label=_("Remark"), max_length=200, required=False)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stand_in"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("Nobody")), *colleagues]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        since, until = typed.get("since"), typed.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return typed


class ImageForm(forms.Form):
    """The picture of a stamp or of a signature."""

    file = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "PNG or JPEG, on white or transparent ground. It is encoded anew, so that only the picture is kept."
        ),
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png"}),
    )


class SuspendOfficeForm(forms.Form):
    """Where the open work of an office goes."""

    to = forms.ChoiceField(label=_("Where does its open work go?"), required=False)

    def __init__(self, *args: Any, offices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("It waits until the office is reinstated")), *offices]


class SeriesForm(forms.Form):
    """A series of numbers of an office's own."""

    agreement = forms.ChoiceField(label=_("Agreement"), required=False)
    first = forms.IntegerField(
        label=_("First number"),
        min_value=1,
        max_value=99_999_999,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-10"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agreement"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", _("All agreements together")), *agreement_choices()]


class OwnRulesForm(forms.Form):
    """How an agency works."""

    decision_hours = forms.IntegerField(
        label=_("Hours within which the agency decides"),
        help_text=_("Saturdays and Sundays are not counted. The desk sorts by what is due first."),
        min_value=1,
        max_value=480,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    two_people_always = forms.BooleanField(
        label=_("Another officer than the one who approved always signs"), required=False
    )
    two_people_from_inr = forms.DecimalField(
        label=_("Another officer signs from this FOB value in rupees on"),
        help_text=_(
            "Left empty, the value plays no part. A value in another currency that is not known in rupees counts as large."
        ),
        max_digits=15,
        decimal_places=2,
        min_value=0,
        required=False,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-10"}),
    )
    two_people_from_level = forms.ChoiceField(
        label=_("Another officer signs from this risk on"),
        choices=[("", _("The risk plays no part")), *[(level, _(name)) for level, name in LEVELS.items()]],
        required=False,
    )
