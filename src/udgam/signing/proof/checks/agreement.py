"""Steps 16 to 18: do the other proofs in the file say the same as the content that the officer certified?"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from udgam.signing.proof import names
from udgam.signing.proof.checks.case import Case
from udgam.signing.proof.checks.existence import certification, held_until_proved, not_proved
from udgam.signing.proof.checks.moments import moment_text
from udgam.signing.proof.checks.office_key import CLOCK_TOLERANCE
from udgam.signing.proof.code import CodeClaims, read_code
from udgam.signing.proof.credential import read_credential
from udgam.signing.proof.told import Fails, Skips, Told
from udgam.signing.proof.trade_data import trade_data
from udgam.signing.proof.trust_list import KeyHolder

# Certificates of this format were issued before there were codes and credentials.
FIRST_FORMAT = "udgam.certificate/1"


def code_agrees(case: Case) -> Told:
    """16. The signed code in the file was made by the issuing office's key, and says what the content says."""
    data = _attached(case, names.CODE_ATTACHMENT)
    code = read_code(data.decode("ascii"))
    holder = _holder(case, code.key_id)
    if not code.signed_by(holder.key.public):
        raise Fails("The signed code in the file was not signed by the office's key.")
    claims = code.claims()
    _require_entitled(case, holder, claims.issuer, claims.signed_at)
    own = CodeClaims.of(case.content, digest=case.digest, issuer=claims.issuer, signed_at=claims.signed_at)
    if claims != own:
        raise Fails("The signed code in the file is that of other content.")
    return Told("The signed code says the same as the content.")


def credential_agrees(case: Case) -> Told:
    """17. The credential in the file was signed by the issuing office's key, and carries exactly this content."""
    data = _attached(case, names.CREDENTIAL_ATTACHMENT)
    credential = read_credential(data.decode("ascii"))
    holder = _holder(case, credential.key_id)
    if not credential.token.signed_by(holder.key.public):
        raise Fails("The credential in the file was not signed by the office's key.")
    _require_entitled(case, holder, credential.issuer, credential.signed_at)
    if credential.content_bytes != case.content_bytes:
        raise Fails("The credential in the file is that of other content.")
    return Told("The credential carries exactly this content.")


def data_agree(case: Case) -> Told:
    """18. The trade data in the file (UN/CEFACT) are those that follow from the content."""
    if _attached(case, names.TRADE_DATA_ATTACHMENT) != trade_data(case.content):
        raise Fails("The trade data in the file are not those of the content.")
    return Told("The trade data in the file follow from the content.")


def _attached(case: Case, name: str) -> bytes:
    found = case.file.attachment(name)
    if found is None:
        if any(one.name == name for one in case.file.attachments):
            raise Fails("The attachment {name} is missing or there more than once.", name=name)
        if case.content.format != FIRST_FORMAT:
            raise Fails("The file carries no {name}, which every certificate of its format has.", name=name)
        raise Skips("The file carries no {name}.", name=name)
    return found.data


def _holder(case: Case, key_id: str) -> KeyHolder:
    """The office with that key, which must be the one that issued and must have had the key then."""
    register = case.trust.register
    if register is None:
        raise Skips("The trust folder holds no trust list, so no key can be believed.")
    holder = register.trust.holder_of(key_id)
    if holder is None:
        raise Fails("The trust list names no office with the key {key}.", key=key_id[:16])
    if (holder.agency.code, holder.office.code) != (case.content.issuer.agency, case.content.issuer.office):
        raise Fails("It names another office than the one that holds the key.")
    return holder


def _require_entitled(case: Case, holder: KeyHolder, issuer: str, signed_at: datetime) -> None:
    if case.trust.register is None or issuer != case.trust.register.trust.issuer:
        raise Fails("It names the register {named}, not the one that is pinned here.", named=issuer[:80])
    if signed_at > case.sealed_at + CLOCK_TOLERANCE:
        raise Fails("It was signed only at {moment}, after the moment asked about.", moment=moment_text(signed_at))
    act = certification(case)
    # Officer and proof of the moment carry it, so a key that was compromised later does not undo it. Without a proof nothing does.
    key = holder.key if act.proved is None else replace(holder.key, compromised=False)
    if not key.could_sign(signed_at):
        raise Fails("The key of the office could not sign at {moment}.", moment=moment_text(signed_at))
    if not held_until_proved(act, key.could_sign):
        raise not_proved(act, holder.office.name)
