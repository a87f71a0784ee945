"""The check of one certificate file, step by step.

The proof in short: the file is whole and of our form (1-5); the officer's key and the office's key signed it (6, 7) at a known
time (8); both could be believed and were entitled then (9-11); the attached content is what the officer certified, file and content
say the same, and both could act under its agreement (12-15); code, credential and trade data in the file say the same (16-18);
nothing was added in between or behind (19, 20); the issuer has not taken it back (21, 22); and the log holds the issue (23).
"""

from __future__ import annotations

from datetime import datetime

from udgam.signing.proof.checks import agreement, content, in_log, published, signers, structure
from udgam.signing.proof.checks.case import Case
from udgam.signing.proof.enclosed import with_enclosed
from udgam.signing.proof.file import InputUnusable, read_file
from udgam.signing.proof.foreign_pdf import foreign_pdf_report
from udgam.signing.proof.other_register import of_file
from udgam.signing.proof.report import Check, Report
from udgam.signing.proof.reporting import STATUS_UNKNOWN
from udgam.signing.proof.status import StatusSource
from udgam.signing.proof.steps import Step, all_hold, is_whole, run_steps
from udgam.signing.proof.told import Told, refusal_told
from udgam.signing.proof.trust_folder import TrustFolder

STEPS: tuple[Step[Case], ...] = (
    Step("file.structure", "The file is a plain document", structure.structure, whole=True),
    Step(
        "signatures.present",
        "Officer's signature and office's seal are there, in order",
        structure.signatures_present,
        whole=True,
    ),
    Step(
        "signatures.cover_file",
        "The signatures cover the whole file",
        structure.coverage,
        ("signatures.present",),
        whole=True,
    ),
    Step(
        "signatures.padding",
        "Nothing is hidden behind a signature",
        structure.padding,
        ("signatures.cover_file",),
        whole=True,
    ),
    Step(
        "signatures.containers",
        "The signature containers are of the issued form",
        structure.containers,
        ("signatures.padding",),
        whole=True,
    ),
    Step(
        "officer.signature",
        "The officer's signature holds",
        signers.officer_signature,
        ("signatures.containers",),
        whole=True,
    ),
    Step("seal.signature", "The office's seal holds", signers.seal_signature, ("signatures.containers",), whole=True),
    Step("seal.time_stamp", "A time stamp says when", signers.time_stamp, ("seal.signature",), may_be_skipped=True),
    Step(
        "seal.known", "The seal is that of an issuing agency", signers.seal_known, ("seal.signature", "seal.time_stamp")
    ),
    Step(
        "officer.path",
        "The officer's certificate can be believed",
        signers.officer_path,
        ("officer.signature", "seal.time_stamp"),
    ),
    Step(
        "officer.named",
        "The officer could certify for the agency",
        signers.officer_named,
        ("seal.known", "officer.signature"),
    ),
    Step("content.present", "The content is attached in canonical form", content.content_present, whole=True),
    Step(
        "content.certified",
        "The officer certified this content",
        content.content_certified,
        ("content.present", "officer.signature", "seal.time_stamp"),
    ),
    Step(
        "content.agrees",
        "Number, agency and date agree in all parts",
        content.content_agrees,
        ("content.certified", "seal.known"),
    ),
    Step(
        "officer.power",
        "Officer and office could act under the agreement",
        signers.officer_power,
        ("content.agrees", "officer.named"),
        may_be_skipped=True,
    ),
    Step(
        "code.agrees",
        "The signed code in the file says the same",
        agreement.code_agrees,
        ("content.agrees",),
        may_be_skipped=True,
    ),
    Step(
        "credential.agrees",
        "The credential in the file says the same",
        agreement.credential_agrees,
        ("content.agrees",),
        may_be_skipped=True,
    ),
    Step(
        "data.agree",
        "The trade data in the file say the same",
        agreement.data_agree,
        ("content.agrees",),
        may_be_skipped=True,
    ),
    Step(
        "document.unchanged",
        "Nothing was added after the officer signed",
        content.unchanged,
        ("signatures.present",),
        whole=True,
    ),
    Step(
        "document.archived",
        "Behind the seal stand only evidence and time stamps",
        content.archived,
        ("signatures.present",),
        whole=True,
    ),
    Step(
        "status.known", "The issuer says what became of it", published.status, ("content.agrees",), may_be_skipped=True
    ),
    Step(
        "status.same_content",
        "The number was issued for this content",
        published.same_content,
        ("status.known",),
        may_be_skipped=True,
    ),
    Step("log.included", "The log holds the issue", in_log.logged, ("content.agrees",), may_be_skipped=True),
)
# What may be open when the platform checks its own work before it records the issue: exactly the steps that rest on publication.
# Everything else that a certificate of ours carries must hold, however patient a stranger's check is with files of the first release.
OPEN_BEFORE_ISSUE = frozenset({"status.known", "status.same_content", "log.included"})
# What a file of the first release does not carry.
OPEN_IN_FIRST_RELEASE = frozenset({"code.agrees", "credential.agrees", "data.agree"})


def verify_pdf(data: bytes, *, trust: TrustFolder, at: datetime, status: StatusSource | None) -> Report:
    """Check a PDF against ``trust`` as of ``at`` (aware). ``status`` is asked before the folder's signed list; None asks nobody else.

    Never raises for what the file holds, except:

    Raises:
        InputUnusable: it is not a PDF that can be read at all, so there is nothing to check.
    """
    if at.tzinfo is None:
        raise ValueError("the moment must be aware")
    try:
        file = read_file(data)
    except InputUnusable as error:
        if error.code == "input.damaged" and _claims_to_be_signed(data):
            return _broken(error)
        raise
    if not file.looks_like_ours:
        return foreign_pdf_report(file, trust=trust, at=at)
    case = Case(file, with_enclosed(trust, file), at, status)
    checks = run_steps(STEPS, case)
    valid = all_hold(STEPS, checks)
    stated = getattr(case, "content", None)
    known = getattr(case, "published", None)
    said = next(one for one in checks if one.id == "status.known").outcome == "pass"
    whole = is_whole(STEPS, checks)
    other = of_file(case) if whole and not valid else None
    if other is not None:
        case.warnings.extend(other.told)
    if valid and (known is None or known.status == "unknown"):
        case.warnings.append(STATUS_UNKNOWN)
    return Report(
        valid=valid,
        kind="pdf",
        certificate_number=stated.number if stated is not None else None,
        status=known.status if known is not None and said else "unknown",
        integrity=whole,
        checks=checks,
        warnings=tuple(dict.fromkeys(case.warnings)),
        content=case.content_bytes if stated is not None else None,
        other_register=other.name if other is not None else None,
    )


def _claims_to_be_signed(data: bytes) -> bool:
    """Whether a file that cannot be read was once a signed PDF, whole to its end: then it was changed, and the answer is no."""
    return b"/ETSI.CAdES.detached" in data and data.rstrip(b"\r\n").endswith(b"%%EOF")


def _broken(error: InputUnusable) -> Report:
    first, *others = STEPS
    checks = [Check(1, first.id, first.name, "fail", refusal_told(error), error.code)]
    checks += [
        Check(number, step.id, step.name, "skipped", Told("Not looked at, because the file cannot be read."))
        for number, step in enumerate(others, 2)
    ]
    return Report(False, "pdf", None, "unknown", False, tuple(checks))
