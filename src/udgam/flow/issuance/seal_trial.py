"""Try a seal key before an office may name it: its address, a signature, the certificate's holder and path.

Whoever names a key from a page must not thereby load a program or read a file of the server: the modules and the folder of
PIN and certificate files are the operator's settings. Nor may trials lock a token that others seal with: their number is
limited, for the person and for the token, and none is made at a token that refused a PIN before.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from django.conf import settings

from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.register.keys import open_proof_key
from udgam.flow.issuance.seal_keys import open_seal_key, read_address
from udgam.ground.pages.limits import Limit, within
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.trust import revocation_source, trust_store
from udgam.parties.agencies.models import Agency
from udgam.parties.agencies.queries import named_exceptions
from udgam.rules.binding import names_agree
from udgam.signing.sealing.keys import SealKey
from udgam.signing.trust import fingerprint, validate_path

_SECRET = {"pin-value"}
_FILES = ("pin-source", "x-certificates")
TRIALS = Limit("seal-trial", 10, 3600)
TRIALS_OF_A_TOKEN = Limit("seal-token", 10, 24 * 3600)


@dataclass(frozen=True, kw_only=True)
class SealFacts:
    """What the certificate of a seal says, and what names it."""

    holder: str
    organisation: str
    issuer: str
    valid_until: datetime
    sha256: str


def check_address(address: str) -> None:
    """Raise ``IssueRefused`` unless this address leads only where the operator lets keys be."""
    kind, _sep, rest = address.partition(":")
    if kind == "file" and settings.SANDBOX:
        _in_folder(rest)
        return
    if kind != "pkcs11":
        raise IssueRefused("seal.not_pkcs11")
    # Read as it is read when the key is opened: of a part named twice both must take the same one.
    asked = read_address(rest)
    if _SECRET & set(asked) or "pin-value" in rest:
        raise IssueRefused("seal.pin_inside")
    modules = {*settings.SEAL_MODULES, _module_of(settings.SEAL_KEY)} - {""}
    if asked.get("module-path", "") not in modules:
        raise IssueRefused("seal.module_not_allowed")
    for name in _FILES:
        _in_folder(asked.get(name, "").removeprefix("file:"))
    if not asked.get("x-proof-object") or not asked.get("x-proof-public"):
        raise IssueRefused("seal.no_proof_key")
    _in_folder(asked["x-proof-public"])


def try_seal(*, address: str, agency: Agency, person: Person, now: datetime) -> SealFacts:
    """Sign something with the keys behind an address, and look at the seal's certificate as the issuing cycle will.

    Key store and revocation evidence are asked, so no transaction may be open. Raises ``IssueRefused``, ``SealKeyUnusable``, or
    a refusal of the path.
    """
    check_address(address)
    token = read_address(address.partition(":")[2]).get("token", address)
    if not within(TRIALS, str(person.pk), now=now.timestamp()) or not within(
        TRIALS_OF_A_TOKEN, token, now=now.timestamp()
    ):
        raise IssueRefused("seal.too_many_trials")
    key = open_seal_key(address, trial=True)
    _signs(key)
    # The key for codes and credentials proves itself when it is opened; the token is logged in by now.
    open_proof_key(address)
    facts = facts_of_seal(key.certificate)
    names = (agency.registered_name, *named_exceptions(agency.id))
    if not any(names_agree(facts.organisation, name, "organisation") == "equal" for name in names):
        raise IssueRefused("seal.organisation_differs", found=facts.organisation or "–", name=agency.registered_name)
    validate_path(key.certificate, store=trust_store(), revocation=revocation_source(), at=now, intermediates=key.chain)
    return facts


def facts_of_seal(certificate: x509.Certificate) -> SealFacts:
    """Holder, organisation, issuer, end and SHA-256 of a seal's certificate."""
    return SealFacts(
        holder=_first(certificate.subject, NameOID.COMMON_NAME),
        organisation=_first(certificate.subject, NameOID.ORGANIZATION_NAME),
        issuer=_first(certificate.issuer, NameOID.COMMON_NAME),
        valid_until=certificate.not_valid_after_utc,
        sha256=fingerprint(certificate),
    )


def _signs(key: SealKey) -> None:
    """The key answers, and what it answers belongs to the certificate. The data is fresh, so nothing old can be played back."""
    data = b"udgam: trial of a seal\x00" + secrets.token_bytes(32)
    signature, public = key.sign(data), key.certificate.public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        else:
            raise IssueRefused("seal.trial_failed")
    except InvalidSignature as error:
        raise IssueRefused("seal.trial_failed") from error


def _in_folder(name: str) -> None:
    """The file stands, links followed, in the operator's folder of seals."""
    folder = Path(settings.SEAL_FOLDER).resolve()
    if not name or "\0" in name or not Path(name).resolve().is_relative_to(folder):
        raise IssueRefused("seal.file_not_allowed", folder=str(settings.SEAL_FOLDER))


def _module_of(address: str) -> str:
    return read_address(address.partition(":")[2]).get("module-path", "")


def _first(name: x509.Name, wanted: x509.ObjectIdentifier) -> str:
    found = name.get_attributes_for_oid(wanted)
    return str(found[0].value) if found else ""
