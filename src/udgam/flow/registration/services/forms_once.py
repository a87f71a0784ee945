"""Forms that are taken once: a signed token is rendered into the page and spent in the transaction of the change."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.core import signing
from django.db import IntegrityError, transaction

from udgam.flow.registration.models import SpentForm
from udgam.flow.registration.reasons import RegistrationRefused

_SALT = "registration.form"
_LONGEST = 600
LIFETIME = timedelta(hours=12)


def make_form_token(*, purpose: str, subject: str) -> str:
    """A token for one rendering of one form. Nothing is stored until the form is sent."""
    return signing.dumps({"purpose": purpose, "subject": subject, "nonce": secrets.token_hex(12)}, salt=_SALT)


def spend_form_token(*, token: str, purpose: str, subject: str, now: datetime) -> None:
    """Take the token, once. Call inside a transaction. Raises `RegistrationRefused` ("form.spent", "form.stale")."""
    if len(token) > _LONGEST:
        raise RegistrationRefused("form.stale")
    try:
        content = signing.loads(token, salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature as fault:
        raise RegistrationRefused("form.stale") from fault
    if content.get("purpose") != purpose or content.get("subject") != subject:
        raise RegistrationRefused("form.stale")
    try:
        with transaction.atomic():
            SpentForm.objects.create(sha256=sha256(token.encode()).hexdigest(), purpose=purpose, spent_at=now)
    except IntegrityError as fault:
        raise RegistrationRefused("form.spent") from fault
