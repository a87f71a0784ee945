"""Build the wheel of udgam-verify into the folder `verify` of UDGAM_DOWNLOADS (`var` in the checkout), with its SHA-256, for the site to serve. No network is needed.

Usage: python tools/build_verify_wheel.py
"""

from __future__ import annotations

from pathlib import Path

from build_agent_wheel import DOWNLOADS, ROOT, build

PROJECT, PLACE = ROOT / "verify", DOWNLOADS / "verify"


def build_checker(place: Path = PLACE) -> Path:
    """Build the wheel and what describes it; the same sources give the same bytes."""
    return build(place, PROJECT)


if __name__ == "__main__":
    print(f"» The wheel of udgam-verify: {build_checker()}")
