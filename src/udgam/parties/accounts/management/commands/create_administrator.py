"""Make the first administrator, or with ``--another`` one more."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from udgam.ground.audit.actors import SystemActor
from udgam.parties.accounts import services
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.queries import active_administrators
from udgam.parties.accounts.trust import facts_of, revocation_source, trust_store
from udgam.rules.binding import CertificateFacts, Decision, decide_administrator
from udgam.rules.duties import ONE_TIME_PASSWORD_LIFETIME
from udgam.rules.refusals import Refused
from udgam.signing.trust import check_usable_for_sign_in, read_certificate, validate_path


class Command(BaseCommand):
    """The administrator's door asks for password and token, so the certificate is enrolled here too."""

    help = "Make the first administrator and print a one-time password, which is good for 72 hours."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", required=True, help="the name to sign in with")
        parser.add_argument("--name", required=True, help="the person's name, as the certificate says it")
        parser.add_argument("--email", required=True, help="where mails go")
        parser.add_argument("--mobile", default="", help="where text messages go")
        parser.add_argument("--language", default="en", choices=[code for code, _name in settings.LANGUAGES])
        parser.add_argument(
            "--certificate", required=True, type=Path, help="the person's signing certificate, a PEM or DER file"
        )
        parser.add_argument("--another", action="store_true", help="there are administrators already; make one more")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if active_administrators() and not options["another"]:
            raise CommandError("There is an administrator already. Say --another to make one more.")
        _check_typed(options)
        certificate = _certificate(options["certificate"])
        try:
            facts, decision = _decide(certificate, options["name"], now)
            password = _make(options, certificate, facts, decision, now)
        except Refused as refused:
            raise CommandError(f"{refused.message} {refused.advice}") from refused
        self.stdout.write(f"User name:         {options['username']}")
        self.stdout.write(f"One-time password: {password}")
        self.stdout.write("It is shown only now and works for 72 hours. Sign in at:")
        self.stdout.write(f"{settings.SITE_ORIGIN}/administrator/")


def _check_typed(options: dict[str, Any]) -> None:
    try:
        validate_email(options["email"])
    except ValidationError as error:
        raise CommandError("--email is not an e-mail address.") from error
    if not options["username"].strip() or not options["name"].strip():
        raise CommandError("--username and --name may not be empty.")


def _certificate(path: Path) -> x509.Certificate:
    try:
        return read_certificate(path.read_bytes())
    except OSError as error:
        raise CommandError(f"The certificate {path} cannot be read: {error.strerror}.") from error
    except Refused as refused:
        raise CommandError(f"{refused.message} {refused.advice}") from refused


def _decide(certificate: x509.Certificate, name: str, now: datetime) -> tuple[CertificateFacts, Decision]:
    """Check the certificate as a sign-in would. The network is asked, before any transaction."""
    store = trust_store()
    validate_path(
        certificate,
        store=store,
        revocation=revocation_source(),
        at=now,
        policy=settings.REQUIRED_POLICY or None,
    )
    facts = facts_of(certificate)
    check_usable_for_sign_in(facts)
    decision = decide_administrator(facts, name=name, enrolled=frozenset(), enrolling=True)
    if not decision.allowed:
        raise CommandError(f"{decision.message} {decision.advice}")
    return facts, decision


def _make(
    options: dict[str, Any], certificate: x509.Certificate, facts: CertificateFacts, decision: Decision, now: datetime
) -> str:
    actor = SystemActor("create_administrator")
    with transaction.atomic():
        person = services.create_person(
            username=options["username"],
            name=options["name"],
            email=options["email"],
            mobile=options["mobile"],
            kind=Person.Kind.ADMINISTRATOR,
            language=options["language"],
            actor=actor,
            now=now,
        )
        services.enrol_token(
            person=person, certificate=certificate, facts=facts, decision=decision, actor=actor, now=now
        )
        return services.set_one_time_password(person=person, expires_at=now + ONE_TIME_PASSWORD_LIFETIME)
