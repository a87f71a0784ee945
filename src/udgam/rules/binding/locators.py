"""Where an IEC may stand in a certificate: data, one profile per habit of an issuer.

A profile names the places it looks at, in order, and a pattern with a group called "iec". Nothing is ever taken for an IEC
merely because it has ten digits: telephone numbers and postal codes stand in the same places. An operator adds profiles for
authorities whose habit is known in the trust folder's ``profiles.json``, in the format of the file beside this module.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any, ClassVar

from udgam.rules.binding.facts import Evidence, IecFinding
from udgam.rules.identifiers import IdentifierRefused, parse_iec
from udgam.rules.refusals import Reason, Refused

_FORMAT = "udgam.iec-profiles/1"
# Longer texts are not names; the bound also keeps patterns from running long on hostile certificates.
_LONGEST_TEXT = 1024
_PLACE = re.compile(r"(?:subject|san|extension)\.(?:\*|[A-Za-z0-9.]+)")


@dataclass(frozen=True)
class CertificateField:
    """One text of a certificate and its place: "subject.OU", "subject.2.5.4.65", "san.rfc822Name", "extension.1.2.3"."""

    place: str
    text: str


@dataclass(frozen=True)
class LocatorProfile:
    """A habit of writing the IEC. ``issuer`` is text that must occur in the issuer's name, or None for all issuers."""

    name: str
    issuer: str | None
    places: tuple[str, ...]
    pattern: re.Pattern[str]
    evidence: Evidence
    source: str


class ProfilesRefused(Refused):
    """A file of locator profiles cannot be used."""

    reasons: ClassVar = {
        "profiles.form": Reason("The file of IEC locator profiles cannot be read: {detail}.", "Correct the file."),
    }


def read_profiles(data: bytes) -> tuple[LocatorProfile, ...]:
    """Read a file of profiles. Raises ``ProfilesRefused`` naming the first fault."""
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise ProfilesRefused("profiles.form", detail="it is not JSON") from fault
    if not isinstance(plain, dict) or plain.get("format") != _FORMAT or not isinstance(plain.get("profiles"), list):
        raise ProfilesRefused("profiles.form", detail=f'it is not of the format "{_FORMAT}"')
    return tuple(_profile(entry, number) for number, entry in enumerate(plain["profiles"], start=1))


def _profile(entry: Any, number: int) -> LocatorProfile:
    def fail(detail: str) -> ProfilesRefused:
        return ProfilesRefused("profiles.form", detail=f"profile {number}: {detail}")

    if not isinstance(entry, dict):
        raise fail("it is not an object")
    name, issuer, places = entry.get("name"), entry.get("issuer"), entry.get("places")
    pattern, evidence, source = entry.get("pattern"), entry.get("evidence"), entry.get("source", "")
    if not isinstance(name, str) or not name:
        raise fail("the name is missing")
    if not (issuer is None or isinstance(issuer, str)) or not isinstance(source, str):
        raise fail("issuer or source is not text")
    if (
        not isinstance(places, list)
        or not places
        or not all(isinstance(p, str) and _PLACE.fullmatch(p) for p in places)
    ):
        raise fail('places must be a list like ["subject.OU", "san.*"]')
    if evidence not in ("marker", "claimed"):
        raise fail('evidence must be "marker" or "claimed"')
    try:
        compiled = re.compile(pattern, re.ASCII | re.IGNORECASE) if isinstance(pattern, str) else None
    except re.error as fault:
        raise fail("the pattern is not a regular expression") from fault
    if compiled is None or "iec" not in compiled.groupindex:
        raise fail('the pattern needs a group named "iec"')
    return LocatorProfile(name, issuer, tuple(places), compiled, evidence, source)


def default_profiles_json() -> bytes:
    """The profiles that come with the platform, as a file an operator can start from."""
    return resources.files(__package__).joinpath("profiles.json").read_bytes()


DEFAULT_PROFILES: tuple[LocatorProfile, ...] = read_profiles(default_profiles_json())


def find_iecs(
    fields: Iterable[CertificateField], *, issuer: str, profiles: Sequence[LocatorProfile] = DEFAULT_PROFILES
) -> tuple[IecFinding, ...]:
    """All IECs the profiles find, in the order of profiles and places, each value once per kind of evidence."""
    texts = [field for field in fields if len(field.text) <= _LONGEST_TEXT]
    findings: list[IecFinding] = []
    seen: set[tuple[str, Evidence]] = set()
    for profile in profiles:
        if profile.issuer is not None and profile.issuer.casefold() not in issuer.casefold():
            continue
        for field in _in_order(texts, profile.places):
            for value in _values(profile, field.text):
                if (value, profile.evidence) not in seen:
                    seen.add((value, profile.evidence))
                    findings.append(IecFinding(value, profile.name, field.place, profile.evidence))
    return tuple(findings)


def _in_order(fields: list[CertificateField], places: tuple[str, ...]) -> list[CertificateField]:
    ordered: list[CertificateField] = []
    for place in places:
        wanted, _, anything = place.partition("*")
        for field in fields:
            fits = field.place.startswith(wanted) if place.endswith("*") else field.place == place
            if fits and not anything and field not in ordered:
                ordered.append(field)
    return ordered


def _values(profile: LocatorProfile, text: str) -> list[str]:
    # A bare value must be the whole text; a marked one may stand among other words.
    if profile.evidence == "claimed":
        whole = profile.pattern.fullmatch(text)
        matches = [whole] if whole else []
    else:
        matches = list(profile.pattern.finditer(text))
    values = []
    for match in matches:
        try:
            values.append(parse_iec(match.group("iec")).value)
        except IdentifierRefused:
            # It has the mark but not the form of an IEC, so it says nothing.
            continue
    return values
