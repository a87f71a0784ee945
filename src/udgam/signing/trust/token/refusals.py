"""One exception for every way in which an authentication token fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from udgam.rules.refusals import Reason
from udgam.signing.trust.refusals import PathRefused, TrustRefused

_SIGN_IN_AGAIN = "Start the sign-in again from the page of this site."
_TELL_HELP_DESK = "Install the current signing agent and try again. If it lasts, tell the help desk this reason."
_OTHER_CERTIFICATE = "Choose the signature certificate of the person on the token."


class TokenRefused(TrustRefused):
    """Base of all refusals of an authentication token."""

    reasons: ClassVar[Mapping[str, Reason]] = {}


class TokenUnreadable(TokenRefused):
    """The text is not an authentication token: wrong size, not JSON, a field missing or of the wrong type or encoding."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "token.size": Reason("The token has {length} characters; 100 to 10000 are accepted.", _TELL_HELP_DESK),
        "token.not_json": Reason("The token is not one JSON object in UTF-8: {detail}.", _TELL_HELP_DESK),
        "token.duplicate_key": Reason("The token names the field {field} twice.", _TELL_HELP_DESK),
        "token.field_missing": Reason("The token lacks the field {field}.", _TELL_HELP_DESK),
        "token.field_invalid": Reason("The field {field} of the token is not valid: {detail}.", _TELL_HELP_DESK),
        "token.certificate_unreadable": Reason(
            "The certificate in the field {field} cannot be read: {detail}.", _TELL_HELP_DESK
        ),
    }


class FormatUnsupported(TokenRefused):
    """The token is of a version that this platform does not know."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "token.format_unsupported": Reason(
            "The token format {format} is not supported; web-eid:1 is.", _TELL_HELP_DESK
        ),
    }


class OriginRefused(TokenRefused):
    """The origin that the token should be bound to cannot be used."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "origin.malformed": Reason(
            "{origin} is not an origin: {detail}.",
            "Give scheme and host, as in https://example.org or https://example.org:8443.",
        ),
        "origin.trailing_slash": Reason(
            "The origin {origin} ends with a slash or a path.", "Give it without anything after host and port."
        ),
        "origin.not_https": Reason(
            "The origin {origin} is not https.", "Plain http is accepted for this machine only (127.0.0.1, localhost)."
        ),
    }


class NonceRefused(TokenRefused):
    """There is no nonce to check the token against."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "nonce.missing": Reason("There is no nonce for this token.", _SIGN_IN_AGAIN),
        "nonce.malformed": Reason("The nonce is not plain ASCII text of at most 128 characters.", _SIGN_IN_AGAIN),
    }


class AlgorithmRefused(TokenRefused):
    """The signature algorithm is not allowed, or does not belong to the key."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "token.algorithm_not_allowed": Reason("The signature algorithm {algorithm} is not accepted.", _TELL_HELP_DESK),
        "token.algorithm_differs_from_key": Reason(
            "The signature algorithm {algorithm} does not fit the key ({key}).", _TELL_HELP_DESK
        ),
        "token.weak_key": Reason(
            "The key of the certificate ({key}) is too weak or not supported.",
            "Ask your certifying authority for a new certificate.",
        ),
    }


class PurposeRefused(TokenRefused):
    """The certificate is not for signing in."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "token.key_usage": Reason("The certificate may not sign; its key usage is {usage}.", _OTHER_CERTIFICATE),
        "token.not_for_people": Reason(
            "The extended key usage of the certificate is for no purpose of a person.", _OTHER_CERTIFICATE
        ),
        "token.no_client_authentication": Reason(
            "The extended key usage of the certificate lacks client authentication.", _OTHER_CERTIFICATE
        ),
    }


class DocumentSignerRefused(TokenRefused):
    """The certificate belongs to a machine of an organisation, not to a person."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "token.document_signer": Reason(
            "A document signer certificate cannot sign in.", "Use the token of the authorised person."
        ),
    }


class SignatureRefused(TokenRefused):
    """The signature does not hold for this certificate, origin and nonce."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "token.signature": Reason(
            "The token was not signed by its certificate for this site and this attempt.", _SIGN_IN_AGAIN
        ),
    }


class ChainRefused(TokenRefused):
    """The certificate is not believed. The code is that of ``PathRefused``, which is the cause."""

    reasons: ClassVar[Mapping[str, Reason]] = PathRefused.reasons


class SigningCertificateRefused(TokenRefused):
    """A signing certificate that a version 1.1 token carries does not belong to the same person or is not believed."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "token.signing_certificates_missing": Reason(
            "A token of format {format} must carry a signing certificate.", _TELL_HELP_DESK
        ),
        "token.signing_certificates_not_allowed": Reason(
            "A token of format {format} may not carry the field {field}.", _TELL_HELP_DESK
        ),
        "token.signing_algorithm": Reason(
            "A signing certificate lists a signature algorithm that is not in the format.", _TELL_HELP_DESK
        ),
        "token.signing_subject": Reason("The signing certificate is of another person.", _TELL_HELP_DESK),
        "token.signing_issuer": Reason("The signing certificate is of another issuer.", _TELL_HELP_DESK),
        "token.signing_path": Reason("The signing certificate is not believed: {detail}", _TELL_HELP_DESK),
    }
