"""`manage.py import_product_rules CODE FILE`: take product rules of an arrangement, in our own format or the UK Trade Tariff's."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from udgam.ground.agreements.services import import_product_rules
from udgam.ground.agreements.services.importing import LARGEST_MB, keep_product_rules
from udgam.ground.audit.actors import SystemActor
from udgam.rules.numbers import indian_date
from udgam.rules.origin import Source, import_uk_tariff, read_product_rules, report_on
from udgam.rules.refusals import Refused

UK_VERSION = "UK Trade Tariff"


class Command(BaseCommand):
    help = "Import product rules of an arrangement (docs/mechanisms/agreements.md describes the formats)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", metavar="CODE")
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--from", dest="effective_from", metavar="YYYY-MM-DD", help="First day in force; today if left out."
        )
        parser.add_argument(
            "--uk-tariff", action="store_true", help="The file is in the format of the UK Trade Tariff."
        )
        parser.add_argument("--licence", default="", help="The terms under which the texts may be used.")
        parser.add_argument("--check", action="store_true", help="Read the file and report, but keep nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        path, now, actor = Path(options["file"]), timezone.now(), SystemActor("import_product_rules")
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if path.stat().st_size > LARGEST_MB * 1024 * 1024:
            raise CommandError(f"{path} is larger than {LARGEST_MB} MiB.")
        try:
            day = date.fromisoformat(options["effective_from"]) if options["effective_from"] else indian_date(now)
        except ValueError as error:
            raise CommandError(f"{options['effective_from']} is no date like 2026-11-22.") from error
        place: dict[str, Any] = {"file_name": path.name, "effective_from": day, "actor": actor, "now": now}
        data, code = path.read_bytes(), options["code"]
        try:
            if options["uk_tariff"]:
                table, report = import_uk_tariff(
                    data,
                    agreement=code,
                    version=f"{UK_VERSION}, {path.name}",
                    hs_edition="2022",
                    source=Source(citation=f"{UK_VERSION}: {path.name}", evidence="secondary"),
                    licence=options["licence"],
                )
                if not options["check"]:
                    keep_product_rules(code=code, table=table, **place)
            elif options["check"]:
                report = report_on(read_product_rules(data))
            else:
                _row, report = import_product_rules(code=code, data=data, **place)
        except Refused as refused:
            raise CommandError(f"{path.name} cannot be used. {refused.message} {refused.advice}") from refused
        for line in report.lines():
            self.stdout.write(line)
