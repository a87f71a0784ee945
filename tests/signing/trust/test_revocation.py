"""Revocation: not to know is to refuse, and every kind of bad evidence has its own reason."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ReasonFlags, UniformResourceIdentifier
from cryptography.x509.ocsp import OCSPCertStatus

from tests.signing.pki import DAY, NOW, Credential, Pki, key, make_pki, write_folder
from tests.signing.trust.evidence import Evidence, refused, store_of
from udgam.signing.trust import FolderRevocation, NoRevocation, TrustStore, TrustStoreUnusable, validate_path

REVOKED, GOOD, UNKNOWN = OCSPCertStatus.REVOKED, OCSPCertStatus.GOOD, OCSPCertStatus.UNKNOWN


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki()


def check(pki: Pki, source, leaf: Credential | None = None, **more):
    leaf = leaf or pki.leaf
    return validate_path(leaf.certificate, store=store_of(pki), revocation=source, at=more.pop("at", NOW), **more)


def with_sub_crl(pki: Pki, *crls: bytes) -> Evidence:
    """Good CRLs of root and CA, and these of the sub-authority."""
    return Evidence([pki.root.crl(), pki.ca.crl(), *crls])


def test_a_revoked_leaf_is_refused_with_date_and_cause(pki: Pki) -> None:
    crl = pki.sub.crl({pki.leaf.certificate.serial_number: ReasonFlags.key_compromise})
    refusal = refused("revocation.revoked", lambda: check(pki, with_sub_crl(pki, crl)))
    assert "2026-11-20" in refusal.message
    assert "keyCompromise" in refusal.message


@pytest.mark.parametrize("reason", [None, *(flag for flag in ReasonFlags if flag is not ReasonFlags.certificate_hold)])
def test_every_reason_counts(pki: Pki, reason: ReasonFlags | None) -> None:
    if reason is ReasonFlags.unspecified:
        reason = None
    crl = pki.sub.crl({pki.leaf.certificate.serial_number: reason})
    refused("revocation.revoked", lambda: check(pki, with_sub_crl(pki, crl)))


def test_a_suspended_leaf_counts_as_revoked_for_now(pki: Pki) -> None:
    crl = pki.sub.crl({pki.leaf.certificate.serial_number: ReasonFlags.certificate_hold})
    refused("revocation.on_hold", lambda: check(pki, with_sub_crl(pki, crl)))
    released = pki.sub.crl(number=2, this_update=NOW - timedelta(minutes=1))
    assert check(pki, with_sub_crl(pki, crl, released)), "the newest list decides"


def test_a_revoked_authority_is_refused(pki: Pki) -> None:
    crl = pki.root.crl({pki.ca.certificate.serial_number: ReasonFlags.ca_compromise})
    refusal = refused("revocation.revoked", lambda: check(pki, Evidence([crl, pki.ca.crl(), pki.sub.crl()])))
    assert "Fictional Licensed CA" in refusal.message


def test_an_empty_crl_is_an_answer(pki: Pki) -> None:
    assert len(x509.load_der_x509_crl(pki.sub.crl())) == 0
    assert check(pki, Evidence(pki.crls())).revocation[-1].kind == "crl"


def test_no_evidence_is_a_refusal(pki: Pki) -> None:
    refused("revocation.missing", lambda: check(pki, Evidence()))
    refused("revocation.missing", lambda: check(pki, Evidence([pki.root.crl(), pki.ca.crl()])))
    assert check(pki, NoRevocation()).revocation == ()


def test_a_leaf_that_names_no_place_is_refused_even_with_a_crl_at_hand(pki: Pki) -> None:
    leaf = pki.sub.leaf(crl=False)
    refused("revocation.no_place_named", lambda: check(pki, Evidence(pki.crls()), leaf))


def test_a_revoked_answer_counts_for_a_leaf_without_any_place(pki: Pki) -> None:
    leaf = pki.sub.leaf(crl=False)
    answer = pki.sub.ocsp(leaf.certificate, REVOKED)
    source = Evidence(pki.crls(), {leaf.certificate.serial_number: answer})
    refused("revocation.no_place_named", lambda: check(pki, source, leaf))


def test_an_authority_that_names_no_place_needs_a_crl_at_hand() -> None:
    pki = make_pki()
    pki.sub = pki.ca.authority("Silent Sub CA", crl=False)
    leaf = pki.sub.leaf()
    assert check(pki, Evidence(pki.crls()), leaf)
    refused("revocation.no_place_named", lambda: check(pki, Evidence([pki.root.crl(), pki.sub.crl()]), leaf))


def test_a_stale_crl_is_refused(pki: Pki) -> None:
    stale = pki.sub.crl(this_update=NOW - 9 * DAY, next_update=NOW - timedelta(seconds=1))
    refusal = refused("revocation.stale", lambda: check(pki, with_sub_crl(pki, stale)))
    assert "2026-11-22 11:59" in refusal.message


def test_a_crl_from_the_future_is_refused_beyond_the_clock_skew(pki: Pki) -> None:
    slightly = pki.sub.crl(this_update=NOW + timedelta(minutes=4))
    assert check(pki, with_sub_crl(pki, slightly))
    future = pki.sub.crl(this_update=NOW + timedelta(minutes=6))
    refused("revocation.not_yet_valid", lambda: check(pki, with_sub_crl(pki, future)))


def test_a_crl_signed_by_another_key_is_refused(pki: Pki) -> None:
    forged = pki.sub.crl(signing_key=key("P-256", "forger"))
    refused("revocation.not_authentic", lambda: check(pki, with_sub_crl(pki, forged)))


def test_a_crl_with_a_changed_byte_is_refused(pki: Pki) -> None:
    serial = pki.leaf.certificate.serial_number
    crl = pki.sub.crl({serial: None})
    marked = b"\x02\x02" + serial.to_bytes(2, "big")
    assert marked in crl
    changed = crl.replace(marked, b"\x02\x02" + (serial + 7777).to_bytes(2, "big"))
    refused("revocation.not_authentic", lambda: check(pki, with_sub_crl(pki, changed)))


def test_a_crl_of_an_authority_without_the_right_to_sign_crls_is_refused() -> None:
    pki = make_pki()
    pki.sub = pki.ca.authority("No CRL Sub CA", usages=("keyCertSign",))
    refused("revocation.not_authentic", lambda: check(pki, Evidence(pki.crls()), pki.sub.leaf()))


def test_garbage_beside_a_good_crl_does_no_harm_and_alone_is_no_evidence(pki: Pki) -> None:
    good = pki.sub.crl()
    assert check(pki, with_sub_crl(pki, b"garbage", good[:-5], good))
    refused("revocation.malformed", lambda: check(pki, with_sub_crl(pki, good[:-5])))


def test_the_crl_of_an_issuing_anchor_is_checked_with_the_anchors_key(pki: Pki) -> None:
    store = TrustStore([pki.sub.certificate])

    def check_with(crl: bytes):
        return validate_path(pki.leaf.certificate, store=store, revocation=Evidence([crl]), at=NOW)

    assert check_with(pki.sub.crl())
    refused("revocation.revoked", lambda: check_with(pki.sub.crl({pki.leaf.certificate.serial_number: None})))
    refused("revocation.not_authentic", lambda: check_with(pki.sub.crl(signing_key=key("P-256", "forger"))))


# What a CRL covers.


def idp(**changes) -> list[tuple[x509.ExtensionType, bool]]:
    values = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return [(x509.IssuingDistributionPoint(**values | changes), True)]


@pytest.mark.parametrize(
    "extra",
    [
        idp(only_contains_ca_certs=True),
        idp(only_contains_attribute_certs=True),
        idp(only_some_reasons=frozenset({ReasonFlags.key_compromise})),
        idp(indirect_crl=True),
        idp(full_name=[UniformResourceIdentifier("http://ca.example/other-shard.crl")]),
        [(x509.DeltaCRLIndicator(1), True)],
    ],
)
def test_a_crl_that_does_not_cover_the_leaf_proves_nothing(pki: Pki, extra) -> None:
    refused("revocation.out_of_scope", lambda: check(pki, with_sub_crl(pki, pki.sub.crl(extra=extra))))


@pytest.mark.parametrize(
    "extra",
    [
        idp(only_contains_user_certs=True),
        idp(full_name=[UniformResourceIdentifier("http://ca.example/fictional-sub-ca-for-class-3.crl")]),
    ],
)
def test_a_crl_whose_scope_holds_the_leaf_counts(pki: Pki, extra) -> None:
    assert check(pki, with_sub_crl(pki, pki.sub.crl(extra=extra)))


def test_unknown_critical_extensions_of_crl_and_entry_make_it_unusable(pki: Pki) -> None:
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    refused("revocation.malformed", lambda: check(pki, with_sub_crl(pki, pki.sub.crl(extra=[(unknown, True)]))))
    assert check(pki, with_sub_crl(pki, pki.sub.crl(extra=[(unknown, False)])))
    entry = pki.sub.crl({4711: None}, entry_extra=[(unknown, True)])
    refused("revocation.malformed", lambda: check(pki, with_sub_crl(pki, entry)))


# Judging a past moment with today's evidence.


def test_a_revocation_after_the_moment_asked_about_does_not_count(pki: Pki) -> None:
    crl = pki.sub.crl({pki.leaf.certificate.serial_number: None}, revoked_at=NOW - 2 * DAY)
    source = with_sub_crl(pki, crl)
    assert check(pki, source, at=NOW - 3 * DAY, evidence_at=NOW)
    refused("revocation.revoked", lambda: check(pki, source, at=NOW - 1 * DAY, evidence_at=NOW))


def test_the_invalidity_date_reaches_further_back_than_the_revocation(pki: Pki) -> None:
    earlier = x509.InvalidityDate((NOW - 10 * DAY).replace(tzinfo=None))
    crl = pki.sub.crl({pki.leaf.certificate.serial_number: None}, entry_extra=[(earlier, False)])
    refused("revocation.revoked", lambda: check(pki, with_sub_crl(pki, crl), at=NOW - 3 * DAY, evidence_at=NOW))


def test_a_crl_made_after_the_leaf_expired_says_nothing_about_it(pki: Pki) -> None:
    leaf = pki.sub.leaf(not_after=NOW - DAY)
    source = Evidence(pki.crls())
    refused("revocation.out_of_scope", lambda: check(pki, source, leaf, at=NOW - 2 * DAY, evidence_at=NOW))


# OCSP.


def ocsp_source(pki: Pki, answer: bytes, *, crl: bytes | None = None) -> Evidence:
    crls = [pki.root.crl(), pki.ca.crl()] + ([crl] if crl is not None else [])
    return Evidence(crls, {pki.leaf.certificate.serial_number: answer})


def test_a_good_answer_of_the_issuer_is_enough(pki: Pki) -> None:
    path = check(pki, ocsp_source(pki, pki.sub.ocsp(pki.leaf.certificate)))
    assert path.revocation[-1].kind == "ocsp"


def test_a_good_answer_of_a_delegated_responder_is_enough(pki: Pki) -> None:
    answer = pki.sub.ocsp(pki.leaf.certificate, responder=pki.sub.responder())
    assert check(pki, ocsp_source(pki, answer))


def test_a_responder_without_the_exemption_must_itself_be_unrevoked(pki: Pki) -> None:
    responder = pki.sub.responder(no_check=False)
    answer = pki.sub.ocsp(pki.leaf.certificate, responder=responder)
    refused("revocation.not_authentic", lambda: check(pki, ocsp_source(pki, answer)))
    assert check(pki, ocsp_source(pki, answer, crl=pki.sub.crl()))
    revoked = pki.sub.crl({responder.certificate.serial_number: None})
    # The list itself still says that the leaf is fine, so the answer is not needed.
    assert [item.kind for item in check(pki, ocsp_source(pki, answer, crl=revoked)).revocation][-1] == "crl"


@pytest.mark.parametrize(
    ("reason", "code"), [(ReasonFlags.key_compromise, "revoked"), (ReasonFlags.certificate_hold, "on_hold")]
)
def test_a_revoked_answer_refuses_even_beside_a_good_crl(pki: Pki, reason: ReasonFlags, code: str) -> None:
    answer = pki.sub.ocsp(pki.leaf.certificate, REVOKED, reason=reason)
    refused(f"revocation.{code}", lambda: check(pki, ocsp_source(pki, answer, crl=pki.sub.crl())))


def test_a_revoked_entry_refuses_even_beside_a_good_answer(pki: Pki) -> None:
    crl = pki.sub.crl({pki.leaf.certificate.serial_number: None})
    refused("revocation.revoked", lambda: check(pki, ocsp_source(pki, pki.sub.ocsp(pki.leaf.certificate), crl=crl)))


def test_an_unknown_certificate_is_refused_even_beside_a_good_crl(pki: Pki) -> None:
    answer = pki.sub.ocsp(pki.leaf.certificate, UNKNOWN)
    refused("revocation.unknown_certificate", lambda: check(pki, ocsp_source(pki, answer, crl=pki.sub.crl())))


def test_stale_answers_are_refused_and_so_are_undated_ones_that_are_old(pki: Pki) -> None:
    stale = pki.sub.ocsp(pki.leaf.certificate, this_update=NOW - DAY, next_update=NOW - timedelta(minutes=1))
    refused("revocation.stale", lambda: check(pki, ocsp_source(pki, stale)))
    undated = pki.sub.ocsp(pki.leaf.certificate, next_update=None)
    assert check(pki, ocsp_source(pki, undated))
    old = pki.sub.ocsp(pki.leaf.certificate, this_update=NOW - timedelta(minutes=16), next_update=None)
    refused("revocation.stale", lambda: check(pki, ocsp_source(pki, old)))


def test_answers_of_strangers_are_refused(pki: Pki) -> None:
    stranger = make_pki().ca.leaf(key_name="stranger")
    good = pki.sub.ocsp(pki.leaf.certificate)
    cases = {
        "changed after signing": good[:-1] + bytes((good[-1] ^ 1,)),
        "responder of another authority": pki.sub.ocsp(pki.leaf.certificate, responder=pki.ca.responder()),
        "certificate not for OCSP": pki.sub.ocsp(
            pki.leaf.certificate, responder=pki.sub.responder(purposes=["1.3.6.1.5.5.7.3.2"])
        ),
        "an ordinary subscriber": pki.sub.ocsp(pki.leaf.certificate, responder=stranger),
    }
    for answer in cases.values():
        refused("revocation.not_authentic", lambda answer=answer: check(pki, ocsp_source(pki, answer)))


def test_an_answer_about_another_certificate_proves_nothing(pki: Pki) -> None:
    other = pki.sub.leaf("Ravi Deshpande")
    refused("revocation.out_of_scope", lambda: check(pki, ocsp_source(pki, pki.sub.ocsp(other.certificate))))


def test_a_garbled_answer_proves_nothing_and_a_good_crl_still_does(pki: Pki) -> None:
    for garbage in (b"", b"\x30\x00", b"x" * 100_000, pki.sub.ocsp(pki.leaf.certificate)[:-9]):
        refused("revocation.malformed", lambda garbage=garbage: check(pki, ocsp_source(pki, garbage)))
        assert check(pki, ocsp_source(pki, garbage, crl=pki.sub.crl()))


def test_a_service_that_is_busy_says_nothing(pki: Pki) -> None:
    busy = x509.ocsp.OCSPResponseBuilder.build_unsuccessful(x509.ocsp.OCSPResponseStatus.TRY_LATER)
    refused("revocation.missing", lambda: check(pki, ocsp_source(pki, busy.public_bytes(Encoding.DER))))


# The folder.


def test_a_folder_holds_crls_in_both_forms_and_answers(pki: Pki, tmp_path: Path) -> None:
    ca_crl = x509.load_der_x509_crl(pki.ca.crl())
    folder = write_folder(
        tmp_path / "crls",
        {
            "root.crl": pki.root.crl(),
            "ca.pem": ca_crl.public_bytes(Encoding.PEM),
            "leaf.ocsp": pki.sub.ocsp(pki.leaf.certificate),
            "notes.txt": b"lists of November",
        },
    )
    path = check(pki, FolderRevocation(folder))
    assert [item.kind for item in path.revocation] == ["crl", "crl", "ocsp"]


def test_a_replaced_file_is_read_again(pki: Pki, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"root.crl": pki.root.crl(), "ca.crl": pki.ca.crl(), "sub.crl": pki.sub.crl()})
    source = FolderRevocation(folder)
    assert check(pki, source)
    first = source.crls_for(pki.leaf.certificate, pki.sub.certificate)[0]
    assert source.crls_for(pki.leaf.certificate, pki.sub.certificate)[0] is first
    (folder / "sub.crl").write_bytes(pki.sub.crl({pki.leaf.certificate.serial_number: None}, number=2))
    refused("revocation.revoked", lambda: check(pki, source))
    (folder / "sub.crl").unlink()
    refused("revocation.missing", lambda: check(pki, source))


def test_a_missing_folder_is_said_at_once(tmp_path: Path) -> None:
    refused("store.unreadable_revocation", lambda: FolderRevocation(tmp_path / "nowhere"), TrustStoreUnusable)
