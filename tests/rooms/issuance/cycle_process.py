"""A process of its own that signs with the officer's token, or resumes like the platform's worker; a crash point may kill it.

    python -m tests.rooms.issuance.cycle_process sign|resume|publish|cancel|stamp|complete|command FOLDER JSON

The settings come from the environment; JSON names the database and what the running test points its settings at.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any


def _start(given: dict[str, Any]) -> None:
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = given["database"]
    for name, value in given["settings"].items():
        setattr(settings, name, Path(value) if name.endswith(("_FOLDER", "_ROOT")) else value)
    django.setup()
    if given["clock"]:
        _set_clock(timedelta(seconds=given["clock"]))


def _set_clock(wrong_by: timedelta) -> None:
    """From here on the platform's clock is wrong by so much, in every part of this process."""
    from django.utils import timezone

    right = timezone.now
    timezone.now = lambda: right() + wrong_by


def _sign(given: dict[str, Any], folder: Path) -> None:
    from base64 import b64decode

    from django.utils import timezone

    from tests.rooms.issuance.office import raw_signature
    from udgam.flow.applications.models import Application
    from udgam.flow.issuance import conversation, services
    from udgam.parties.accounts.actors import actor_of
    from udgam.parties.accounts.models import Person
    from udgam.sandbox.authority import load_token
    from udgam.signing.trust import detached

    token = load_token(folder, "officer")
    person = Person.objects.get(pk=given["person"])
    actor = actor_of(person)
    now = timezone.now
    run = services.begin_run(
        applications=[Application.objects.select_related("office__agency").get(pk=given["application"])],
        person=person,
        token_sha256=given["token"],
        actor=actor,
        now=now(),
    )

    def say(**event: Any) -> dict[str, Any]:
        return conversation.answer(run=run, event=event, actor=actor, now=now())

    from base64 import b64encode

    answer = say(event="certificate", certificate=b64encode(token.der).decode())
    while "next" in answer:
        document = answer["next"]
        if document["kind"] == "data":
            made = detached.sign(
                b64decode(document["data"]), key=token.key, certificate=token.certificate, signing_time=now()
            )
        else:
            made = raw_signature(token, b64decode(document["signed_attributes"]))
        answer = say(event="signed", id=document["id"], result=b64encode(made).decode())


@contextmanager
def _full_disk(most_bytes: int | None) -> Iterator[None]:
    """Inside, no file may grow beyond this: writing fails as on a full disk, instead of killing the process.

    Afterwards there is room again, since whoever ends the process writes files that it shares with others.
    """
    if most_bytes is None:
        yield
        return
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def _cancel(given: dict[str, Any]) -> None:
    from django.utils import timezone

    from udgam.flow.issuance import services
    from udgam.flow.issuance.models import Certificate
    from udgam.parties.accounts.actors import actor_of
    from udgam.parties.accounts.models import Person

    person = Person.objects.get(pk=given["person"])
    services.cancel_certificate(
        certificate=Certificate.objects.get(application=given["application"]),
        reason="other",
        note="",
        person=person,
        actor=actor_of(person),
        now=timezone.now(),
    )


def main() -> None:
    act, folder, given = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
    _start(given)
    with _full_disk(given.get("most_bytes")):
        _do(act, folder, given)


def _do(act: str, folder: Path, given: dict[str, Any]) -> None:
    if act == "sign":
        _sign(given, folder)
    elif act == "publish":
        from django.utils import timezone

        from udgam.flow.issuance.register import publishing

        publishing.publish(now=timezone.now())
    elif act == "cancel":
        _cancel(given)
    elif act == "stamp":
        from django.utils import timezone

        from udgam.flow.issuance.upkeep import stamping

        stamping.keep_stamped(now=timezone.now())
    elif act == "complete":
        from django.utils import timezone

        from udgam.flow.issuance import cycle
        from udgam.flow.issuance.models import Certificate

        certificate = Certificate.objects.get(application=given["application"])
        cycle.complete(certificate=certificate, now=timezone.now(), patience=timedelta(0))
    elif act == "command":
        from udgam.web.cli import main as command

        sys.exit(command(given["words"]))
    else:
        from udgam.flow.issuance import jobs

        jobs.resume(patience=timedelta(0))


if __name__ == "__main__":
    main()
