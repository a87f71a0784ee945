"""How a firm comes as far as its details page, by the services alone: nothing of the network, and nothing of the sandbox."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from cryptography import x509
from django.utils import timezone

from udgam.flow.registration import services
from udgam.flow.registration.models import Registration
from udgam.ground.audit.actors import ANONYMOUS
from udgam.ground.messages.models import Message
from udgam.ground.messages.sealed_words import open_words
from udgam.rules.firm import FirmRecord
from udgam.signing.trust import read_facts


class CheckedPath:
    """Stands for a validated path in tests that are not about paths."""

    revocation: tuple[Any, ...] = ()

    def evidence(self) -> dict[str, Any]:
        return {"checked": "by the test"}


def shown(certificate: x509.Certificate) -> services.ShownToken:
    """A token that counts as verified."""
    return services.ShownToken(
        raw="{}",
        certificate=certificate,
        path=CheckedPath(),  # type: ignore[arg-type]
        facts=read_facts(certificate),
    )


def agreed_attempt(record: FirmRecord, *, certificate: x509.Certificate, now: datetime | None = None) -> Registration:
    """An attempt that has come as far as the details page."""
    now = now or timezone.now()
    attempt = services.begin_attempt(iec=record.iec, shown=shown(certificate), language="en", actor=ANONYMOUS, now=now)
    key = attempt.public_id
    attempt = services.record_fetched(attempt_id=key, firm=record, actor=ANONYMOUS, now=now)
    assert attempt.stage == Registration.Stage.ADMITTED, attempt.refusal
    given = services.give_contact(
        attempt_id=key, mobile=record.mobile or "", email=record.email or "", actor=ANONYMOUS, now=now
    )
    assert given, given.refused
    codes = {
        channel: newest_code(channel, to=address)
        for channel, address in (("text", record.mobile), ("mail", record.email))
    }
    proved = services.prove_contact(
        attempt_id=key, mobile_code=codes["text"], email_code=codes["mail"], actor=ANONYMOUS, now=now
    )
    assert proved, proved.refused
    return services.agree_to_declaration(
        attempt_id=key,
        is_agreed=True,
        version="2026-11",
        form_token=services.make_form_token(purpose="declaration", subject=f"registration:{key}"),
        language="en",
        text_sha256="0" * 64,
        notice_version="2026-11",
        actor=ANONYMOUS,
        now=now,
    )


def newest_code(channel: str, *, to: str | None) -> str:
    """The code in the newest message to an address, before it is sent and its words are blanked."""
    digits = (to or "")[-10:]
    row = Message.objects.filter(template="registration/code", channel=channel, to__endswith=digits).latest(
        "created_at"
    )
    found = re.search(r"\b(\d{6})\b", open_words(row.body))
    assert found, row.template
    return found.group(1)
