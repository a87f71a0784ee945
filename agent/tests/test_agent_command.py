"""The command line: starting, the self-test in plain words, the list of sites."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import making
import pytest
from tests.agent_process import run_agent
from tests.softhsm_tokens import SoftHsm

from conftest import PIN


def agent(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "udgam_agent", *arguments],
        capture_output=True, text=True, check=False, timeout=300, env={**os.environ, **(environment or {})},
    )  # fmt: skip


@pytest.mark.softhsm
def test_self_test_names_the_certificate_that_can_sign(rsa_token: SoftHsm) -> None:
    result = agent("self-test", "--module", rsa_token.module, environment=rsa_token.environment())
    assert result.returncode == 0, result.stderr
    for words in (
        "Asha RSA",
        "Asha Deshmukh",
        "Konkan Cashew Exports",
        "Fictional CA 2026",
        "RSA-2048",
        "This certificate can sign.",
    ):
        assert words in result.stdout


@pytest.mark.softhsm
def test_self_test_says_what_is_wrong_in_the_language_asked_for(hsm: SoftHsm) -> None:
    twin = making.certificate(making.rsa_key(), usage=("key_encipherment",))
    hsm.import_key(making.rsa_key(), twin, label="Twin", pin=PIN)
    result = agent("self-test", "--module", hsm.module, environment=hsm.environment())
    assert result.returncode == 1
    assert "only an encryption certificate" in result.stdout
    assert "agent.only-encryption" in result.stdout
    hindi = agent("self-test", "--lang", "hi", "--module", hsm.module, environment=hsm.environment())
    assert "एन्क्रिप्शन" in hindi.stdout


@pytest.mark.softhsm
def test_self_test_as_json(rsa_token: SoftHsm) -> None:
    environment = {**rsa_token.environment(), "UDGAM_AGENT_MODULE": rsa_token.module}
    result = agent("self-test", "--json", environment=environment)
    found = json.loads(result.stdout)
    assert found["usable"] is True
    assert found["certificates"][0]["pin"] == {
        "low": False, "last_try": False, "locked": False, "keypad": False, "not_set": False, "must_change": False,
    }  # fmt: skip


def test_self_test_without_any_token(tmp_path: Path) -> None:
    result = agent("self-test", "--sandbox-files", str(tmp_path / "missing"))
    assert result.returncode == 1
    assert "No token was found." in result.stdout
    assert "agent.folder-missing" in result.stdout


def test_sites_are_added_listed_and_forgotten(tmp_path: Path) -> None:
    config = str(tmp_path / "config.json")
    assert agent("sites", "add", "https://coo.example.org", "--config", config).returncode == 0
    assert agent("sites", "list", "--config", config).stdout == "https://coo.example.org\n"
    assert agent("sites", "forget", "https://coo.example.org", "--config", config).returncode == 0
    assert agent("sites", "--config", config).stdout == ""


@pytest.mark.parametrize("site", ["http://coo.example.org", "null", "https://coo.example.org/path"])
def test_a_site_that_may_not_ask_is_not_stored(tmp_path: Path, site: str) -> None:
    config = tmp_path / "config.json"
    result = agent("sites", "add", site, "--config", str(config))
    assert result.returncode == 2
    assert result.stderr.strip()
    assert not config.exists()
    assert agent("--site", site, "--port", "0", "--config", str(config)).returncode == 2


@pytest.mark.parametrize("text", ["{", "[]", '{"sites": "all"}', '{"sites": ["http://evil.example"]}'])
def test_unreadable_settings_are_named_and_kept(tmp_path: Path, text: str) -> None:
    config = tmp_path / "config.json"
    config.write_text(text)
    result = agent("--port", "0", "--config", str(config))
    assert result.returncode == 2
    assert "config.json" in result.stderr
    assert "Traceback" not in result.stderr
    assert config.read_text() == text


def test_a_taken_port_is_explained(files: Path) -> None:
    with run_agent(sandbox_files=files) as running:
        result = agent("--port", str(running.port), "--sandbox-files", str(files))
        assert result.returncode == 2
        assert "taken" in result.stderr
        assert f"127.0.0.1:{running.port}" in result.stderr
