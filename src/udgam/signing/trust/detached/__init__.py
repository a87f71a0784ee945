"""Detached CAdES-BES signatures over canonical content: how they are made and how they are checked."""

from __future__ import annotations

from udgam.signing.trust.detached.algorithms import SCHEMES
from udgam.signing.trust.detached.making import assemble, make_signed_attributes, sign
from udgam.signing.trust.detached.refusals import DetachedRefused
from udgam.signing.trust.detached.verification import VerifiedSignature, claimed_time, verify_detached

__all__ = [
    "SCHEMES",
    "DetachedRefused",
    "VerifiedSignature",
    "assemble",
    "claimed_time",
    "make_signed_attributes",
    "sign",
    "verify_detached",
]
