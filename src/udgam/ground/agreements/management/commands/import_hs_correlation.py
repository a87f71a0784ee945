"""`manage.py import_hs_correlation FILE`: take the correlation between HS 2022 and an earlier edition."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from udgam.ground.agreements.services import import_correlation
from udgam.ground.audit.actors import SystemActor
from udgam.rules.refusals import Refused


class Command(BaseCommand):
    help = "Import a correlation table between editions of the Harmonized System (CSV as the UN Statistics Division publishes it)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        try:
            row = import_correlation(
                data=path.read_bytes(),
                file_name=path.name,
                actor=SystemActor("import_hs_correlation"),
                now=timezone.now(),
            )
        except Refused as refused:
            raise CommandError(f"{path.name} cannot be used. {refused.message} {refused.advice}") from refused
        self.stdout.write(f"HS {row.edition}: {row.codes} codes of HS 2022 are known.")
