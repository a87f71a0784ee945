"""Where preparing, the network and submitting are strung together. Nothing here may run inside a transaction."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta

from cryptography.x509 import Certificate
from django.conf import settings
from django.utils.translation import get_language

from udgam.flow.applications import services
from udgam.flow.applications.content import provisional_certificate
from udgam.flow.applications.models import Application, Submission
from udgam.flow.applications.queries import waiting_submission
from udgam.flow.applications.refusals import ApplicationRefused, FilingRefused
from udgam.flow.registration import fetching, policies
from udgam.flow.registration.models import Exporter
from udgam.flow.registration.services import ShownToken
from udgam.ground.agreements.queries import agreement_for
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.trust import facts_of, revocation_source, trust_store
from udgam.rules.content import read_application
from udgam.rules.numbers import indian_date
from udgam.signing.sealing.page import draw_preview
from udgam.signing.trust import fingerprint, read_certificate
from udgam.signing.trust.detached import verify_detached

# A certificate is below 4 kB, a detached signature with its certificates below 64 kB; base64 adds a third.
LONGEST_BASE64 = 90_000
# After this the page must be opened again: rates, editions of agreements and the firm's record may have changed.
SHOWN_COUNTS = timedelta(hours=1)


def decoded(text: object) -> bytes:
    """The bytes behind a base64 text of the agent. Raises `ApplicationRefused`."""
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_BASE64:
        raise ApplicationRefused("application.conversation_unreadable")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ApplicationRefused("application.conversation_unreadable") from error


def refuse_if_filing_stopped(exporter: Exporter, *, branch: str | None, now: datetime) -> None:
    """Raise when the firm may not file at present, from this branch."""
    verdict = policies.may_file(exporter, now, branch=branch)
    if not verdict:
        raise FilingRefused(verdict.reason, **verdict.params)


def refuse_if_drafter(person: Person, exporter: Exporter) -> None:
    """Raise when the account may draft for the firm but not sign."""
    verdict = policies.may_sign(person, exporter)
    if not verdict:
        raise FilingRefused(verdict.reason, **verdict.params)


def refuse_foreign_certificate(exporter: Exporter, certificate: Certificate) -> policies.Verdict:
    """The binding table for this certificate and the firm; raise when it may not sign."""
    verdict = policies.signatory_token_accepts(exporter, certificate)
    if not verdict:
        raise FilingRefused(verdict.reason, **verdict.params)
    return verdict


def open_for_signing(*, application: Application, person: Person, actor: Actor, now: datetime) -> Submission:
    """Fetch the IEC record anew, ask whether the firm may file, fix the bytes, and see that they can be printed.

    Raises `Refused`: the account's, the record's, the form's or the page's reason.
    """
    refuse_if_drafter(person, application.exporter)
    fetching.refresh_record(application.exporter.public_id, actor=actor, now=now)
    application.refresh_from_db()
    branch = application.branch
    refuse_if_filing_stopped(application.exporter, branch=branch.code if branch else None, now=now)
    submission = services.prepare_submission(application=application, person=person, now=now)
    content = read_application(bytes(submission.content))
    # A letter for which the certificate has no glyph must be found before anybody signs.
    draw_preview(provisional_certificate(content, indian_date(now)), agreement=agreement_for(content))
    return submission


def choose_certificate(
    *, application: Application, person: Person, certificate: object, now: datetime
) -> tuple[Submission, str]:
    """The agent named the certificate: refuse a foreign one before the PIN is typed. The fingerprint is kept for the answer."""
    submission = _waiting(application, person, now)
    chosen = read_certificate(decoded(certificate))
    refuse_foreign_certificate(application.exporter, chosen)
    return submission, fingerprint(chosen)


def check_signature(
    *, application: Application, submission: Submission, cms: bytes, now: datetime
) -> services.CheckedSignature:
    """Check a detached signature over the submission's bytes: form, path, revocation, and whether the holder may sign.

    Asks for revocation evidence over the network. Raises `Refused`.
    """
    verified = verify_detached(
        cms,
        bytes(submission.content),
        store=trust_store(),
        revocation=revocation_source(),
        at=now,
        policy=settings.REQUIRED_POLICY or None,
    )
    verdict = refuse_foreign_certificate(application.exporter, verified.certificate)
    facts = facts_of(verified.certificate)
    return services.CheckedSignature(
        cms=cms,
        certificate_sha256=facts.sha256,
        holder=facts.holder[:300],
        signed_at=verified.signing_time,
        shown=ShownToken(
            raw=base64.b64encode(cms).decode(), certificate=verified.certificate, path=verified.path, facts=facts
        ),
        decision=verdict.decision,
    )


def submit_signed(
    *, application: Application, person: Person, result: object, chosen: str, actor: Actor, now: datetime
) -> Application:
    """The agent's answer: checked, then submitted in one transaction. Raises `Refused`; then nothing was changed."""
    refuse_if_drafter(person, application.exporter)
    submission = _waiting(application, person, now)
    checked = check_signature(application=application, submission=submission, cms=decoded(result), now=now)
    if checked.certificate_sha256 != chosen:
        raise ApplicationRefused("application.certificate_changed")
    branch = application.branch
    refuse_if_filing_stopped(application.exporter, branch=branch.code if branch else None, now=now)
    return services.submit(submission=submission, signature=checked, actor=actor, now=now)


def _waiting(application: Application, person: Person, now: datetime) -> Submission:
    """What was shown to this person: still what the application says, and judged by the rules and rates of this day."""
    submission = waiting_submission(application, person)
    if submission is None:
        raise ApplicationRefused("application.signature_expected")
    shown_at = submission.prepared_at
    if now - shown_at > SHOWN_COUNTS or indian_date(shown_at) != indian_date(now):
        raise ApplicationRefused("application.shown_too_long_ago")
    return submission


def language_of_page() -> str:
    """The language in which the agent speaks."""
    return "hi" if (get_language() or "").startswith("hi") else "en"
