"""The units that operators install: systemd itself reads them without a word of complaint."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.source import ROOT

UNITS = sorted((ROOT / "docs/operate/units").glob("*.service"))
HOME = "/srv/udgam/app"
# One line each that an operator could get wrong, to see that the reader would say so.
BROKEN = {
    "udgam-web.service": ("ProtectSystem=strict", "ProtectSystem=strickt"),
    "udgam-worker.service": ("TimeoutStopSec=75", "TimeoutStopSec=soon"),
    "udgam-database.service": ("[Install]", "[Instal]"),
}


def _complaints(unit: Path, folder: Path, change: tuple[str, str] = ("", "")) -> str:
    """What `systemd-analyze verify` says to a unit whose programs stand where this test has put them."""
    text = unit.read_text().replace(*change).replace(HOME, str(folder))
    programs = re.findall(rf"{re.escape(str(folder))}/\S*/bin/\S+", text)
    assert programs
    for program in programs:
        Path(program).parent.mkdir(parents=True, exist_ok=True)
        Path(program).write_text("#!/bin/sh\n")
        Path(program).chmod(0o755)
    (folder / unit.name).write_text(text)
    command = ["systemd-analyze", "verify", "--man=no", f"./{unit.name}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    lines = [line for line in (done.stdout + done.stderr).splitlines() if unit.name in line]
    return "\n".join(lines) or ("" if done.returncode == 0 else done.stderr)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_reads_the_unit(unit: Path, tmp_path: Path) -> None:
    assert _complaints(unit, tmp_path) == ""
    assert _complaints(unit, tmp_path, BROKEN[unit.name]) != ""


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_can_do_little_besides_its_work(unit: Path, tmp_path: Path) -> None:
    """By systemd's own measure, from 0 (nothing can be done) to 10; without a line that holds much back it is worse."""
    assert _exposure(unit, tmp_path) <= 2
    assert _exposure(unit, tmp_path, ("CapabilityBoundingSet=\n", "")) > 2


def _exposure(unit: Path, folder: Path, change: tuple[str, str] = ("", "")) -> float:
    (folder / unit.name).write_text(unit.read_text().replace(*change))
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(folder / unit.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stderr
    return float(found[1])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_leaves_the_means_of_the_others_alone(unit: Path) -> None:
    """All three run as one user: what the one removes at its end the others would miss."""
    assert not re.search(r"^(RemoveIPC|PrivateUsers)=yes", unit.read_text(), re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_what_a_unit_starts_is_there_after_set_up(unit: Path) -> None:
    """Each program of `.venv/bin` that a unit names is one that set-up installs, and each module can be started."""
    text = unit.read_text()
    for name in re.findall(rf"{HOME}/\.venv/bin/(\S+)", text):
        assert (ROOT / ".venv/bin" / name).exists(), name
    for module in re.findall(r"-m (\S+)", text):
        assert (ROOT / "src" / module.replace(".", "/")).with_suffix(".py").exists(), module
