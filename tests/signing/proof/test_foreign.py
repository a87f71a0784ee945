"""What other platforms issue is read for what it proves, and never called a certificate of ours."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from tests.signing.proof.made import check, failed
from udgam.signing.proof import TrustFolder
from udgam.signing.proof.keccak import keccak256
from udgam.signing.proof.keys import to_base64url
from udgam.signing.sealing.proof_keys import SoftwareProofKey
from udgam.signing.trust import TrustStore

TRUST = TrustFolder(TrustStore(()), (), None, (), None)
SALT = "ee7f3323-1634-4dea-8c12-f0bb83aff874"


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def digest(parts: dict[str, str], hidden: tuple[str, ...] = ()) -> bytes:
    each = [keccak256(compact({path: value})).hex() for path, value in parts.items()]
    return keccak256(compact(sorted([*each, *hidden])))


def edition_2() -> dict[str, Any]:
    """A wrapped document with a value left out, in a batch of two."""
    exporter, hs = f"{SALT}:string:Kaveri Coir Exports", f"{SALT}:string:5308.10"
    hidden = keccak256(compact({"fob": f"{SALT}:number:100"})).hex()
    target = digest({"exporter.name": exporter, "items.0.hs": hs}, (hidden,))
    other = keccak256(b"another document")
    return {
        "version": "https://schema.openattestation.com/2.0/schema.json",
        "data": {"exporter": {"name": exporter}, "items": [{"hs": hs}]},
        "privacy": {"obfuscatedData": [hidden]},
        "signature": {
            "type": "SHA3MerkleProof",
            "targetHash": target.hex(),
            "proof": [other.hex()],
            "merkleRoot": keccak256(b"".join(sorted((target, other)))).hex(),
        },
    }


def edition_3() -> dict[str, Any]:
    values = {"@context[0]": "https://www.w3.org/2018/credentials/v1", "name": "CoO", "credentialSubject.count": 3}
    salts = [{"value": SALT, "path": path} for path in values]
    target = digest({path: f"{SALT}:{value}" for path, value in values.items()}).hex()
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "name": "CoO",
        "credentialSubject": {"count": 3},
        "proof": {
            "type": "OpenAttestationMerkleProofSignature2018",
            "targetHash": target,
            "proofs": [],
            "merkleRoot": target,
            "salts": b64encode(compact(salts)).decode(),
            "privacy": {"obfuscated": []},
        },
    }


def token(key: SoftwareProofKey, header: dict[str, Any] | None = None) -> str:
    from tests.signing.register import SINCE, trusted_key

    public = trusted_key(key, since=SINCE).public
    issuer = "did:jwk:" + to_base64url(compact(public.jwk()))
    head = to_base64url(compact(header or {"alg": "ES256", "typ": "JWT", "kid": f"{issuer}#0"}))
    body = to_base64url(compact({"iss": issuer, "vc": {"type": ["VerifiableCredential"]}}))
    return f"{head}.{body}.{to_base64url(key.sign(f'{head}.{body}'.encode()))}"


def test_keccak_is_the_one_before_the_standard_and_shares_its_permutation() -> None:
    assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
    assert keccak256(b"abc").hex() == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"
    assert keccak256(b"abc") != hashlib.sha3_256(b"abc").digest()
    for size in (135, 136, 137, 1000):
        assert len(keccak256(b"x" * size)) == 32


@pytest.mark.parametrize("made", [edition_2, edition_3])
def test_a_whole_document_is_whole_and_still_not_ours(made: Any) -> None:
    report = check(json.dumps(made()), TRUST)
    assert (report.kind, report.valid, report.integrity) == ("foreign-credential", False, True)
    assert report.outcome("foreign.whole") == "pass"
    assert report.outcome("foreign.issuer") == "skipped"
    assert failed(report) == ["credential.ours"]


@pytest.mark.parametrize("edition", [2, 3])
def test_documents_that_the_makers_own_program_wrapped_are_whole(edition: int) -> None:
    """Of content of ours: in a batch, with values left out, Hindi, and numbers that programs write differently."""
    text = (Path(__file__).parent / f"foreign/open-attestation-{edition}.json").read_text("utf-8")
    report = check(text, TRUST)
    assert (report.valid, report.kind, report.integrity) == (False, "foreign-credential", True)
    said = next(one.detail for one in report.checks if one.id == "foreign.issuer")
    assert "It says that Konkan Chamber (konkan.example) issued it" in said
    for before, after in (("KC/2", "KC/9"), ("konkan.example", "konkan.exampie")):
        assert before in text
        assert check(text.replace(before, after), TRUST).outcome("foreign.whole") == "fail"


def test_two_values_cannot_share_one_path() -> None:
    """A name with a dot would make room for a value outside the digest."""
    first = edition_3()
    first["credentialSubject.count"] = 4
    second = edition_2()
    second["data"] = {"exporter.name": second["data"]["exporter"]["name"], "items": second["data"]["items"]}
    for made in (first, second):
        assert not check(json.dumps(made), TRUST).integrity


@pytest.mark.parametrize("edition", [2, 3])
def test_a_name_that_stands_twice_makes_a_document_of_two_readings(edition: int) -> None:
    """Some readers take the first of two values with one name, others the last; the digest could be that of either."""
    text = (Path(__file__).parent / f"foreign/open-attestation-{edition}.json").read_text("utf-8").strip()
    name = "data" if edition == 2 else "issuer"
    inside = text.replace('"name"', '"name": "Forged", "name"', 1)
    for doubled in (f'{{"{name}": {{"certificate": "FORGED"}}, {text[1:]}', inside):
        report = check(doubled, TRUST)
        assert (report.integrity, report.outcome("foreign.whole")) == (False, "fail")
        assert "A name stands in it twice" in next(
            str(one.detail) for one in report.checks if one.outcome == "fail" and one.id == "foreign.whole"
        )


@pytest.mark.parametrize(
    "text", [json.dumps(edition_2()), '{"@context": [], "type": ["CertificateOfOrigin"], "vc": 1}']
)
def test_a_document_is_told_in_words_for_documents(text: str) -> None:
    first = check(text, TRUST).checks[0]
    assert (first.id, first.outcome, first.code) == ("credential.ours", "fail", None)
    assert str(first.detail).startswith("It is a JSON document, a form that this platform does not issue")
    assert "base64url" not in str(first.detail)


def changes_of(made: Any) -> list[dict[str, Any]]:
    found = []
    for change in range(5):
        one = made()
        proof = one.get("signature", one.get("proof"))
        if change == 0:
            one.get("data", one)["added"] = f"{SALT}:string:x"
        elif change == 1:
            proof["targetHash"] = "0" * 64
        elif change == 2:
            proof["merkleRoot"] = "0" * 64
        elif change == 3:
            proof["proof" if "proof" in proof else "proofs"] = ["zz"]
        elif "data" in one:
            one["data"]["exporter"]["name"] = f"{SALT}:string:Another"
        else:
            one["credentialSubject"]["count"] = 4
        found.append(one)
    return found


@pytest.mark.parametrize("made", [edition_2, edition_3])
def test_every_change_of_a_document_is_noticed(made: Any) -> None:
    for changed in changes_of(made):
        report = check(json.dumps(changed), TRUST)
        assert not report.integrity
        assert report.outcome("foreign.whole") == "fail"


def test_a_credential_whose_issuer_is_its_key_can_be_checked_and_others_cannot() -> None:
    key = SoftwareProofKey.generate()
    good = token(key)
    assert check(good, TRUST).outcome("foreign.whole") == "pass"
    head, body, signature = good.split(".")
    changed = to_base64url(compact({"iss": json.loads(_decoded(body))["iss"], "vc": {"type": ["Other"]}}))
    assert check(f"{head}.{changed}.{signature}", TRUST).outcome("foreign.whole") == "fail"
    unsigned = to_base64url(compact({"alg": "none"}))
    assert check(f"{unsigned}.{body}.", TRUST).outcome("foreign.whole") == "fail"
    unknown = to_base64url(compact({"iss": "https://issuer.example"}))
    assert check(f"{head}.{unknown}.{signature}", TRUST).outcome("foreign.whole") == "skipped"


def _decoded(text: str) -> bytes:
    from udgam.signing.proof.keys import from_base64url

    return from_base64url(text)


@pytest.mark.parametrize(
    "text",
    ['{"signature": {"type": "SHA3MerkleProof"}, "data": {}}', '{"proof": {"type": "OpenAttestationMerkleProofSignature2018"}}',
     '{"proof": {"type": "Ed25519Signature2020"}}', "eyJ.a.b", "eyJhbGciOiJFUzI1NiJ9.e30.AA", '{"proof": 3}'],
)  # fmt: skip
def test_broken_ones_are_answered(text: str) -> None:
    report = check(text, TRUST)
    assert not report.valid
    assert not report.integrity


def test_a_document_whose_digest_would_take_minutes_is_not_calculated(monkeypatch: pytest.MonkeyPatch) -> None:
    big = edition_2()
    big["data"]["paper"] = "12345678-1234-4123-8123-123456789012:string:" + "x" * (256 * 1024)
    monkeypatch.setattr("udgam.signing.proof.foreign.content_is_whole", lambda plain: pytest.fail("it was calculated"))
    report = check(json.dumps(big), TrustFolder(TrustStore(()), (), None, (), None))
    [told] = [str(one.detail) for one in report.checks if one.id == "foreign.whole"]
    assert "more than 256 KiB" in told
    assert not report.integrity


def _whole(data: dict[str, str], hidden: list[str] | None = None) -> tuple[str, bool]:
    """What is told about a document with these values, and whether its digest was left out."""
    big = edition_2()
    big["data"].update({name: f"12345678-1234-4123-8123-123456789012:string:{value}" for name, value in data.items()})
    big["privacy"] = {"obfuscatedData": hidden or []}
    report = check(json.dumps(big), TrustFolder(TrustStore(()), (), None, (), None))
    [told] = [str(one.detail) for one in report.checks if one.id == "foreign.whole"]
    return told, report.outcome("foreign.whole") == "skipped"


def test_small_values_cost_no_more_than_one_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the shape of a document of the largest size, no more blocks are digested than for one value of that size."""
    blocks = 0

    def counted(data: bytes) -> bytes:
        nonlocal blocks
        blocks += len(data) // 136 + 1
        return hashlib.sha3_256(data).digest()

    monkeypatch.setattr("udgam.signing.proof.open_attestation.keccak256", counted)
    large = {"paper": "x" * (256 * 1024 - 4096)}
    assert "was changed" in _whole(large)[0]
    most, blocks = blocks, 0
    for data, hidden in (
        ({f"k{number}": "x" for number in range(3_000)}, []),
        ({f"k{number}": "x" * 60 for number in range(1_700)}, []),
        ({f"k{number}": "x" for number in range(500)}, ["0" * 64] * 3_000),
    ):
        told, skipped = _whole(data, hidden)
        assert skipped, told
        assert "holds more than is digested" in told
        assert blocks <= most * 1.02
        blocks = 0
