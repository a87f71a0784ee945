"""What the agent asks of a run, three times a certificate: the entry it speaks of, and the one that comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from udgam.flow.issuance.models import Certificate, RunEntry, SigningRun
from udgam.ground import statements

_OF_RUN = """
SELECT {entry}, {certificate} FROM issuance_runentry entry
JOIN issuance_certificate certificate ON certificate.id = entry.certificate_id WHERE entry.run_id = %(run)s AND
"""
_ONE = "certificate.public_id = %(public_id)s"
_NEXT = """
entry.position > %(after)s AND entry.refusal = '' AND certificate.state IN ('prepared', 'certified') AND certificate.signed_page = ''
AND certificate.signatory_id = %(signatory)s AND certificate.issued_on = %(day)s ORDER BY entry.position LIMIT 1
"""


def entry_of(run: SigningRun, public_id: UUID) -> RunEntry | None:
    """The entry of the run whose certificate that is."""
    return _entry(run, statements.ask(_words(_ONE), {"run": run.pk, "public_id": public_id}))


def waiting_in_turn(run: SigningRun, day: date) -> Iterator[RunEntry]:
    """One after the other the entries that the run's officer can still sign on that day (Indian date): a run may hold two hundred, and
    mostly the first is taken. The same as `queries.waiting_entries`."""
    asked: dict[str, Any] = {"run": run.pk, "signatory": run.person_id, "day": day, "after": 0}
    while (entry := _entry(run, statements.ask(_words(_NEXT), asked))) is not None:
        asked["after"] = entry.position
        yield entry


@cache
def _words(condition: str) -> str:
    entry, certificate = statements.columns_of(RunEntry, "entry"), statements.columns_of(Certificate, "certificate")
    return _OF_RUN.format(entry=entry, certificate=certificate) + condition


def _entry(run: SigningRun, found: Sequence[Any] | None) -> RunEntry | None:
    """The run was read with its office and its officer, and mostly they are the certificate's too."""
    if found is None:
        return None
    width = len(RunEntry._meta.concrete_fields)
    entry, certificate = statements.row_of(RunEntry, found[:width]), statements.row_of(Certificate, found[width:])
    entry.certificate = certificate
    if certificate.office_id == run.office_id:
        certificate.office = run.office
    if certificate.signatory_id == run.person_id:
        certificate.signatory = run.person
    return entry
