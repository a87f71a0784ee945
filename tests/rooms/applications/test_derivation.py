"""The derivation as a file: the bytes that the signed application names, a page to print, and what computes it again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.urls import reverse

from tests.rooms.applications.firm import Firm, text_of
from tests.rooms.applications.test_editions import put_in_force
from tests.rooms.applications.test_origin import claim, preferential
from tests.rooms.examination.test_origin import submitted
from udgam.flow.applications.models import Application
from udgam.rules.content import ApplicationContent, canonical_json, read_application
from udgam.web.cli import main

pytestmark = pytest.mark.django_db


def signed(firm: Firm) -> tuple[Application, ApplicationContent]:
    application = preferential(firm)
    assert claim(firm, application).status_code == 302
    assert "done" in firm.sign(application.public_id).json()
    application.refresh_from_db()
    return application, read_application(bytes(application.submissions.get().content))


def test_the_file_has_the_digest_that_was_signed(firm: Firm) -> None:
    application, content = signed(firm)
    assert "/signed/1/origin/1/" in text_of(firm.get("detail", application.public_id))
    answer = firm.get("derivation-file", application.public_id, 1, 1)
    digest = hashlib.sha256(answer.content).hexdigest()
    assert digest == content.claims[0].finding_sha256 == content.items[0].finding_sha256
    assert "attachment" in answer["Content-Disposition"]
    page = text_of(firm.get("derivation", application.public_id, 1, 1))
    assert digest in page
    assert "computing it again gives the same" in page
    assert "RVC [79.73]%+CTSH" in page
    assert '<details class="govuk-details" open>' in page
    firm.client.cookies["udgam_language"] = "hi"
    assert "उत्पत्ति की गणना, पंक्ति 1" in text_of(firm.get("derivation", application.public_id, 1, 1))


@pytest.mark.parametrize("edited", [False, True])
def test_anybody_computes_it_again_from_the_bundle(
    firm: Firm, tmp_path: Path, capsys: pytest.CaptureFixture[str], edited: bool
) -> None:
    if edited:
        put_in_force()
    application = preferential(firm)
    if edited:
        assert firm.upload(application.public_id, "test-report").status_code == 302
    assert claim(firm, application, text="RVC [81.00]%+CTSH" if edited else "", reason="Seen.").status_code == 302
    assert "done" in firm.sign(application.public_id).json()
    with zipfile.ZipFile(io.BytesIO(firm.get("derivation-bundle", application.public_id, 1, 1).content)) as bundle:
        assert bundle.namelist() == ["README.txt", "derivation.json", "case.json", "agreement.json"]
        bundle.extractall(tmp_path)
    kept = (tmp_path / "derivation.json").read_bytes()
    digest = hashlib.sha256(kept).hexdigest()
    assert digest in (tmp_path / "README.txt").read_text()
    assert json.loads(kept)["inputs_sha256"] == hashlib.sha256((tmp_path / "case.json").read_bytes()).hexdigest()
    command = ["origin", str(tmp_path / "case.json"), "--agreement-file", str(tmp_path / "agreement.json")]
    assert main([*command, "--json"]) == (1 if edited else 0)
    assert canonical_json(json.loads(capsys.readouterr().out)) == kept
    main(command)
    assert f"Derivation sha256 {digest}" in capsys.readouterr().out


def test_only_what_was_signed_and_computed_has_one(firm: Firm, stranger: Firm) -> None:
    application, _content = signed(firm)
    for version, line in ((2, 1), (1, 2), (0, 1), (1, 0)):
        for name in ("derivation", "derivation-file", "derivation-bundle"):
            assert firm.get(name, application.public_id, version, line).status_code == 404
    for name in ("derivation", "derivation-file", "derivation-bundle"):
        assert stranger.get(name, application.public_id, 1, 1).status_code == 404


def test_the_officer_downloads_it_from_the_case(firm: Firm) -> None:
    application, officer = submitted(firm)
    page = officer.get(reverse("examination:case", args=[application.public_id])).content.decode()
    address = reverse("examination:derivation", args=[application.public_id, 1, 1])
    assert address in page
    assert "RVC [79.73]%+CTSH" in officer.get(address).content.decode()
    answer = officer.get(reverse("examination:derivation-file", args=[application.public_id, 1, 1]))
    kept = application.submissions.get().findings.get()
    assert answer.content == bytes(kept.derivation)
    assert hashlib.sha256(answer.content).hexdigest() == kept.sha256
    bundle = officer.get(reverse("examination:derivation-bundle", args=[application.public_id, 1, 1]))
    assert bundle["Content-Type"] == "application/zip"
