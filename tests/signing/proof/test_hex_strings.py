"""Hexadecimal strings are read as the library reads them: the same object, the same place afterwards, the same refusal."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils import generic

from udgam.signing.proof import hex_strings

CASES = [
    b"<>", b"<00>", b"<0aFf>rest", b"<48656C6C6F>", b"<FEFF0905>", b"<4>", b"<48 65\n6c>", b"<4865 >x", b"<48g5>", b"<48",
    b"<", b"<4865%6c>", b"<" + b"00" * 40_000 + b">/Next", b"<" + b"ab" * 200_000 + b">/Next", b"<\x004865>", b"<486\x00>",
]  # fmt: skip


def outcome(read: Any, data: bytes) -> tuple[Any, ...]:
    stream = BytesIO(b"before" + data)
    stream.seek(6)
    try:
        made = read(stream)
    except Exception as error:
        return type(error), str(error)
    return type(made), bytes(made) if isinstance(made, bytes) else str(made), stream.tell()


@pytest.mark.parametrize("data", CASES, ids=lambda data: repr(data[:14]))
def test_the_same_as_the_library(data: bytes) -> None:
    assert outcome(hex_strings.read_hex_string, data) == outcome(hex_strings._by_the_library, data)


def test_the_library_uses_it() -> None:
    assert generic.read_hex_string_from_stream is hex_strings.read_hex_string
