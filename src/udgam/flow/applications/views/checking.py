"""Check your answers, and see the certificate as a draft."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from udgam.flow.applications.content import application_content, provisional_certificate
from udgam.flow.applications.models import Application
from udgam.flow.applications.origin import findings_of, unexplained_claims
from udgam.flow.applications.queries import (
    latest_signed,
    open_discrepancy,
    same_invoices_elsewhere,
    values_in_rupees,
)
from udgam.flow.applications.sections import missing_sections
from udgam.flow.applications.views.finding import application_of, away, is_editable, tell
from udgam.flow.applications.views.showing import content_rows, goods_page, shown_claims, shown_doubts, shown_findings
from udgam.flow.registration import policies
from udgam.ground.agreements.queries import agreement_for
from udgam.ground.pages.security import private_page
from udgam.ground.reference.harmonised_system import is_hs_code
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.models import Person
from udgam.rules.consistency import doubts_about
from udgam.rules.content import ApplicationContent, read_application
from udgam.rules.lints import lint_application
from udgam.rules.numbers import indian_date
from udgam.signing.sealing.page import PageRefused, draw_preview

# Stands in the draft where the number will be; the number is given when the exporter signs.
NUMBER_TO_COME = "DRAFT"
# A table of thousands of lines may have as many faults of one kind; the rest shows when these are corrected.
MOST_NAMED = 50
SIGNED_AND_NOT_EXAMINED = ("awaiting_payment", "submitted")


def draft_content(application: Application, now: datetime) -> ApplicationContent:
    """What would be signed now."""
    number = application.number or NUMBER_TO_COME
    return application_content(application, number=number, version=application.version + 1, now=now)


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def check(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All answers on one page, with what the rules find in them."""
    application = application_of(request, public_id)
    if not is_editable(application) or missing_sections(application):
        return away(application)
    now = timezone.now()
    content = draft_content(application, now)
    discrepancy = open_discrepancy(application)
    findings = shown_findings(
        lint_application(content, on=indian_date(now), agreement=agreement_for(content)), application
    )
    findings += shown_claims(unexplained_claims(content, findings_of(content)), application)
    doubts = tuple(doubts_about(content, is_hs_code=is_hs_code))
    findings += shown_doubts((doubt for doubt in doubts if doubt.stops), application)
    context = {
        "application": application,
        "content": content,
        "groups": content_rows(content),
        "goods": goods_page(request, content),
        "findings": findings[:MOST_NAMED],
        "findings_in_all": len(findings),
        "doubts": shown_doubts([doubt for doubt in doubts if not doubt.stops][:MOST_NAMED], application),
        "same_invoices": same_invoices_elsewhere(application, [invoice.number for invoice in content.invoices]),
        "values": values_in_rupees(application),
        "documents": application.documents.select_related("document"),
        "discrepancy": discrepancy,
        "verdict": policies.may_file(application.exporter, now),
        "may_sign": not findings and (discrepancy is None or bool(discrepancy.answer)),
    }
    return render(request, "applications/check.html", context)


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def preview(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The certificate as it would look, watermarked; nothing in it can pass for a certificate."""
    application = application_of(request, public_id)
    signed = latest_signed(application) if application.state in SIGNED_AND_NOT_EXAMINED else None
    if signed is None and (not is_editable(application) or missing_sections(application)):
        return away(application)
    now = timezone.now()
    content = read_application(bytes(signed.content)) if signed else draft_content(application, now)
    try:
        pdf = draw_preview(provisional_certificate(content, indian_date(now)), agreement=agreement_for(content))
    except PageRefused as refused:
        tell(request, refused)
        return redirect("applications:check", public_id=public_id)
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="draft.pdf"'
    return response
