"""The numbers of registrations, applications and certificates.

The forms follow the platform's predecessor: EIC/2019/0001, MPEDA/2019/013/0000081A, EIC/2019/007/0000011A/00000002. Years
are calendar years in India. Every running part grows past its printed width instead of starting again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from udgam.rules.refusals import Reason, Refused

INDIA = ZoneInfo("Asia/Kolkata")

REASONS = {
    "number.registration_form": Reason(
        "This is not a registration number.", "A registration number looks like EIC/2026/0001."
    ),
    "number.application_form": Reason(
        "This is not an application number.", "An application number looks like EIC/2026/016/0000081A."
    ),
    "number.certificate_form": Reason(
        "This is not a certificate number.",
        "Enter the whole number with its slashes, as it stands on the certificate: EIC/2026/016/0000081A/00000002.",
    ),
}

_PREFIX = re.compile(r"[A-Z][A-Z0-9-]{0,15}")
_SCHEME = re.compile(r"[0-9]{3}")
# The letter after the running number counts full rounds of seven digits: A for 1 to 9,999,999, then B from 0000001 again.
_ROUND = 9_999_999
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_REGISTRATION = re.compile(r"([A-Z][A-Z0-9-]{0,15})/([0-9]{4})/([0-9]{4,12})")
_APPLICATION = re.compile(r"([A-Z][A-Z0-9-]{0,15})/([0-9]{4})/([0-9]{3})/([0-9]{7})([A-Z])")
_CERTIFICATE = re.compile(r"(.{1,60})/([0-9]{8,12})")


class NumberRefused(Refused):
    """The text is not a number of the wanted kind."""

    reasons: ClassVar = REASONS


@dataclass(frozen=True)
class RegistrationNumber:
    """EIC/2026/0001: prefix, calendar year, running number."""

    prefix: str
    year: int
    n: int

    def __str__(self) -> str:
        return registration_number(self.prefix, self.year, self.n)


@dataclass(frozen=True)
class ApplicationNumber:
    """MPEDA/2026/016/0000081A: agency, calendar year, scheme, running number."""

    agency: str
    year: int
    scheme: str
    n: int

    def __str__(self) -> str:
        return application_number(self.agency, self.year, self.scheme, self.n)


@dataclass(frozen=True)
class CertificateNumber:
    """The application's number and the running number of the certificate."""

    application: ApplicationNumber
    n: int

    def __str__(self) -> str:
        return certificate_number(str(self.application), self.n)


def registration_number(prefix: str, year: int, n: int) -> str:
    """Write a registration number; the running part has at least four digits. Raises ``ValueError`` for parts out of range."""
    _check(prefix, year, n)
    return f"{prefix}/{year}/{n:04d}"


def application_number(agency: str, year: int, scheme: str, n: int) -> str:
    """Write an application number. ``scheme`` is the agreement's three digits. Raises ``ValueError`` for parts out of range."""
    _check(agency, year, n)
    if not _SCHEME.fullmatch(scheme):
        raise ValueError("a scheme has three digits")
    rounds, within = divmod(n - 1, _ROUND)
    if rounds >= len(_LETTERS):
        raise ValueError("the series is used up")
    return f"{agency}/{year}/{scheme}/{within + 1:07d}{_LETTERS[rounds]}"


def certificate_number(application: str, n: int) -> str:
    """Write a certificate number under the number of its application; the running part has at least eight digits."""
    if n < 1:
        raise ValueError("numbers begin at 1")
    return f"{parse_application_number(application)}/{n:08d}"


def parse_registration_number(text: str) -> RegistrationNumber:
    """Read a registration number. Raises ``NumberRefused``."""
    match = _REGISTRATION.fullmatch(_tidy(text))
    if match:
        number = RegistrationNumber(match.group(1), int(match.group(2)), int(match.group(3)))
        if number.n and number.year and str(number) == match.group(0):
            return number
    raise NumberRefused("number.registration_form")


def parse_application_number(text: str) -> ApplicationNumber:
    """Read an application number. Raises ``NumberRefused``."""
    match = _APPLICATION.fullmatch(_tidy(text))
    if match and int(match.group(4)) and int(match.group(2)):
        n = _LETTERS.index(match.group(5)) * _ROUND + int(match.group(4))
        return ApplicationNumber(match.group(1), int(match.group(2)), match.group(3), n)
    raise NumberRefused("number.application_form")


def parse_certificate_number(text: str) -> CertificateNumber:
    """Read a certificate number as typed or scanned; spaces and small letters are forgiven. Raises ``NumberRefused``."""
    match = _CERTIFICATE.fullmatch(_tidy(text))
    if match:
        try:
            application = parse_application_number(match.group(1))
        except NumberRefused as fault:
            raise NumberRefused("number.certificate_form") from fault
        n = int(match.group(2))
        if n and f"{n:08d}" == match.group(2):
            return CertificateNumber(application, n)
    raise NumberRefused("number.certificate_form")


def indian_date(now: datetime) -> date:
    """The date in India at the moment ``now``, which must carry a time zone."""
    if now.tzinfo is None:
        raise ValueError("a moment without a time zone has no date in India")
    return now.astimezone(INDIA).date()


def indian_year(now: datetime) -> int:
    """The calendar year in India at the moment ``now``."""
    return indian_date(now).year


def _tidy(text: str) -> str:
    return "".join(text.split()).upper() if len(text) <= 200 else ""


def _check(prefix: str, year: int, n: int) -> None:
    if not _PREFIX.fullmatch(prefix):
        raise ValueError("a prefix has up to sixteen capital letters, digits and hyphens, beginning with a letter")
    if not 1 <= year <= 9999 or n < 1:
        raise ValueError("year or running number out of range")
    if year < 1000:
        raise ValueError("a year has four digits")
