"""The shape of what people type into the forms of this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from udgam.parties.accounts.captcha import CalculationField
from udgam.parties.accounts.models import Person

# Long enough for any passphrase; a bound, because hashing megabytes would be a way to tire the server.
LONGEST_PASSWORD = 200


class UserNameField(forms.CharField):
    """A user name as typed: an IEC for exporters."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("User name"),
            max_length=150,
            error_messages={"required": _("Enter the user name.")},
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                    "class": "govuk-input--width-20",
                }
            ),
            **kwargs,
        )


class PasswordField(forms.CharField):
    """A password, never stripped and never sent back to the page."""

    def __init__(self, *, label: Any, autocomplete: str, missing: Any, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            strip=False,
            max_length=LONGEST_PASSWORD,
            error_messages={"required": missing},
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete, "class": "govuk-input--width-20"}),
            **kwargs,
        )


class TokenField(forms.CharField):
    """What the signing agent answered (a web-eid token as JSON) and the nonce it answered to, both hidden."""

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(
            max_length=16 * 1024,
            required=required,
            strip=False,
            widget=forms.HiddenInput(),
            error_messages={
                "required": _(
                    "The token has not answered. Press the button for the token and enter the PIN in its window."
                )
            },
        )


class PasswordSignInForm(forms.Form):
    """User name, password and the visible calculation."""

    username = UserNameField()
    password = PasswordField(label=_("Password"), autocomplete="current-password", missing=_("Enter the password."))
    calculation = CalculationField()


class TokenForm(forms.Form):
    """Only the token's answer: signing in by token, and showing it again."""

    token = TokenField()
    nonce = forms.CharField(max_length=128, widget=forms.HiddenInput())


class PasswordAndTokenForm(forms.Form):
    """User name, password and the token's answer, for the doors that ask for both."""

    username = UserNameField()
    password = PasswordField(label=_("Password"), autocomplete="current-password", missing=_("Enter the password."))
    token = TokenField()
    nonce = forms.CharField(max_length=128, widget=forms.HiddenInput())


class ForgottenForm(forms.Form):
    """Who forgot a password."""

    username = UserNameField()
    calculation = CalculationField()


class NewPasswordForm(forms.Form):
    """A new password, typed twice. ``person`` is whose it will be; its name and address may not be the password."""

    new_password = PasswordField(
        label=_("New password"),
        autocomplete="new-password",
        missing=_("Enter the new password."),
        help_text=_(
            "At least 10 characters, not only digits, not a common password and not like your name or address."
        ),
    )
    repeated = PasswordField(
        label=_("New password, once more"), autocomplete="new-password", missing=_("Enter the new password once more.")
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_new_password(self) -> str:
        """The password's strength, as the settings ask."""
        password: str = self.cleaned_data["new_password"]
        validate_password(password, self.person)
        if self.person.has_usable_password() and self.person.check_password(password):
            raise forms.ValidationError(_("This is the present password. Choose another one."), code="unchanged")
        return password

    def clean(self) -> dict[str, Any]:
        """Both entries are the same."""
        cleaned = super().clean() or self.cleaned_data
        first, second = cleaned.get("new_password"), cleaned.get("repeated")
        if first and second and first != second:
            self.add_error("repeated", _("The two entries differ. Enter the new password twice alike."))
        return cleaned


class ResetForm(NewPasswordForm):
    """A new password after a one-time link; with the token's answer where the address changed lately."""

    token = TokenField(required=False)
    nonce = forms.CharField(max_length=128, required=False, widget=forms.HiddenInput())


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    present = PasswordField(
        label=_("Present password"), autocomplete="current-password", missing=_("Enter the present password.")
    )
    field_order = ("present", "new_password", "repeated")

    def clean_present(self) -> str:
        """The present password is right."""
        present: str = self.cleaned_data["present"]
        if not self.person.check_password(present):
            raise forms.ValidationError(_("The present password is not right."), code="wrong")
        return present


# Each language stands under its own name, and says which it is.
LANGUAGE_CHOICES = [
    ("en", format_html('<span lang="en">{}</span>', "English")),
    ("hi", format_html('<span lang="hi">{}</span>', "हिंदी")),
]


class LanguageForm(forms.Form):
    """The language of mails and pages."""

    language = forms.ChoiceField(
        label=_("Language of pages and mails"),
        choices=LANGUAGE_CHOICES,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a language."),
            "invalid_choice": _("Choose one of the languages offered."),
        },
    )


class EraseForm(forms.Form):
    """The person confirms the erasure by typing the user name."""

    username = UserNameField(help_text=_("Type your user name to confirm."))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_username(self) -> str:
        """The typed name is the person's own."""
        typed: str = self.cleaned_data["username"].strip()
        if typed.casefold() != self.person.username.casefold():
            raise forms.ValidationError(_("This is not your user name."), code="differs")
        return typed


class WaysForm(forms.Form):
    """By which ways the person hears of changes."""

    by_mail = forms.BooleanField(label=_("By e-mail"), required=False)
    by_text = forms.BooleanField(label=_("By text message"), required=False)


class PeopleForm(forms.Form):
    """The search above the list of accounts."""

    search = forms.CharField(label=_("User name or name"), max_length=150, required=False)
    kind = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All")), *Person.Kind.choices])
