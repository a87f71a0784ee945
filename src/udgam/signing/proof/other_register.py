"""Proofs of a register that is not believed here: what can be said of them all the same, and how that register could be believed.

Whoever checks pins the registers that count. A genuine certificate of another one is neither forged nor changed, so it is not told as
such; and since anybody can set up a register, it is not told as genuine either.
"""

from __future__ import annotations

from dataclasses import dataclass

from udgam.rules.refusals import Refused
from udgam.signing.proof import foreign_keys, names
from udgam.signing.proof.checks.case import Case
from udgam.signing.proof.checks.office_key import OfficeCase, named_register
from udgam.signing.proof.code import PREFIX, read_code
from udgam.signing.proof.credential import read_credential
from udgam.signing.proof.file import UNREADABLE, SignedFile
from udgam.signing.proof.told import Told
from udgam.signing.proof.trust_folder import TrustFolder
from udgam.signing.trust import display_name


@dataclass(frozen=True)
class OtherRegister:
    """The register that a proof names. ``signed``: its signatures hold, as far as that can be said without believing anybody."""

    name: str
    signed: bool
    told: tuple[Told, ...]


def of_file(case: Case) -> OtherRegister | None:
    """The other register of a file whose signatures hold, when its seal belongs to nobody who is listed here."""
    if case.trust.issuer_of_seal(case.seal.certificate) is not None:
        return None
    named = _named_by_file(case.file)
    if named is None:
        return None
    if named == _pinned(case.trust):
        case.warnings.append(
            Told(
                "It names the register {register}, which is pinned here, but that register's list knows no such seal: it was forged, or comes from another installation of the same name.",
                register=named[:200],
            )
        )
        return None
    signers = Told(
        "Both signatures hold over the whole file: by {officer} for the officer and by {seal} for the office, as their certificates say. Nobody who is believed here confirms these names.",
        officer=display_name(case.officer.certificate.subject),
        seal=display_name(case.seal.certificate.subject),
    )
    return OtherRegister(named, True, (signers, *_advice(named)))


def of_office(case: OfficeCase) -> OtherRegister | None:
    """The other register of a code or credential whose key is that of nobody who is listed here."""
    named = None if hasattr(case, "holder") else named_register(case)
    if named is None or named == _pinned(case.trust):
        return None
    held = _signed_by_document(case, named)
    if held is False:
        case.warnings.append(
            Told(
                "The document of {register} in the trust folder names the key, but that key did not sign this, or it was changed since.",
                register=named[:200],
            )
        )
        return None
    if held:
        told = Told(
            "The key that the document of {register} in the trust folder names signed exactly this.",
            register=named[:200],
        )
    else:
        told = Told("Nobody here knows the keys of that register, so it cannot be said whether the signature holds.")
    return OtherRegister(named, bool(held), (told, *_advice(named)))


def _advice(named: str) -> tuple[Told, Told]:
    return (
        Told(
            "It names the register {register}, which is not pinned here. Anybody can set up a register, so that name proves nothing.",
            register=named[:200],
        ),
        Told(
            "To believe that register, get register.json and its trust list from it, compare the fingerprint of register.json by another way, such as a telephone number known from elsewhere, and check again with udgam-verify --trust FOLDER."
        ),
    )


def _pinned(trust: TrustFolder) -> str | None:
    return None if trust.register is None else trust.register.trust.issuer


def _named_by_file(file: SignedFile) -> str | None:
    """The register that the attached code or credential names; both lie under the signatures of the file."""
    code, credential = file.attachment(names.CODE_ATTACHMENT), file.attachment(names.CREDENTIAL_ATTACHMENT)
    try:
        if code is not None:
            text = code.data.decode("ascii").strip("\r\n")
            return read_code(text).claims().issuer if text.startswith(PREFIX) else None
        return None if credential is None else read_credential(credential.data.decode("ascii")).issuer
    except (*UNREADABLE, Refused):
        return None


def _signed_by_document(case: OfficeCase, named: str) -> bool | None:
    """Whether the key signed, by a did:web document that somebody got out of band; None where there is none that names the key."""
    signed = case.credential if case.credential is not None else case.code
    assert signed is not None  # noqa: S101 - a case holds one of the two
    if case.credential is not None:
        signature, data = case.credential.token.signature, case.credential.token.signing_input
    else:
        assert case.code is not None  # noqa: S101 - see above
        signature, data = case.code.signature, case.code.signed_bytes
    try:
        keys = foreign_keys.keys_of(named, key_id=f"{named}#{signed.key_id}", documents=case.trust.did_documents)
        return any(foreign_keys.signed(one, "ES256", signature, data) for one in keys) if keys else None
    except UNREADABLE:
        return None
