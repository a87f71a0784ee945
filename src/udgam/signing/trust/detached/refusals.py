"""Why a detached signature is not accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from udgam.rules.refusals import Reason
from udgam.signing.trust.refusals import TrustRefused

_SIGN_AGAIN = "Sign again with the current signing agent. If it lasts, tell the help desk this reason."


class DetachedRefused(TrustRefused):
    """The signature does not prove what it should. A certificate that is not believed raises ``PathRefused`` instead."""

    reasons: ClassVar[Mapping[str, Reason]] = {
        "detached.unreadable": Reason("This is not a detached CMS signature: {detail}.", _SIGN_AGAIN),
        "detached.not_detached": Reason(
            "The signature carries its own content instead of referring to ours.", _SIGN_AGAIN
        ),
        "detached.not_one_signer": Reason("The signature has {count} signers; exactly one is expected.", _SIGN_AGAIN),
        "detached.attribute_missing": Reason("The signature lacks the signed attribute {attribute}.", _SIGN_AGAIN),
        "detached.attribute_repeated": Reason(
            "The signature holds the signed attribute {attribute} more than once.", _SIGN_AGAIN
        ),
        "detached.content_type": Reason("The signature is over another kind of content.", _SIGN_AGAIN),
        "detached.algorithm": Reason("The signature uses {algorithm}, which is not accepted.", _SIGN_AGAIN),
        "detached.content_differs": Reason(
            "The signature is over other content than this.", "Sign the current version again."
        ),
        "detached.certificate_missing": Reason(
            "The signature does not carry the certificate of its signer.", _SIGN_AGAIN
        ),
        "detached.certificate_differs": Reason(
            "The signature was made for another certificate than the one it carries.", _SIGN_AGAIN
        ),
        "detached.signature": Reason("The signature does not verify with the key of its certificate.", _SIGN_AGAIN),
        "detached.signing_time": Reason(
            "The signature claims to have been made at {claimed}, which cannot be.",
            "Set the clock of the computer that signs.",
        ),
    }
