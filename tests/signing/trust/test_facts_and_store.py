"""Reading certificates: the facts the rules decide on, the trust folder, and bytes that are no certificate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.signing.pki import CLASS_2, CLASS_3, DOCUMENT_SIGNER, Credential, Pki, make_pki, name, pan_hash, write_folder
from tests.signing.trust.evidence import refused
from udgam.rules.binding import CertificateFacts, default_profiles_json
from udgam.signing.trust import (
    CertificateUnreadable,
    NotForSignIn,
    TrustStore,
    TrustStoreUnusable,
    check_usable_for_sign_in,
    fingerprint,
    read_certificate,
    read_certificates,
    read_facts,
)

IEC = "0305008111"


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki()


def found(leaf: Credential) -> list[tuple[str, str, str]]:
    return [(finding.value, finding.where, finding.evidence) for finding in read_facts(leaf.certificate).iec_findings]


def test_the_facts_of_an_indian_certificate(pki: Pki) -> None:
    subject = name(
        "Asha Kulkarni",
        O="Sahyadri Spices Private Limited",
        OU=["Exports", f"IEC {IEC}"],
        ST="Maharashtra",
        serialNumber=pan_hash("ABCPK1234D"),
        telephoneNumber="ab" * 32,
        postalCode="411001",
    )
    mail = (x509.SubjectAlternativeName([x509.RFC822Name("asha@example.org")]), False)
    leaf = pki.sub.leaf(subject, kind="RSA-2048", extra=[mail], serial=0xABCDEF)
    facts = read_facts(leaf.certificate)
    assert (facts.holder, facts.organisation, facts.is_personal) == (
        "Asha Kulkarni",
        "Sahyadri Spices Private Limited",
        False,
    )
    assert facts.organisational_units == ("Exports", f"IEC {IEC}")
    assert facts.serial_number_attr == pan_hash("ABCPK1234D")
    assert facts.policies == (CLASS_3, CLASS_2)
    assert facts.key_usage == {"digitalSignature", "nonRepudiation"}
    assert facts.extended_key_usage == {"1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"}
    assert (facts.public_key, facts.serial_number, facts.country, facts.state) == (
        "RSA-2048",
        "abcdef",
        "IN",
        "Maharashtra",
    )
    assert facts.email == "asha@example.org"
    assert facts.sha256 == fingerprint(leaf.certificate)
    assert "Fictional Sub CA for Class 3" in facts.issuer
    assert [(f.value, f.where, f.evidence) for f in facts.iec_findings] == [(IEC, "subject.OU", "marker")]
    assert CertificateFacts.from_json(json.loads(json.dumps(facts.to_json()))) == facts
    check_usable_for_sign_in(facts)


def test_an_iec_is_found_wherever_a_profile_looks(pki: Pki) -> None:
    other_name = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), core.UTF8String(f"IEC:{IEC}").dump())
    private = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("1.3.6.1.4.1.99999.2"), core.UTF8String(f"IEC {IEC}").dump()
    )
    nested = x509.UnrecognizedExtension(
        x509.ObjectIdentifier("1.3.6.1.4.1.99999.3"),
        core.SequenceOf([core.UTF8String(f"IEC {IEC}")], spec=core.UTF8String).dump(),
    )
    uri = x509.UniformResourceIdentifier(f"urn:example:IEC:{IEC}")
    directory = x509.DirectoryName(name(f"IEC {IEC}"))
    places = {
        "subject.title": pki.sub.leaf(name("Asha", title=f"Director IEC {IEC}")),
        "subject.pseudonym": pki.sub.leaf(name("Asha", pseudonym=f"IEC-{IEC}")),
        "san.otherName.1.3.6.1.4.1.99999.1": pki.sub.leaf(extra=[(x509.SubjectAlternativeName([other_name]), False)]),
        "san.uniformResourceIdentifier": pki.sub.leaf(extra=[(x509.SubjectAlternativeName([uri]), False)]),
        "san.directoryName": pki.sub.leaf(extra=[(x509.SubjectAlternativeName([directory]), False)]),
        "extension.1.3.6.1.4.1.99999.2": pki.sub.leaf(extra=[(private, False)]),
        "extension.1.3.6.1.4.1.99999.3": pki.sub.leaf(extra=[(nested, False)]),
    }
    for place, leaf in places.items():
        assert found(leaf) == [(IEC, place, "marker")], place


def test_ten_digits_alone_are_no_iec(pki: Pki) -> None:
    assert found(pki.sub.leaf(name("Asha", title=IEC, telephoneNumber=IEC, postalCode="411001"))) == []
    assert found(pki.sub.leaf(name("Asha", OU=IEC))) == [(IEC, "subject.OU", "claimed")]


def test_twin_and_document_signer_are_told_apart_and_kept_out(pki: Pki) -> None:
    twin = read_facts(pki.sub.leaf(usages=("keyEncipherment",)).certificate)
    assert (twin.is_encryption_twin, twin.is_document_signer) == (True, False)
    refused("certificate.encryption_twin", lambda: check_usable_for_sign_in(twin), NotForSignIn)
    machine = read_facts(pki.sub.leaf(policies=(CLASS_3, DOCUMENT_SIGNER)).certificate)
    assert (machine.is_encryption_twin, machine.is_document_signer) == (False, True)
    refused("certificate.document_signer", lambda: check_usable_for_sign_in(machine), NotForSignIn)
    mixed = read_facts(pki.sub.leaf(usages=("digitalSignature", "keyEncipherment")).certificate)
    assert not mixed.is_encryption_twin
    refused(
        "certificate.not_class_3",
        lambda: check_usable_for_sign_in(read_facts(pki.sub.leaf(policies=(CLASS_2,)).certificate)),
        NotForSignIn,
    )


def test_a_certificate_without_anything_optional_is_read(pki: Pki) -> None:
    bare = pki.sub.leaf(x509.Name([]), usages=None, purposes=None, policies=None, crl=False)
    facts = read_facts(bare.certificate)
    assert (facts.holder, facts.organisation, facts.email, facts.iec_findings) == ("", None, None, ())
    assert facts.key_usage == facts.extended_key_usage == frozenset()


def test_pem_and_der_are_read_alike(pki: Pki) -> None:
    pem = pki.leaf.certificate.public_bytes(Encoding.PEM)
    assert read_certificate(pem) == read_certificate(pki.leaf.der) == pki.leaf.certificate
    assert read_certificate(b"Bag Attributes\n  friendlyName: x\n" + pem) == pki.leaf.certificate
    bundle = pem + pki.sub.certificate.public_bytes(Encoding.PEM)
    assert read_certificates(bundle) == (pki.leaf.certificate, pki.sub.certificate)
    refused("certificate.unreadable", lambda: read_certificate(bundle), CertificateUnreadable)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"x",
        b"\x30\x82",
        b"\x00" * 100,
        b"\x30" * 80_000,
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ],
)
def test_what_is_no_certificate_is_unreadable(bad: bytes) -> None:
    refused("certificate.unreadable", lambda: read_certificate(bad), CertificateUnreadable)


def test_truncated_certificates_are_unreadable_at_every_length(pki: Pki) -> None:
    for length in range(0, len(pki.leaf.der), 7):
        refused(
            "certificate.unreadable",
            lambda length=length: read_certificate(pki.leaf.der[:length]),
            CertificateUnreadable,
        )


def test_any_changed_byte_is_read_or_refused_but_never_crashes(pki: Pki) -> None:
    for place in range(len(pki.leaf.der)):
        bent = pki.leaf.der[:place] + bytes((pki.leaf.der[place] ^ 0x15,)) + pki.leaf.der[place + 1 :]
        try:
            read_facts(read_certificate(bent))
        except CertificateUnreadable:
            continue


# The trust folder.


def test_a_trust_folder_is_loaded_whole(pki: Pki, tmp_path: Path) -> None:
    write_folder(tmp_path / "anchors", {"root.cer": pki.root.der, "notes.txt": b"by post, 3 November", ".hidden": b"x"})
    bundle = b"".join(link.certificate.public_bytes(Encoding.PEM) for link in (pki.ca, pki.sub, pki.sub))
    write_folder(tmp_path / "intermediates", {"authorities.pem": bundle})
    store = TrustStore.load(tmp_path)
    assert store.anchors == (pki.root.certificate,)
    assert store.intermediates == (pki.ca.certificate, pki.sub.certificate)
    built_in = len(store.profiles)
    (tmp_path / "profiles.json").write_bytes(default_profiles_json())
    assert len(TrustStore.load(tmp_path).profiles) == 2 * built_in


def test_an_anchor_without_a_known_suffix_is_still_an_anchor(pki: Pki, tmp_path: Path) -> None:
    write_folder(tmp_path / "anchors", {"root": pki.root.der})
    assert TrustStore.load(tmp_path).anchors == (pki.root.certificate,)


def test_an_unusable_trust_folder_says_why(pki: Pki, tmp_path: Path) -> None:
    refused("store.no_folder", lambda: TrustStore.load(tmp_path / "nowhere"), TrustStoreUnusable)
    write_folder(tmp_path / "empty" / "anchors", {"readme.txt": b"nothing yet"})
    refused("store.no_anchors", lambda: TrustStore.load(tmp_path / "empty"), TrustStoreUnusable)
    write_folder(tmp_path / "broken" / "anchors", {"root.der": pki.root.der, "other.pem": b"garbage"})
    refused("store.unreadable_file", lambda: TrustStore.load(tmp_path / "broken"), TrustStoreUnusable)
    write_folder(tmp_path / "profiles" / "anchors", {"root.der": pki.root.der})
    (tmp_path / "profiles" / "profiles.json").write_text("{}")
    refused("store.unreadable_profiles", lambda: TrustStore.load(tmp_path / "profiles"), TrustStoreUnusable)
