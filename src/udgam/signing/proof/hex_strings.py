"""Hexadecimal strings of a PDF, read whole.

A signature stands in its file as tens of thousands of digits, and the library takes one after the other: a quarter of the work of
checking a certificate. Digits without anything between them are read at once here; everything else is left to the library, which
decides and refuses as before.
"""

from __future__ import annotations

import binascii
import re
from typing import Any

from pyhanko.pdf_utils import generic

# The longest signature of ours with its padding is a third of that.
_AT_ONCE = 256 * 1024
_DIGITS = re.compile(rb"<((?:[0-9A-Fa-f]{2})*)>")
_by_the_library = generic.read_hex_string_from_stream


def read_hex_string(stream: Any) -> Any:
    """The string object that begins at the stream's position, as the library would read it; the stream stands behind it afterwards."""
    start = stream.tell()
    found = _DIGITS.match(stream.read(_AT_ONCE))
    if found is None:
        stream.seek(start)
        return _by_the_library(stream)
    stream.seek(start + found.end())
    return generic.pdf_string(binascii.unhexlify(found.group(1)))


def install() -> None:
    """Let the library's reader of objects use it; it looks the function up by name. Doing it again changes nothing."""
    generic.read_hex_string_from_stream = read_hex_string
