"""Traces that have served their time are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from udgam.ground.messages.services import KEPT as MESSAGES_KEPT
from udgam.parties.accounts.models import EarlierAddress, Nonce, OwnSession, ResetLink, SignInEvent, WrongPasswords
from udgam.parties.accounts.queries import sign_in_log_days


def forget_old_traces(*, now: datetime) -> None:
    """Delete used-up nonces, links and counters after a day, ended sessions at once, sign-in events after the log's time.

    Earlier addresses go once no message to them is kept any more.
    """
    a_day_ago = now - timedelta(days=1)
    Nonce.objects.filter(expires_at__lt=a_day_ago).delete()
    ResetLink.objects.filter(expires_at__lt=a_day_ago - timedelta(days=1)).delete()
    WrongPasswords.objects.filter(last_failed_at__lt=a_day_ago).exclude(held_until__gt=now).delete()
    SignInEvent.objects.filter(at__lt=now - timedelta(days=sign_in_log_days())).delete()
    EarlierAddress.objects.filter(left_at__lt=now - MESSAGES_KEPT).delete()
    Session.objects.filter(expire_date__lt=now).delete()
    OwnSession.objects.exclude(session_key__in=Session.objects.values("session_key")).filter(
        started_at__lt=a_day_ago
    ).delete()
