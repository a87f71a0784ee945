"""Fixtures of the agent's tests: a running agent, tokens in SoftHSM2, and a caller that plays browser and window."""

from __future__ import annotations

import http.client
import json
import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import making
import pytest
from browser_scene import browser, context, scene, stack, token  # noqa: F401 - fixtures
from tests.agent_process import RunningAgent, run_agent
from tests.softhsm_tokens import SoftHsm

PIN = making.PIN


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def state(self) -> dict[str, Any]:
        found = re.search(r'<script type="application/json" id="state">(.*?)</script>', self.text, re.DOTALL)
        assert found, self.text
        return dict(json.loads(found[1]))

    @property
    def code(self) -> str:
        return str(self.state["refusal"]["code"])


class Caller:
    """Sends what a browser would send, header by header, so that each can be left out or forged."""

    def __init__(self, agent: RunningAgent) -> None:
        self.agent = agent
        self.asked: list[dict[str, Any]] = []

    def send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str | None] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.agent.port, timeout=300)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        given: dict[str, str | None] = {"Host": f"127.0.0.1:{self.agent.port}", "Content-Length": str(len(body))}
        given.update(headers or {})
        for name, value in given.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        connection.close()
        return answer

    def ask(self, request: Any, *, origin: str | None = making.SITE, **headers: str | None) -> Answer:
        text = request if isinstance(request, str) else json.dumps(request)
        body = urllib.parse.urlencode({"request": text}).encode()
        usual: dict[str, str | None] = {"Content-Type": "application/x-www-form-urlencoded", "Origin": origin}
        usual.update({name.replace("_", "-"): value for name, value in headers.items()})
        answer = self.send("POST", "/v1/request", body, usual)
        if "conversation" in answer.state:
            self.asked.append(answer.state)
        return answer

    def end_all(self) -> None:
        """End what this test began, so that the next one finds an idle agent."""
        for state in self.asked:
            self.step(state, "end")

    def step(self, state: dict[str, Any], step: str, data: Any = None, **headers: str | None) -> Answer:
        usual: dict[str, str | None] = {
            "Content-Type": "application/json",
            "Origin": self.agent.url,
            "X-Udgam-Request": state["secret"],
        }
        usual.update({name.replace("_", "-"): value for name, value in headers.items()})
        body = json.dumps({} if data is None else data).encode()
        return self.send("POST", f"/v1/conversations/{state['conversation']}/{step}", body, usual)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with one software token, as the sandbox makes it."""
    folder = tmp_path / "files"
    folder.mkdir()
    made = making.certificate(making.rsa_key())
    (folder / "asha.p12").write_bytes(making.p12(making.rsa_key(), made, PIN))
    (folder / "asha.cer").write_bytes(making.der(made))
    return folder


@pytest.fixture
def hsm(tmp_path: Path) -> SoftHsm:
    return SoftHsm(tmp_path / "hsm")


@pytest.fixture
def rsa_token(hsm: SoftHsm) -> SoftHsm:
    hsm.import_key(making.rsa_key(), making.certificate(making.rsa_key()), label="Asha RSA", pin=PIN)
    return hsm


@pytest.fixture
def caller(rsa_token: SoftHsm) -> Iterator[Caller]:
    """An agent with an RSA token in SoftHSM2, which trusts the test's site."""
    with run_agent(modules=[rsa_token.module], environment=rsa_token.environment(), sites=[making.SITE]) as agent:
        yield Caller(agent)
