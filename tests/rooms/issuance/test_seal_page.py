"""The page on which an office names its own seal: tried by a signature, held to the operator's modules and folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.rooms.accounts.people import make_person, sign_in
from tests.rooms.applications.firm import Agency
from tests.softhsm_tokens import SoftHsm
from udgam.flow.issuance import seal_trial
from udgam.flow.issuance.seal_keys import open_seal_key
from udgam.ground.audit.queries import acts_of
from udgam.parties.agencies.models import Agency as AgencyRow
from udgam.parties.agencies.models import Office
from udgam.sandbox.authority import AuthorityHandle, load_seal

pytestmark = [pytest.mark.django_db, pytest.mark.softhsm]
PIN = "445566"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def stored(
    agency: Agency, ca: AuthorityHandle, settings: Settings, place: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """The office's seal in a key store, as an operator would have put it there; answers its address."""
    seal = load_seal(ca.authority.folder, "MUM")
    hsm = SoftHsm(place / "hsm")
    hsm.import_key(seal.key, seal.certificate, label="mumbai", pin=PIN)
    for name, value in hsm.environment().items():
        monkeypatch.setenv(name, value)
    proof = ec.generate_private_key(ec.SECP256R1())
    hsm.import_key(proof, None, label="mumbai", pin=PIN, key_id=b"\x02", new=False, object_label="proof")
    # A copy of the module is loaded afresh; the process keeps the settings of the first test in the module itself.
    module = Path(shutil.copy(hsm.module, place / "key-store.so"))
    (place / "pin").write_text(PIN)
    (place / "proof.pem").write_bytes(proof.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (place / "seal.pem").write_bytes(
        b"".join(one.public_bytes(Encoding.PEM) for one in (seal.certificate, *seal.chain))
    )
    settings.SEAL_FOLDER, settings.SEAL_MODULES, settings.SANDBOX = place, [str(module)], False
    return (
        f"pkcs11:token=mumbai;object=mumbai?module-path={module}"
        f"&pin-source=file:{place / 'pin'}&x-certificates={place / 'seal.pem'}"
        f"&x-proof-object=proof&x-proof-public={place / 'proof.pem'}"
    )


@pytest.fixture
def administrator() -> Client:
    client = Client()
    sign_in(client, make_person("administrator", username="root.one", name="Nandini Rao"), stepped_up=True)
    return client


def _page(office: Office) -> str:
    return reverse("issuance:seal", args=[office.id])


def _refused(client: Client, office: Office, address: str) -> str:
    before = Office.objects.get(id=office.id).seal_key
    answer = client.post(_page(office), {"address": address})
    assert answer.status_code == 409, answer.status_code
    assert Office.objects.get(id=office.id).seal_key == before
    page: str = answer.content.decode()
    assert PIN not in page.partition("<main")[2].partition("<form")[0]
    return page


def test_a_key_that_signs_its_trial_is_taken_and_recorded_without_its_address(
    administrator: Client, agency: Agency, stored: str
) -> None:
    office = agency.mumbai
    assert administrator.post(_page(office), {"address": stored}).status_code == 302
    assert Office.objects.get(id=office.id).seal_key == stored
    [act] = [one for one in acts_of(f"office:{office.code}") if one.act == "office.seal_named"]
    assert "pin" not in str(act.details)
    assert len(str(act.details["sha256"])) == 64
    page = administrator.get(_page(office)).content.decode()
    assert str(act.details["sha256"]) in page
    assert "already" in _refused(administrator, office, stored)
    [refusal] = [one for one in acts_of(f"office:{office.code}") if one.act == "office.seal_refused"]
    assert refusal.details == {"reason": "office.seal_unchanged"}
    assert administrator.post(_page(office), {"address": ""}).status_code == 302
    assert Office.objects.get(id=office.id).seal_key == ""


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("module-path=", "module-path=/tmp/evil.so&x="), "not allowed this module"),
        (("pin-source=file:", "pin-source=file:/etc/passwd&x="), "must stand in the folder"),
        (("x-certificates=", "x-certificates=/etc/hostname&x="), "must stand in the folder"),
        (("seal.pem", "../seal.pem"), "must stand in the folder"),
        # The same part twice: whichever is opened is the one that is looked at.
        (("module-path=", "module-path=/tmp/evil.so&module-path="), "not allowed this module"),
        (("pin-source=file:", "pin-source=file:/etc/passwd&pin-source=file:"), "must stand in the folder"),
        (("x-certificates=", "x-certificates=/etc/hostname&x-certificates="), "must stand in the folder"),
        (("&pin-source", "&pin-value=445566&pin-source"), "holds the PIN itself"),
        (("object=mumbai", "object=pune"), "holds no key"),
        (("x-proof-object=", "x="), "no key for codes and credentials"),
        (("x-proof-public=", "x-proof-public=/etc/hostname&x="), "must stand in the folder"),
        (("pkcs11:", "https:"), "not the address of a key"),
        (("pkcs11:", "file:/etc/udgam/seal.p12?"), "not the address of a key"),
    ],
)
def test_an_address_that_leads_elsewhere_is_refused_and_changes_nothing(
    administrator: Client, agency: Agency, stored: str, change: tuple[str, str], says: str
) -> None:
    assert says in _refused(administrator, agency.mumbai, stored.replace(*change))


def test_a_seal_of_another_body_is_refused(administrator: Client, agency: Agency, stored: str) -> None:
    AgencyRow.objects.filter(id=agency.mumbai.agency_id).update(registered_name="Nilgiri Trade Chamber")
    assert "names the organisation" in _refused(administrator, agency.mumbai, stored)


def test_a_certificate_that_is_not_the_keys_is_refused(
    administrator: Client, agency: Agency, stored: str, ca: AuthorityHandle, place: Path
) -> None:
    other = load_seal(ca.authority.folder, "PUN")
    (place / "seal.pem").write_bytes(other.certificate.public_bytes(Encoding.PEM))
    assert "does not belong to the certificate" in _refused(administrator, agency.mumbai, stored)


def test_the_page_is_for_administrators_who_have_just_shown_the_token(agency: Agency, stored: str) -> None:
    plain = Client()
    sign_in(plain, make_person("administrator", username="root.two"))
    assert plain.post(_page(agency.mumbai), {"address": stored}).headers["Location"].startswith("/account/confirm/")
    assert Office.objects.get(id=agency.mumbai.id).seal_key != stored
    officer = Client()
    sign_in(officer, agency.officer, stepped_up=True)
    assert officer.get(_page(agency.mumbai)).status_code == 404


def test_a_wrong_pin_is_tried_once_and_then_by_nobody(
    administrator: Client, agency: Agency, stored: str, place: Path
) -> None:
    """Else three tries from a page would lock the token with which every office seals."""
    (place / "wrong").write_text("000000")
    (place / "wrong-too").write_text("111111")
    wrong = stored.replace("/pin&", "/wrong&")
    assert "refused the PIN" in _refused(administrator, agency.mumbai, wrong)
    assert "refused the PIN" in _refused(administrator, agency.mumbai, wrong)
    # The token itself says that a wrong PIN was given; nobody's other guess reaches it.
    said = _refused(administrator, agency.pune, stored.replace("/pin&", "/wrong-too&"))
    assert "is not tried now" in said
    assert "log in to the token once" in said.lower()
    # The platform's own work, which nobody typed, still opens it, and that sets the count back.
    open_seal_key(stored)
    assert administrator.post(_page(agency.mumbai), {"address": stored}).status_code == 302
    reasons = [one.details["reason"] for one in acts_of(f"office:{agency.mumbai.code}") if "reason" in one.details]
    assert reasons == ["seal_key.pin_wrong", "seal_key.pin_wrong"]
    assert "000000" not in str([one.details for one in acts_of(f"office:{agency.mumbai.code}")])


def test_trials_are_counted_for_the_person_and_for_the_token(
    administrator: Client, agency: Agency, stored: str
) -> None:
    for number in range(seal_trial.TRIALS.times):
        assert "holds no key" in _refused(
            administrator, agency.mumbai, stored.replace("object=mumbai", f"object=no{number}")
        )
    assert "Too many keys were tried" in _refused(administrator, agency.mumbai, stored)
    somebody = Client()
    sign_in(somebody, make_person("administrator", username="root.three"), stepped_up=True)
    assert "Too many keys were tried" in _refused(somebody, agency.mumbai, stored)
