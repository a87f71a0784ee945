"""`make run`: start the whole sandbox, say where it is and who is in it, and stop every part on Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import httpx

from udgam.sandbox.guard import refuse_outside_sandbox

HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(os.environ.get("PORT", "8000"))
# `UDGAM_SANDBOX_AGENT=off` leaves AGENT_PORT to an agent of one's own, for example one with a real token.
WITH_AGENT = os.environ.get("UDGAM_SANDBOX_AGENT", "on") != "off"
AGENT_PORT = int(os.environ.get("AGENT_PORT", "26511"))
LAST_PORT = 65535
VAR = Path(os.environ.get("UDGAM_VAR", Path(__file__).resolve().parents[3] / "var"))
FOLDER = VAR / "sandbox"
LOGS = VAR / "logs"
BIN = Path(sys.executable).parent


class Part:
    """One process of the sandbox, with its log file."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self.log = LOGS / f"{name}.log"
        self.process = subprocess.Popen(
            command,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        )

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)

    def wait(self) -> None:
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def say(text: str) -> None:
    print(text, flush=True)


def _require_free_ports() -> None:
    """Say which port is taken before anything starts, with what to do; also one that two parts of ours would want."""
    own = range(PORT, PORT + 6)
    if own[0] < 1 or own[-1] > LAST_PORT or not 1 <= AGENT_PORT <= LAST_PORT:
        sys.exit(f"PORT must lie between 1 and {LAST_PORT - 5}, and AGENT_PORT between 1 and {LAST_PORT}.")
    if AGENT_PORT in own:
        sys.exit(
            f"AGENT_PORT {AGENT_PORT} is one of the ports {own[0]} to {own[-1]}, which the site and its stand-ins take. "
            f"Choose another, for example: make run PORT={PORT} AGENT_PORT={_beyond(own)}"
        )
    taken = []
    for port in [*own, *([AGENT_PORT] if WITH_AGENT else [])]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST if port == PORT else "127.0.0.1", port))
            except OSError:
                taken.append(str(port))
    if taken:
        sys.exit(
            f"These ports are in use: {', '.join(taken)}. Stop what uses them, or choose others: make run PORT=9000\n"
            "(the site takes PORT and the five ports after it; the signing agent takes AGENT_PORT, normally 26511)"
        )


def _beyond(own: range) -> int:
    """A port for the agent that is none of the others."""
    return own[-1] + 1 if own[-1] < LAST_PORT else own[0] - 1


def _wait_for(address: str, part: Part, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if part.process.poll() is not None:
            break
        try:
            if httpx.get(address, timeout=2, trust_env=False).status_code < 500:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    tail = part.log.read_text(errors="replace")[-2000:]
    raise SystemExit(f"{part.name} did not start; the end of {part.log}:\n{tail}")


def _manage(environment: dict[str, str], *arguments: str) -> None:
    from udgam.web.manage import __file__ as manage

    log = LOGS / "prepare.log"
    with log.open("ab") as file:
        command = [sys.executable, str(manage), *arguments]
        result = subprocess.run(
            command, check=False, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
        )
    if result.returncode:
        raise SystemExit(f"{arguments[0]} failed; the end of {log}:\n{log.read_text(errors='replace')[-3000:]}")


def _environment() -> dict[str, str]:
    from udgam.web.embedded import running_url

    database = os.environ.get("DATABASE_URL") or running_url(VAR / "postgres")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "udgam.web.settings.sandbox"),
        "DATABASE_URL": database,
        "UDGAM_VAR": str(VAR),
        "HOST": HOST,
        "PORT": str(PORT),
        "UDGAM_AGENT_URL": f"http://127.0.0.1:{AGENT_PORT}",
        "PYTHONUNBUFFERED": "1",
    }


def _begin_agent(begin: Callable[..., Part]) -> Part:
    """The signing agent with the cast's software tokens, trusting this site alone."""
    options = [
        "--port",
        str(AGENT_PORT),
        "--sandbox-files",
        str(FOLDER / "tokens"),
        "--config",
        str(FOLDER / "agent.json"),
    ]
    sites = [word for host in (HOST, "localhost") for word in ("--site", f"http://{host}:{PORT}")]
    return begin("agent", str(BIN / "udgam-agent"), *options, *sites)


def start() -> list[Part]:
    """Start every part in order and return them; the web server answers when this returns."""
    LOGS.mkdir(parents=True, exist_ok=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Commands beside the sandbox read it: without it they would publish another address for the site.
    (FOLDER / "address.json").write_text(json.dumps({"host": HOST, "port": PORT}))
    say("» Starting the database")
    environment = _environment()
    python = [sys.executable, "-m"]
    parts: list[Part] = []

    def begin(name: str, *command: str) -> Part:
        part = Part(name, list(command), environment)
        parts.append(part)
        return part

    try:
        say("» Starting the sandbox's registry of exporters, certificate authority, mailbox and payment gateway")
        registry = begin(
            "registry", *python, "udgam.sandbox.registry", "--port", str(PORT + 1), "--folder", str(FOLDER)
        )
        authority = begin(
            "authority", *python, "udgam.sandbox.authority", "--port", str(PORT + 2), "--folder", str(FOLDER)
        )
        mailbox = begin("mailbox", *python, "udgam.sandbox.mailbox", "--port", str(PORT + 3), "--smtp-port", str(PORT + 4), "--folder", str(FOLDER))  # fmt: skip
        gateway = begin("gateway", *python, "udgam.sandbox.gateway", "--port", str(PORT + 5), "--folder", str(FOLDER))
        _wait_for(f"http://127.0.0.1:{PORT + 2}/", authority, 90)
        _wait_for(f"http://127.0.0.1:{PORT + 1}/", registry)
        _wait_for(f"http://127.0.0.1:{PORT + 3}/", mailbox)
        _wait_for(f"http://127.0.0.1:{PORT + 5}/", gateway)
        say("» Preparing the database")
        _manage(environment, "migrate", "--verbosity", "0")
        _manage(environment, "collectstatic", "--noinput", "--verbosity", "0")
        _manage(environment, "populate_sandbox")
        say("» Starting the site, its worker and the signing agent")
        begin("worker", *python, "udgam.web.manage", "work")
        agent = _begin_agent(begin) if WITH_AGENT else None
        site = begin("site", str(BIN / "granian"), "--interface", "wsgi", "--host", HOST, "--port", str(PORT), "--workers", "2",
                     "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "udgam.web.wsgi:application")  # fmt: skip
        if agent is not None:
            _wait_for(f"http://127.0.0.1:{AGENT_PORT}/", agent)
        _wait_for(f"http://{HOST}:{PORT}/readyz", site)
    except BaseException:
        stop(parts)
        raise
    return parts


def stop(parts: list[Part]) -> None:
    for part in reversed(parts):
        part.stop()
    for part in reversed(parts):
        part.wait()


def introduce() -> None:
    """Print the address and the cast."""
    from udgam.sandbox.cast import introduction
    from udgam.sandbox.cast.passwords import password_of, username_of

    say("")
    say(f"  Udgam runs at   http://{HOST}:{PORT}/")
    say(f"  Its mailbox     http://127.0.0.1:{PORT + 3}/      (what the platform sends by mail and text message)")
    if WITH_AGENT:
        say(f"  Signing agent   http://127.0.0.1:{AGENT_PORT}/     (software tokens of the cast; sandbox only)")
    say("")
    say(introduction())
    say("")
    say("  Officers and administrators have an account already and sign in with password and token at their own door:")
    for key, door in (
        ("officer", "officer"),
        ("second-officer", "officer"),
        ("agency-admin", "agency-administrator"),
        ("administrator", "administrator"),
    ):
        say(f"    {username_of(key):<18}{password_of(key):<24}http://{HOST}:{PORT}/{door}/")
    say("")
    say("  Stop with Ctrl-C. The data stays in var/ for the next run; `make clean` removes it.")


def main() -> None:
    refuse_outside_sandbox()
    _require_free_ports()
    parts = start()
    introduce()
    stopping = False

    def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGINT, ask_to_stop)
    signal.signal(signal.SIGTERM, ask_to_stop)
    try:
        while not stopping:
            time.sleep(0.5)
            ended = [part for part in parts if part.process.poll() is not None]
            if ended:
                say(f"» {ended[0].name} stopped by itself; see {ended[0].log}. Stopping the others.")
                break
    finally:
        say("» Stopping")
        stop(parts)


if __name__ == "__main__":
    main()
