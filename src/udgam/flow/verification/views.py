"""The public pages of verification: open to all, kept out of search engines, caches and referrers, and writing nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from udgam.flow.issuance.trust import published_trust
from udgam.flow.verification import limits
from udgam.flow.verification.forms import CompareForm, FileForm, OpenForm, SearchForm
from udgam.flow.verification.paper import paper_of
from udgam.flow.verification.privacy import keeps_key
from udgam.flow.verification.public_views import OwnStatuses, Published, published
from udgam.flow.verification.shown import (
    notes_of,
    outcome_of,
    outcome_of_file,
    rows_by_number,
    shown_checks,
    shown_comparison,
)
from udgam.ground.pages.limits import Limit
from udgam.parties.accounts.decorators import open_to_all
from udgam.parties.accounts.reasons import words_of
from udgam.rules.numbers import NumberRefused, parse_certificate_number
from udgam.rules.refusals import Refused
from udgam.signing.proof import InputUnusable, verify_pdf

LONGEST_KEY = 64


@open_to_all
@keeps_key
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Where checking begins: the number, or the file."""
    return render(request, "verification/start.html", {"search_form": SearchForm(), "file_form": FileForm()})


@open_to_all
@keeps_key
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
    context = {"form": form, "search_form": form, "file_form": FileForm()}
    return render(request, "verification/start.html", context, status=422)


def _find(claimed: str) -> tuple[str, Published | None]:
    """The canonical number and what was issued under it; what is no number at all was never issued either."""
    try:
        number = str(parse_certificate_number(claimed.rstrip("/")))
    except NumberRefused:
        return "", None
    return number, published(number)


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
    canonical, found = _find(number)
    if found is None:
        return _unknown(request, canonical, number)
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
        return _page(request, found, status=429, compare_form=form, page_errors=[_too_many()])
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
        return _page(request, found, status=429, open_form=form, page_errors=[_too_many()])
    if not found.opened_by_words(**form.cleaned_data):
        form.add_error(
            None,
            _("Invoice number and country do not both agree with this certificate. Type them as they are printed."),
        )
        return _page(request, found, status=422, open_form=form, form=form)
    paper = paper_of(found.content, found.agreement)
    return _page(request, found, content=found.content, paper=paper, opened_by="words")


def _may_try(request: HttpRequest, from_here: Limit, about_it: Limit, number: str) -> bool:
    return limits.may_ask(request, from_here) and limits.may_ask(request, about_it, about=number)


def _too_many() -> str:
    return _("Too many tries. Wait ten minutes, then try again, or scan the QR code on the certificate.")


@open_to_all
@keeps_key
@require_POST
def pdf(request: HttpRequest) -> HttpResponse:
    """The file itself: every step of the check with its outcome, and the content when it is ours. Nothing is kept."""
    form = FileForm(request.POST, request.FILES)
    if not limits.may_ask(request, limits.FILE_LIMIT):
        return _start_with_file(request, FileForm(), 429, page_errors=[_too_many()])
    if not form.is_valid():
        return _start_with_file(request, form, 422, form=form)
    now = timezone.now()
    try:
        report = verify_pdf(form.cleaned_data["file"].read(), trust=published_trust(), at=now, status=OwnStatuses())
    except InputUnusable as refused:
        form.add_error("file", f"{_(refused.message)} {_(refused.advice)}")
        return _start_with_file(request, form, 422, form=form)
    except Refused as refused:
        return _start_with_file(request, FileForm(), 503, page_errors=[f"{refused.message} {refused.advice}"])
    found = published(report.certificate_number) if report.certificate_number else None
    is_ours = report.valid and found is not None and report.status != "unknown"
    context = {
        "report": report,
        "found": found if is_ours else None,
        "outcome": outcome_of_file(report),
        "number": report.certificate_number,
        "checks": shown_checks(report),
        "notes": notes_of(report),
        "file_name": form.cleaned_data["file"].name,
        "asked_at": now,
    }
    if found is not None and is_ours and found.opened_by_file():
        context.update(content=found.content, paper=paper_of(found.content, found.agreement), opened_by="file")
    return render(request, "verification/file.html", context)


def _start_with_file(request: HttpRequest, file_form: FileForm, status: int, **more: object) -> HttpResponse:
    context = {"search_form": SearchForm(), "file_form": file_form, **more}
    return render(request, "verification/start.html", context, status=status)
