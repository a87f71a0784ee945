"""One text for one credential (ADR 0059): our keys write the smaller s, and the other spelling of a signature is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.signing.proof.made import Made, check, failed, make
from tests.signing.register import BASE, ISSUER, SECRET
from tests.signing.sealing.office import Office
from udgam.signing.proof import Report, TrustFolder, base45, cbor, verify
from udgam.signing.proof.code import read_code, to_text
from udgam.signing.proof.keys import SMALLER_S_SINCE, from_base64url, to_base64url, with_smaller_s
from udgam.signing.sealing.code import make_code
from udgam.signing.sealing.credential import make_credential, make_partial_credential
from udgam.signing.sealing.proof_keys import SoftwareProofKey

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
FORMS = ["code", "credential", "partial"]


@pytest.fixture(scope="module")
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(office, tmp_path_factory.mktemp("smaller"))


def other(signature: bytes) -> bytes:
    return signature[:32] + (ORDER - int.from_bytes(signature[32:])).to_bytes(32)


def respelled(text: str) -> str:
    """The same code or credential with the other signature of the same act, which anybody can write."""
    if text.startswith("UD1:"):
        protected, _, payload, signature = cbor.decode(base45.decode(text[4:])).value
        return to_text(protected, payload, other(signature))
    signed, _, rest = text.partition("~")
    head, payload, signature = signed.split(".")
    written = to_base64url(other(from_base64url(signature)))
    return f"{head}.{payload}.{written}" + (f"~{rest}" if rest else "")


def signed_at(made: Made, form: str, at: datetime) -> str:
    key = made.register.office_key
    if form == "code":
        return make_code(made.certified, key=key, issuer=ISSUER, now=at)
    if form == "credential":
        return make_credential(made.certified, key=key, issuer=ISSUER, base=BASE, now=at)
    return make_partial_credential(made.certified, key=key, issuer=ISSUER, base=BASE, now=at, secret=SECRET)


def judged(made: Made, text: str, at: datetime) -> Report:
    return check(text, made.trust(), at=at + timedelta(days=1))


def test_our_keys_write_the_smaller_s() -> None:
    key = SoftwareProofKey.generate()
    for number in range(200):
        data = b"%d" % number
        signature = key.sign(data)
        assert int.from_bytes(signature[32:]) <= ORDER // 2
        assert with_smaller_s(other(signature)) == signature
        assert key.public.signed(other(signature), data), "both are signatures of the same"


@pytest.mark.parametrize("form", FORMS)
def test_the_other_spelling_is_refused_for_what_is_signed_since(made: Made, form: str) -> None:
    at = SMALLER_S_SINCE
    text = signed_at(made, form, at)
    assert judged(made, text, at).valid, failed(judged(made, text, at))
    report = judged(made, respelled(text), at)
    assert failed(report) == ["code.signature" if form == "code" else "credential.signature"]
    assert not report.integrity


@pytest.mark.parametrize("form", FORMS)
def test_what_was_signed_before_goes_on_being_valid_in_either(made: Made, form: str) -> None:
    at = SMALLER_S_SINCE - timedelta(seconds=1)
    for text in (signed_at(made, form, at), respelled(signed_at(made, form, at))):
        assert judged(made, text, at).valid


def test_the_moment_cannot_be_moved(made: Made) -> None:
    """It stands under the signature."""
    text = signed_at(made, "code", SMALLER_S_SINCE)
    code = read_code(text)
    earlier = replace(code.claims(), signed_at=datetime(2026, 11, 23, tzinfo=UTC))
    from udgam.signing.proof.code import to_sign

    protected, payload, _ = to_sign(earlier, key_id=code.key_id)
    moved = to_text(protected, payload, other(code.signature))
    assert "code.signature" in failed(judged(made, moved, SMALLER_S_SINCE))


def test_the_archive_was_signed_before() -> None:
    archive = Path(__file__).parents[2] / "archive" / "certificates" / "udgam.certificate-2"
    trust = TrustFolder.load(archive / "trust")
    for name in ("code.txt", "credential.jwt", "credential-in-parts.jwt"):
        text = (archive / name).read_text().strip("\n")
        for one in (text, respelled(text)):
            report = verify(one.encode(), trust=trust, at=datetime(2026, 11, 24, tzinfo=UTC), status=None)
            assert report.valid, failed(report)
