"""What administrators and officers type about agencies, posts and tokens."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from udgam.parties.accounts.forms import PasswordAndTokenForm
from udgam.parties.agencies.models import Officer

# Exporters' user names are their IEC: ten digits or a PAN. The dot or hyphen keeps the two apart, so that nobody takes the user
# name of a firm that has not registered yet.
USERNAME = RegexValidator(
    re.compile(r"\A(?=[a-z0-9]*[._-])[a-z][a-z0-9._-]{2,59}\Z"),
    _("Use small letters, digits, dots and hyphens; begin with a letter, and use at least one dot or hyphen."),
)
CODE = RegexValidator(re.compile(r"\A[A-Z]{2,8}\Z"), _("Use two to eight capital letters."))


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


class OfficeForm(forms.Form):
    """One more office."""

    name = forms.CharField(label=_("Name of the office"), max_length=200)
    address = forms.CharField(
        label=_("Address of the office"),
        help_text=_("The town stands before the PIN code in the last line; it is printed on certificates."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


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


class AgencyForm(forms.Form):
    """A new agency with its first office and administrator."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("It stands in every number and never changes, for example SEC."),
        max_length=8,
        validators=[CODE],
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    registered_name = forms.CharField(
        label=_("Registered name"), help_text=_("Exactly as in the certificates of its officers."), max_length=200
    )
    office_name = forms.CharField(label=_("Name of the first office"), max_length=200)
    office_address = forms.CharField(
        label=_("Address of the office"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    administrator_name = forms.CharField(label=_("Administrator’s name as on the token"), max_length=150)
    administrator_username = forms.CharField(label=_("Administrator’s user name"), max_length=60, validators=[USERNAME])
    administrator_email = forms.EmailField(label=_("Administrator’s e-mail address"), max_length=254)
