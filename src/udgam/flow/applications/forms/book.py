"""The lines of the firm's book."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from udgam.flow.applications.forms.goods import DescribedGoods, currency_choices, unit_choices
from udgam.flow.applications.forms.parties import ConsigneeForm
from udgam.flow.applications.forms.shaping import PlainText, text_input


class BookFilter(forms.Form):
    """Which lines of the book are shown."""

    search = forms.CharField(label=gettext_lazy("Words"), max_length=100, required=False)
    retired = forms.BooleanField(label=gettext_lazy("Only those that are no longer offered"), required=False)

    def clean_search(self) -> str:
        return str(self.cleaned_data["search"]).replace("\0", "").strip()


class BookConsigneeForm(ConsigneeForm):
    """A consignee as in the application."""


class BookProductForm(DescribedGoods):
    """What a line of goods takes over from the product."""

    package_kind = PlainText(
        label=gettext_lazy("Kind of packages"),
        help_text=gettext_lazy("As it shall be printed, for example cartons, bags or drums."),
        max_length=60,
        required=False,
        widget=text_input(**{"class": "govuk-input--width-20", "autocomplete": "off"}),
    )
    unit = forms.ChoiceField(label=gettext_lazy("Unit of the quantity"), required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].choices = unit_choices()  # type: ignore[attr-defined]
        self.fields["currency"].choices = currency_choices()  # type: ignore[attr-defined]
