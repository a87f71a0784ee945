"""The check of a credential, step by step: whole (``vc+jwt``), or shown in part (SD-JWT VC).

In short: it is a credential of ours (1), signed (3) by the key of an office (2) that could sign (4) and issue under the agreement
(5) then; the content in it has the digest that it states (6); the register has not taken it back (7), and issued the number for this
very content (8); and its log holds the issue (9).
"""

from __future__ import annotations

import json
from datetime import datetime

from udgam.rules.refusals import Refused
from udgam.signing.proof.checks import in_log, office_key, published
from udgam.signing.proof.checks.office_key import OfficeCase
from udgam.signing.proof.credential import CredentialRefused, read_credential
from udgam.signing.proof.foreign import foreign_report
from udgam.signing.proof.jws import TokenRefused
from udgam.signing.proof.keys import from_base64url
from udgam.signing.proof.report import Check, Report
from udgam.signing.proof.reporting import office_report
from udgam.signing.proof.status import StatusSource
from udgam.signing.proof.steps import Step, run_steps
from udgam.signing.proof.told import Skips, Told, refusal_told
from udgam.signing.proof.trust_folder import TrustFolder

# Members by which a JSON document shows that it could be somebody's credential.
_DOCUMENT = frozenset({"@context", "credentialSubject", "vc", "signature", "proof"})
# What a credential of ours says of its kind, wherever it stands.
_OURS = ("CertificateOfOrigin", "urn:udgam:certificate-of-origin")


def _form(case: OfficeCase) -> Told:
    """It is a credential of one of the two forms that are issued."""
    assert case.credential is not None  # noqa: S101 - the runner is only started with one
    return Told("It is a credential of the form that is issued.")


def _content(case: OfficeCase) -> Told:
    """The content is whole and in canonical form; its digest was recomputed when it was read."""
    assert case.credential is not None  # noqa: S101 - see above
    if case.credential.content is None:
        raise Skips("Only a part of the content is shown.")
    return Told("The content is in the format {format}, in canonical form.", format=case.credential.content.format)


STEPS: tuple[Step[OfficeCase], ...] = (
    Step("credential.form", "The credential is of an issued form", _form, whole=True),
    Step("credential.key", "The key is that of an issuing office", office_key.key_known, ("credential.form",)),
    Step(
        "credential.signature",
        "The office's key signed the credential",
        office_key.signature_holds,
        ("credential.key",),
        whole=True,
    ),
    Step("credential.time", "The key could sign at that time", office_key.key_could_sign, ("credential.signature",)),
    Step(
        "credential.power",
        "The office could issue under the agreement",
        office_key.office_entitled,
        ("credential.signature",),
    ),
    Step(
        "credential.content",
        "The content is whole and canonical",
        _content,
        ("credential.signature",),
        may_be_skipped=True,
    ),
    Step(
        "status.known",
        "The issuer says what became of it",
        published.status,
        ("credential.signature",),
        may_be_skipped=True,
    ),
    Step(
        "status.same_content",
        "The number was issued for this content",
        published.same_content,
        ("status.known",),
        may_be_skipped=True,
    ),
    Step("log.included", "The log holds the issue", in_log.logged, ("credential.signature",), may_be_skipped=True),
)


def verify_credential(text: str, *, trust: TrustFolder, at: datetime, status: StatusSource | None) -> Report:
    """Check a credential against ``trust`` as of ``at`` (aware). Never raises for what the text holds."""
    if at.tzinfo is None:
        raise ValueError("the moment must be aware")
    try:
        credential = read_credential(text)
    except (TokenRefused, CredentialRefused) as error:
        return _broken(error) if _claims_to_be_ours(text) else foreign_report(text, error, trust=trust, at=at)
    case = OfficeCase(trust, at, status, credential=credential)
    return office_report("credential", STEPS, run_steps(STEPS, case), case)


def _claims_to_be_ours(text: str) -> bool:
    """Whether a token that cannot be read as ours says that it is. A document is none of ours, whatever it says."""
    if text.lstrip().startswith("{"):
        return False
    try:
        payload = from_base64url(text.strip().split("~")[0].split(".")[1])
    except (ValueError, IndexError):
        return any(one in text for one in _OURS)
    return any(one.encode() in payload for one in _OURS)


def _broken(error: Refused) -> Report:
    first, *others = STEPS
    checks = [Check(1, first.id, first.name, "fail", refusal_told(error), error.code)]
    checks += [
        Check(
            number, step.id, step.name, "skipped", Told("Not looked at, because step {step} does not hold.", step="1")
        )
        for number, step in enumerate(others, 2)
    ]
    return Report(False, "credential", None, "unknown", False, tuple(checks))


def looks_like_credential(text: str) -> bool:
    """Whether a text has the shape of a signed token, or of a JSON document that could be somebody's credential."""
    start = text.lstrip()[:1]
    if start == "{":
        try:
            plain = json.loads(text)
            return isinstance(plain, dict) and not _DOCUMENT.isdisjoint(plain)
        except (ValueError, RecursionError):
            return False
    return text.lstrip().startswith("eyJ") and text.count(".") >= 2
