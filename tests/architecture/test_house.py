"""The house stands as docs say: who may know whom, and what a line of code in each kind of file may touch."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT, Source, dotted, room_files, sources

FORBIDDEN_MODULE_NAMES = {"utils", "helpers", "common", "misc", "core", "base", "managers"}


def _violations(files: list[Source], pattern: str) -> list[str]:
    expression = re.compile(pattern)
    return [f"{file.name}: {name}" for file in files for name, _call in file.calls() if expression.search(name)]


def test_imports_keep_the_direction_of_the_house() -> None:
    result = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-4000:]


def test_modules_have_names_that_say_what_they_hold() -> None:
    named = [
        file.name
        for file in sources()
        if file.path.stem in FORBIDDEN_MODULE_NAMES or file.path.parent.name in FORBIDDEN_MODULE_NAMES
    ]
    assert named == []


def test_no_file_has_outgrown_its_room() -> None:
    files = sources() + sources(ROOT / "agent" / "src")
    assert [
        f"{file.name}: {len(file.text.splitlines())} lines" for file in files if len(file.text.splitlines()) > 400
    ] == []


def test_views_ask_queries_and_call_services_but_touch_no_rows() -> None:
    assert _violations(room_files("views") + room_files("api"), r"\.objects\.|\.save$|\.delete$|transaction\.") == []


def test_services_do_not_know_requests_and_do_not_read_the_clock() -> None:
    files = room_files("services")
    clock = _violations(files, r"^(timezone|datetime|date|django\.utils\.timezone)\.(now|today|utcnow)$|^time\.time$")
    requests = [
        f"{file.name}: {function.name}"
        for file in files
        for function in file.functions()
        if any(arg.arg == "request" for arg in function.args.args)
    ]
    assert clock + requests == []


def test_services_name_every_argument() -> None:
    positional = [
        f"{file.name}: {function.name}"
        for file in room_files("services")
        for function in file.tree.body
        if isinstance(function, ast.FunctionDef) and not function.name.startswith("_") and function.args.args
        and not any(dotted(decorator).endswith(("wraps", "contextmanager")) for decorator in function.decorator_list)
    ]  # fmt: skip
    assert positional == []


def test_models_have_no_verbs() -> None:
    offenders = [
        f"{file.name}: {function.name}"
        for file in room_files("models")
        for function in file.functions()
        if function.name in {"save", "delete", "clean", "full_clean"}
    ]
    signals = [
        file.name for file in sources() if "django.db.models.signals" in file.text or "django.dispatch" in file.text
    ]
    assert offenders + signals == []


def test_queries_write_nothing() -> None:
    writes = r"\.(create|update|delete|bulk_create|bulk_update|get_or_create|update_or_create|save)$"
    assert [
        line for line in _violations(room_files("queries"), writes) if "objects" in line or line.endswith("save")
    ] == []


def test_forms_decide_and_write_nothing() -> None:
    assert _violations(room_files("forms"), r"\.objects\.|\.save$|transaction\.") == []


def test_nothing_is_caught_blindly() -> None:
    blind = [
        f"{file.name}:{node.lineno}"
        for file in sources() + sources(ROOT / "agent" / "src")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ]
    assert blind == []


def test_rules_touch_neither_clock_nor_chance_nor_log() -> None:
    assert (
        _violations(
            sources(PACKAGE / "rules"),
            r"^(datetime|date)\.(now|today|utcnow)$|^time\.|^random\.|^secrets\.|^logging\.|^open$",
        )
        == []
    )


def test_only_connectors_open_connections() -> None:
    pattern = re.compile(r"^\s*(import|from) (httpx|requests|smtplib|socket|urllib\.request|aiohttp)\b", re.MULTILINE)
    allowed = (PACKAGE / "ground" / "connectors", PACKAGE / "sandbox")
    assert [
        file.name
        for file in sources()
        if pattern.search(file.text) and not any(file.path.is_relative_to(place) for place in allowed)
    ] == []


@pytest.mark.parametrize("kind", ["services", "queries", "policies"])
def test_public_functions_of_a_room_say_what_they_promise(kind: str) -> None:
    silent = [
        f"{file.name}: {node.name}"
        for file in room_files(kind)
        for node in file.tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]
    assert silent == []


def test_rooms_take_an_agreements_data_from_the_operators_editions() -> None:
    """Only the room of agreements reads the built-in files: everybody else would miss what an operator has put in force."""
    faults = [
        f"{source.name} reads built-in agreements"
        for room in ("ground", "parties", "flow")
        for source in sources(PACKAGE / room)
        if re.search(r"\bload_(agreement|complete)\b", source.text) and "ground/agreements/" not in source.name
    ]
    assert faults == []
