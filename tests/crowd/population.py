"""Put the crowd's firms and officers into the database of a running sandbox, through the services; run in its environment.

    python -m tests.crowd.population EXPORTERS OFFICERS

Prints one JSON object: what each person needs to begin.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import django
from cryptography import x509

from tests.crowd.tokens import Member, crowd, firm_of

PASSWORD = "seven-green-boats"


def main() -> None:
    """Make everybody, each firm in a transaction of its own, so that no worker sends a code before it is read."""
    django.setup()
    exporters, officers = int(sys.argv[1]), int(sys.argv[2])
    members = crowd(exporters=exporters, officers=officers)
    made = [*_firms([one for one in members if one.firm is not None]), *_officers(members[exporters:])]
    sys.stdout.write(json.dumps(made))


def _firms(members: list[Member]) -> list[dict[str, Any]]:
    made = []
    for first in members:
        if first.is_first:
            others = [one for one in members if one.firm == first.firm and not one.is_first]
            made += _firm(first, others)
    return made


def _firm(first: Member, others: list[Member]) -> list[dict[str, Any]]:
    from django.db import transaction
    from django.utils import timezone

    from tests.rooms.registration.attempts import shown
    from tests.rooms.registration.colleagues import accept, invite
    from tests.rooms.registration.firms import agreed_attempt, record_of, tax_places
    from udgam.flow.registration import services
    from udgam.ground.audit.actors import ANONYMOUS
    from udgam.parties.accounts.actors import actor_of
    from udgam.parties.accounts.models import Person

    number = first.firm or 0
    with transaction.atomic():
        now = timezone.now()
        record = record_of(firm_of(number, [first, *others]), now=now)
        attempt = agreed_attempt(record, certificate=_certificate(first), now=now)
        exporter = services.complete_registration(
            attempt_id=attempt.public_id, places=tax_places(record), aeo="", actor=ANONYMOUS, now=now
        )
        person = Person.objects.get(username=record.iec)
        _password(person)
        people = [(first, person)]
        for other in others:
            secret = invite(exporter, person, email=f"{other.token}@crowd.example", role="signatory", name=other.name)
            colleague = accept(secret, name=other.name)
            services.add_token(
                person=colleague,
                exporter=exporter,
                shown=shown(_certificate(other)),
                actor=actor_of(colleague),
                now=now,
            )
            people.append((other, colleague))
        branch = exporter.branches.order_by("code").first()
        return [
            {"token": member.token, "kind": "exporter", "firm": number, "username": row.username,
             "branch": branch.id if branch else 0, "shares": bool(others)}
            for member, row in people
        ]  # fmt: skip


def _officers(members: list[Member]) -> list[dict[str, Any]]:
    from django.db import transaction
    from django.utils import timezone

    from udgam.ground.audit.actors import SystemActor
    from udgam.parties.accounts.services import enrol_token
    from udgam.parties.agencies.models import Office, Officer
    from udgam.parties.agencies.services import appoint_officer

    actor, offices, made = SystemActor("tests.crowd"), list(Office.objects.order_by("code")), []
    for number, member in enumerate(members):
        office = offices[number % len(offices)]
        # Of ten officers seven sign; the others examine only.
        role = Officer.Role.EXAMINER if number % 10 in {4, 7, 9} else Officer.Role.SIGNATORY
        with transaction.atomic():
            now = timezone.now()
            post = appoint_officer(
                office=office,
                role=role,
                username=member.token,
                name=member.name,
                designation="Assistant Director",
                email=f"{member.token}@crowd.example",
                mobile="",
                with_password=False,
                actor=actor,
                now=now,
            )
            enrol_token(person=post.person, certificate=_certificate(member), actor=actor, now=now)
            _password(post.person)
        made.append({"token": member.token, "kind": role, "office": office.id, "username": member.token})
    return made


def _password(person: Any) -> None:
    from django.utils import timezone

    from udgam.parties.accounts.actors import actor_of
    from udgam.parties.accounts.services import change_password

    change_password(person=person, new_password=PASSWORD, session_key="", actor=actor_of(person), now=timezone.now())


def _certificate(member: Member) -> x509.Certificate:
    from django.conf import settings

    file = Path(settings.VAR) / "sandbox" / "tokens" / f"{member.token}.cer"
    return x509.load_der_x509_certificate(file.read_bytes())


if __name__ == "__main__":
    main()
