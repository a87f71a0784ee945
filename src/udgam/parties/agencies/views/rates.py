"""The currency rates, for the platform's administrator: what holds today, and a new file."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.ground.pages.security import private_page
from udgam.ground.reference.currencies import currency
from udgam.ground.reference.queries import published_rates
from udgam.ground.reference.rate_files import COLUMNS, LARGEST, RateFile, read_rate_file
from udgam.ground.reference.services import import_rates
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import requires
from udgam.parties.agencies.history import history_of_rates
from udgam.parties.agencies.views.administering import PLATFORM
from udgam.rules.numbers import indian_date

# The rest of the faults shows when these are corrected.
MOST_FAULTS = 100


class RatesForm(forms.Form):
    """A file of rates, and who fixed them."""

    source = forms.CharField(
        label=gettext_lazy("Who fixed the rates"),
        help_text=gettext_lazy("The notification with its number and date. It stands beside every value in rupees."),
        max_length=120,
    )
    file = forms.FileField(
        label=gettext_lazy("File of rates (CSV)"),
        help_text=gettext_lazy("CSV in UTF-8 with the four columns named above, at most one megabyte."),
        allow_empty_file=True,
        max_length=255,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )


@requires(PLATFORM)
@private_page
@require_http_methods(["GET", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    """The rates of today, and the form for a new file: all of its lines are kept or none."""
    now = timezone.now()
    form = RatesForm(request.POST or None, request.FILES or None)
    faults: tuple[str, ...] = ()
    if request.method == "POST" and form.is_valid():
        read = _read(form.cleaned_data["file"])
        faults = read.problems
        if not faults and read.rates:
            actor = actor_of(request)
            kept = import_rates(rates=read.rates, source=form.cleaned_data["source"], actor=actor, now=now)
            messages.success(request, ngettext("%(n)d rate is kept.", "%(n)d rates are kept.", kept) % {"n": kept})
            return HttpResponseRedirect(reverse("agencies:rates"))
        form.add_error("file", _("Nothing was kept. Correct the file and send it again."))
    language = get_language() or "en"
    context: dict[str, Any] = {
        "form": form,
        "faults": faults[:MOST_FAULTS],
        "more_faults": max(0, len(faults) - MOST_FAULTS),
        "history": history_of_rates(),
        "rates": [(row, currency(row.currency, language)) for row in published_rates(indian_date(now))],
    }
    return render(request, "agencies/rates.html", context, status=409 if faults else 200)


def _read(file: UploadedFile[Any]) -> RateFile:
    # One byte more than may be read: the reader itself says that a file is too large, and no more of it comes into memory.
    return read_rate_file(file.read(LARGEST + 1))


@requires(PLATFORM)
@private_page
@require_GET
def rates_file(request: HttpRequest) -> HttpResponse:
    """The rates of today as a file of the same columns, to begin the next one with."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="rates.csv"'
    lines = csv.writer(response)
    lines.writerow(COLUMNS)
    for row in published_rates(indian_date(timezone.now())):
        lines.writerow([row.currency, row.units, f"{row.rupees.normalize():f}", row.valid_from.isoformat()])
    return response
