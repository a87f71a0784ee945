"""Which kinds of certificate may act at all, before anybody asks for whom."""

from __future__ import annotations

from udgam.rules.binding.facts import CLASS_3, DOCUMENT_SIGNER, CertificateFacts
from udgam.rules.binding.names import names_agree
from udgam.rules.binding.reasons import REASONS
from udgam.rules.refusals import YES, Answer, no

_ENCIPHERING = frozenset({"keyEncipherment", "dataEncipherment", "keyAgreement"})
_SIGNING = frozenset({"digitalSignature", "nonRepudiation"})


def is_encryption_twin(key_usage: frozenset[str]) -> bool:
    """Whether a certificate of this key usage only encrypts. Indian tokens carry such a twin under the holder's name."""
    return bool(key_usage & _ENCIPHERING) and not key_usage & _SIGNING


def check_certificate_kind(facts: CertificateFacts) -> Answer:
    """Whether this is a person's class 3 signature certificate.

    Source: the identity guidelines of the Controller of Certifying Authorities (class 3 only since 1 January 2021) and DGFT
    Trade Notice 23/2022-23. Extended key usages differ between authorities and decide nothing here.
    """
    if facts.is_document_signer or DOCUMENT_SIGNER in facts.policies:
        return no(REASONS, "certificate.document_signer")
    if facts.is_encryption_twin or is_encryption_twin(facts.key_usage):
        return no(REASONS, "certificate.encryption_twin")
    if "digitalSignature" not in facts.key_usage:
        return no(REASONS, "certificate.cannot_sign")
    if CLASS_3 not in facts.policies:
        return no(REASONS, "certificate.not_class_3")
    return YES


def same_holder(old: CertificateFacts, new: CertificateFacts) -> bool:
    """Whether two certificates are of one person, as after a renewal: equal name and, where both carry it, equal PAN hash."""
    if names_agree(old.holder, new.holder) != "equal":
        return False
    if old.serial_number_attr and new.serial_number_attr:
        return old.serial_number_attr.strip().casefold() == new.serial_number_attr.strip().casefold()
    return True
