"""Signing documents: what is signed was listed, confirmed, checked and shown, or it is not signed."""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
from collections.abc import Callable
from typing import Any

import making
import pikepdf
import pytest
from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from tests.agent_process import run_agent
from tests.softhsm_tokens import SoftHsm

from conftest import PIN, Caller

pytestmark = pytest.mark.softhsm

CONTENT = making.canonical({"format": "udgam.application/1", "exporter": "कोंकण काजू", "fob": "12600.00"})
OTHER = making.canonical({"format": "udgam.application/1", "exporter": "Somebody else"})


def begin(caller: Caller, *items: dict[str, str]) -> tuple[dict[str, Any], x509.Certificate]:
    """Go as far as the chosen certificate."""
    answer = caller.ask(making.sign_request(*items))
    assert answer.status == 200, answer.text
    [held] = caller.step(answer.state, "look").json["certificates"]
    chosen = caller.step(answer.state, "choose", {"certificate": held["id"]}).json
    return answer.state, x509.load_der_x509_certificate(base64.b64decode(chosen["certificate"]))


def data(content: bytes = CONTENT, name: str = "a", **changes: Any) -> dict[str, Any]:
    return {"id": name, "kind": "data", "media_type": "application/json", "data": making.b64(content), **changes}


def pdf(content: bytes, attributes: bytes, name: str = "a") -> dict[str, Any]:
    return {
        "id": name,
        "kind": "pdf",
        "media_type": "application/pdf",
        "data": making.b64(content),
        "signed_attributes": making.b64(attributes),
    }


def sign(caller: Caller, state: dict[str, Any], *, unlock: bool = True) -> bytes:
    if unlock:
        assert caller.step(state, "unlock", {"pin": PIN}).status == 200
    return base64.b64decode(caller.step(state, "sign", {"pin": None}).json["result"])


def check_detached(signature: bytes, content: bytes, made: x509.Certificate) -> None:
    """Check a CAdES-BES signature by hand: attributes, digest, certificate reference, raw signature."""
    signed = cms.ContentInfo.load(signature, strict=True)["content"]
    assert signed["encap_content_info"]["content"].native is None
    [signer] = signed["signer_infos"]
    values = {attribute["type"].native: attribute["values"][0] for attribute in signer["signed_attrs"]}
    assert set(values) == {"content_type", "message_digest", "signing_time", "signing_certificate_v2"}
    assert values["message_digest"].native == hashlib.sha256(content).digest()
    assert values["signing_certificate_v2"]["certs"][0]["cert_hash"].native == hashlib.sha256(making.der(made)).digest()
    attributes = signer["signed_attrs"].untag().dump()
    key = made.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signer["signature"].native, attributes, ec.ECDSA(hashes.SHA256()))
    else:
        key.verify(signer["signature"].native, attributes, padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg]


def test_canonical_data_become_a_detached_signature(caller: Caller) -> None:
    state, made = begin(caller, making.item(CONTENT))
    shown = caller.step(state, "document", data()).json
    assert shown["content"] == CONTENT.decode()
    check_detached(sign(caller, state), CONTENT, made)


def test_elliptic_curves_sign_data_in_der(hsm: SoftHsm) -> None:
    hsm.import_key(making.ec_key(), making.certificate(making.ec_key()), label="EC", pin=PIN)
    with run_agent(modules=[hsm.module], environment=hsm.environment(), sites=[making.SITE]) as agent:
        caller = Caller(agent)
        state, made = begin(caller, making.item(CONTENT))
        caller.step(state, "document", data())
        check_detached(sign(caller, state), CONTENT, made)


def test_openssl_accepts_the_signature(caller: Caller, tmp_path: Any) -> None:
    state, _ = begin(caller, making.item(CONTENT))
    caller.step(state, "document", data())
    (tmp_path / "a.p7s").write_bytes(sign(caller, state))
    (tmp_path / "a.json").write_bytes(CONTENT)
    command = [
        "openssl",
        "cms",
        "-verify",
        "-inform",
        "DER",
        "-in",
        "a.p7s",
        "-content",
        "a.json",
        "-binary",
        "-noverify",
    ]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr
    assert result.stdout == CONTENT


def test_a_list_is_confirmed_once_and_signed_with_one_pin(caller: Caller) -> None:
    contents = [making.canonical({"n": number}) for number in range(5)]
    items = [making.item(content, name=f"c{at}", title=f"Certificate {at}") for at, content in enumerate(contents)]
    state, made = begin(caller, *items)
    for at, content in enumerate(contents):
        assert caller.step(state, "document", data(content, f"c{at}")).status == 200
        check_detached(sign(caller, state, unlock=at == 0), content, made)
        prepared = making.prepared_pdf(content)
        attributes = making.pdf_attributes(making.pdf_digest(prepared), made)
        shown = caller.step(state, "document", pdf(prepared, attributes, f"c{at}")).json
        assert shown["pages"] == 2
        assert shown["content"] == content.decode()
        made.public_key().verify(  # type: ignore[union-attr,call-arg]
            sign(caller, state, unlock=False), attributes, padding.PKCS1v15(), hashes.SHA256()
        )


def refused(answer: Any, code: str, detail: str = "") -> None:
    assert answer.status >= 400
    assert answer.json["error"]["code"] == code, answer.json
    assert detail in answer.json["error"]["message"]
    assert answer.json["error"]["final"] is True


def test_a_document_other_than_the_listed_one_ends_the_conversation(caller: Caller) -> None:
    state, _ = begin(caller, making.item(CONTENT))
    refused(caller.step(state, "document", data(OTHER)), "agent.document-differs")
    refused(caller.step(state, "document", data()), "agent.timed-out")


def test_a_document_that_was_never_listed_is_refused(caller: Caller) -> None:
    state, _ = begin(caller, making.item(CONTENT))
    refused(caller.step(state, "document", data(CONTENT, "b")), "agent.not-listed")


def test_the_same_document_is_signed_once(caller: Caller) -> None:
    state, _ = begin(caller, making.item(CONTENT))
    caller.step(state, "document", data())
    sign(caller, state)
    refused(caller.step(state, "document", data()), "agent.not-listed")


def test_one_check_gives_one_signature(caller: Caller) -> None:
    state, _ = begin(caller, making.item(CONTENT))
    caller.step(state, "document", data())
    sign(caller, state)
    refused(caller.step(state, "sign", {"pin": None}), "agent.out-of-order")


def test_nothing_is_signed_before_the_pin(caller: Caller) -> None:
    state, _ = begin(caller, making.item(CONTENT))
    caller.step(state, "document", data())
    refused(caller.step(state, "sign", {"pin": None}), "agent.out-of-order")


def test_the_pin_is_not_asked_before_a_document_was_seen(caller: Caller) -> None:
    state, _ = begin(caller, making.item(CONTENT))
    refused(caller.step(state, "unlock", {"pin": PIN}), "agent.out-of-order")


@pytest.mark.parametrize("content", [b"\xff\xfe", b'{"a":1,"a":2}', b"{not json", b'{"a":NaN}'])
def test_what_cannot_be_shown_faithfully_is_not_signed(caller: Caller, content: bytes) -> None:
    state, _ = begin(caller, making.item(content))
    refused(caller.step(state, "document", data(content)), "agent.cannot-show")


def test_a_bare_digest_cannot_be_offered(caller: Caller) -> None:
    state, _ = begin(caller, making.item(CONTENT))
    offered = {"id": "a", "kind": "digest", "media_type": "application/json", "data": making.b64(bytes(32))}
    refused(caller.step(state, "document", offered), "agent.request-malformed")


def test_text_is_signed_as_it_stands(caller: Caller) -> None:
    text = b"I agree.\n"
    state, made = begin(caller, making.item(text, media_type="text/plain"))
    caller.step(state, "document", data(text, media_type="text/plain"))
    check_detached(sign(caller, state), text, made)


def test_data_over_the_limit_are_refused(caller: Caller) -> None:
    state, _ = begin(caller, making.item(CONTENT))
    answer = caller.step(state, "document", data(b"[" + b" " * (25 * 1024 * 1024) + b"]"))
    refused(answer, "agent.too-large")


# --- PDF -------------------------------------------------------------------------------------------------------------

Damage = Callable[[bytes, x509.Certificate], tuple[bytes, bytes]]


def attributes_for(prepared: bytes, made: x509.Certificate, **changes: Any) -> tuple[bytes, bytes]:
    return prepared, making.pdf_attributes(making.pdf_digest(prepared), made, **changes)


def wrong_digest(prepared: bytes, made: x509.Certificate) -> tuple[bytes, bytes]:
    return prepared, making.pdf_attributes(hashlib.sha256(b"something else").digest(), made)


def other_certificate(prepared: bytes, made: x509.Certificate) -> tuple[bytes, bytes]:
    del made
    return attributes_for(prepared, making.certificate(making.rsa_key(7)))


def flipped_byte(prepared: bytes, made: x509.Certificate) -> tuple[bytes, bytes]:
    """The attributes were made for this file, then somebody changed a letter on the page."""
    _, attributes = attributes_for(prepared, made)
    return prepared.replace(b"Certificate of origin", b"Certificate of Origin"), attributes


def doubled_attribute(prepared: bytes, made: x509.Certificate) -> tuple[bytes, bytes]:
    again = cms.CMSAttribute({"type": "message_digest", "values": [bytes(32)]})
    return attributes_for(prepared, made, extra=(again,))


def unknown_attribute(prepared: bytes, made: x509.Certificate) -> tuple[bytes, bytes]:
    strange = cms.CMSAttribute({"type": "1.2.840.113549.1.9.16.2.15", "values": [core.Null()]})
    return attributes_for(prepared, made, extra=(strange,))


@pytest.mark.parametrize(
    ("damage", "detail"),
    [
        (wrong_digest, "message_digest"),
        (flipped_byte, "message_digest"),
        (other_certificate, "another certificate"),
        (lambda data, made: attributes_for(data, made, with_certificate=False), "signing_certificate_v2 is missing"),
        (lambda data, made: attributes_for(data, made, content_type=None), "content_type is missing"),
        (lambda data, made: attributes_for(data, made, content_type="signed_data"), "content_type is not data"),
        (doubled_attribute, "twice"),
        (unknown_attribute, "unexpected attribute"),
        (lambda data, made: (data, attributes_for(data, made)[1] + b"\0"), "DER"),
        (lambda data, made: (data, b"\x31\x05junk"), "DER"),
    ],
)
def test_attributes_that_do_not_fit_the_pdf_are_refused(caller: Caller, damage: Damage, detail: str) -> None:
    state, made = begin(caller, making.item(CONTENT))
    prepared, attributes = damage(making.prepared_pdf(CONTENT), made)
    refused(caller.step(state, "document", pdf(prepared, attributes)), "agent.attributes-wrong", detail)


def truncated(prepared: bytes) -> bytes:
    return prepared[: len(prepared) // 2]


def appended(prepared: bytes) -> bytes:
    """Bytes behind the range would be on the page but not under the signature."""
    return prepared + b"\n% more\n"


def filled(prepared: bytes) -> bytes:
    return prepared.replace(b"<0000", b"<00ab", 1)


def wide_gap(prepared: bytes) -> bytes:
    """The range leaves out one byte more than the signature: room for a change nobody signs."""
    with pikepdf.open(io.BytesIO(prepared)) as document:
        numbers = [int(part) for part in document.Root.AcroForm.Fields[0].V.ByteRange.as_list()]
    old = f"[ 0 {numbers[1]} {numbers[2]} {numbers[3]} ]".encode()
    new = f"[ 0 {numbers[1] - 1} {numbers[2]} {numbers[3]} ]".encode()
    assert old in prepared
    return prepared.replace(old, new.ljust(len(old)))


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        (truncated, ""),
        (appended, "exactly one signature"),
        (filled, "not an empty signature"),
        (wide_gap, "not an empty signature"),
        (lambda prepared: b"%PDF-1.7 nothing", "readable"),
    ],
)
def test_a_pdf_with_room_for_a_trick_is_refused(caller: Caller, change: Callable[[bytes], bytes], detail: str) -> None:
    state, made = begin(caller, making.item(CONTENT))
    prepared = making.prepared_pdf(CONTENT)
    _, attributes = attributes_for(prepared, made)
    refused(caller.step(state, "document", pdf(change(prepared), attributes)), "agent.pdf-wrong", detail)


@pytest.mark.parametrize(
    ("options", "detail"), [({"scripts": True}, "opened"), ({"sub_filter": "adbe.x509.rsa_sha1"}, "form of signature")]
)
def test_a_pdf_of_an_unwanted_kind_is_refused(caller: Caller, options: dict[str, Any], detail: str) -> None:
    state, made = begin(caller, making.item(CONTENT))
    prepared, attributes = attributes_for(making.prepared_pdf(CONTENT, **options), made)
    refused(caller.step(state, "document", pdf(prepared, attributes)), "agent.pdf-wrong", detail)


def test_a_pdf_that_carries_other_content_than_the_listed_one_is_refused(caller: Caller) -> None:
    state, made = begin(caller, making.item(CONTENT))
    prepared, attributes = attributes_for(making.prepared_pdf(OTHER), made)
    refused(caller.step(state, "document", pdf(prepared, attributes)), "agent.document-differs")


def test_a_pdf_without_attached_content_must_itself_be_the_listed_file(caller: Caller) -> None:
    prepared = making.prepared_pdf()
    state, made = begin(caller, making.item(prepared, media_type="application/pdf"))
    _, attributes = attributes_for(prepared, made)
    shown = caller.step(state, "document", pdf(prepared, attributes)).json
    assert (shown["pages"], shown["pdf_title"], shown["content"]) == (2, "Certificate of origin", None)
    made.public_key().verify(sign(caller, state), attributes, padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg]


def test_a_pdf_without_attached_content_is_refused_when_content_was_listed(caller: Caller) -> None:
    state, made = begin(caller, making.item(CONTENT))
    prepared, attributes = attributes_for(making.prepared_pdf(), made)
    refused(caller.step(state, "document", pdf(prepared, attributes)), "agent.document-differs")
