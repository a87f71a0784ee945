"""`make bench`: every figure beside its baseline, measured in the same run, one line each.

    python -m bench [--only NAME]... [--quick]

Nothing is written outside temporary folders.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import subprocess
import sys
import time
import warnings
from pathlib import Path

from udgam.rules.refusals import Refused

# Each module is loaded when its turn comes: the last one sets Django up, which the others do not know.
MODULES = {
    "token": "token_check",
    "origin": "origin_decision",
    "issue": "issuing",
    "check": "proof_check",
    "register": "register",
    # Each of these sets Django up in this process, which can be done once: they run as processes of their own.
    "cycle": "cycle",
    "desk": "desk",
    "verification": "verification_load",
    "crowd": "crowd",
}
_ALONE = ("cycle", "desk", "verification", "crowd")
# Only when it is named: it keeps both processors busy for minutes.
_ON_DEMAND = ("crowd",)
_ABOUT = {
    "token": "the check of a token at sign-in",
    "origin": "deciding the origin of goods",
    "issue": "issuing a certificate, by stage",
    "check": "checking a code, a credential and a file",
    "register": "the register's files, and signing anew",
    "cycle": "issuing by the services, with database and record of acts",
    "desk": "queue, case page, list and public look-up with ten thousand and a million applications (UDGAM_BENCH_ROWS)",
    "verification": "the public page of a certificate under load",
    "crowd": "a hundred people at once over HTTP (UDGAM_BENCH_CROWD); only when it is named",
}


def machine() -> list[str]:
    """What the figures were measured on."""
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    lines = [f"Machine: {_processor()}, {cpus} processors; {platform.system()} {platform.release()}"]
    lines.append(f"Python {platform.python_version()}; {time.strftime('%Y-%m-%d %H:%M %Z')}")
    if hasattr(os, "getloadavg"):
        lines.append(f"Load before the run: {os.getloadavg()[0]:.2f} (well below the number of processors is quiet)")
    return lines


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass  # not every system has this file; the name below says less
    return platform.processor() or platform.machine()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _in_own_process(name: str, *, quick: bool) -> bool:
    """Run one benchmark by itself and pass on what it measured, and what it could not; whether all of it was there."""
    command = [sys.executable, "-m", "bench", "--only", name, *(["--quick"] if quick else [])]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    for line in done.stdout.splitlines():
        if not line.startswith("#") or "could not be measured" in line:
            _say(line)
    return done.returncode == 0


def main() -> int:
    """Run the chosen benchmarks and print their figures."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, side by side with the baselines.")
    names = ", ".join(f"{name}: {about}" for name, about in _ABOUT.items())
    parser.add_argument("--only", action="append", choices=list(MODULES), metavar="NAME", help=names)
    parser.add_argument("--quick", action="store_true", help="once each, to see that all of it runs; no figure counts")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for line in machine():
        _say(f"# {line}")
    if options.quick:
        _say("# A quick run: everything is measured once, and no figure counts.")
    began, failed = time.monotonic(), False
    names = options.only or [name for name in MODULES if name not in _ON_DEMAND]
    for name in names:
        _say(f"# {_ABOUT[name]}")
        try:
            if name in _ALONE and len(names) > 1:
                failed |= not _in_own_process(name, quick=options.quick)
                continue
            for figure in importlib.import_module(f"bench.{MODULES[name]}").figures(quick=options.quick):
                _say(str(figure))
        except (RuntimeError, OSError, Refused) as error:
            # The others are worth having all the same; the exit status says that some are missing.
            _say(f"# {name} could not be measured: {error}")
            failed = True
    _say(f"# {time.monotonic() - began:.0f} seconds; values are medians, ratios say more than values")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
