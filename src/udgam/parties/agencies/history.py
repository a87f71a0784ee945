"""What was done with agencies, offices, officers, fee accounts, agreements and rates, read from the record of acts.

The views decide who may read whose: they hand over only what they have shown already.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from udgam.ground.audit.queries import ActLine, acts_of_any
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency, AgencyRequest, Office, Officer
from udgam.rules.decisions import LEVELS
from udgam.rules.identifiers.states import STATES

MOST = 100
ACTS: Mapping[str, Promise] = {
    "agency.created": gettext_lazy("Agency admitted"),
    "agency.suspended": gettext_lazy("Agency suspended"),
    "agency.reinstated": gettext_lazy("Agency reinstated"),
    "agency.exception_named": gettext_lazy("Another name accepted in the officers’ certificates"),
    "agency.fee_account_proposed": gettext_lazy("Change of the fee account proposed"),
    "agency.fee_account_rejected": gettext_lazy("Change of the fee account rejected"),
    "agency.fee_account_set": gettext_lazy("Fee account confirmed"),
    "agency.fee_account_withdrawn": gettext_lazy("Change of the fee account taken back"),
    "agency.hindi_named": gettext_lazy("Name of the agency in Hindi entered"),
    "agency.requested": gettext_lazy("Admission asked for"),
    "agency.request_approved": gettext_lazy("Request for admission approved"),
    "agency.request_refused": gettext_lazy("Request for admission refused"),
    "agency.rules_set": gettext_lazy("The agency’s own rules set"),
    "office.created": gettext_lazy("Office opened"),
    "office.region_set": gettext_lazy("Regional office set"),
    "office.suspended": gettext_lazy("Office suspended"),
    "office.reinstated": gettext_lazy("Office reinstated"),
    "office.closed": gettext_lazy("Office closed to new applications"),
    "office.opened_again": gettext_lazy("Office opened again"),
    "office.authorised": gettext_lazy("Office authorised for an agreement"),
    "office.authorisation_ended": gettext_lazy("Authority for an agreement ended"),
    "office.series_opened": gettext_lazy("Series of numbers opened"),
    "office.stamp_kept": gettext_lazy("Picture of the stamp kept"),
    "office.hindi_named": gettext_lazy("Name of the office in Hindi entered"),
    "office.seal_named": gettext_lazy("Key of the seal named"),
    "office.seal_refused": gettext_lazy("Key of the seal refused"),
    "officer.appointed": gettext_lazy("Officer appointed"),
    "officer.ended": gettext_lazy("Post ended"),
    "officer.suspended": gettext_lazy("Officer suspended"),
    "officer.reinstated": gettext_lazy("Officer reinstated"),
    "officer.leave_entered": gettext_lazy("Leave entered"),
    "officer.leave_cancelled": gettext_lazy("Leave cancelled"),
    "officer.signature_kept": gettext_lazy("Picture of the signature kept"),
    "officer.token_offered": gettext_lazy("Token shown"),
    "officer.token_confirmed": gettext_lazy("Token confirmed"),
    "officer.token_rejected": gettext_lazy("Token rejected"),
    "agreement.switched_on": gettext_lazy("Agreement switched on"),
    "agreement.switched_off": gettext_lazy("Agreement switched off"),
    "agreement.fields_confirmed": gettext_lazy("Data of the agreement confirmed"),
    "agreement.edition_recorded": gettext_lazy("New data of the agreement recorded"),
    "agreement.product_rules_imported": gettext_lazy("Product rules imported"),
    "agreement.correlation_imported": gettext_lazy("Correlation table imported"),
    "currency_rates.imported": gettext_lazy("Currency rates imported"),
}
DETAILS: Mapping[str, Promise] = {
    "agency": gettext_lazy("Agency"),
    "agreement": gettext_lazy("Agreement"),
    "agreements": gettext_lazy("Agreements"),
    "before": gettext_lazy("Before"),
    "certificate": gettext_lazy("Fingerprint"),
    "code": gettext_lazy("Code"),
    "codes": gettext_lazy("Number of codes"),
    "compared": gettext_lazy("Compared with the agency’s papers"),
    "decision_hours": gettext_lazy("Hours to decide"),
    "edition": gettext_lazy("Edition"),
    "fields": gettext_lazy("Parts"),
    "first": gettext_lazy("First number"),
    "from": gettext_lazy("From"),
    "gateway": gettext_lazy("Payment account"),
    "gstin": gettext_lazy("GSTIN"),
    "hindi": gettext_lazy("Name in Hindi"),
    "name": gettext_lazy("Name"),
    "office": gettext_lazy("Office"),
    "officer": gettext_lazy("Officer"),
    "organisation": gettext_lazy("Organisation in the certificates"),
    "pan": gettext_lazy("PAN"),
    "rates": gettext_lazy("Number of rates"),
    "reason": gettext_lazy("Reason"),
    "region": gettext_lazy("Regional office"),
    "role": gettext_lazy("Role"),
    "rows": gettext_lazy("Number of rows"),
    "sha256": gettext_lazy("Fingerprint"),
    "since": gettext_lazy("From"),
    "source": gettext_lazy("Source"),
    "stand_in": gettext_lazy("Stands in"),
    "state": gettext_lazy("State"),
    "two_people_always": gettext_lazy("Another officer always signs"),
    "two_people_from_inr": gettext_lazy("Another officer signs from this value in rupees on"),
    "two_people_from_level": gettext_lazy("Another officer signs from this risk on"),
    "undecided": gettext_lazy("Left undecided"),
    "until": gettext_lazy("Until"),
    "version": gettext_lazy("Version"),
    "work_moves_to": gettext_lazy("Open work goes to"),
}
_PEOPLE = ("officer", "stand_in")
# The agency was told by mail why; other reasons are the platform's own notes.
REASON_IS_TOLD = frozenset({"agency.fee_account_rejected", "agency.request_refused"})


@dataclass(frozen=True)
class Happened:
    """One act in words: when, what, by whom, about what, and the particulars as they were recorded."""

    at: datetime
    label: str
    who: str
    about: str
    particulars: tuple[tuple[str, str], ...]


def history_of_agency(agency: Agency, offices: Iterable[Office], *, for_platform: bool) -> list[Happened]:
    """What was done with an agency, its request for admission, its fee account, these offices and their officers, newest first.

    Agencies read that the platform's administration acted, not who of it, and its reasons only where they were told them.
    """
    asked = AgencyRequest.objects.filter(agency=agency).values_list("public_id", flat=True)
    subjects = {f"agency:{agency.code}": "", **{f"agency-request:{key}": "" for key in asked}}
    return _history(subjects | {f"office:{row.code}": row.code for row in offices}, for_platform)


def history_of_office(office: Office, *, for_platform: bool) -> list[Happened]:
    """What was done with an office and its officers, newest first; for whom, as `history_of_agency`."""
    return _history({f"office:{office.code}": ""}, for_platform)


def history_of_rates() -> list[Happened]:
    """Who brought in which currency rates, newest first."""
    return _history({"reference:currency-rates": ""})


def history_of_agreements(codes: Iterable[str], editions: Iterable[str]) -> list[Happened]:
    """Who switched, confirmed and imported what, newest first."""
    tables = {f"correlation:{edition}": "" for edition in editions}
    return _history(tables | {f"agreement:{code}": code for code in codes})


def _history(subjects: Mapping[str, str], for_platform: bool = True) -> list[Happened]:
    lines = acts_of_any(subjects, limit=MOST)
    keys = {str(line.details[key]) for line in lines for key in _PEOPLE if line.details.get(key)}
    names = {str(row.public_id): row.name for row in Person.objects.filter(public_id__in=keys)}
    return [
        Happened(
            at=line.at,
            label=str(ACTS.get(line.act, line.act)),
            who=_who(line, for_platform),
            about=subjects[line.subject],
            particulars=tuple(
                (str(DETAILS.get(key, key)), _words(key, value, names))
                for key, value in line.details.items()
                if value not in (None, "", []) and (for_platform or not _is_internal(line, key))
            ),
        )
        for line in lines
    ]


def _is_internal(line: ActLine, key: str) -> bool:
    return key == "reason" and line.role == Person.Kind.ADMINISTRATOR and line.act not in REASON_IS_TOLD


def _who(line: ActLine, for_platform: bool) -> str:
    if line.role == Person.Kind.ADMINISTRATOR and not for_platform:
        return _("Administration of the platform")
    if line.actor_kind == "person":
        return line.actor_name or _("a person whose name was erased")
    return _("a visitor") if line.actor_kind == "anonymous" else _("the platform itself")


def _words(key: str, value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, bool) or value in ("True", "False"):
        return _("yes") if str(value) == "True" else _("no")
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    text = str(value)
    if key in _PEOPLE:
        return names.get(text, "–")
    if key == "role" and text in Officer.Role.values:
        return str(Officer.Role(text).label)
    if key == "two_people_from_level":
        return next((_(name) for level, name in LEVELS.items() if level == text), text)
    if key == "state" and text in STATES:
        return STATES[text][1 if get_language() == "hi" else 0]
    return f"{text[:16]}…" if key in {"sha256", "certificate"} else text
