"""What the officer sends from the list to sign."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


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
