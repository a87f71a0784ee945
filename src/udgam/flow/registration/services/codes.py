"""One-time codes: six digits, kept only as a keyed hash, for ten minutes, with limits on sending and on guessing."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection
from django.utils.crypto import salted_hmac

from udgam.flow.registration.models import OneTimeCode
from udgam.flow.registration.reasons import RegistrationRefused
from udgam.ground.messages.services import queue_mail, queue_text
from udgam.rules.duties import ONE_TIME_CODE_LIFETIME

# At most so many codes to one address within the window, never two within the pause, so many guesses per code.
SENDING_WINDOW = timedelta(hours=1)
MOST_IN_WINDOW = 5
PAUSE = timedelta(seconds=60)
MOST_ATTEMPTS = 5


def _hash(row_subject: str, channel: str, address: str, code: str) -> str:
    """Keyed with the installation's secret: six digits could be guessed from a plain hash within a second."""
    return salted_hmac(
        "registration.one-time-code", "\n".join((row_subject, channel, address, code)), algorithm="sha256"
    ).hexdigest()


def _lock_address(channel: str, address: str) -> None:
    """Make two requests for one address wait for each other until the transaction ends."""
    key = int.from_bytes(sha256(f"{channel}:{address.casefold()}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def check_may_send(*, channel: str, address: str, now: datetime) -> None:
    """Raise `RegistrationRefused` ("code.too_soon", "code.too_many") when the address had its share of codes.

    Capital letters make no other address of it: each spelling would else bring five more codes, and five guesses for each.
    """
    sent = OneTimeCode.objects.filter(channel=channel, address__iexact=address, sent_at__gt=now - SENDING_WINDOW)
    times = sorted(sent.values_list("sent_at", flat=True))
    if times and now - times[-1] < PAUSE:
        wait = PAUSE - (now - times[-1])
        raise RegistrationRefused("code.too_soon", seconds=str(int(wait.total_seconds()) + 1))
    if len(times) >= MOST_IN_WINDOW:
        wait = times[-MOST_IN_WINDOW] + SENDING_WINDOW - now
        raise RegistrationRefused("code.too_many", minutes=str(int(wait.total_seconds() // 60) + 1))


def send_code(*, subject: str, channel: str, address: str, language: str, now: datetime) -> None:
    """Make a code, forget the earlier ones of the subject, and queue the message. Call inside a transaction."""
    _lock_address(channel, address)
    check_may_send(channel=channel, address=address, now=now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    OneTimeCode.objects.filter(subject=subject, channel=channel, used_at__isnull=True, replaced_at__isnull=True).update(
        replaced_at=now
    )
    OneTimeCode.objects.create(
        subject=subject,
        channel=channel,
        address=address,
        code_hmac=_hash(subject, channel, address, code),
        sent_at=now,
        expires_at=now + ONE_TIME_CODE_LIFETIME,
    )
    context = {"code": code, "minutes": int(ONE_TIME_CODE_LIFETIME.total_seconds() // 60), "site": settings.SITE_ORIGIN}
    if channel == OneTimeCode.Channel.MOBILE:
        queue_text(
            mobile=address,
            template="registration/code",
            context=context,
            language=language,
            now=now,
            subject_ref=subject,
            secret=True,
        )
    else:
        queue_mail(
            to=address,
            template="registration/code",
            context=context,
            language=language,
            now=now,
            subject_ref=subject,
            secret=True,
        )


def try_code(*, subject: str, channel: str, address: str, typed: str, now: datetime) -> RegistrationRefused | None:
    """Compare a typed code; None means that it was right and is now used up.

    The refusal is returned and not raised, because the count of wrong attempts must be committed with it.
    """
    row = (
        OneTimeCode.objects.select_for_update()
        .filter(subject=subject, channel=channel, address=address, used_at__isnull=True, replaced_at__isnull=True)
        .order_by("-sent_at")
        .first()
    )
    if row is None:
        return RegistrationRefused("code.none")
    if row.expires_at <= now:
        return RegistrationRefused("code.expired")
    if row.attempts >= MOST_ATTEMPTS:
        return RegistrationRefused("code.exhausted")
    if not hmac.compare_digest(row.code_hmac, _hash(subject, channel, address, typed)):
        row.attempts += 1
        row.save(update_fields=["attempts"])
        left = MOST_ATTEMPTS - row.attempts
        return RegistrationRefused("code.wrong", left=str(left)) if left else RegistrationRefused("code.exhausted")
    row.used_at = now
    row.save(update_fields=["used_at"])
    return None
