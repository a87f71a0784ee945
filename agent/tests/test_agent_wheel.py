"""The wheel the site serves: complete, described truly, and the same from the same sources."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "agent/src/udgam_agent"


def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_agent_wheel", ROOT / "tools/build_agent_wheel.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_wheel_holds_the_whole_program_and_starts_on_its_own(tmp_path: Path) -> None:
    wheel = tool().build(tmp_path / "out")
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if name.startswith("udgam_agent/")}
        archive.extractall(tmp_path / "installed")
    files = {
        f"udgam_agent/{path.relative_to(SOURCE)}"
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".js", ".css", ".html", ".svg", ".woff2", ".txt"}
    }
    assert inside == files
    # The window shows Hindi on a PC that has no such letters, and says under which licence they come.
    assert {"udgam_agent/pages/devanagari.woff2", "udgam_agent/pages/devanagari.LICENSE.txt"} <= inside
    code = "import sys; sys.path.insert(0, sys.argv[1]); import udgam_agent.cli as cli; print(cli.__file__); sys.exit(cli.main(['self-test', '--sandbox-files', '/nonexistent', '--config', '/nonexistent/c']))"
    command = [sys.executable, "-c", code, str(tmp_path / "installed")]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert str(tmp_path / "installed") in result.stdout
    assert "No token was found." in result.stdout


def test_the_digest_is_the_files_and_the_build_repeats(tmp_path: Path) -> None:
    build = tool().build
    first, second = build(tmp_path / "one"), build(tmp_path / "two")
    assert first.read_bytes() == second.read_bytes()
    manifest = json.loads((tmp_path / "one/manifest.json").read_text())
    assert manifest["sha256"] == hashlib.sha256(first.read_bytes()).hexdigest()
    assert manifest["size"] == first.stat().st_size
    assert (tmp_path / "one" / f"{first.name}.sha256").read_text() == f"{manifest['sha256']}  {first.name}\n"
