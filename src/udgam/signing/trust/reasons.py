"""All sentences of this room in one place, for the catalogue of translations and for the test that each has one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from udgam.rules.refusals import Reason
from udgam.signing.trust.detached.refusals import DetachedRefused
from udgam.signing.trust.refusals import TrustRefused
from udgam.signing.trust.token.refusals import TokenRefused


def all_reasons() -> Mapping[str, Reason]:
    """Every refusal of this room by its code, including those taken over from the rules."""
    return {code: reason for kind in _kinds(TrustRefused) for code, reason in kind.reasons.items()}


def _kinds(parent: type[TrustRefused]) -> Iterator[type[TrustRefused]]:
    # The imports above make sure that all of them exist by now.
    for kind in parent.__subclasses__():
        yield kind
        yield from _kinds(kind)


__all__ = ["DetachedRefused", "TokenRefused", "all_reasons"]
