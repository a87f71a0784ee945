"""Documents, and the answer to the office's question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from udgam.flow.applications.forms.shaping import EditForm, PlainText, text_input
from udgam.ground.pages.missing import missing


class DocumentForm(EditForm):
    """One document to add."""

    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), widget=forms.RadioSelect)
    title = PlainText(
        label=gettext_lazy("Title"),
        help_text=gettext_lazy("How the officer shall know it. Left empty, it is called by its kind."),
        max_length=150,
        required=False,
        widget=text_input(autocomplete="off"),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("PDF, JPEG, PNG or XLSX, at most 10 MB."),
        # An empty file is refused by the room that keeps documents, in its own words.
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.xlsx"}),
    )

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["file"].error_messages["max_length"] = _("The name of this file is too long. Shorten it.")


class AnswerForm(EditForm):
    """The answers to the office's questions: one field for each, named by its position."""

    def __init__(self, *args: Any, positions: Sequence[int], **options: Any) -> None:
        super().__init__(*args, **options)
        for position in positions:
            field = PlainText(
                label=_("Your answer to question %(n)s") % {"n": position},
                help_text=_(
                    "Say what you corrected, or why nothing needs to be corrected. It is signed with the form."
                ),
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
            field.error_messages["required"] = missing(field.label)
            self.fields[f"answer_{position}"] = field

    def answers(self) -> dict[int, str]:
        """What was typed, by the position of the question."""
        return {int(name.removeprefix("answer_")): text for name, text in self.values().items()}
