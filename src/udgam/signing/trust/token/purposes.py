"""Is this a certificate for a person to sign in with?

The Web eID libraries demand client authentication whenever an extended key usage is present. Indian signature certificates
vary: some carry it, others only e-mail protection and document signing, which was read in real ones. So by default an extended
key usage must hold at least one purpose of a person; ``require_client_auth`` restores the stricter reading.
"""

from __future__ import annotations

from cryptography import x509

from udgam.signing.trust.certificates import extended_key_usages, is_document_signer, key_usages
from udgam.signing.trust.token.refusals import DocumentSignerRefused, PurposeRefused

CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
PURPOSES_OF_PEOPLE = frozenset(
    {
        CLIENT_AUTH,
        "2.5.29.37.0",  # any purpose
        "1.3.6.1.5.5.7.3.4",  # e-mail protection
        "1.3.6.1.5.5.7.3.36",  # document signing (RFC 9336)
        "1.3.6.1.4.1.311.10.3.12",  # document signing (Microsoft)
        "1.3.6.1.4.1.311.20.2.2",  # smart card logon (Microsoft)
        "1.2.840.113583.1.1.5",  # authentic documents (Adobe)
    }
)
_ANY_PURPOSE = "2.5.29.37.0"


def check_purpose(certificate: x509.Certificate, *, require_client_auth: bool) -> None:
    """Key usage stated and allowing digital signatures, a purpose of people, no document signer.

    Raises ``PurposeRefused`` or ``DocumentSignerRefused``.
    """
    usages = key_usages(certificate)
    if usages is None or "digitalSignature" not in usages:
        raise PurposeRefused("token.key_usage", usage=", ".join(sorted(usages)) if usages else "not stated")
    purposes = extended_key_usages(certificate)
    if purposes is not None:
        if require_client_auth and not {CLIENT_AUTH, _ANY_PURPOSE} & set(purposes):
            raise PurposeRefused("token.no_client_authentication")
        if not PURPOSES_OF_PEOPLE & set(purposes):
            raise PurposeRefused("token.not_for_people")
    if is_document_signer(certificate):
        raise DocumentSignerRefused("token.document_signer")
