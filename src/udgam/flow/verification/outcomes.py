"""The headline of a checked proof: what may be relied on, in one sentence, for every kind of input."""

from __future__ import annotations

from django.utils.translation import gettext as _

from udgam.flow.verification.shown import Outcome, outcome_of
from udgam.signing.proof import Report


def outcome_of_proof(report: Report) -> Outcome:
    """The headline for a report. What was checked itself may be called valid; what somebody else issued is called that."""
    if report.valid and report.status == "issued":
        heading, text = _good(report)
        return Outcome("yes", heading, text, _("Valid"))
    if report.valid:
        return outcome_of(report.status)
    if report.other_register is not None:
        return _other_register(report)
    if report.kind.startswith("foreign"):
        return _foreign(report)
    text = (
        _("At least one step of the check failed; the list below says which.")
        if report.integrity
        else _("The file was changed, or was never issued in this form. The list below says which step failed.")
    )
    return Outcome("no", _refused_heading(report), text, _("Not valid"))


def _good(report: Report) -> tuple[str, str]:
    if report.kind == "code":
        return (
            _("This code is genuine, and its certificate counts"),
            _("Compare what the code says with the paper: a genuine code can be copied onto a false paper."),
        )
    if report.kind == "credential" and report.content is None:
        return (
            _("This extract is genuine, and its certificate counts"),
            _("Its holder shows you a part of the certificate. What is shown is exactly as it was issued."),
        )
    if report.kind == "credential":
        return (
            _("This credential is a valid certificate"),
            _("It is exactly as it was issued, and it has been neither cancelled nor replaced."),
        )
    return (
        _("This file is a valid certificate"),
        _("It is exactly as it was issued, and it has been neither cancelled nor replaced."),
    )


def _refused_heading(report: Report) -> str:
    if report.kind == "code":
        return _("This code is not a valid code of ours")
    if report.kind == "credential":
        return _("This credential is not a valid certificate of ours")
    return _("This file is not a valid certificate of ours")


def _other_register(report: Report) -> Outcome:
    status = _("Of another register")
    if report.integrity:
        return Outcome(
            "unsure",
            _("Well signed, but by a register that is not believed here"),
            _(
                "It is exactly as somebody signed it. Whether the names in it are true, only the register that it names can confirm: see below."
            ),
            status,
        )
    return Outcome(
        "unsure",
        _("It names a register that is not believed here"),
        _("The keys of that register are not known here, so nobody here can say whether it is genuine: see below."),
        status,
    )


def _foreign(report: Report) -> Outcome:
    status = _("Of another issuer")
    signers = [one.outcome for one in report.checks if one.id.startswith(("foreign.signer.", "foreign.issuer"))]
    if report.integrity and signers and set(signers) == {"pass"}:
        return Outcome(
            "unsure",
            _("Not a certificate of this platform, but unchanged since somebody known here signed it"),
            _(
                "The signed bytes are whole, and whoever signed is known here by name. It does not prove that what it says is true, or that the signer had the right to certify origin."
            ),
            status,
        )
    if report.integrity:
        return Outcome(
            "unsure",
            _("Not a certificate of this platform, but unchanged since somebody else signed it"),
            _(
                "That proves that the signed bytes are whole. It does not prove who signed, or that what it says is true."
            ),
            status,
        )
    return Outcome(
        "no",
        _("Not a certificate of this platform"),
        _("Nothing in it proves where it comes from or that it is unchanged."),
        status,
    )
