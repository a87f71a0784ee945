"""Base45 (RFC 9285): bytes as the characters that a QR code stores most densely. One spelling for each value."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Write ``data`` as base45."""
    parts: list[str] = []
    for place in range(0, len(data) - 1, 2):
        high, rest = divmod(data[place] * 256 + data[place + 1], 2025)
        middle, low = divmod(rest, 45)
        parts.append(ALPHABET[low] + ALPHABET[middle] + ALPHABET[high])
    if len(data) % 2:
        middle, low = divmod(data[-1], 45)
        parts.append(ALPHABET[low] + ALPHABET[middle])
    return "".join(parts)


def decode(text: str) -> bytes:
    """Read base45. Raises ``ValueError`` for other characters, a length that cannot be, and values that overflow."""
    try:
        values = [_VALUES[character] for character in text]
    except KeyError as error:
        raise ValueError("a character outside the alphabet of base45") from error
    whole = len(values) - len(values) % 3
    out = bytearray()
    for place in range(0, whole, 3):
        value = values[place] + 45 * values[place + 1] + 2025 * values[place + 2]
        if value > 0xFFFF:
            raise ValueError("three characters that stand for no two bytes")
        out += value.to_bytes(2)
    if len(values) - whole == 1:
        raise ValueError("one character too many")
    if len(values) - whole == 2:
        value = values[whole] + 45 * values[whole + 1]
        if value > 0xFF:
            raise ValueError("two characters that stand for no byte")
        out.append(value)
    return bytes(out)
