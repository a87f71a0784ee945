"""Who asks through the programming interface: the firm and the person behind a key."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from udgam.flow.registration import queries, services
from udgam.flow.registration.models import Exporter, FirmKey
from udgam.ground.audit.actors import Actor
from udgam.ground.pages.limits import Limit, within
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.visitors import visitor_of

# For one key, and for wrong keys from one place.
KEY_LIMIT = Limit("firm-key", times=300, seconds=60)
WRONG_KEY_LIMIT = Limit("wrong-firm-key", times=30, seconds=60)


@dataclass(frozen=True)
class KeyHolder:
    """A key that works now, with the firm and the person it acts for."""

    key: FirmKey
    exporter: Exporter
    person: Person
    actor: Actor

    @property
    def may_draft(self) -> bool:
        return self.key.scope == FirmKey.Scope.DRAFT


class FirmKeyBearer(HttpBearer):
    """``Authorization: Bearer udgam_…``. Wrong, expired and revoked keys get the same answer."""

    openapi_description = "A key that a signatory of the firm made under “Keys for programs”."

    def authenticate(self, request: HttpRequest, token: str) -> KeyHolder | None:
        now = timezone.now()
        row = queries.working_key(token, now)
        if row is None:
            if not within(WRONG_KEY_LIMIT, visitor_of(request).network):
                raise HttpError(429, "Too many wrong keys from here. Wait a minute.")
            return None
        if not within(KEY_LIMIT, str(row.public_id)):
            raise HttpError(429, "Too many questions with this key. Wait a minute.")
        services.note_use(key=row, now=now)
        person = row.membership.person
        return KeyHolder(key=row, exporter=row.membership.exporter, person=person, actor=actor_of(person))
