"""What a trust folder makes a checker believe, in digests that people can compare by telephone, by letter or in a gazette."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cryptography import x509

from udgam.signing.trust import fingerprint
from udgam.signing.trust.certificates import display_name

PinKind = Literal["register", "root", "time-stamp"]


@dataclass(frozen=True)
class Pin:
    """One thing that is believed. ``sha256``: of the file ``register.json``, or of a certificate's DER bytes; lower-case hexadecimal."""

    kind: PinKind
    name: str
    sha256: str


def pins_of(
    register: bytes | None, *, anchors: Iterable[x509.Certificate], time_stampers: Iterable[x509.Certificate]
) -> tuple[Pin, ...]:
    """The file ``register.json``, where there is one, the trust anchors, and who is believed about time."""
    own = () if register is None else (Pin("register", "register.json", hashlib.sha256(register).hexdigest()),)
    roots = tuple(Pin("root", display_name(one.subject), fingerprint(one)) for one in anchors)
    stamps = tuple(Pin("time-stamp", display_name(one.subject), fingerprint(one)) for one in time_stampers)
    return own + roots + stamps
