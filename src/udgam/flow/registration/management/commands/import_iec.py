"""`manage.py import_iec FILE`: take IEC records from a CSV file, for operators without access to the register's API."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from udgam.flow.registration.services import import_records
from udgam.ground.audit.actors import SystemActor
from udgam.ground.connectors.iec_import import FileUnusable, read_records

# A national file of some hundred thousand firms fits; a file beyond it is surely not one.
LARGEST = 512 * 1024 * 1024


class Command(BaseCommand):
    help = "Import IEC records from a CSV file (the columns are described in docs/mechanisms/iec-register.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--check", action="store_true", help="Read the file and report, but keep nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than {LARGEST // 1024 // 1024} MiB; split it.")
        now = timezone.now()
        try:
            result = read_records(path.read_bytes(), now=now)
        except FileUnusable as error:
            raise CommandError(f"{path.name} cannot be used. {error}") from error
        for problem in result.problems:
            self.stderr.write(str(problem))
        if options["check"]:
            self.stdout.write(f"{len(result.records)} records can be read; {len(result.problems)} problems.")
        elif result.records:
            kept, older = import_records(
                firms=result.records, origin=path.name, actor=SystemActor("import_iec"), now=now
            )
            self.stdout.write(
                f"{kept} records kept; {older} older than what is there; {len(result.problems)} problems."
            )
        if result.problems:
            raise CommandError("Some lines could not be read; they are listed above. The others were taken.")
        if not result.records:
            raise CommandError("The file holds no record.")
