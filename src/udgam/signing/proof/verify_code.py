"""The check of a signed QR code, step by step: with nothing but the trust list, and the status list where it is at hand.

In short: the text is a code of ours (1), signed (3) by the key of an office (2) that could sign (4) and issue under the agreement
(5) then; the register has not taken it back (6), and issued the number for this very content (7); and its log holds the issue (8).
"""

from __future__ import annotations

from datetime import datetime

from udgam.signing.proof.checks import in_log, office_key, published
from udgam.signing.proof.checks.office_key import OfficeCase
from udgam.signing.proof.code import CodeRefused, read_code
from udgam.signing.proof.file import InputUnusable
from udgam.signing.proof.report import Check, Report
from udgam.signing.proof.reporting import office_report
from udgam.signing.proof.status import StatusSource
from udgam.signing.proof.steps import Step, run_steps
from udgam.signing.proof.told import Told, refusal_told
from udgam.signing.proof.trust_folder import TrustFolder


def _form(case: OfficeCase) -> Told:
    """The text is a code of the one form that is issued."""
    assert case.code is not None  # noqa: S101 - the runner is only started with one
    return Told("The text is a signed code of the form that is issued.")


STEPS: tuple[Step[OfficeCase], ...] = (
    Step("code.form", "The text is a signed code of the issued form", _form, whole=True),
    Step("code.key", "The key is that of an issuing office", office_key.key_known, ("code.form",)),
    Step("code.signature", "The office's key signed the code", office_key.signature_holds, ("code.key",), whole=True),
    Step("code.time", "The key could sign at that time", office_key.key_could_sign, ("code.signature",)),
    Step("code.power", "The office could issue under the agreement", office_key.office_entitled, ("code.signature",)),
    Step(
        "status.known", "The issuer says what became of it", published.status, ("code.signature",), may_be_skipped=True
    ),
    Step(
        "status.same_content",
        "The number was issued for this content",
        published.same_content,
        ("status.known",),
        may_be_skipped=True,
    ),
    Step("log.included", "The log holds the issue", in_log.logged, ("code.signature",), may_be_skipped=True),
)


def verify_code(text: str, *, trust: TrustFolder, at: datetime, status: StatusSource | None) -> Report:
    """Check the text of a signed code against ``trust`` as of ``at`` (aware). ``status`` is asked before the status list.

    Raises:
        InputUnusable: it makes no claim to be a signed code of ours, so there is nothing to check.
    """
    if at.tzinfo is None:
        raise ValueError("the moment must be aware")
    try:
        code = read_code(text.strip("\r\n"))
    except CodeRefused as error:
        if error.code == "code.not_ours":
            raise InputUnusable("input.no_code") from error
        return _broken(error)
    case = OfficeCase(trust, at, status, code=code)
    return office_report("code", STEPS, run_steps(STEPS, case), case)


def _broken(error: CodeRefused) -> Report:
    first, *others = STEPS
    checks = [Check(1, first.id, first.name, "fail", refusal_told(error), error.code)]
    checks += [
        Check(
            number, step.id, step.name, "skipped", Told("Not looked at, because step {step} does not hold.", step="1")
        )
        for number, step in enumerate(others, 2)
    ]
    return Report(False, "code", None, "unknown", False, tuple(checks))
