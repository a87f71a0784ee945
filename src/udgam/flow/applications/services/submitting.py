"""Signing and submitting: the bytes are fixed and kept, the person signs them, one transaction submits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from udgam.flow.applications.content import application_content
from udgam.flow.applications.models import Application, OriginFinding, Submission
from udgam.flow.applications.origin import findings_of, unexplained_claims
from udgam.flow.applications.queries import is_issued_to_another, open_discrepancy
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.sections import missing_sections
from udgam.flow.applications.services.moving import EDITABLE, due_at, move, subject_of
from udgam.flow.applications.services.paying import open_fee_order
from udgam.flow.applications.services.telling import tell_of_submission
from udgam.flow.payments.queries import takes_fees
from udgam.flow.registration.queries import branches_of
from udgam.flow.registration.services import ShownToken, record_token_evidence
from udgam.ground.agreements.queries import agreement_for, agreement_on, rule_data_for
from udgam.ground.agreements.services import keep_rule_files
from udgam.ground.audit.actors import Actor
from udgam.ground.reference.harmonised_system import is_hs_code
from udgam.ground.reference.services import next_number
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.queries import published_offices_for
from udgam.rules.binding import Decision
from udgam.rules.consistency import doubts_about
from udgam.rules.content import content_bytes, content_digest
from udgam.rules.findings import ItemFinding
from udgam.rules.lints import lint_application
from udgam.rules.numbers import application_number, indian_date, indian_year
from udgam.rules.origin import answer_bytes, answer_digest


@dataclass(frozen=True)
class CheckedSignature:
    """A signature that was verified over a submission's bytes, with the certificate's facts and why it may sign for the firm."""

    cms: bytes
    certificate_sha256: str
    holder: str
    signed_at: datetime
    shown: ShownToken
    decision: Decision | None


def _refuse_closed_ways(application: Application, now: datetime) -> None:
    """The office may have closed and the branch may have changed since they were chosen."""
    if application.office_id is None or application.branch_id is None:
        raise ApplicationRefused("application.incomplete")
    offices = published_offices_for(application.agreement, indian_date(now))
    if not offices.filter(id=application.office_id).exists():
        raise ApplicationRefused("application.office_closed")
    agency = application.office.agency.code if application.office else ""
    if application.version and not (application.number or "").startswith(f"{agency}/"):
        raise ApplicationRefused("application.agency_fixed")
    if not branches_of(application.exporter, ready_only=True).filter(id=application.branch_id).exists():
        raise ApplicationRefused("application.branch_not_ready")


def _number_for(application: Application, now: datetime) -> str:
    """The application's number: kept while the agency stays, else a fresh one. Numbers are never used twice."""
    office = application.office
    if office is None:
        raise ApplicationRefused("application.incomplete")
    scheme = agreement_on(application.agreement, indian_date(now)).scheme
    if application.number and (application.version or application.number.startswith(f"{office.agency.code}/")):
        return application.number
    year = indian_year(now)
    return application_number(office.agency.code, year, scheme, next_number(key=f"application:{year}"))


@transaction.atomic
def prepare_submission(*, application: Application, person: Person, now: datetime) -> Submission:
    """Fix what will be signed: reserve the number, write the canonical bytes, keep them.

    Raises `ApplicationRefused` when something is missing, a rule finds something, or it is not the exporter's turn.
    """
    row = Application.objects.select_for_update().get(id=application.id)
    if row.state not in EDITABLE:
        raise ApplicationRefused("application.not_editable")
    if missing_sections(row):
        raise ApplicationRefused("application.incomplete")
    discrepancy = open_discrepancy(row)
    if row.state == "discrepancy" and (discrepancy is None or not discrepancy.answer):
        raise ApplicationRefused("application.answer_missing")
    _refuse_closed_ways(row, now)
    if row.in_lieu_of and is_issued_to_another(row.in_lieu_of, exporter_id=row.exporter_id):
        raise ApplicationRefused("application.replaced_unknown", number=row.in_lieu_of)
    number = _number_for(row, now)
    if number != row.number:
        Application.objects.filter(id=row.id).update(number=number)
    content = application_content(row, number=number, version=row.version + 1, now=now)
    stops = any(doubt.stops for doubt in doubts_about(content, is_hs_code=is_hs_code))
    if stops or lint_application(content, on=indian_date(now), agreement=agreement_for(content)):
        raise ApplicationRefused("application.has_findings")
    found = findings_of(content)
    for fault in unexplained_claims(content, found):
        raise fault
    digest = content_digest(content)
    Submission.objects.filter(application=row, prepared_by=person, signature__isnull=True).delete()
    submission = Submission.objects.create(
        application=row,
        version=row.version + 1,
        edit=row.edit,
        content=content_bytes(content),
        sha256=digest,
        prepared_by=person,
        prepared_at=now,
    )
    _keep_findings(submission, found)
    if content.rules is not None:
        keep_rule_files(agreement=agreement_for(content), data=rule_data_for(content), now=now)
    return submission


def _keep_findings(submission: Submission, computed: Sequence[ItemFinding]) -> None:
    """The derivations that the claims of this version name by digest, byte for byte."""
    OriginFinding.objects.bulk_create(
        OriginFinding(
            submission=submission,
            item=found.item,
            qualifies=found.qualifies,
            sha256=answer_digest(found.finding),
            derivation=answer_bytes(found.finding),
        )
        for found in computed
        if found.finding is not None
    )


@transaction.atomic
def submit(*, submission: Submission, signature: CheckedSignature, actor: Actor, now: datetime) -> Application:
    """Submit the signed version. Raises when the form changed since it was shown, or somebody else was first."""
    application = Application.objects.select_for_update().get(id=submission.application_id)
    if application.edit != submission.edit or application.version + 1 != submission.version:
        raise ApplicationRefused("application.signature_of_other_content")
    kept = Submission.objects.filter(id=submission.id, signature__isnull=True).update(
        signature=signature.cms,
        certificate_sha256=signature.certificate_sha256,
        signed_by_name=signature.holder,
        signed_at=signature.signed_at,
    )
    if kept != 1:
        raise ApplicationRefused("application.moved_on")
    record_token_evidence(
        purpose="sign-application",
        subject=subject_of(application),
        iec=application.exporter.iec,
        shown=signature.shown,
        decision=signature.decision,
        now=now,
    )
    act = _act_of(application)
    is_to_be_paid = act == "sign"
    move(
        application=application,
        act=act,
        audit_act="application.signed" if is_to_be_paid else "application.submitted",
        actor=actor,
        now=now,
        details={
            "version": submission.version,
            "sha256": submission.sha256,
            "certificate": signature.certificate_sha256,
        },
        where={"edit": submission.edit},
        version=submission.version,
        submitted_at=None if is_to_be_paid else now,
        due_at=None if is_to_be_paid else due_at(application=application, now=now),
        examiner=None,
        claimed_until=None,
    )
    application.discrepancies.filter(answered_at__isnull=True).update(answered_at=now)
    Submission.objects.filter(Q(application=application) & Q(signature__isnull=True)).delete()
    application.refresh_from_db()
    if is_to_be_paid:
        open_fee_order(application=application, actor=actor, now=now)
    else:
        tell_of_submission(application=application, now=now)
    return application


def _act_of(application: Application) -> str:
    """What a signature does now. A fee is asked for once, where the agency collects it here."""
    again = {"discrepancy": "answer_discrepancy", "correcting": "resubmit"}.get(application.state)
    if again:
        return again
    office = application.office
    return "sign" if office is not None and takes_fees(office.agency) else "submit"
