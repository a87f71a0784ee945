"""`manage.py verify_audit`: prove the record of acts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from udgam.ground.audit import verify


class Command(BaseCommand):
    """Check every chain of acts and the chain of links; ends with status 1 if one is broken."""

    help = "Check every chain of acts and the chain of links; ends with status 1 if one is broken."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = []
        acts = 0
        subjects = verify.subjects()
        for subject in subjects:
            try:
                acts += verify.verify_chain(subject).acts
            except verify.ChainBroken as error:
                broken.append(str(error))
        try:
            report = verify.verify_links()
        except verify.ChainBroken as error:
            broken.append(str(error))
        else:
            self.stdout.write(f"{report.links} links, head {report.head or '-'}")
            if report.unknown_keys:
                self.stdout.write(
                    f"{report.unknown_keys} links are signed by keys that AUDIT_OLD_PUBLIC_KEYS does not list"
                )
        self.stdout.write(f"{acts} acts on {len(subjects)} subjects")
        if broken:
            raise CommandError("\n".join(broken))
