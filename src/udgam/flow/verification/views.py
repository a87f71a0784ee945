"""The public pages of verification: open to all, kept out of search engines, caches and referrers, and writing nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from udgam.flow.issuance.queries import published_certificate
from udgam.flow.verification import limits
from udgam.flow.verification.drawn import drawn_once, is_bare
from udgam.flow.verification.forms import CompareForm, FileForm, OpenForm, SearchForm, TextForm
from udgam.flow.verification.paper import paper_of
from udgam.flow.verification.privacy import keeps_key
from udgam.flow.verification.public_views import Published, published, read_published
from udgam.flow.verification.shown import (
    outcome_of,
    rows_by_number,
    shown_comparison,
)
from udgam.ground.pages.limits import Limit
from udgam.ground.pages.security import uses_camera
from udgam.parties.accounts.decorators import open_to_all
from udgam.parties.accounts.reasons import words_of
from udgam.rules.numbers import NumberRefused, parse_certificate_number

LONGEST_KEY = 64


def start_page(request: HttpRequest, *, status: int = 200, **more: object) -> HttpResponse:
    """The page with every way to begin; ``more`` replaces its forms by those that were sent."""
    forms = {"search_form": SearchForm(), "file_form": FileForm(), "text_form": TextForm()}
    return render(request, "verification/start.html", forms | more, status=status)


@open_to_all
@keeps_key
@uses_camera
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where checking begins: the camera, the number, the file, or a text."""
    return start_page(request)


@open_to_all
@keeps_key
@uses_camera
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """From the typed number to its page; what is no number is said beside the field."""
    form = SearchForm(request.GET)
    if form.is_valid():
        try:
            number = str(parse_certificate_number(form.cleaned_data["number"]))
        except NumberRefused as refused:
            told = words_of(refused)
            form.add_error("number", f"{told.message} {told.advice}")
        else:
            return HttpResponseRedirect(reverse("verification:certificate", args=[number]))
    return start_page(request, status=422, form=form, search_form=form)


def _find(claimed: str) -> tuple[str, Published | None]:
    """The canonical number and what was issued under it; what is no number at all was never issued either."""
    number = _canonical(claimed)
    return number, published(number) if number else None


def _canonical(claimed: str) -> str:
    try:
        return str(parse_certificate_number(claimed.rstrip("/")))
    except NumberRefused:
        return ""


def _unknown(request: HttpRequest, number: str, claimed: str) -> HttpResponse:
    context = {"number": number or claimed[:120], "is_number": bool(number), "search_form": SearchForm()}
    return render(request, "verification/unknown.html", context, status=404)


def _page(request: HttpRequest, found: Published, *, status: int = 200, **more: object) -> HttpResponse:
    fields = found.agreement.public.comparable
    context = {
        "found": found,
        "number": found.row.number,
        "outcome": outcome_of(found.row.status),
        "rows": rows_by_number(found),
        "asked_at": timezone.now(),
        "compare_form": CompareForm(fields=fields) if fields else None,
        "open_form": OpenForm() if found.can_be_opened_by_words else None,
        **more,
    }
    return render(request, "verification/certificate.html", context, status=status)


@open_to_all
@keeps_key
@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """By number alone: what the agreement lets everybody see. With the key of the code: the whole content."""
    canonical = _canonical(number)
    row = published_certificate(canonical) if canonical else None
    if row is None:
        return _unknown(request, canonical, number)
    if is_bare(request, reverse("verification:certificate", args=[canonical])):
        return drawn_once(request, row, lambda given: _page(request, read_published(row), status=200, **given))
    found = read_published(row)
    key = request.GET.get("k", "")
    if not key:
        return _page(request, found)
    if len(key) <= LONGEST_KEY and found.opened_by_key(key):
        return _page(
            request, found, content=found.content, paper=paper_of(found.content, found.agreement), opened_by="key"
        )
    return _page(request, found, key_is_wrong=True)


@open_to_all
@keeps_key
@require_POST
def compare(request: HttpRequest, number: str) -> HttpResponse:
    """What stands on the paper, compared field by field. The right value is never told."""
    canonical, found = _find(number)
    if found is None:
        return _unknown(request, canonical, number)
    form = CompareForm(request.POST, fields=found.agreement.public.comparable)
    if not form.is_valid():
        return _page(request, found, status=422, compare_form=form, form=form)
    if not _may_try(request, limits.COMPARE_LIMIT, limits.COMPARE_CERTIFICATE_LIMIT, canonical):
        return _page(request, found, status=429, compare_form=form, page_errors=[too_many()])
    outcomes = found.compare(form.cleaned_data)
    differs = sum(one.outcome == "differs" for one in outcomes)
    comparison = shown_comparison(outcomes, form.cleaned_data)
    return _page(request, found, compare_form=form, comparison=comparison, differs=differs)


@open_to_all
@keeps_key
@require_POST
def open_content(request: HttpRequest, number: str) -> HttpResponse:
    """The whole content for whoever knows an invoice number and the consignee's country."""
    canonical, found = _find(number)
    if found is None:
        return _unknown(request, canonical, number)
    if not found.can_be_opened_by_words:
        return _page(request, found, status=403)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _page(request, found, status=422, open_form=form, form=form)
    if not _may_try(request, limits.OPEN_LIMIT, limits.OPEN_CERTIFICATE_LIMIT, canonical):
        return _page(request, found, status=429, open_form=form, page_errors=[too_many()])
    if not found.opened_by_words(**form.cleaned_data):
        form.add_error(
            None,
            _("Invoice number and country do not both agree with this certificate. Type them as they are printed."),
        )
        return _page(request, found, status=422, open_form=form, form=form)
    limits.was_right(limits.OPEN_CERTIFICATE_LIMIT, about=canonical)
    paper = paper_of(found.content, found.agreement)
    return _page(request, found, content=found.content, paper=paper, opened_by="words")


def _may_try(request: HttpRequest, from_here: Limit, about_it: Limit, number: str) -> bool:
    return limits.may_ask(request, from_here) and limits.may_ask(request, about_it, about=number)


def too_many() -> str:
    """The words for whoever asked too often."""
    return _("Too many tries. Wait ten minutes, then try again, or scan the QR code on the certificate.")
