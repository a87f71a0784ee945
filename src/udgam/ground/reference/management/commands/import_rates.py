"""`manage.py import_rates FILE --source TEXT`: take currency rates from a CSV file."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from udgam.ground.audit.actors import SystemActor
from udgam.ground.reference.rate_files import LARGEST, read_rate_file
from udgam.ground.reference.services import import_rates


class Command(BaseCommand):
    help = "Import currency rates from a CSV file (the columns are described in docs/mechanisms/reference-data.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--source", required=True, help="Who fixed the rates: the notification's number and date.")
        parser.add_argument("--check", action="store_true", help="Read the file and report, but keep nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if path.stat().st_size > LARGEST:
            raise CommandError(f"{path} is larger than a megabyte.")
        read = read_rate_file(path.read_bytes())
        for problem in read.problems:
            self.stderr.write(problem)
        if read.problems or not read.rates:
            raise CommandError("Nothing was kept: correct the file and import it again.")
        if options["check"]:
            self.stdout.write(f"{len(read.rates)} rates can be read.")
            return
        source = str(options["source"]).strip()[:120]
        kept = import_rates(rates=read.rates, source=source, actor=SystemActor("import_rates"), now=timezone.now())
        self.stdout.write(f"{kept} rates kept.")
