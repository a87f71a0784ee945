"""Every way in which a certificate, its path or its revocation evidence is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from udgam.rules.binding.reasons import REASONS
from udgam.rules.refusals import Reason, Refused


class TrustRefused(Refused):
    """Base of the refusals of this room. ``reason`` is the stable code, the same as ``code``."""

    @property
    def reason(self) -> str:
        """The stable code, as the command line prints it."""
        return self.code


class CertificateUnreadable(TrustRefused):
    """The bytes are not one well-formed X.509 certificate."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "certificate.unreadable": Reason(
            "This is not an X.509 certificate in DER or PEM form: {detail}.",
            "Export the certificate again, as one DER or PEM file.",
        ),
        "certificate.malformed": Reason(
            "The certificate does not follow RFC 5280: {detail}.",
            "Ask the certifying authority for a correctly encoded certificate, and keep the file for the help desk.",
        ),
    }


class TrustStoreUnusable(TrustRefused):
    """The folder of trust anchors cannot be used, so nobody could be believed."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "store.no_folder": Reason(
            "There is no folder {folder}.", "Create it and put the trust anchors in it, or name another folder."
        ),
        "store.no_anchors": Reason(
            "The folder {folder} holds no trust anchor.",
            "Put at least one root or issuing certificate in it, as .pem, .crt, .cer or .der.",
        ),
        "store.unreadable_file": Reason(
            "The file {file} is not a certificate: {detail}.",
            "Remove the file or replace it by a PEM or DER certificate.",
        ),
        "store.unreadable_profiles": Reason(
            "The locator profiles in {file} cannot be used: {detail}.",
            "Correct the file, or remove it to use the built-in profiles.",
        ),
        "store.unreadable_revocation": Reason(
            "The revocation folder {folder} cannot be read.",
            "Name an existing folder with CRLs, or say that revocation is not to be checked.",
        ),
    }


_ASK_ISSUER = "Ask the issuer of the certificate, or the help desk with the name of the issuer."
_NEW_CERTIFICATE = "Use a certificate that is valid now; renew it with your certifying authority if it is yours."
_TRY_LATER = "Try again later. If it lasts, tell the help desk the name of the issuer."


class PathRefused(TrustRefused):
    """The certificate is not believed: its path, its policy or its revocation state does not hold."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "certificate.malformed": CertificateUnreadable.reasons["certificate.malformed"],
        "certificate.expired": Reason("The certificate of {name} expired on {until}.", _NEW_CERTIFICATE),
        "certificate.not_yet_valid": Reason(
            "The certificate of {name} is valid only from {since}.",
            "Wait until then, and check the clock of this machine.",
        ),
        "certificate.is_ca": Reason(
            "The certificate of {name} is that of a certifying authority, not of a person or an office.",
            "Choose the signature certificate on the token.",
        ),
        "certificate.key_usage": Reason(
            "The certificate of {name} may not be used for this: its key usage is {usage}.",
            "Choose the signature certificate on the token, not the one for encryption.",
        ),
        "path.leaf_is_anchor": Reason(
            "The certificate of {name} is itself configured as a trust anchor.",
            "An anchor vouches for others, not for itself. Remove it from the anchors.",
        ),
        "path.issuer_unknown": Reason(
            "No path leads from {name} to a trust anchor: the issuer {issuer} is not known here.",
            "Tell the help desk the name of the issuer; perhaps a new authority has to be added.",
        ),
        "path.bad_signature": Reason(
            "The certificate of {name} was not signed by the issuer that it names, {issuer}.",
            "Do not trust this certificate. Tell the help desk.",
        ),
        "path.issuer_expired": Reason("The certificate of the authority {name} expired on {until}.", _ASK_ISSUER),
        "path.issuer_not_yet_valid": Reason(
            "The certificate of the authority {name} is valid only from {since}.", _ASK_ISSUER
        ),
        "path.not_a_ca": Reason("{name} issued a certificate but is not a certifying authority.", _ASK_ISSUER),
        "path.too_long": Reason("More authorities stand below {name} than it allows.", _ASK_ISSUER),
        "path.ca_key_usage": Reason("The key of the authority {name} may not sign {what}.", _ASK_ISSUER),
        "path.unknown_critical_extension": Reason(
            "The certificate of {name} holds the critical extension {oid}, which is not understood here.", _ASK_ISSUER
        ),
        "path.name_not_permitted": Reason("An authority on the path may not issue for {name}: {detail}.", _ASK_ISSUER),
        "path.policy_missing": Reason(
            "The path of {name} does not carry the policy {policy}.",
            "Use a certificate of the class that is asked for.",
        ),
        "path.weak_signature": Reason(
            "The certificate of {name} is signed with {algorithm}, which is no longer safe.",
            "Ask your certifying authority for a new certificate.",
        ),
        "path.weak_key": Reason(
            "The key of {name} ({key}) is too weak or not supported.",
            "Ask your certifying authority for a new certificate.",
        ),
        "revocation.revoked": Reason(
            "The certificate of {name} was revoked on {when} ({cause}).",
            "It can no longer be used. Get a new one from your certifying authority.",
        ),
        "revocation.on_hold": Reason(
            "The certificate of {name} has been suspended since {when}.",
            "Ask your certifying authority to lift the suspension; until then it counts as revoked.",
        ),
        "revocation.missing": Reason(
            "Nothing says whether the certificate of {name} is revoked: neither CRL nor OCSP answer from {issuer}.",
            _TRY_LATER,
        ),
        "revocation.no_place_named": Reason(
            "The certificate of {name} does not say where its revocation can be looked up.",
            "Ask your certifying authority for a certificate that names its CRL or OCSP service.",
        ),
        "revocation.stale": Reason("The revocation information of {issuer} was good until {until} only.", _TRY_LATER),
        "revocation.not_yet_valid": Reason(
            "The revocation information of {issuer} is dated in the future, {since}.",
            "Check the clock of this machine.",
        ),
        "revocation.not_authentic": Reason(
            "The revocation information for {name} was not signed by its issuer {issuer}: {detail}.", _TRY_LATER
        ),
        "revocation.malformed": Reason("The revocation information of {issuer} cannot be used: {detail}.", _TRY_LATER),
        "revocation.out_of_scope": Reason(
            "The revocation information of {issuer} does not cover the certificate of {name}: {detail}.", _TRY_LATER
        ),
        "revocation.unknown_certificate": Reason(
            "The OCSP service of {issuer} does not know the certificate of {name}.",
            "Ask your certifying authority whether it issued this certificate.",
        ),
    }


class NotForSignIn(TrustRefused):
    """A believed certificate that is of the wrong kind for a person to sign in with; the reasons are those of the rules."""

    reasons: ClassVar[Mapping[str, Reason]] = REASONS
