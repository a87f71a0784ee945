"""The proofs themselves, judged: a file, a picture, or a text. Open to all, writing nothing, keeping nothing."""

from __future__ import annotations

import logging
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from udgam.flow.issuance.register.trust_file import NAME as TRUST_NAME
from udgam.flow.issuance.trust import published_register, published_trust
from udgam.flow.verification import limits
from udgam.flow.verification.forms import FileForm, TextForm
from udgam.flow.verification.meanings import failures_of
from udgam.flow.verification.offline import NAME, offline_page
from udgam.flow.verification.outcomes import outcome_of_proof
from udgam.flow.verification.paper import paper_of
from udgam.flow.verification.privacy import keeps_key
from udgam.flow.verification.proofs import proofs_of, said_by
from udgam.flow.verification.public_views import OwnStatuses, published
from udgam.flow.verification.shown import notes_of, shown_checks
from udgam.flow.verification.trust_download import trust_download
from udgam.flow.verification.views import start_page, too_many
from udgam.ground.agreements.queries import agreement_of
from udgam.ground.pages.security import uses_camera
from udgam.parties.accounts.decorators import open_to_all
from udgam.rules.content import read_content
from udgam.rules.refusals import Refused
from udgam.signing.proof import InputUnusable, Report, verify

LOG = logging.getLogger("udgam.verification")


def _not_published(refused: Refused) -> str:
    """For the visitor; what exactly is wrong with the folder is the operator's, and stands in the log."""
    LOG.warning("published trust cannot be used", extra={"reason": refused.code})
    return _("What we publish for checking cannot be read at present. Try again later, or ask the help desk.")


@open_to_all
@keeps_key
@uses_camera
@require_POST
def pdf(request: HttpRequest) -> HttpResponse:
    """A file: PDF, credential, evidence bundle, or a picture of the signed code."""
    if not limits.may_ask(request, limits.FILE_LIMIT):
        return start_page(request, status=429, page_errors=[too_many()])
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return start_page(request, status=422, form=form, file_form=form)
    return _judged(request, form, "file", form.cleaned_data["file"].read(), form.cleaned_data["file"].name)


@open_to_all
@keeps_key
@uses_camera
@require_POST
def text(request: HttpRequest) -> HttpResponse:
    """The text of a signed code or of a credential, as the camera read it or a person pasted it."""
    if not limits.may_ask(request, limits.FILE_LIMIT):
        return start_page(request, status=429, page_errors=[too_many()])
    form = TextForm(request.POST)
    if not form.is_valid():
        return start_page(request, status=422, form=form, text_form=form)
    data = form.cleaned_data["text"].strip("\r\n\t").encode("utf-8", "replace")
    return _judged(request, form, "text", data, "")


def _judged(request: HttpRequest, form: FileForm | TextForm, field: str, data: bytes, name: str) -> HttpResponse:
    now = timezone.now()
    try:
        report = verify(data, trust=published_trust(), at=now, status=OwnStatuses())
    except InputUnusable as refused:
        reason = refused.reasons[refused.code]
        said = _(reason.message).format_map(refused.params) if refused.params else _(reason.message)
        form.add_error(field, f"{said} {_(reason.advice)}")
        return start_page(request, status=422, form=form, **{f"{field}_form": form})
    except Refused as refused:
        return start_page(request, status=503, page_errors=[_not_published(refused)])
    return render(request, "verification/file.html", _context(report, name, now))


def _context(report: Report, name: str, now: datetime) -> dict[str, object]:
    found = published(report.certificate_number) if report.certificate_number else None
    is_ours = report.valid and found is not None and report.status != "unknown"
    context: dict[str, object] = {
        "report": report,
        "found": found if is_ours else None,
        "outcome": outcome_of_proof(report),
        "number": report.certificate_number,
        "failures": failures_of(report),
        "proofs": proofs_of(report),
        "said": said_by(report) if report.valid else [],
        "checks": shown_checks(report),
        "notes": notes_of(report),
        "file_name": name,
        "asked_at": now,
    }
    if is_ours and found is not None and report.kind == "pdf" and found.opened_by_file():
        context.update(content=found.content, paper=paper_of(found.content, found.agreement), opened_by="file")
    elif report.valid and report.kind == "credential" and report.content is not None:
        # Whoever holds the credential holds every word of it already.
        content = read_content(report.content)
        paper = paper_of(content, agreement_of(content))
        context.update(content=content, paper=paper, opened_by="credential")
    return context


@open_to_all
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that checks codes and credentials without a server, as a file to keep. It is served as a download and never run here."""
    response = HttpResponse(offline_page(published_register()), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@open_to_all
@require_safe
def trust_folder(request: HttpRequest) -> HttpResponse:
    """Whom a checker believes, as a ZIP file to compare and keep. Not found before anything was published.

    Whoever has it already (``If-None-Match``) is told so without the file, and is not counted.
    """
    try:
        offered = trust_download()
    except Refused as refused:
        return start_page(request, status=503, page_errors=[_not_published(refused)])
    if offered is None:
        raise Http404
    response = get_conditional_response(request, etag=offered.etag)
    if response is None:
        if not limits.may_ask(request, limits.TRUST_LIMIT):
            return _fetched_too_often(request)
        response = HttpResponse(offered.data, content_type="application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{TRUST_NAME}"'
        response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["ETag"] = offered.etag
    # It may be kept, and is asked for anew each time: what is believed can change at any moment.
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _fetched_too_often(request: HttpRequest) -> HttpResponse:
    told = _("This file was fetched too often from your network. Wait ten minutes, then try again.")
    refused = start_page(request, status=429, page_errors=[told])
    refused.headers["Retry-After"] = str(limits.TRUST_LIMIT.seconds)
    return refused
