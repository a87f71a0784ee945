"""`make run` says before it starts anything that two of its parts would want the same port."""

from __future__ import annotations

import socket

import pytest

from udgam.sandbox import run


def choose(monkeypatch: pytest.MonkeyPatch, port: int, agent: int, *, with_agent: bool = True) -> None:
    for name, value in {"HOST": "127.0.0.1", "PORT": port, "AGENT_PORT": agent, "WITH_AGENT": with_agent}.items():
        monkeypatch.setattr(run, name, value)


@pytest.mark.parametrize("with_agent", [True, False])
@pytest.mark.parametrize("further", range(6))
def test_the_agents_port_must_be_none_of_the_sites(
    monkeypatch: pytest.MonkeyPatch, further: int, with_agent: bool
) -> None:
    choose(monkeypatch, 9311, 9311 + further, with_agent=with_agent)
    with pytest.raises(SystemExit) as refused:
        run._require_free_ports()
    said = str(refused.value)
    assert f"AGENT_PORT {9311 + further} is one of the ports 9311 to 9316" in said
    assert "make run PORT=9311 AGENT_PORT=9317" in said


@pytest.mark.parametrize(("port", "agent"), [(0, 26511), (65531, 26511), (70000, 26511), (8000, 0), (8000, 65536)])
def test_a_port_that_no_machine_has_is_refused(monkeypatch: pytest.MonkeyPatch, port: int, agent: int) -> None:
    choose(monkeypatch, port, agent)
    with pytest.raises(SystemExit, match="PORT must lie between 1 and 65530"):
        run._require_free_ports()


def test_a_port_that_somebody_has_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        choose(monkeypatch, port, 64, with_agent=False)
        with pytest.raises(SystemExit, match=rf"in use:.*{port}"):
            run._require_free_ports()
