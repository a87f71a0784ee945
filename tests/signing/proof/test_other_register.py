"""A certificate of a register that is not pinned here: told as what it is, neither as ours, nor as changed, nor as nobody's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.signing.proof.attacks import ATTACKS
from tests.signing.proof.made import Made, check, failed, make
from tests.signing.register import ISSUER, Register
from tests.signing.sealing.office import LATER, NOW, Office, make_office
from udgam.signing.proof import Report, TrustFolder
from udgam.signing.proof.bundle import write_bundle
from udgam.signing.proof.code import read_code
from udgam.signing.proof.keys import PublicKey
from udgam.signing.proof.printed import report_lines
from udgam.signing.sealing.code import sign_code
from udgam.signing.sealing.proof_keys import SoftwareProofKey
from udgam.signing.sealing.register import did_document

ELSEWHERE = "did:web:elsewhere.example"


@pytest.fixture(scope="module")
def made(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(office, tmp_path_factory.mktemp("here"))


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Issued by other people with other roots, under another register."""
    return make(make_office(), tmp_path_factory.mktemp("there"), issuer=ELSEWHERE)


def sayings(report: Report) -> str:
    return " ".join([*map(str, report.warnings), *(str(one.detail) for one in report.checks)])


def test_it_holds_where_its_register_is_pinned(elsewhere: Made) -> None:
    for proof in (elsewhere.pdf, elsewhere.code, elsewhere.credential, elsewhere.partial):
        report = check(proof, elsewhere.trust())
        assert (report.valid, report.other_register) == (True, None), failed(report)


def test_a_file_is_well_signed_by_a_register_that_is_not_believed(made: Made, elsewhere: Made) -> None:
    report = check(elsewhere.pdf, made.trust())
    assert not report.valid
    assert report.integrity
    assert report.other_register == ELSEWHERE
    assert report.to_json()["other_register"] == ELSEWHERE
    said = sayings(report)
    assert "Both signatures hold over the whole file: by Meera Kulkarni" in said
    assert f"It names the register {ELSEWHERE}, which is not pinned here" in said
    assert "udgam-verify --trust FOLDER" in said
    assert report_lines(report, offline=True)[-1] == (
        f"No: this PDF is well signed, but of the register {ELSEWHERE}, which is not believed here."
    )


def test_its_link_to_its_own_site_is_no_fault(made: Made, tmp_path: Path) -> None:
    here = make(make_office(), tmp_path, issuer="did:web:here.example")
    report = check(made.pdf, here.trust(replace(here.register.listed(), site="https://here.example")))
    assert "file.structure" not in failed(report)
    assert (report.valid, report.integrity, report.other_register) == (False, True, ISSUER)


@pytest.mark.parametrize("proof", ["code", "credential", "partial"])
def test_of_a_code_or_credential_nobody_here_knows_whether_it_holds(made: Made, elsewhere: Made, proof: str) -> None:
    report = check(getattr(elsewhere, proof), made.trust())
    assert (report.valid, report.integrity, report.other_register) == (False, False, ELSEWHERE)
    assert "it cannot be said whether the signature holds" in sayings(report)
    assert "was changed" not in sayings(report)


@pytest.mark.parametrize("proof", ["code", "credential", "partial"])
def test_with_the_document_of_that_register_at_hand_the_signature_is_judged(
    made: Made, elsewhere: Made, proof: str
) -> None:
    document = did_document(elsewhere.register.listed(), at=NOW)
    trust = replace(made.trust(), did_documents={ELSEWHERE: document})
    report = check(getattr(elsewhere, proof), trust)
    assert (report.valid, report.integrity, report.other_register) == (False, True, ELSEWHERE)
    assert f"The key that the document of {ELSEWHERE} in the trust folder names signed exactly this." in sayings(report)
    claims = read_code(elsewhere.code).claims()
    forged = sign_code(claims, key=Pretender(elsewhere.register.office_key.public))
    report = check(forged, trust)
    assert (report.valid, report.integrity, report.other_register) == (False, False, None)
    assert "that key did not sign this" in sayings(report)


class Pretender:
    """A key of somebody else that signs under the id of an office's key."""

    def __init__(self, public: PublicKey) -> None:
        self.public, self._own = public, SoftwareProofKey.generate()

    def sign(self, data: bytes) -> bytes:
        return self._own.sign(data)


def test_a_bundle_says_the_same_of_all_its_parts(made: Made, elsewhere: Made) -> None:
    parts = {"certificate.pdf": elsewhere.pdf, "code.txt": elsewhere.code.encode()}
    report = check(write_bundle(parts | {"credential.jwt": elsewhere.credential.encode()}), made.trust())
    assert (report.valid, report.integrity, report.other_register) == (False, True, ELSEWHERE)
    assert "bundle.code" not in failed(report)


def test_without_any_register_at_hand_it_is_told_too(elsewhere: Made, tmp_path: Path) -> None:
    nobody = replace(elsewhere.trust(), register=None, issuers=())
    for proof in (elsewhere.pdf, elsewhere.code):
        assert check(proof, nobody).other_register == ELSEWHERE


CHANGED: dict[str, Callable[[Made], bytes]] = {
    "changed content": lambda one: one.pdf.replace(one.pdf[40_000:40_008], b"\0" * 8, 1),
    **{attack.name: (lambda one, attack=attack: attack.make(one.office, one.pdf)) for attack in ATTACKS[:9]},
}


@pytest.mark.parametrize("name", CHANGED)
def test_what_was_changed_is_never_told_as_well_signed(made: Made, elsewhere: Made, name: str) -> None:
    report = check(CHANGED[name](elsewhere), made.trust())
    assert (report.valid, report.integrity, report.other_register) == (False, False, None)


def test_a_stranger_under_the_name_of_this_register_is_no_other_register(made: Made) -> None:
    """The forger signs everything with keys of his own and names the register that is pinned."""
    stranger = make_office()
    pdf = stranger.issue(stranger.content(items=3), proofs=Register(stranger).proofs)
    report = check(pdf, made.trust())
    assert (report.valid, report.other_register) == (False, None)
    assert f"It names the register {ISSUER}, which is pinned here" in sayings(report)
    code = Register(stranger).code(made.certified)
    assert check(code, made.trust()).other_register is None


def test_a_key_of_this_register_that_names_another_is_no_other_register(made: Made) -> None:
    claims = replace(read_code(made.code).claims(), issuer=ELSEWHERE)
    report = check(sign_code(claims, key=made.register.office_key), made.trust())
    assert (failed(report), report.other_register) == (["code.power"], None)


def test_a_file_of_the_first_release_names_no_register(made: Made, office: Office) -> None:
    archive = Path(__file__).parents[2] / "archive" / "certificates" / "udgam.certificate-1"
    report = check((archive / "certificate.pdf").read_bytes(), made.trust(), at=LATER)
    assert (report.valid, report.other_register) == (False, None)
    assert TrustFolder.load(archive / "trust").register is None
