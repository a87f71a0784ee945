"""The whole sandbox as processes of its own, with a real agent over real PKCS#11 tokens, for browser tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.x509 import load_der_x509_certificate

from tests.agent_process import RunningAgent, run_agent
from tests.architecture.source import ROOT
from tests.ports import neighbouring_ports
from tests.softhsm_tokens import SoftHsm
from udgam.sandbox.cast import TOKENS


@dataclass
class Site:
    """A running sandbox."""

    port: int
    folder: Path
    database_url: str
    agent: RunningAgent
    fingerprints: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def messages(self, to: str = "") -> list[dict[str, object]]:
        """What the mailbox received for an address or number, newest first."""
        address = f"http://127.0.0.1:{self.port + 3}/messages.json?to={urllib.request.quote(to)}"  # type: ignore[attr-defined]
        with urllib.request.urlopen(address, timeout=60) as answer:
            found: list[dict[str, object]] = json.load(answer)["messages"]
        return found

    def wait_for_message(self, to: str, containing: str, seconds: float = 120) -> str:
        """The text of the newest message to somebody that contains a word."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in self.messages(to):
                text = f"{message.get('subject', '')}\n{message['text']}"
                if containing in text:
                    return text
            time.sleep(0.2)
        raise AssertionError(f"no message to {to} containing {containing!r}; there are {self.messages()!r}")


@contextmanager
def running_site(folder: Path, tokens: list[str]) -> Iterator[Site]:
    """Start the sandbox in `folder`, and an agent that sees the named tokens of the cast through SoftHSM2."""
    with neighbouring_ports(7) as port:
        yield from _run(folder, tokens, port, agent_port=port + 6)


def _run(folder: Path, tokens: list[str], port: int, *, agent_port: int) -> Iterator[Site]:
    environment = {
        **{
            name: value for name, value in os.environ.items() if not name.startswith(("UDGAM_", "DJANGO_", "DATABASE_"))
        },
        "UDGAM_VAR": str(folder),
        "PORT": str(port),
        "AGENT_PORT": str(agent_port),
        "UDGAM_SANDBOX_AGENT": "off",
        # A busy machine opens windows slowly, and its registers answer late.
        "UDGAM_AGENT_WAIT_SECONDS": "120",
        "UDGAM_CONNECTOR_SECONDS": "60",
        "UDGAM_ASSETS": str(ROOT / "var" / "assets"),
    }
    output = folder / "run.log"
    with output.open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "udgam.sandbox.run"], env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT
        )
    try:
        deadline = time.monotonic() + 900
        while "Stop with Ctrl-C" not in output.read_text():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the sandbox did not start:\n{output.read_text()}")
            time.sleep(0.2)
        hsm = SoftHsm(folder / "softhsm")
        fingerprints = {}
        for name in tokens:
            hsm.import_p12(
                folder / "sandbox" / "tokens" / f"{name}.p12", TOKENS[name].pin, label=name, pin=TOKENS[name].pin
            )
            certificate = load_der_x509_certificate((folder / "sandbox" / "tokens" / f"{name}.cer").read_bytes())
            fingerprints[name] = certificate.fingerprint(hashes.SHA256()).hex()
        database = f"postgresql://postgres@/postgres?host={folder / 'postgres'}"
        with run_agent(
            modules=[hsm.module],
            environment=hsm.environment(),
            sites=[f"http://127.0.0.1:{port}"],
            port=agent_port,
            lang=None,
        ) as agent:
            yield Site(port, folder, database, agent, fingerprints)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
