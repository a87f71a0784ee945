"""Paths to pinned anchors: one test for the rule, one certificate per way to break it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from tests.signing.pki import (
    ANY_POLICY,
    CLASS_2,
    CLASS_3,
    DAY,
    NOW,
    Authority,
    Credential,
    Pki,
    key,
    make_pki,
    make_root,
    name,
)
from tests.signing.trust.evidence import Evidence, refused, store_of
from udgam.signing.trust import NoRevocation, PathRefused, TrustStore, validate_path


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki()


def check(leaf: Credential, *authorities: Authority, anchors: list[Authority], policy: str | None = None, **more):
    store = TrustStore([anchor.certificate for anchor in anchors], [link.certificate for link in authorities])
    return validate_path(
        leaf.certificate, store=store, revocation=NoRevocation(), at=more.pop("at", NOW), policy=policy, **more
    )


@pytest.mark.parametrize("kind", ["P-256", "P-384", "P-521", "RSA-2048"])
def test_four_certificates_of_each_kind_of_key_are_believed(kind: str) -> None:
    pki = make_pki(kind=kind)
    path = validate_path(
        pki.leaf.certificate, store=store_of(pki), revocation=Evidence(pki.crls()), at=NOW, policy=CLASS_3
    )
    assert path.certificates == (
        pki.leaf.certificate,
        pki.sub.certificate,
        pki.ca.certificate,
        pki.root.certificate,
    )
    assert path.policies == {CLASS_2, CLASS_3}
    assert [item.kind for item in path.revocation] == ["crl", "crl", "crl"]
    assert path.revocation_checked


def test_an_issuing_authority_can_be_the_anchor(pki: Pki) -> None:
    path = validate_path(
        pki.leaf.certificate, store=TrustStore([pki.sub.certificate]), revocation=Evidence([pki.sub.crl()]), at=NOW
    )
    assert path.anchor == pki.sub.certificate


def test_intermediates_that_came_along_lead_to_the_anchor_but_are_not_believed_by_themselves(pki: Pki) -> None:
    came = [pki.ca.certificate, pki.sub.certificate]
    store = TrustStore([pki.root.certificate])
    path = validate_path(pki.leaf.certificate, store=store, revocation=NoRevocation(), at=NOW, intermediates=came)
    assert len(path.certificates) == 4
    stranger = make_root("Unknown Root")
    leaf = stranger.leaf()
    refused(
        "path.issuer_unknown",
        lambda: validate_path(
            leaf.certificate, store=store, revocation=NoRevocation(), at=NOW, intermediates=[stranger.certificate]
        ),
    )


def test_the_issuer_is_named_when_it_is_unknown(pki: Pki) -> None:
    refusal = refused("path.issuer_unknown", lambda: check(pki.leaf, anchors=[make_root("Other Root")]))
    assert "Fictional Sub CA for Class 3" in refusal.message
    assert "new authority" in refusal.advice


def test_a_namesake_of_the_issuer_with_another_key_is_a_bad_signature(pki: Pki) -> None:
    forged = make_root("Fictional Root 2026")
    forger_key = key("P-256", "forger")
    leaf = Credential(
        pki.sub.sign_certificate(name("Asha Kulkarni"), key().public_key(), signing_key=forger_key, extensions=[]),
        key(),
    )
    refused("path.bad_signature", lambda: check(leaf, pki.ca, pki.sub, anchors=[pki.root]))
    assert forged.certificate.subject == pki.root.certificate.subject


def test_of_two_authorities_of_one_name_the_one_with_the_right_key_is_found(pki: Pki) -> None:
    namesake = make_root("Namesake Root").authority("Fictional Sub CA for Class 3", kind="P-384")
    path = check(pki.leaf, namesake, pki.sub, pki.ca, anchors=[pki.root])
    assert path.certificates[1] == pki.sub.certificate


def test_the_reason_of_the_fitting_path_is_told_not_that_of_the_namesake(pki: Pki) -> None:
    namesake = make_root("Fictional Sub CA for Class 3", kind="P-384")
    leaf = pki.sub.leaf(not_after=NOW - DAY)
    refused("certificate.expired", lambda: check(leaf, pki.ca, pki.sub, anchors=[namesake, pki.root]))


def test_a_flipped_bit_in_the_signed_part_is_a_bad_signature(pki: Pki) -> None:
    changed = pki.leaf.der.replace(b"Asha Kulkarni", b"Asha Kulkarnj")
    leaf = Credential(x509.load_der_x509_certificate(changed), pki.leaf.key)
    refused("path.bad_signature", lambda: check(leaf, pki.ca, pki.sub, anchors=[pki.root]))


def test_dates_of_leaf_authority_and_anchor_all_count(pki: Pki) -> None:
    expired, early = (
        pki.sub.leaf(not_after=NOW - timedelta(seconds=1)),
        pki.sub.leaf(not_before=NOW + timedelta(seconds=1)),
    )
    refused("certificate.expired", lambda: check(expired, pki.ca, pki.sub, anchors=[pki.root]))
    refused("certificate.not_yet_valid", lambda: check(early, pki.ca, pki.sub, anchors=[pki.root]))
    old = pki.ca.authority("Old Sub CA", not_after=NOW - DAY)
    refused("path.issuer_expired", lambda: check(old.leaf(), pki.ca, old, anchors=[pki.root]))
    future = pki.ca.authority("Future Sub CA", not_before=NOW + DAY)
    refused("path.issuer_not_yet_valid", lambda: check(future.leaf(), pki.ca, future, anchors=[pki.root]))
    leaf = pki.root.leaf(not_after=NOW + 9000 * DAY)
    refused("path.issuer_expired", lambda: check(leaf, anchors=[pki.root], at=NOW + 5000 * DAY))


def test_the_moment_is_the_callers(pki: Pki) -> None:
    expired = pki.sub.leaf(not_after=NOW - DAY)
    assert check(expired, pki.ca, pki.sub, anchors=[pki.root], at=NOW - 2 * DAY).at == NOW - 2 * DAY
    with pytest.raises(ValueError, match="aware"):
        check(expired, anchors=[pki.root], at=NOW.replace(tzinfo=None))


def test_a_subscriber_cannot_issue(pki: Pki) -> None:
    fake = Authority(pki.leaf.certificate, pki.leaf.key, url="http://ca.example/leaf")
    refused("path.not_a_ca", lambda: check(fake.leaf("Mallory"), pki.ca, pki.sub, fake, anchors=[pki.ca]))
    plain = pki.ca.authority("Not An Authority", ca=False)
    refused("path.not_a_ca", lambda: check(plain.leaf(), pki.ca, plain, anchors=[pki.root]))


def test_an_authority_is_no_person(pki: Pki) -> None:
    refused("certificate.is_ca", lambda: check(pki.sub, pki.ca, anchors=[pki.root]))


def test_path_length_is_kept(pki: Pki) -> None:
    narrow = pki.root.authority("Narrow CA", path_length=0)
    below = narrow.authority("Too Deep CA")
    refused("path.too_long", lambda: check(below.leaf(), narrow, below, anchors=[pki.root]))
    narrow_root = make_root("Narrow Root", path_length=0)
    below = narrow_root.authority("CA Below Narrow Root")
    refused("path.too_long", lambda: check(below.leaf(), below, anchors=[narrow_root]))


def test_more_than_one_sub_authority_is_not_looked_for(pki: Pki) -> None:
    third = pki.ca.authority("Second Sub CA").authority("Third Sub CA")
    second = pki.ca.authority("Second Sub CA")
    refused("path.issuer_unknown", lambda: check(third.leaf(), pki.ca, second, third, anchors=[pki.root]))


def test_an_authority_without_the_right_to_sign_certificates_is_refused(pki: Pki) -> None:
    wrong = pki.ca.authority("CRL Only CA", usages=("cRLSign",))
    refused("path.ca_key_usage", lambda: check(wrong.leaf(), pki.ca, wrong, anchors=[pki.root]))


def test_an_unknown_critical_extension_is_refused_and_an_uncritical_one_is_not(pki: Pki) -> None:
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    fine = pki.sub.leaf(extra=[(unknown, False)])
    assert check(fine, pki.ca, pki.sub, anchors=[pki.root])
    critical = pki.sub.leaf(extra=[(unknown, True)])
    refused("path.unknown_critical_extension", lambda: check(critical, pki.ca, pki.sub, anchors=[pki.root]))
    above = pki.ca.authority("Strange CA", extra=[(unknown, True)])
    refused("path.unknown_critical_extension", lambda: check(above.leaf(), pki.ca, above, anchors=[pki.root]))


@pytest.mark.parametrize("kind", ["RSA-1024", "P-192"])
def test_weak_keys_are_refused(pki: Pki, kind: str) -> None:
    refused(
        "path.weak_key", lambda: check(pki.sub.leaf(kind=kind, key_name="weak"), pki.ca, pki.sub, anchors=[pki.root])
    )


def test_sha_1_is_refused() -> None:
    # The library no longer makes SHA-1 signatures, so the algorithm identifier is changed in the bytes; the check of the
    # algorithm comes before that of the signature.
    rsa_pki = make_pki(kind="RSA-2048")
    sha256_rsa, sha1_rsa = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    leaf = Credential(x509.load_der_x509_certificate(rsa_pki.leaf.der.replace(sha256_rsa, sha1_rsa)), rsa_pki.leaf.key)
    refused("path.weak_signature", lambda: check(leaf, rsa_pki.ca, rsa_pki.sub, anchors=[rsa_pki.root]))


def test_stronger_hashes_are_accepted(pki: Pki) -> None:
    assert check(pki.sub.leaf(hash_algorithm=hashes.SHA512()), pki.ca, pki.sub, anchors=[pki.root])


def test_the_encryption_twin_and_a_silent_key_usage_are_refused(pki: Pki) -> None:
    twin = pki.sub.leaf(usages=("keyEncipherment",))
    refusal = refused("certificate.key_usage", lambda: check(twin, pki.ca, pki.sub, anchors=[pki.root]))
    assert "keyEncipherment" in refusal.message
    silent = pki.sub.leaf(usages=None)
    refused("certificate.key_usage", lambda: check(silent, pki.ca, pki.sub, anchors=[pki.root]))


def test_an_anchor_vouches_for_others_not_for_itself(pki: Pki) -> None:
    refused("path.leaf_is_anchor", lambda: check(pki.leaf, anchors=[Authority(pki.leaf.certificate, pki.leaf.key)]))


# Policies.


def test_a_policy_is_required_only_when_named(pki: Pki) -> None:
    class_2_only = pki.sub.leaf(policies=(CLASS_2,))
    assert check(class_2_only, pki.ca, pki.sub, anchors=[pki.root])
    refused("path.policy_missing", lambda: check(class_2_only, pki.ca, pki.sub, anchors=[pki.root], policy=CLASS_3))


def test_a_policy_must_hold_for_the_whole_path(pki: Pki) -> None:
    other = pki.ca.authority("Class 2 Sub CA", policies=(CLASS_2,))
    refused("path.policy_missing", lambda: check(other.leaf(), pki.ca, other, anchors=[pki.root], policy=CLASS_3))
    silent = pki.ca.authority("Silent Sub CA", policies=None)
    refused("path.policy_missing", lambda: check(silent.leaf(), pki.ca, silent, anchors=[pki.root], policy=CLASS_3))


def test_any_policy_of_an_authority_lets_the_leafs_policy_through_unless_inhibited(pki: Pki) -> None:
    open_ca = pki.ca.authority("Open Sub CA", policies=(ANY_POLICY,))
    assert check(open_ca.leaf(), pki.ca, open_ca, anchors=[pki.root], policy=CLASS_3).policies == {CLASS_2, CLASS_3}
    strict = pki.root.authority("Strict CA", extra=[(x509.InhibitAnyPolicy(0), True)])
    below = strict.authority("Open Below Strict", policies=(ANY_POLICY,))
    refused("path.policy_missing", lambda: check(below.leaf(), strict, below, anchors=[pki.root], policy=CLASS_3))


def test_an_authority_may_demand_a_policy(pki: Pki) -> None:
    demanding = pki.root.authority("Demanding CA", extra=[(x509.PolicyConstraints(0, None), True)])
    leaf = demanding.leaf(policies=None)
    refused("path.policy_missing", lambda: check(leaf, demanding, anchors=[pki.root]))


def test_policy_mappings_are_refused(pki: Pki) -> None:
    mappings = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.33"), bytes.fromhex("3000"))
    mapping = pki.root.authority("Mapping CA", extra=[(mappings, False)])
    refused("path.unknown_critical_extension", lambda: check(mapping.leaf(), mapping, anchors=[pki.root]))


# Name constraints.


def constrained(
    pki: Pki, permitted: list[x509.GeneralName] | None, excluded: list[x509.GeneralName] | None
) -> Authority:
    return pki.root.authority(
        f"Constrained {permitted} {excluded}"[:60], extra=[(x509.NameConstraints(permitted, excluded), True)]
    )


def with_names(authority: Authority, *names: x509.GeneralName) -> Credential:
    return authority.leaf(extra=[(x509.SubjectAlternativeName(list(names)), False)] if names else [])


def test_names_inside_the_permitted_part_pass(pki: Pki) -> None:
    india = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "IN")])
    authority = constrained(
        pki, [x509.DirectoryName(india), x509.RFC822Name("example.org"), x509.DNSName("example.org")], None
    )
    leaf = with_names(authority, x509.RFC822Name("asha@example.org"), x509.DNSName("www.example.org"))
    assert check(leaf, authority, anchors=[pki.root])


@pytest.mark.parametrize(
    ("permitted", "excluded", "bearing"),
    [
        ([x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "NP")]))], None, []),
        (None, [x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "IN")]))], []),
        ([x509.RFC822Name("example.org")], None, [x509.RFC822Name("asha@other.example")]),
        ([x509.RFC822Name("example.org")], None, [x509.RFC822Name("asha@sub.example.org")]),
        (None, [x509.RFC822Name(".example.org")], [x509.RFC822Name("asha@sub.example.org")]),
        (None, [x509.DNSName("example.org")], [x509.DNSName("www.example.org")]),
        ([x509.DNSName("example.org")], None, [x509.DNSName("badexample.org")]),
        (
            None,
            [x509.RegisteredID(x509.ObjectIdentifier("1.2.3"))],
            [x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4"))],
        ),
    ],
)
def test_names_outside_are_refused(pki: Pki, permitted, excluded, bearing) -> None:
    authority = constrained(pki, permitted, excluded)
    refused("path.name_not_permitted", lambda: check(with_names(authority, *bearing), authority, anchors=[pki.root]))


# Certificates that are hard to read.


def test_a_telephone_number_of_the_wrong_string_type_is_a_refusal_not_a_crash(pki: Pki) -> None:
    # The library writes UTF8String, which X.520 does not allow here; other parsers raise a bare ValueError much later.
    phone = x509.NameAttribute(x509.ObjectIdentifier("2.5.4.20"), "ab" * 32)
    leaf = pki.sub.leaf(x509.Name([*name("Asha Kulkarni"), phone]))
    refused("certificate.malformed", lambda: check(leaf, pki.ca, pki.sub, anchors=[pki.root]))
    proper = pki.sub.leaf(name("Asha Kulkarni", telephoneNumber="ab" * 32))
    assert check(proper, pki.ca, pki.sub, anchors=[pki.root])


def test_a_doubled_extension_is_a_refusal_not_a_crash(pki: Pki) -> None:
    marker = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    other = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.6"), b"\x05\x00")
    leaf = pki.sub.leaf(extra=[(marker, False), (other, False)])
    doubled = leaf.der.replace(bytes.fromhex("06042a030406"), bytes.fromhex("06042a030405"))
    certificate = x509.load_der_x509_certificate(doubled)
    refused(
        "certificate.malformed", lambda: check(Credential(certificate, leaf.key), pki.ca, pki.sub, anchors=[pki.root])
    )


def test_a_mutual_cross_certification_ends(pki: Pki) -> None:
    one, two = pki.root.authority("Cross One"), pki.root.authority("Cross Two")
    one_by_two = Authority(
        two.sign_certificate(
            one.certificate.subject,
            one.key.public_key(),
            extensions=[(e.value, e.critical) for e in one.certificate.extensions],
        ),
        one.key,
    )
    two_by_one = Authority(
        one.sign_certificate(
            two.certificate.subject,
            two.key.public_key(),
            extensions=[(e.value, e.critical) for e in two.certificate.extensions],
        ),
        two.key,
    )
    with pytest.raises(PathRefused):
        check(one.leaf(), one_by_two, two_by_one, anchors=[make_root("Nobody's Root")])
