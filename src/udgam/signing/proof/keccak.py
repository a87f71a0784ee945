"""Keccak-256 as it was before SHA-3 was fixed (FIPS 202 pads otherwise): the digest of OpenAttestation documents and of Ethereum."""

from __future__ import annotations

_RATE, _MASK = 136, (1 << 64) - 1
_ROUNDS = 24


def _constants() -> list[int]:
    """The round constants from their shift register (FIPS 202, 3.2.5)."""
    constants, register = [], 1
    for _ in range(_ROUNDS):
        value = 0
        for place in range(7):
            if register & 1:
                value |= 1 << ((1 << place) - 1)
            register = (register << 1) ^ (0x171 if register & 0x80 else 0)
        constants.append(value)
    return constants


def _rotations() -> dict[tuple[int, int], int]:
    """How far each lane is turned (FIPS 202, 3.2.2)."""
    found, x, y = {(0, 0): 0}, 1, 0
    for step in range(_ROUNDS):
        found[x, y] = (step + 1) * (step + 2) // 2 % 64
        x, y = y, (2 * x + 3 * y) % 5
    return found


_CONSTANTS, _ROTATIONS = _constants(), _rotations()


def keccak256(data: bytes) -> bytes:
    """The 32 bytes of the digest."""
    padded = bytearray(data) + b"\x01"
    padded += bytes(-len(padded) % _RATE)
    padded[-1] |= 0x80
    lanes = [0] * 25
    for start in range(0, len(padded), _RATE):
        for lane in range(_RATE // 8):
            lanes[lane] ^= int.from_bytes(padded[start + 8 * lane : start + 8 * lane + 8], "little")
        lanes = _permuted(lanes)
    return b"".join(lane.to_bytes(8, "little") for lane in lanes[:4])


def _plan() -> tuple[tuple[int, int, int, int], ...]:
    """For each lane after the steps theta, rho and pi: where it comes from, its column, and how far it is turned left and right."""
    came = {y + 5 * ((2 * x + 3 * y) % 5): (x + 5 * y, x, _ROTATIONS[x, y]) for x in range(5) for y in range(5)}
    return tuple((*came[lane], 64 - came[lane][2]) for lane in range(25))


_PLAN = _plan()
# For each lane, the two to its right in its row (the step chi).
_NEIGHBOURS = tuple((lane, lane - lane % 5 + (lane + 1) % 5, lane - lane % 5 + (lane + 2) % 5) for lane in range(25))


def _permuted(lanes: list[int]) -> list[int]:
    mask = _MASK
    for constant in _CONSTANTS:
        a, b, c, d, e = (lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20] for x in range(5))
        mixed = (
            e ^ (b << 1 | b >> 63) & mask,
            a ^ (c << 1 | c >> 63) & mask,
            b ^ (d << 1 | d >> 63) & mask,
            c ^ (e << 1 | e >> 63) & mask,
            d ^ (a << 1 | a >> 63) & mask,
        )
        moved = []
        for source, x, left, right in _PLAN:
            value = lanes[source] ^ mixed[x]
            moved.append((value << left | value >> right) & mask)
        lanes = [moved[lane] ^ (moved[second] & ~moved[first]) for lane, first, second in _NEIGHBOURS]
        lanes[0] ^= constant
    return lanes
