"""The stages can only be walked in order, and only by the signatory whom the content names."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.signing import pki
from tests.signing.sealing import samples
from tests.signing.sealing.office import NOW, Office
from udgam.rules.content import ContentRefused
from udgam.signing.sealing.stages import Content, Draft, StageRefused, certify, freeze, prepare, thaw
from udgam.signing.trust import NoRevocation, PathRefused
from udgam.signing.trust.detached import DetachedRefused, sign


def test_frozen_content_is_taken_up_again_from_its_bytes() -> None:
    content = freeze(Draft(samples.content(items=2)))
    assert thaw(content.canonical, digest=content.digest) == content


def test_stored_content_that_was_changed_is_refused() -> None:
    content = freeze(Draft(samples.content()))
    with pytest.raises(StageRefused) as refusal:
        thaw(content.canonical.replace(b"Saigon", b"Hanoi_"), digest=content.digest)
    assert refusal.value.code == "sealing.changed"
    with pytest.raises(ContentRefused):
        thaw(content.canonical + b" ", digest=content.digest)


def test_content_that_breaks_a_rule_is_not_prepared() -> None:
    broken = replace(samples.content(), title="CERTIFICATE OF ORIGIN")
    with pytest.raises(StageRefused) as refusal:
        prepare(freeze(Draft(broken)))
    assert refusal.value.code == "sealing.lint"
    assert any(one.lint == "title_has_required_words" for one in refusal.value.findings)


def test_the_named_officer_certifies(office: Office) -> None:
    certified = office.certified(office.content())
    assert certified.signature.certificate == office.officer.certificate
    assert certified.content.digest == freeze(Draft(office.content())).digest


def test_another_officer_cannot_certify(office: Office) -> None:
    colleague = office.below.leaf(pki.name("Anil Shinde", O="Sahyadri Export Council"), key_name="colleague")
    with pytest.raises(StageRefused) as refusal:
        office.certified(office.content(), signer=colleague)
    assert refusal.value.code == "sealing.other_signatory"


def test_a_stranger_cannot_certify(office: Office) -> None:
    stranger = pki.make_root("Nobody's Root").leaf("Meera Kulkarni", key_name="stranger")
    with pytest.raises(PathRefused):
        office.certified(office.content(), signer=stranger)


def test_a_signature_of_other_content_does_not_certify(office: Office) -> None:
    prepared = prepare(freeze(Draft(office.content())))
    other = freeze(Draft(office.content(items=2)))
    cms = sign(other.canonical, key=office.officer.key, certificate=office.officer.certificate, signing_time=NOW)
    with pytest.raises(DetachedRefused):
        certify(prepared, cms=cms, store=office.store, revocation=NoRevocation(), at=NOW)


def test_no_stage_can_be_left_out() -> None:
    content = freeze(Draft(samples.content()))
    assert isinstance(content, Content)
    with pytest.raises(AttributeError):
        certify(content, cms=b"", store=None, revocation=NoRevocation(), at=NOW)  # type: ignore[arg-type]
