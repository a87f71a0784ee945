"""Fields whose text can be signed and printed, and the form that knows which state of the application it was made from."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from udgam.ground.pages.missing import missing

# The joiners of Indian scripts are invisible too, but they only shape letters.
_JOINERS = frozenset({"\u200c", "\u200d"})
_UNPRINTABLE = frozenset({"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"})
_LINE_ENDS = re.compile(r"\r\n?|[\n\x0b\x0c\u0085\u2028\u2029]")
# The grouping of Indian and other amounts: 1,25,000.50 or 125 000.50.
_GROUPING = re.compile(r"[,\s\u00a0\u202f]")
_PLAIN_NUMBER = re.compile(r"\d{1,30}(\.\d{1,12})?", re.ASCII)
_LARGEST_EDIT = 2**31 - 1


def fold(text: str, *, keep_lines: bool) -> str:
    """Text as it will be signed: composed letters, single spaces, lines only where they mean something."""
    lines = [" ".join(line.split()) for line in _LINE_ENDS.split(unicodedata.normalize("NFC", text))]
    return ("\n" if keep_lines else " ").join(line for line in lines if line)


def with_plain_digits(text: str) -> str:
    """Digits of any script as 0 to 9, so that a Hindi keyboard serves as well."""
    return re.sub(r"\d", lambda found: str(unicodedata.digit(found[0])), text)


def refuse_unprintable(text: str) -> None:
    """Raise when a character cannot be printed or could make the print read differently from what is signed."""
    for sign in text:
        if sign != "\n" and unicodedata.category(sign) in _UNPRINTABLE and sign not in _JOINERS:
            raise ValidationError(
                _("The character U+%(code)s cannot be printed. Type the text again; do not paste it.")
                % {"code": f"{ord(sign):04X}"},
                code="unprintable",
            )


class PlainText(forms.CharField):
    """A text that stands on the certificate or in what is signed."""

    def __init__(self, *, keep_lines: bool = False, **options: Any) -> None:
        self.keep_lines = keep_lines
        super().__init__(**options)

    def to_python(self, value: Any) -> str:
        return fold(str(super().to_python(value) or ""), keep_lines=self.keep_lines)

    def validate(self, value: Any) -> None:
        super().validate(value)
        refuse_unprintable(value)


class Amount(forms.DecimalField):
    """A number greater than zero; grouping as people write it is understood, letters and exponents are not."""

    def __init__(self, *, may_be_zero: bool = False, **options: Any) -> None:
        self.may_be_zero = may_be_zero
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "govuk-input--width-10"}))
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        typed = with_plain_digits(_GROUPING.sub("", str(value))) if value not in self.empty_values else ""
        if typed and not _PLAIN_NUMBER.fullmatch(typed):
            raise ValidationError(_("Enter a number, for example 1250.50."), code="invalid")
        number: Decimal | None = super().to_python(typed)
        if number is not None and number <= 0 and not (self.may_be_zero and number == 0):
            raise ValidationError(_("Enter a number greater than zero."), code="not_positive")
        return number


class EditForm(forms.Form):
    """A form about an application. `edit` is the state it was drawn from, so that nobody overwrites another unseen."""

    edit = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_LARGEST_EDIT)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            # In the error summary the sentence stands alone, so it has to say which answer is meant.
            if field.label:
                field.error_messages["required"] = missing(field.label)

    def values(self) -> dict[str, Any]:
        """What was typed, without the form's own bookkeeping."""
        return {name: value for name, value in self.cleaned_data.items() if name != "edit"}

    def redraw_from(self, edit: int) -> None:
        """Keep what was typed, but let the next save count on top of what somebody else saved meanwhile."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed[self.add_prefix("edit")] = str(edit)
        self.data = typed


def text_input(**attrs: str) -> forms.TextInput:
    """A one-line input with the attributes of the design system."""
    return forms.TextInput(attrs=attrs)


def day_input() -> forms.DateInput:
    """A date as the browser's own control; without it the form 2026-11-22 is typed."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "govuk-input--width-10"})
