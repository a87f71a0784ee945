"""Prints by post: the office's list, the numbers of the articles, the list as a file; and the paper leaves to print."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from udgam.flow.issuance import queries, services
from udgam.flow.issuance.forms import DispatchForm, PostFilter
from udgam.flow.issuance.models import Certificate
from udgam.flow.issuance.shown import CopyNames, copy_names, shown_certificate
from udgam.flow.issuance.views.certificate import EXPORTER, OFFICER, issued_or_404
from udgam.ground.pages.exports import KINDS, exported
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.reasons import words_of
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused
from udgam.signing.sealing.page import PageRefused, draw_leaf

ROWS_ON_A_PAGE = 25
MOST_EXPORTED = 10_000


def _rows(request: HttpRequest) -> tuple[PostFilter, QuerySet[Certificate]]:
    form = PostFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    return form, queries.postal_list(
        actor_of(request), sent=chosen.get("show") == "sent", search=chosen.get("search", "")
    )


@requires(OFFICER)
@private_page
@require_http_methods(["GET", "POST"])
def post(request: HttpRequest) -> HttpResponse:
    """What waits to be posted, or was posted; the numbers that are filled in are saved, each by itself."""
    filters, found = _rows(request)
    page = Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    today = indian_date(timezone.now())
    form = DispatchForm(request.POST or None, rows=rows, today=today)
    status = 200
    if request.method == "POST":
        if form.is_valid() and _saved(request, form, rows):
            return HttpResponseRedirect(request.get_full_path())
        status = 422
    names, kept = CopyNames(), request.GET.copy()
    kept.pop("page", None)
    context = {
        "filters_form": filters,
        "form": form,
        "page": page,
        "rows": [
            (shown, names.of(shown.content), form[form.name_of(row)], queries.dispatch_of(row))
            for row, shown in zip(rows, map(shown_certificate, rows), strict=True)
        ],
        "filters": kept.urlencode(),
        "is_sent": request.GET.get("show") == "sent",
    }
    return render(request, "issuance/post.html", context, status=status)


def _saved(request: HttpRequest, form: DispatchForm, rows: list[Certificate]) -> bool:
    """Save each number that was filled in; a refused one stands beside its field, the others are saved all the same."""
    count = 0
    for row in rows:
        number = form.cleaned_data[form.name_of(row)]
        if not number:
            continue
        try:
            services.record_dispatch(
                certificate=row,
                carrier=form.cleaned_data["carrier"],
                article_number=number,
                sent_on=form.cleaned_data["sent_on"],
                person=person_of(request),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except Refused as refused:
            told = words_of(refused)
            form.add_error(form.name_of(row), f"{told.message} {told.advice}")
        else:
            count += 1
    if form.errors:
        return False
    if not count:
        form.add_error(None, _("Enter the number of at least one article."))
        return False
    messages.success(
        request,
        ngettext("%(n)s print is noted as sent; the exporter is told.", "%(n)s prints are noted as sent; the exporters are told.", count)
        % {"n": count},
    )  # fmt: skip
    return True


@requires(OFFICER)
@private_page
@require_GET
def post_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The list as it is filtered, as a file: to print labels, or to hand over to the post office."""
    if kind not in KINDS:
        raise Http404
    _form, found = _rows(request)
    heading = (
        _("Certificate"), _("Application"), _("Exporter"), _("Address"), _("Copies"), _("Issued"), _("Carrier"), _("Article number"), _("Sent on"),
    )  # fmt: skip
    names = CopyNames()
    return exported(kind=kind, name="post", heading=heading, rows=[_line(row, names) for row in found[:MOST_EXPORTED]])


def _line(row: Certificate, names: CopyNames) -> tuple[str | date | None, ...]:
    shown, sent = shown_certificate(row), queries.dispatch_of(row)
    exporter = shown.content.exporter
    return (
        row.number,
        row.application.number or "",
        exporter.name,
        ", ".join(exporter.address),
        ", ".join(names.of(shown.content)),
        row.issued_on,
        sent.carrier if sent else "",
        sent.article_number if sent else "",
        sent.sent_on if sent else None,
    )


@requires(EXPORTER, OFFICER)
@private_page
@require_safe
def leaf(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """One of the paper leaves that the agreement knows, marked with its name, to be printed."""
    found = issued_or_404(request, public_id)
    names = copy_names(found)
    if found.state != "issued" or not 1 <= number <= len(names):
        raise Http404
    name = names[number - 1]
    note = (
        f"{name.upper()} of certificate of origin {found.number}: a print of the electronic certificate; its file and its code "
        "prove it."
    )
    try:
        with found.file.open("rb") as file:
            drawn = draw_leaf(file.read(), name=name, note=note)
    except (OSError, PageRefused) as error:
        raise Http404 from error
    response = HttpResponse(drawn, content_type="application/pdf")
    file_name = f"{found.number.replace('/', '-')}-{name.lower().replace(' ', '-')}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
