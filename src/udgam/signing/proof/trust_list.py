"""The trust list: which agency, office, officer and key could certify under which agreement, from when to when.

Published as one signed text (a compact JWS whose payload is canonical JSON, format ``udgam.trust-list/1``). It only grows: an
entry that ends keeps standing with its end, so that a certificate of ten years ago still finds its key. Whoever reads it needs one
thing from elsewhere, the `RegisterPin`: the register's name and the keys that may sign the list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Literal

from udgam.rules.content import canonical_json
from udgam.rules.plain import ShapeRefused, from_plain, to_plain
from udgam.rules.refusals import Reason, Refused
from udgam.signing.proof.jws import TokenRefused, read_token
from udgam.signing.proof.keys import PublicKey

FORMAT: Literal["udgam.trust-list/1"] = "udgam.trust-list/1"
PIN_FORMAT: Literal["udgam.register/1"] = "udgam.register/1"
KIND = "udgam-trust-list+jwt"


class TrustListRefused(Refused):
    """The trust list, or the pin of the register, cannot be believed."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "trust_list.unreadable": Reason("The trust list cannot be read: {detail}.", "Get it again from the register."),
        "trust_list.signer": Reason(
            "The trust list is not signed by a key of the register that is pinned here.",
            "Get it again from the register, and compare the pinned keys out of band.",
        ),
        "trust_list.other_register": Reason(
            "The trust list is that of {found}; {expected} is pinned here.", "Use the trust folder of that register."
        ),
        "trust_list.pin": Reason(
            "The pin of the register cannot be read: {detail}.", "Get the trust folder again, and check it out of band."
        ),
    }


@dataclass(frozen=True, kw_only=True)
class Power:
    """The right to certify under one agreement in a period. ``until`` is None while no end is set."""

    agreement: str
    since: datetime
    until: datetime | None

    def covers(self, agreement: str, at: datetime) -> bool:
        """Whether it is this agreement, and ``at`` lies in the period."""
        return agreement == self.agreement and self.since <= at and (self.until is None or at <= self.until)


@dataclass(frozen=True, kw_only=True)
class TrustedKey:
    """A P-256 key with its period. ``revoked_at`` ends it early; ``compromised`` says that somebody else may have used it."""

    id: str
    x: str
    y: str
    since: datetime
    until: datetime | None
    revoked_at: datetime | None = None
    compromised: bool = False

    @cached_property
    def public(self) -> PublicKey:
        """The key itself."""
        return PublicKey(self.x, self.y)

    def could_sign(self, at: datetime) -> bool:
        """Whether a signature of that moment counts. Of a compromised key none does: it can date its signatures as it likes."""
        ends = [moment for moment in (self.until, self.revoked_at) if moment is not None]
        return not self.compromised and self.since <= at and all(at <= moment for moment in ends)


@dataclass(frozen=True, kw_only=True)
class TrustedCertificate:
    """An X.509 certificate by its SHA-256 (hexadecimal), with the period in which it may be used here."""

    sha256: str
    since: datetime
    until: datetime | None

    def covers(self, at: datetime) -> bool:
        """Whether ``at`` lies in the period."""
        return self.since <= at and (self.until is None or at <= self.until)


@dataclass(frozen=True, kw_only=True)
class TrustedOffice:
    """An office: what it may issue, its keys for codes and credentials, its seals for files."""

    code: str
    name: str
    place: str
    powers: tuple[Power, ...]
    keys: tuple[TrustedKey, ...]
    seals: tuple[TrustedCertificate, ...]


@dataclass(frozen=True, kw_only=True)
class TrustedPost:
    """An officer's post: the office, and the agreements under which the officer could certify there."""

    office: str
    powers: tuple[Power, ...]


@dataclass(frozen=True, kw_only=True)
class TrustedOfficer:
    """A signing officer with the certificates of the enrolled tokens."""

    name: str
    certificates: tuple[TrustedCertificate, ...]
    posts: tuple[TrustedPost, ...]


@dataclass(frozen=True, kw_only=True)
class TrustedAgency:
    """An issuing agency."""

    code: str
    name: str
    offices: tuple[TrustedOffice, ...]
    officers: tuple[TrustedOfficer, ...]


@dataclass(frozen=True, kw_only=True)
class TrustedNoteKey:
    """A key of signed notes: that of the log, or of a witness, as a C2SP verifier key.

    A period that ends before it begins says that the key was compromised: nothing of it counts. So the format stays the one that
    every checker reads.
    """

    verifier_key: str
    since: datetime
    until: datetime | None

    @property
    def compromised(self) -> bool:
        """Whether somebody else may have used it, so that it could date its work as it likes."""
        return self.until is not None and self.until < self.since


@dataclass(frozen=True, kw_only=True)
class TrustList:
    """The whole list. ``version`` counts up by one; ``next_update`` is when a newer one is due at the latest."""

    format: Literal["udgam.trust-list/1"] = FORMAT
    issuer: str
    site: str | None
    version: int
    published_at: datetime
    next_update: datetime
    agencies: tuple[TrustedAgency, ...]
    status_keys: tuple[TrustedKey, ...]
    logs: tuple[TrustedNoteKey, ...]
    witnesses: tuple[TrustedNoteKey, ...] = ()

    @cached_property
    def _keys(self) -> dict[str, KeyHolder]:
        return {
            key.id: KeyHolder(agency, office, key)
            for agency in self.agencies
            for office in agency.offices
            for key in office.keys
        }

    def holder_of(self, key_id: str) -> KeyHolder | None:
        """The office whose key for codes and credentials has that id."""
        return self._keys.get(key_id)

    def status_key(self, key_id: str) -> TrustedKey | None:
        """The register's key for status lists with that id."""
        return next((one for one in self.status_keys if one.id == key_id), None)

    def agency(self, code: str) -> TrustedAgency | None:
        """The agency with that code."""
        return next((one for one in self.agencies if one.code == code), None)

    def all_keys(self) -> Iterator[TrustedKey]:
        """Every P-256 key of the list, of offices and of the register."""
        yield from (holder.key for holder in self._keys.values())
        yield from self.status_keys


@dataclass(frozen=True)
class KeyHolder:
    """A key with the office and agency that hold it."""

    agency: TrustedAgency
    office: TrustedOffice
    key: TrustedKey


@dataclass(frozen=True, kw_only=True)
class RegisterPin:
    """What a checker must have got from somewhere it believes: the register's DID and the keys that may sign its trust list."""

    format: Literal["udgam.register/1"] = PIN_FORMAT
    issuer: str
    keys: tuple[TrustedKey, ...]


def write_trust_list(listed: TrustList) -> bytes:
    """The canonical bytes of the list: the payload that is signed."""
    return canonical_json(to_plain(listed))


def write_pin(pin: RegisterPin) -> bytes:
    """The bytes of ``register.json``."""
    return json.dumps(to_plain(pin), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def read_pin(data: bytes) -> RegisterPin:
    """Read ``register.json``.

    Raises:
        TrustListRefused: ``trust_list.pin``.
    """
    try:
        pin = from_plain(RegisterPin, json.loads(data))
        _check_keys(pin.keys)
    except (ValueError, RecursionError, ShapeRefused) as error:
        raise TrustListRefused("trust_list.pin", detail=_short(error)) from error
    return pin


def read_trust_list(text: str, *, pin: RegisterPin) -> TrustList:
    """Read a trust list and prove that a pinned key of the register signed it.

    Raises:
        TrustListRefused
    """
    try:
        token = read_token(text, kind=KIND)
    except TokenRefused as error:
        raise TrustListRefused("trust_list.unreadable", detail=error.message.rstrip(".")) from error
    key = next((one for one in pin.keys if one.id == token.key_id), None)
    if key is None or not token.signed_by(key.public):
        raise TrustListRefused("trust_list.signer")
    try:
        listed = from_plain(TrustList, token.claims())
        _check_keys(tuple(listed.all_keys()))
    except (ValueError, ShapeRefused, TokenRefused) as error:
        raise TrustListRefused("trust_list.unreadable", detail=_short(error)) from error
    if listed.issuer != pin.issuer:
        raise TrustListRefused("trust_list.other_register", found=listed.issuer, expected=pin.issuer)
    if not key.could_sign(listed.published_at):
        raise TrustListRefused("trust_list.signer")
    return listed


def _check_keys(keys: tuple[TrustedKey, ...]) -> None:
    for key in keys:
        if key.public.id != key.id:
            raise ValueError(f"the id {key.id} is not that of its key")
    if len({key.id for key in keys}) != len(keys):
        raise ValueError("a key stands in it twice")


def _short(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip(".")[:160]
