"""Signing in through real PKCS#11: what is signed, and what the agent says when it cannot."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any

import making
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from tests.agent_process import run_agent
from tests.softhsm_tokens import SoftHsm

from conftest import PIN, Caller

pytestmark = pytest.mark.softhsm


def check_token(token: dict[str, str], *, origin: str, nonce: str) -> x509.Certificate:
    """Check a web-eid:1.0 token on its own terms, without the platform's verifier."""
    made = x509.load_der_x509_certificate(base64.b64decode(token["unverifiedCertificate"]))
    signature = base64.b64decode(token["signature"])
    name = {"RS256": "sha256", "ES256": "sha256", "ES384": "sha384", "ES512": "sha512"}[token["algorithm"]]
    message = hashlib.new(name, origin.encode()).digest() + hashlib.new(name, nonce.encode()).digest()
    algorithm = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}[name]
    key = made.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, message, padding.PKCS1v15(), algorithm)
    else:
        assert isinstance(key, ec.EllipticCurvePublicKey)
        half = len(signature) // 2
        assert half == (key.key_size + 7) // 8
        raw = utils.encode_dss_signature(
            int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
        )
        key.verify(raw, message, ec.ECDSA(algorithm))
    return made


def begin(caller: Caller, request: dict[str, Any]) -> dict[str, Any]:
    answer = caller.ask(request)
    assert answer.status == 200, answer.text
    return answer.state


def test_a_token_proves_possession_over_the_attested_origin(caller: Caller) -> None:
    request = making.authenticate_request()
    state = begin(caller, request)
    look = caller.step(state, "look").json
    assert [held["holder"] for held in look["certificates"]] == ["Asha Deshmukh"]
    assert look["refusal"] is None
    answer = caller.step(state, "authenticate", {"certificate": look["certificates"][0]["id"], "pin": PIN})
    token = answer.json["token"]
    check_token(token, origin=making.SITE, nonce=request["nonce"])
    assert token["format"] == "web-eid:1.0"
    assert token["appVersion"] == "urn:udgam-agent:0.1.0"
    assert set(token) == {"unverifiedCertificate", "algorithm", "signature", "format", "appVersion"}


@pytest.mark.parametrize(("bits", "algorithm"), [(256, "ES256"), (384, "ES384"), (521, "ES512")])
def test_elliptic_curves_sign_with_r_and_s_side_by_side(hsm: SoftHsm, bits: int, algorithm: str) -> None:
    key = making.ec_key(bits)
    hsm.import_key(key, making.certificate(key), label="EC", pin=PIN)
    with run_agent(modules=[hsm.module], environment=hsm.environment(), sites=[making.SITE]) as agent:
        caller = Caller(agent)
        request = making.authenticate_request()
        state = begin(caller, request)
        [held] = caller.step(state, "look").json["certificates"]
        token = caller.step(state, "authenticate", {"certificate": held["id"], "pin": PIN}).json["token"]
        assert token["algorithm"] == algorithm
        check_token(token, origin=making.SITE, nonce=request["nonce"])


def test_a_wrong_pin_may_be_tried_again_and_the_token_tells_of_it(caller: Caller) -> None:
    request = making.authenticate_request()
    state = begin(caller, request)
    [held] = caller.step(state, "look").json["certificates"]
    assert held["pin"]["low"] is False
    wrong = caller.step(state, "authenticate", {"certificate": held["id"], "pin": "000000"})
    assert wrong.status == 403
    assert wrong.json["error"]["code"] == "agent.pin-wrong"
    assert wrong.json["error"]["final"] is False
    [again] = caller.step(state, "look").json["certificates"]
    assert again["pin"]["low"] is True
    right = caller.step(state, "authenticate", {"certificate": held["id"], "pin": PIN})
    check_token(right.json["token"], origin=making.SITE, nonce=request["nonce"])
    assert "000000" not in caller.agent.log.read_text()
    assert PIN not in caller.agent.log.read_text()


def test_a_finished_request_signs_nothing_more(caller: Caller) -> None:
    state = begin(caller, making.authenticate_request())
    [held] = caller.step(state, "look").json["certificates"]
    assert caller.step(state, "authenticate", {"certificate": held["id"], "pin": PIN}).status == 200
    again = caller.step(state, "authenticate", {"certificate": held["id"], "pin": PIN})
    assert again.status == 410
    assert again.json["error"]["code"] == "agent.timed-out"


def test_a_sign_in_cannot_be_turned_into_document_signing(caller: Caller) -> None:
    state = begin(caller, making.authenticate_request())
    [held] = caller.step(state, "look").json["certificates"]
    assert caller.step(state, "choose", {"certificate": held["id"]}).status == 200
    document = {"id": "a", "kind": "data", "media_type": "application/json", "data": making.b64(b"{}")}
    answer = caller.step(state, "document", document)
    assert answer.json["error"]["code"] == "agent.out-of-order"


@pytest.mark.parametrize(
    ("changes", "use", "reason"),
    [
        ({"usage": ("key_encipherment",)}, "encryption", "agent.only-encryption"),
        ({"ends": making.NOW - timedelta(days=1)}, "expired", "agent.expired"),
        ({"begins": making.NOW + timedelta(days=1)}, "not-yet-valid", "agent.not-yet-valid"),
        ({"policies": ("2.16.356.100.10.1",)}, "document-signer", "agent.only-document-signer"),
    ],
)
def test_certificates_that_cannot_stand_for_a_person_are_named_and_not_offered(
    hsm: SoftHsm, changes: dict[str, Any], use: str, reason: str
) -> None:
    hsm.import_key(making.rsa_key(), making.certificate(making.rsa_key(), **changes), label="Other", pin=PIN)
    with run_agent(modules=[hsm.module], environment=hsm.environment(), sites=[making.SITE]) as agent:
        caller = Caller(agent)
        state = begin(caller, making.authenticate_request())
        look = caller.step(state, "look").json
        [held] = look["certificates"]
        assert held["use"] == use
        assert look["refusal"]["code"] == reason
        assert look["refusal"]["advice"]
        forced = caller.step(state, "authenticate", {"certificate": held["id"], "pin": PIN})
        assert forced.json["error"]["code"] == reason


def test_the_signing_certificate_is_found_beside_its_encryption_twin_and_the_authorities(hsm: SoftHsm) -> None:
    signing = making.certificate(making.rsa_key(1))
    twin = making.certificate(making.rsa_key(2), usage=("key_encipherment",))
    authority = making.certificate(making.rsa_key(3), name="Fictional CA", authority=True, usage=("key_cert_sign",))
    hsm.import_key(making.rsa_key(2), twin, label="Both", pin=PIN, key_id=b"label in ASCII, fifty-two bytes long")
    hsm.import_key(making.rsa_key(1), signing, label="Both", pin=PIN, key_id=b"\x02", new=False)
    hsm.import_key(None, authority, label="Both", pin=PIN, key_id=b"\x03", new=False)
    with run_agent(modules=[hsm.module], environment=hsm.environment(), sites=[making.SITE]) as agent:
        caller = Caller(agent)
        request = making.authenticate_request()
        state = begin(caller, request)
        look = caller.step(state, "look").json
        uses = {held["use"]: held["id"] for held in look["certificates"]}
        assert set(uses) == {"signing", "encryption"}
        token = caller.step(state, "authenticate", {"certificate": uses["signing"], "pin": PIN}).json["token"]
        assert check_token(token, origin=making.SITE, nonce=request["nonce"]) == signing


def test_a_key_that_is_not_the_certificates_never_leaves_a_signature(hsm: SoftHsm) -> None:
    hsm.import_key(making.ec_key(256), making.certificate(making.ec_key(384)), label="Mixed", pin=PIN)
    with run_agent(modules=[hsm.module], environment=hsm.environment(), sites=[making.SITE]) as agent:
        caller = Caller(agent)
        state = begin(caller, making.authenticate_request())
        [held] = caller.step(state, "look").json["certificates"]
        answer = caller.step(state, "authenticate", {"certificate": held["id"], "pin": PIN})
        assert answer.json["error"]["code"] == "agent.key-mismatch"


def test_a_key_that_wants_the_pin_each_time_gets_it(hsm: SoftHsm) -> None:
    made = making.certificate(making.rsa_key())
    hsm.import_key(making.rsa_key(), made, label="Strict", pin=PIN, always_authenticate=True)
    with run_agent(modules=[hsm.module], environment=hsm.environment(), sites=[making.SITE]) as agent:
        caller = Caller(agent)
        request = making.authenticate_request()
        state = begin(caller, request)
        [held] = caller.step(state, "look").json["certificates"]
        token = caller.step(state, "authenticate", {"certificate": held["id"], "pin": PIN}).json["token"]
        check_token(token, origin=making.SITE, nonce=request["nonce"])


def test_no_token_and_an_empty_token_are_told_apart(hsm: SoftHsm) -> None:
    with run_agent(modules=[hsm.module], environment=hsm.environment(), sites=[making.SITE]) as agent:
        caller = Caller(agent)
        state = begin(caller, making.authenticate_request())
        assert caller.step(state, "look").json["refusal"]["code"] == "agent.no-token"
        hsm.new_token("Empty", pin=PIN)
        assert caller.step(state, "look").json["refusal"]["code"] == "agent.no-certificate"
        hsm.import_key(making.rsa_key(), making.certificate(making.rsa_key()), label="Late", pin=PIN)
        assert caller.step(state, "look").json["refusal"] is None


def test_a_broken_driver_is_named(tmp_path: Any) -> None:
    module = tmp_path / "libbroken.so"
    module.write_bytes(b"not a module")
    with run_agent(modules=[str(module)], sites=[making.SITE]) as agent:
        caller = Caller(agent)
        state = begin(caller, making.authenticate_request(lang="hi"))
        refusal = caller.step(state, "look").json["refusal"]
        assert refusal["code"] == "agent.module-broken"
        assert "libbroken.so" in refusal["message"]
        assert "ड्राइवर" in refusal["message"]
