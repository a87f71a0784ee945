"""The shape of what people type into the site's own forms."""

from __future__ import annotations

from django import forms
from django.core.validators import ProhibitNullCharactersValidator
from django.utils.translation import gettext_lazy as _


class FeedbackForm(forms.Form):
    """A message to the help desk. Name and e-mail address are for the answer and may be left out."""

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=[
            ("problem", _("Something does not work")),
            ("content", _("A text is wrong or unclear")),
            ("access", _("A barrier for people with a disability")),
            ("idea", _("A suggestion")),
            ("grievance", _("A grievance about personal data")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    text = forms.CharField(
        label=_("Your message"),
        help_text=_("Say on which page it was and what you did. Never write a password or a PIN."),
        min_length=10,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        validators=[ProhibitNullCharactersValidator()],
        error_messages={
            "required": _("Write your message."),
            "min_length": _("Write at least 10 characters, so that we understand what you mean."),
            "max_length": _("Write at most 4,000 characters."),
        },
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "govuk-input--width-20"}),
    )
    email = forms.EmailField(
        label=_("E-mail address for the answer"),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "govuk-input--width-20"}),
        error_messages={"invalid": _("Enter an e-mail address such as name@example.in.")},
    )
