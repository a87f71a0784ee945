"""The authority is judged by programs that know nothing of it: OpenSSL and pyHanko's validator."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathValidationError

from tests.ports import neighbouring_ports
from udgam.sandbox import authority, cast
from udgam.sandbox.guard import SandboxRefused

Handle = authority.AuthorityHandle


def openssl(*arguments: str | Path, feed: bytes = b"") -> str:
    """Run OpenSSL and return what it says on both channels."""
    done = subprocess.run(["openssl", *map(str, arguments)], input=feed, capture_output=True, check=False, timeout=300)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def trust(ca: Handle) -> Path:
    return ca.authority.folder / "trust"


def chain_file(ca: Handle, tmp_path: Path) -> Path:
    file = tmp_path / "chain.pem"
    file.write_bytes(b"".join(each.read_bytes() for each in (trust(ca) / "intermediates").iterdir()))
    return file


def leaf_file(ca: Handle, name: str, tmp_path: Path) -> Path:
    file = tmp_path / f"{name}.pem"
    file.write_bytes(
        authority.load_token(ca.authority.folder, name).certificate.public_bytes(serialization.Encoding.PEM)
    )
    return file


def ask_ocsp(ca: Handle, name: str, tmp_path: Path, *more: str) -> str:
    issuer = trust(ca) / "intermediates" / "end-users.pem"
    root = trust(ca) / "anchors" / "udgam-sandbox-root.pem"
    arguments: Sequence[str | Path] = [
        "ocsp",
        "-issuer",
        issuer,
        "-cert",
        leaf_file(ca, name, tmp_path),
        "-url",
        f"{ca.url}/ocsp",
    ]
    return openssl(*arguments, "-CAfile", root, "-verify_other", chain_file(ca, tmp_path), *more)


# ── Certificates ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_openssl_builds_the_path_and_checks_every_list(ca: Handle, tmp_path: Path) -> None:
    lists = tmp_path / "crls.pem"
    for name in ("root", "licensed-ca", "end-users"):
        (tmp_path / name).write_bytes(httpx.get(f"{ca.url}/crl/{name}.crl", trust_env=False).content)
        with lists.open("a") as file:
            file.write(openssl("crl", "-inform", "DER", "-in", tmp_path / name))
    verify = [
        "verify",
        "-crl_check_all",
        "-x509_strict",
        "-policy_check",
        "-policy",
        "2.16.356.100.2.3",
        "-explicit_policy",
    ]
    verify += [
        "-CAfile",
        str(trust(ca) / "anchors" / "udgam-sandbox-root.pem"),
        "-untrusted",
        str(chain_file(ca, tmp_path)),
        "-CRLfile",
        str(lists),
    ]
    answers = {
        name: openssl(*verify, leaf_file(ca, name, tmp_path))
        for name in (
            "exporter",
            "hindi-proprietor",
            "loom-partner",
            "revoked",
            "on-hold",
            "expired",
            "class-2",
            "untrusted",
        )
    }
    for good in ("exporter", "hindi-proprietor", "loom-partner"):
        assert answers[good].strip().endswith(": OK"), answers[good]
    assert "certificate revoked" in answers["revoked"]
    assert "certificate revoked" in answers["on-hold"]
    assert "certificate has expired" in answers["expired"]
    assert "policy" in answers["class-2"]
    assert "unable to get" in answers["untrusted"]


def validate(ca: Handle, name: str) -> None:
    """Validate as strictly as pyHanko's validator can: revocation evidence is required at every step."""
    tree = ca.authority
    convert = lambda one: asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER))  # noqa: E731
    context = ValidationContext(
        trust_roots=[convert(tree.certificate("root"))],
        other_certs=[convert(one) for one in tree.chain("end-users")],
        crls=[tree.crl(issuer) for issuer in ("root", "licensed-ca", "end-users")],
        revocation_mode="hard-fail",
        allow_fetching=False,
    )
    token = authority.load_token(tree.folder, name)
    validator = CertificateValidator(convert(token.certificate), validation_context=context)
    asyncio.run(validator.async_validate_usage({"digital_signature", "non_repudiation"}))


def test_pyhanko_accepts_good_tokens_and_refuses_revoked_ones(ca: Handle) -> None:
    validate(ca, "exporter")
    validate(ca, "colleague")
    for bad in ("revoked", "on-hold", "expired", "not-yet-valid"):
        with pytest.raises(PathValidationError):
            validate(ca, bad)


def test_a_token_reads_as_an_indian_one(ca: Handle) -> None:
    certificate = authority.load_token(ca.authority.folder, "exporter").certificate
    subject = {attribute.oid: attribute.value for attribute in certificate.subject}
    assert subject[NameOID.ORGANIZATIONAL_UNIT_NAME] == "IEC 0305900017"
    assert subject[NameOID.SERIAL_NUMBER] == hashlib.sha256(b"ZZZPM0201A").hexdigest()
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_encipherment
    policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert [one.policy_identifier.dotted_string for one in policies] == ["2.16.356.100.2.3", "2.16.356.100.2.2"]
    assert len(certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest) == 8
    points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    names = points[0].full_name
    assert names is not None
    assert names[0].value == f"{ca.url}/crl/end-users.crl"


def test_extended_key_usages_differ_as_they_do_in_the_field(ca: Handle) -> None:
    def purposes(name: str) -> set[x509.ObjectIdentifier]:
        certificate = authority.load_token(ca.authority.folder, name).certificate
        return set(certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)

    assert ExtendedKeyUsageOID.CLIENT_AUTH not in purposes("exporter")
    assert ExtendedKeyUsageOID.CLIENT_AUTH in purposes("colleague")


def test_the_encryption_twin_has_the_same_subject_and_another_purpose(ca: Handle) -> None:
    token, twin = (
        authority.load_token(ca.authority.folder, name).certificate for name in ("exporter", "exporter-encryption")
    )
    assert token.subject == twin.subject
    usage = twin.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.key_encipherment
    assert not usage.digital_signature


def test_every_office_has_a_seal_of_a_document_signer(ca: Handle) -> None:
    for office in cast.AGENCY.offices:
        seal = authority.load_seal(ca.authority.folder, office.code)
        policies = seal.certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
        assert "2.16.356.100.10.1" in {one.policy_identifier.dotted_string for one in policies}
        plain = (ca.authority.folder / "seals" / f"{office.seal}.key.pem").read_bytes()
        assert serialization.load_pem_private_key(plain, None).public_key() == seal.certificate.public_key()


def test_openssl_opens_a_token_with_its_pin_only(ca: Handle) -> None:
    file = ca.authority.folder / "tokens" / "exporter.p12"
    assert "Ravi Menon" in openssl("pkcs12", "-in", file, "-passin", "pass:201201", "-nokeys")
    assert openssl("pkcs12", "-in", file, "-passin", "pass:201201", "-nokeys").count("BEGIN CERTIFICATE") == 3
    assert "invalid password" in openssl("pkcs12", "-in", file, "-passin", "pass:000000", "-nokeys")


def test_the_certificate_stands_beside_each_token_file(ca: Handle) -> None:
    for name in cast.TOKENS:
        beside = (ca.authority.folder / "tokens" / f"{name}.cer").read_bytes()
        assert beside == authority.load_token(ca.authority.folder, name).der


def test_private_files_are_for_their_owner_only(ca: Handle) -> None:
    for pattern in ("tokens/*.p12", "seals/*.p12", "seals/*.key.pem", "authority/*.key.pem"):
        files = list(ca.authority.folder.glob(pattern))
        assert files
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_the_trust_folder_names_root_and_officers_but_not_the_stranger(ca: Handle, tmp_path: Path) -> None:
    authority.write_trust(ca.authority, tmp_path, site="http://127.0.0.1:8000")
    stranger = ca.authority.certificate("stranger").public_bytes(serialization.Encoding.PEM)
    assert stranger not in {file.read_bytes() for file in tmp_path.rglob("*.pem")}
    issuers = json.loads((tmp_path / "issuers.json").read_text())
    assert issuers["format"] == "udgam.issuers/1"
    agency = issuers["issuers"][0]
    assert agency["agency"] == "SEC"
    assert agency["seal_sha256"] == [
        authority.load_seal(ca.authority.folder, office.code).certificate.fingerprint(hashes.SHA256()).hex()
        for office in cast.AGENCY.offices
    ]
    assert [one["name"] for one in agency["officers"]] == ["Meera Kulkarni", "Arjun Shinde"]
    assert x509.load_der_x509_crl((tmp_path / "crls" / "end-users.crl").read_bytes()).next_update_utc


# ── OCSP and revocation lists ──────────────────────────────────────────────────────────────────────────────────────────


def test_openssl_gets_and_verifies_ocsp_answers_with_its_nonce(ca: Handle, tmp_path: Path) -> None:
    good = ask_ocsp(ca, "exporter", tmp_path)
    assert "Response verify OK" in good
    assert "exporter.pem: good" in good
    assert "WARNING: no nonce" not in good
    revoked = ask_ocsp(ca, "revoked", tmp_path)
    assert "revoked.pem: revoked" in revoked
    assert "keyCompromise" in revoked
    assert "certificateHold" in ask_ocsp(ca, "on-hold", tmp_path)


def test_other_hashes_in_the_certificate_identifier_are_understood(ca: Handle, tmp_path: Path) -> None:
    issuer, leaf = trust(ca) / "intermediates" / "end-users.pem", leaf_file(ca, "exporter", tmp_path)
    said = openssl(
        "ocsp",
        "-issuer",
        issuer,
        "-sha256",
        "-cert",
        leaf,
        "-url",
        f"{ca.url}/ocsp",
        "-CAfile",
        trust(ca) / "anchors" / "udgam-sandbox-root.pem",
        "-verify_other",
        chain_file(ca, tmp_path),
    )
    assert "exporter.pem: good" in said


def request_for(ca: Handle, certificate: x509.Certificate, issuer: x509.Certificate) -> bytes:
    return (
        ocsp.OCSPRequestBuilder()
        .add_certificate(certificate, issuer, hashes.SHA1())
        .build()
        .public_bytes(serialization.Encoding.DER)
    )


def test_ocsp_by_get_answers_for_the_sub_authority_too(ca: Handle) -> None:
    tree = ca.authority
    data = request_for(ca, tree.certificate("end-users"), tree.certificate("licensed-ca"))
    address = f"{ca.url}/ocsp/{quote(base64.b64encode(data).decode(), safe='')}"
    answer = ocsp.load_der_ocsp_response(httpx.get(address, trust_env=False).content)
    assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
    age = datetime.now(UTC) - answer.this_update_utc
    assert 0 <= age.total_seconds() < 120


def test_a_serial_number_never_issued_is_unknown(ca: Handle) -> None:
    holder = authority.load_token(ca.authority.folder, "exporter").certificate
    known = ocsp.load_der_ocsp_request(request_for(ca, holder, ca.authority.certificate("end-users")))
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        known.issuer_name_hash, known.issuer_key_hash, 4711, hashes.SHA1()
    )
    data = builder.build().public_bytes(serialization.Encoding.DER)
    answer = ocsp.load_der_ocsp_response(ca.authority.ocsp(data))
    assert answer.certificate_status is ocsp.OCSPCertStatus.UNKNOWN


def test_foreign_and_broken_requests_are_answered_as_the_standard_says(ca: Handle) -> None:
    tree = ca.authority
    foreign = request_for(ca, tree.certificate("stranger"), tree.certificate("ocsp-end-users"))
    assert ocsp.load_der_ocsp_response(tree.ocsp(foreign)).response_status is ocsp.OCSPResponseStatus.UNAUTHORIZED
    for broken in (b"", b"hello", b"\x30\x80", foreign[:-3]):
        assert (
            ocsp.load_der_ocsp_response(tree.ocsp(broken)).response_status is ocsp.OCSPResponseStatus.MALFORMED_REQUEST
        )


def test_a_revocation_shows_at_once_and_a_suspension_can_end(ca: Handle, tmp_path: Path) -> None:
    serial = authority.load_token(ca.authority.folder, "colleague").certificate.serial_number

    def listed() -> x509.RevokedCertificate | None:
        data = httpx.get(f"{ca.url}/crl/end-users.crl", trust_env=False).content
        return x509.load_der_x509_crl(data).get_revoked_certificate_by_serial_number(serial)

    assert listed() is None
    said = httpx.post(f"{ca.url}/sandbox/revoke?token=colleague&reason=certificateHold", trust_env=False)
    assert said.json() == {"revoked": 1}
    row = listed()
    assert row is not None
    assert row.extensions.get_extension_for_class(x509.CRLReason).value.reason is x509.ReasonFlags.certificate_hold
    assert "colleague.pem: revoked" in ask_ocsp(ca, "colleague", tmp_path)
    httpx.post(f"{ca.url}/sandbox/release?serial={serial:x}", trust_env=False)
    assert listed() is None
    assert "colleague.pem: good" in ask_ocsp(ca, "colleague", tmp_path)


def test_list_numbers_grow_and_signatures_hold(ca: Handle) -> None:
    first, second = (
        x509.load_der_x509_crl(ca.authority.crl("end-users", now=datetime(2026, 11, 22, hour, tzinfo=UTC)))
        for hour in (1, 2)
    )
    number = lambda one: one.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number  # noqa: E731
    assert number(first) < number(second)
    assert second.is_signature_valid(ca.authority.certificate("end-users").public_key())  # type: ignore[arg-type]


@pytest.mark.parametrize("query", ["", "?token=exporter&serial=1", "?serial=xyz", "?token=exporter&reason=because"])
def test_a_revocation_that_names_nothing_usable_is_refused(ca: Handle, query: str) -> None:
    assert httpx.post(f"{ca.url}/sandbox/revoke{query}", trust_env=False).status_code == 400


def test_revoking_the_unknown_is_404_and_foreign_pages_are_refused(ca: Handle) -> None:
    assert httpx.post(f"{ca.url}/sandbox/revoke?token=nobody", trust_env=False).status_code == 404
    assert (
        httpx.post(
            f"{ca.url}/sandbox/revoke?token=exporter", headers={"Origin": "https://stranger.example"}, trust_env=False
        ).status_code
        == 403
    )
    assert httpx.get(f"{ca.url}/sandbox/revoke?token=exporter", trust_env=False).status_code == 405


@pytest.mark.parametrize(("service", "path"), [("crl", "/crl/end-users.crl"), ("issuers", "/issuers/end-users.cer")])
def test_an_outage_is_played_for_one_service_only(ca: Handle, service: str, path: str) -> None:
    httpx.post(f"{ca.url}/sandbox/outage?service={service}&on=1", trust_env=False)
    assert httpx.get(ca.url + path, trust_env=False).status_code == 503
    assert (
        httpx.post(
            f"{ca.url}/ocsp", content=b"", headers={"Content-Type": "application/ocsp-request"}, trust_env=False
        ).status_code
        == 200
    )
    httpx.post(f"{ca.url}/sandbox/outage?service={service}&on=0", trust_env=False)
    assert httpx.get(ca.url + path, trust_env=False).status_code == 200
    assert httpx.post(f"{ca.url}/sandbox/outage?service=weather&on=1", trust_env=False).status_code == 400


def test_a_certificate_can_be_fetched_from_the_address_in_another(ca: Handle) -> None:
    data = httpx.get(f"{ca.url}/issuers/end-users.cer", trust_env=False).content
    assert x509.load_der_x509_certificate(data) == ca.authority.certificate("end-users")


# ── Time stamps ────────────────────────────────────────────────────────────────────────────────────────────────────────


def stamp(ca: Handle, query: bytes) -> httpx.Response:
    return httpx.post(
        f"{ca.url}/tsa", content=query, headers={"Content-Type": "application/timestamp-query"}, trust_env=False
    )


@pytest.mark.parametrize("more", [["-cert"], ["-cert", "-no_nonce"], []])
def test_openssl_verifies_a_time_stamp(ca: Handle, tmp_path: Path, more: list[str]) -> None:
    document, query, reply = tmp_path / "document", tmp_path / "query", tmp_path / "reply"
    document.write_bytes(b"what was there at that time")
    openssl("ts", "-query", "-data", document, "-sha256", "-out", query, *more)
    answer = stamp(ca, query.read_bytes())
    assert answer.headers["content-type"] == "application/timestamp-reply"
    reply.write_bytes(answer.content)
    untrusted = tmp_path / "untrusted.pem"
    untrusted.write_bytes(
        chain_file(ca, tmp_path).read_bytes() + ca.authority.certificate("tsa").public_bytes(serialization.Encoding.PEM)
    )
    arguments: list[str | Path] = [
        "ts",
        "-verify",
        "-in",
        reply,
        "-CAfile",
        trust(ca) / "anchors" / "udgam-sandbox-root.pem",
        "-untrusted",
        untrusted,
    ]
    assert "Verification: OK" in openssl(*arguments, "-queryfile", query)
    assert "Verification: OK" in openssl(*arguments, "-data", document)
    document.write_bytes(b"something else")
    assert "Verification: FAILED" in openssl(*arguments, "-data", document)
    text = openssl("ts", "-reply", "-in", reply, "-text")
    assert "Status: Granted." in text
    assert "2.999.3161.1" in text


@pytest.mark.parametrize(
    ("options", "failure"),
    [
        (["-sha1"], "unrecognized or unsupported algorithm"),
        (["-sha256", "-tspolicy", "1.2.3"], "policy is not supported"),
    ],
)
def test_what_cannot_be_stamped_is_rejected_with_the_reason(
    ca: Handle, tmp_path: Path, options: list[str], failure: str
) -> None:
    (tmp_path / "document").write_bytes(b"x")
    openssl("ts", "-query", "-data", tmp_path / "document", *options, "-out", tmp_path / "query")
    (tmp_path / "reply").write_bytes(stamp(ca, (tmp_path / "query").read_bytes()).content)
    text = openssl("ts", "-reply", "-in", tmp_path / "reply", "-text")
    assert "Status: Rejected." in text
    assert failure in text


def test_extensions_and_digests_of_a_wrong_length_are_rejected(ca: Handle, tmp_path: Path) -> None:
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"x" * 32}
    extension = {"extn_id": "2.5.29.15", "critical": False, "extn_value": b"\x03\x02\x07\x80"}
    unknown = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "extensions": [extension]})
    short = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint | {"hashed_message": b"x" * 31}})
    for query, failure in (
        (unknown, "requested extension is not supported"),
        (short, "data submitted has the wrong format"),
    ):
        (tmp_path / "reply").write_bytes(ca.authority.stamp(query.dump()))
        text = openssl("ts", "-reply", "-in", tmp_path / "reply", "-text")
        assert "Status: Rejected." in text
        assert failure in text


def test_a_broken_query_is_rejected_and_another_type_refused(ca: Handle, tmp_path: Path) -> None:
    (tmp_path / "reply").write_bytes(stamp(ca, b"\x30\x03\x02\x01").content)
    assert "Rejected" in openssl("ts", "-reply", "-in", tmp_path / "reply", "-text")
    assert (
        httpx.post(f"{ca.url}/tsa", content=b"x", headers={"Content-Type": "text/plain"}, trust_env=False).status_code
        == 415
    )


# ── Making and keeping ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_restart_keeps_certificates_and_revocations_and_the_addresses_in_them(ca: Handle, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(ca.authority.folder, folder)
    made = json.loads((folder / "made.json").read_text())
    first = authority.Authority.open(folder, base="ignored")
    first.revoke(token="officer")
    assert first.base == ca.url == made["base"]
    # The running authority holds the port that the certificates name, so a second one must say so and stop.
    with pytest.raises(SandboxRefused, match="cannot use port"):
        authority.start(folder=folder)
    free = authority.start(folder=tmp_path / "other-port-probe")
    port = free.port
    free.stop()
    made["base"] = free.url
    (folder / "made.json").write_text(json.dumps(made))
    handle = authority.start(0, folder=folder)
    try:
        assert handle.port == port
        serial = authority.load_token(folder, "officer").certificate.serial_number
        listed = x509.load_der_x509_crl(httpx.get(f"{handle.url}/crl/end-users.crl", trust_env=False).content)
        assert listed.get_revoked_certificate_by_serial_number(serial) is not None
    finally:
        handle.stop()


def test_on_another_port_the_old_addresses_answer_too(tmp_path: Path) -> None:
    first = authority.start(folder=tmp_path)
    before = authority.load_token(tmp_path, "exporter").certificate
    first.stop()
    with neighbouring_ports(1) as port:
        second = authority.start(port, folder=tmp_path)
        try:
            assert second.port == port
            for base in (first.url, second.url):
                assert httpx.get(f"{base}/crl/end-users.crl", trust_env=False).status_code == 200
            assert authority.load_token(tmp_path, "exporter").certificate == before
        finally:
            second.stop()


def test_making_that_was_interrupted_starts_over(ca: Handle, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(ca.authority.folder, folder)
    before = authority.load_token(folder, "exporter").certificate
    (folder / "made.json").unlink()
    again = authority.Authority.open(folder, base="http://127.0.0.1:9")
    assert again.base == "http://127.0.0.1:9"
    assert authority.load_token(folder, "exporter").certificate != before


def test_a_missing_token_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SandboxRefused, match="Start the sandbox authority"):
        authority.load_token(tmp_path, "exporter")
    with pytest.raises(KeyError):
        authority.load_token(tmp_path, "nobody")
