"""Template tags of the design system: controls, state tags, amounts and times in the Indian form."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import forms, template
from django.forms import BoundField
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from udgam.ground.pages.missing import missing as missing_answer

register = template.Library()
INDIA = ZoneInfo("Asia/Kolkata")

_CLASSES: list[tuple[type[forms.Widget], str]] = [
    (forms.Textarea, "govuk-textarea"),
    (forms.ClearableFileInput, "govuk-file-upload"),
    (forms.FileInput, "govuk-file-upload"),
    (forms.Select, "govuk-select"),
    (forms.widgets.Input, "govuk-input"),
]


@register.filter
def shape(field: BoundField) -> str:
    """Which pattern a field follows: `radios`, `checkboxes`, `checkbox`, `hidden` or `control`."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "control"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's widget with the classes of the design system."""
    widget = field.field.widget
    css = "govuk-checkboxes__input" if isinstance(widget, forms.CheckboxInput) else ""
    for kind, name in _CLASSES:
        if not css and isinstance(widget, kind):
            css = f"{name} {name}--error" if field.errors else name
    extra = str(widget.attrs.get("class", ""))
    return field.as_widget(attrs={"class": f"{css} {extra}".strip()})


@register.filter
def own_errors(field: BoundField) -> list[str]:
    """The errors beside a field: the same sentence as in the summary where nothing was typed."""
    bare = _("This field is required.")
    return [missing_answer(field.label) if error == bare else str(error) for error in field.errors]


@register.filter
def named_errors(field: BoundField) -> list[str]:
    """The field's errors for the summary on top: far from the field, each must say which field it means."""
    label, bare = str(field.label), _("This field is required.")
    # Nobody typed a hidden field, so its name would tell a person nothing.
    lost = _("Part of this page was lost on the way. Open the page again and send it once more.")
    missing = lost if field.is_hidden else missing_answer(label)
    found = [missing if error == bare else str(error) for error in field.errors]
    if field.is_hidden:
        return found
    prefix = label if label.endswith("?") else f"{label}:"
    return [error if label.casefold() in error.casefold() else f"{prefix} {error}" for error in found]


@register.filter
def indian_time(moment: datetime | None) -> str:
    """`22 November 2026, 14:05 (Indian time)`; signing times always carry the zone."""
    if moment is None:
        return ""
    local = moment.astimezone(INDIA)
    return _("%(moment)s (Indian time)") % {"moment": formats.date_format(local, "DATETIME_FORMAT")}


@register.filter
def indian_date(moment: datetime | None) -> str:
    """The calendar date in India of a moment."""
    return formats.date_format(moment.astimezone(INDIA).date(), "DATE_FORMAT") if moment else ""


@register.filter(expects_localtime=True)
def short_time(moment: datetime | None) -> SafeString:
    """`22-11-2026 14:05` for a column of a list: the day is never broken, the time may stand below it."""
    if moment is None:
        return SafeString("")
    day, time = formats.date_format(moment, "SHORT_DATE_FORMAT"), formats.date_format(moment, "TIME_FORMAT")
    return format_html('<span class="udgam-whole">{}</span> {}', day, time)


@register.filter
def masked_email(address: str) -> str:
    """`a•••@example.in`: enough to recognise one's own, too little for anyone else."""
    name, _sep, domain = address.partition("@")
    return f"{name[:1]}•••@{domain}" if domain else "•••"


@register.filter
def masked_mobile(number: str) -> str:
    """The last three digits of a number."""
    return f"•••••••{number[-3:]}" if len(number) >= 6 else "•••"


@register.filter
def masked_pan(pan: str) -> str:
    """The first and last letters of a PAN."""
    return f"{pan[:2]}••••••{pan[-2:]}" if len(pan) >= 6 else "•••"


TAG_COLOURS = {"grey", "blue", "light-blue", "turquoise", "green", "purple", "pink", "red", "orange", "yellow"}


@register.inclusion_tag("pages/tag.html")
def state_tag(label: str, colour: str = "grey", turn: str = "") -> dict[str, str]:
    """A tag for a state; `turn` says whose turn it is."""
    return {"label": label, "colour": colour if colour in TAG_COLOURS else "grey", "turn": turn}
