"""Build the signing agent's wheel into the folder `agent` of UDGAM_DOWNLOADS (`var` in the checkout), with its SHA-256, for the site to serve. No network is needed.

Usage: python tools/build_agent_wheel.py

Writes udgam_agent-<version>-py3-none-any.whl, the same name with .sha256 ("<hex>  <name>"), and manifest.json with name,
version, sha256 and size. The wheel is the same byte for byte whenever the sources are: the clock is taken out of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AGENT = ROOT / "agent"
DOWNLOADS = Path(os.environ.get("UDGAM_DOWNLOADS", ROOT / "var"))
PLACE = DOWNLOADS / "agent"
# 1 January 2026: a wheel is a zip file, and a zip file holds times.
SOURCE_DATE = "1767225600"


def build(place: Path = PLACE, project: Path = AGENT) -> Path:
    """Build the wheel of ``project`` and what describes it; older wheels are removed. Returns the wheel's path."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": SOURCE_DATE}
        result = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
        if result.returncode:
            sys.exit(f"The wheel of {project.name} could not be built:\n{result.stdout}{result.stderr}")
        [made] = Path(folder).glob("*.whl")
        place.mkdir(parents=True, exist_ok=True)
        for old in [*place.glob("*.whl"), *place.glob("*.sha256")]:
            old.unlink()
        wheel = Path(shutil.copy(made, place / made.name))
    data = wheel.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    wheel.with_name(wheel.name + ".sha256").write_text(f"{digest}  {wheel.name}\n")
    manifest = {"name": wheel.name, "version": wheel.name.split("-")[1], "sha256": digest, "size": len(data)}
    (place / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    return wheel


if __name__ == "__main__":
    print(f"» The agent's wheel: {build()}")
