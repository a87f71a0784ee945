"""Tokens that only pad and encrypt: the agent hashes for them, and the signature is the same byte for byte."""

from __future__ import annotations

from typing import Any

import making
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, utils
from pkcs11 import Attribute, Mechanism
from pkcs11 import exceptions as p11

from udgam_agent.errors import Refused
from udgam_agent.tokens.pkcs11_tokens import OpenTokenKey

HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


class OldKey:
    """Stands for the private key of a token without the combined mechanisms, or one that fails in another way."""

    def __init__(self, failure: type[p11.PKCS11Error] | None = None) -> None:
        self.failure = failure
        self.asked: list[Mechanism] = []

    def __getitem__(self, attribute: Attribute) -> Any:
        raise p11.AttributeTypeInvalid

    def sign(self, data: bytes, *, mechanism: Mechanism) -> bytes:
        self.asked.append(mechanism)
        if self.failure is not None:
            raise self.failure
        if mechanism is not Mechanism.RSA_PKCS:
            raise p11.MechanismInvalid
        return making.rsa_key().sign(data, padding.PKCS1v15(), utils.NoDigestInfo())


@pytest.mark.parametrize("name", list(HASHES))
def test_the_fallback_signs_the_same_bytes(name: str) -> None:
    key = OldKey()
    opened = OpenTokenKey(None, key, making.certificate(making.rsa_key()))
    signature = opened.sign(b"message", name, None)
    assert signature == making.rsa_key().sign(b"message", padding.PKCS1v15(), HASHES[name])
    assert key.asked[-1] is Mechanism.RSA_PKCS
    assert len(key.asked) == 2


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (p11.PinLocked, "agent.pin-locked"),
        (p11.PinIncorrect, "agent.pin-wrong"),
        (p11.DeviceRemoved, "agent.token-gone"),
        (p11.DeviceError, "agent.token-failed"),
        (p11.GeneralError, "agent.token-failed"),
    ],
)
def test_what_the_token_reports_becomes_a_reason(failure: type[p11.PKCS11Error], code: str) -> None:
    opened = OpenTokenKey(None, OldKey(failure), making.certificate(making.rsa_key()))
    with pytest.raises(Refused) as refused:
        opened.sign(b"message", "sha256", None)
    assert refused.value.code == code
