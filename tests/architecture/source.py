"""Reading the project's own source for the architecture tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "udgam"
ROOMS = sorted(
    path.parent
    for parent in ("ground", "parties", "flow")
    for path in (PACKAGE / parent).glob("*/__init__.py")
    if path.parent.name != "pages"
)


@dataclass(frozen=True)
class Source:
    """One Python file of the project."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def text(self) -> str:
        return self.path.read_text()

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call with the dotted name it is written with."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield dotted(node.func), node

    def functions(self) -> Iterator[ast.FunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef):
                yield node


def dotted(node: ast.AST) -> str:
    """`a.b.c` for an attribute chain; what cannot be named becomes `?`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return "?"


def sources(folder: Path = PACKAGE, pattern: str = "**/*.py") -> list[Source]:
    """The project's files below a folder, migrations left out."""
    return [Source(path) for path in sorted(folder.glob(pattern)) if "migrations" not in path.parts]


def room_files(kind: str) -> list[Source]:
    """The files of one kind in all rooms: `views`, `services`… as a module or as a package."""
    found: list[Source] = []
    for room in ROOMS:
        found += sources(room, f"{kind}.py") + sources(room / kind)
    return found
