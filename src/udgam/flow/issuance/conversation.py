"""The talk with the signing agent about one run: which document comes next, and what to make of what was signed.

The agent's form is docs/mechanisms/agent-protocol.md. Per certificate the content comes first and then its page, in one PIN session.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from udgam.flow.issuance import cycle, services
from udgam.flow.issuance.entries import entry_of, waiting_in_turn
from udgam.flow.issuance.models import Certificate, RunEntry, SigningRun
from udgam.flow.issuance.queries import waiting_entries
from udgam.flow.issuance.refusals import IssueRefused
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.queries import enrolled_token
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused
from udgam.signing.trust import CertificateUnreadable, read_certificate

MAX_RESULT = 96 * 1024


def items_of(run: SigningRun, now: datetime) -> list[dict[str, str]]:
    """What the agent lists for the officer to confirm: number and digest of everything that still waits for a signature."""
    return [
        {
            "id": str(certificate.public_id),
            "title": _("Certificate of origin for %(exporter)s") % {"exporter": certificate.application.exporter.name},
            "number": certificate.number,
            "sha256": certificate.content_sha256,
            "media_type": "application/json",
        }
        for entry in waiting_entries(run, indian_date(now)).select_related("certificate__application__exporter")
        if (certificate := entry.certificate) is not None
    ]


def answer(*, run: SigningRun, event: Mapping[str, Any], actor: Actor, now: datetime) -> dict[str, Any]:
    """The answer to one event of the agent. Raises subclasses of `Refused`."""
    kind = event.get("event")
    if kind == "open":
        return {"items": items_of(run, now)}
    if kind == "certificate":
        _accept_token(run, _bytes(event.get("certificate")), now)
        return _next(run, actor, now)
    if kind == "signed":
        return _next(run, actor, now, begun=_accept_result(run, event, actor, now))
    if kind == "stopped":
        return {}
    raise IssueRefused("issuance.unreadable")


def _waiting(entry: RunEntry, run: SigningRun, now: datetime) -> Certificate | None:
    """The entry's certificate, if this officer can still sign it today."""
    certificate = entry.certificate
    if (
        certificate is None
        or certificate.signatory_id != run.person_id
        or certificate.state not in {"prepared", "certified"}
        or certificate.signed_page
        or certificate.issued_on != indian_date(now)
        or entry.refusal
    ):
        return None
    return certificate


def _accept_token(run: SigningRun, der: bytes, now: datetime) -> None:
    """The certificate of the token must be enrolled for the officer, and be the one that the prepared content names."""
    try:
        presented = read_certificate(der)
    except CertificateUnreadable as error:
        raise IssueRefused("issuance.unreadable") from error
    token = enrolled_token(presented)
    if token is None or token.person_id != run.person_id:
        raise IssueRefused("issuance.token_not_yours")
    waiting = waiting_entries(run, indian_date(now))
    if not waiting.exists():
        raise IssueRefused("issuance.too_many_signed")
    if waiting.exclude(certificate__certificate_sha256=token.sha256).exists():
        raise IssueRefused("issuance.other_token")


def _accept_result(run: SigningRun, event: Mapping[str, Any], actor: Actor, now: datetime) -> RunEntry | None:
    """Take what was signed; answers the entry whose page is to be signed next, or None when this one needs the officer no more."""
    entry = _entry(run, event.get("id"))
    certificate = _waiting(entry, run, now)
    if certificate is None:
        raise IssueRefused("issuance.moved_on")
    result = _bytes(event.get("result"))
    if certificate.state == "prepared":
        entry.certificate = cycle.accept_certification(certificate=certificate, cms=result, actor=actor, now=now)
        return entry
    signed = cycle.accept_page_signature(certificate=certificate, signature=result, actor=actor, now=now)
    # The rest needs no token. If it cannot be done now, the platform goes on with it later.
    cycle.complete(certificate=signed, now=now)
    return None


def _next(run: SigningRun, actor: Actor, now: datetime, *, begun: RunEntry | None = None) -> dict[str, Any]:
    """The next document, that of the ``begun`` entry first; a certificate whose page cannot be drawn keeps its reason and the others
    go on."""
    waiting = waiting_in_turn(run, indian_date(now))
    for entry in chain([begun], waiting) if begun else waiting:
        certificate = entry.certificate
        if certificate is None:
            continue
        common = {"id": str(certificate.public_id), "title": "", "number": certificate.number}
        if certificate.state == "prepared":
            data = b64encode(bytes(certificate.content)).decode()
            more = {"kind": "data", "media_type": "application/json", "data": data, "signed_attributes": None}
            return {"next": {**common, **more}}
        try:
            pending = cycle.page_to_sign(certificate=certificate, actor=actor, now=now)
        except Refused as refused:
            services.note_refusal(entry=entry, refused=refused)
            continue
        more = {
            "kind": "pdf",
            "media_type": "application/pdf",
            "data": b64encode(pending.prepared_pdf).decode(),
            "signed_attributes": b64encode(pending.signed_attributes).decode(),
        }
        return {"next": {**common, **more}}
    return {"done": {"location": reverse("issuance:run", args=[run.public_id])}}


def _entry(run: SigningRun, claimed_id: object) -> RunEntry:
    try:
        wanted = UUID(str(claimed_id))
    except ValueError as error:
        raise IssueRefused("issuance.unreadable") from error
    entry = entry_of(run, wanted)
    if entry is None:
        raise IssueRefused("issuance.not_expected")
    return entry


def _bytes(claimed: object) -> bytes:
    if not isinstance(claimed, str) or len(claimed) > MAX_RESULT:
        raise IssueRefused("issuance.unreadable")
    try:
        return b64decode(claimed, validate=True)
    except (binascii.Error, ValueError) as error:
        raise IssueRefused("issuance.unreadable") from error
