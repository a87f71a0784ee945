"""Officers, agency administrators and administrators of the platform: class 3, the right organisation, enrolled."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from udgam.rules.binding.decision import Decision, NameException, exception_for, refuse, refuse_kind
from udgam.rules.binding.facts import CertificateFacts
from udgam.rules.binding.kind import check_certificate_kind
from udgam.rules.binding.names import names_agree

_OFFICER = "officer"
_ADMINISTRATOR = "administrator"


def decide_officer(
    facts: CertificateFacts,
    *,
    agency_name: str,
    officer_name: str | None = None,
    organisation_exceptions: Sequence[str] = (),
    enrolled: Collection[str] = (),
    enrolling: bool = False,
    name_exceptions: Sequence[NameException] = (),
) -> Decision:
    """Decide whether a certificate may act for an officer or administrator of the agency registered as ``agency_name``.

    ``organisation_exceptions`` are other names the agency's certificates may carry, each recorded by an administrator.
    ``enrolled`` holds the SHA-256 fingerprints enrolled for this account; ``enrolling`` leaves that question out, for the
    moment at which the agency's administrator enrols the certificate. ``officer_name`` None leaves the name out.
    """
    kind = check_certificate_kind(facts)
    if not kind:
        return refuse_kind(_OFFICER, kind)
    if facts.is_personal or facts.organisation is None:
        return refuse(_OFFICER, "officer.organisation_missing", agency=agency_name)
    names = (agency_name, *organisation_exceptions)
    if not any(names_agree(facts.organisation, name, "organisation") == "equal" for name in names):
        return refuse(_OFFICER, "officer.organisation_differs", in_certificate=facts.organisation, agency=agency_name)
    return _holder_and_enrolment(
        _OFFICER, facts, name=officer_name, enrolled=enrolled, enrolling=enrolling, exceptions=name_exceptions
    )


def decide_administrator(
    facts: CertificateFacts, *, name: str | None = None, enrolled: Collection[str] = (), enrolling: bool = False
) -> Decision:
    """Decide whether a certificate may act for an administrator of the platform: class 3, own name, enrolled."""
    kind = check_certificate_kind(facts)
    if not kind:
        return refuse_kind(_ADMINISTRATOR, kind)
    return _holder_and_enrolment(
        _ADMINISTRATOR, facts, name=name, enrolled=enrolled, enrolling=enrolling, exceptions=()
    )


def _holder_and_enrolment(
    rule: str,
    facts: CertificateFacts,
    *,
    name: str | None,
    enrolled: Collection[str],
    enrolling: bool,
    exceptions: Sequence[NameException],
) -> Decision:
    used: str | None = None
    if name is not None:
        agreement = names_agree(facts.holder, name)
        opened = exception_for("holder", facts.holder, name, exceptions) if agreement == "near" else None
        if agreement == "different":
            return refuse(rule, "officer.holder_differs", in_certificate=facts.holder, in_record=name)
        if agreement == "near" and opened is None:
            return refuse(
                rule,
                "officer.holder_near_miss",
                near_miss=(facts.holder, name),
                in_certificate=facts.holder,
                in_record=name,
            )
        used = opened.reference if opened else None
    if not enrolling and facts.sha256.casefold() not in {print_.casefold() for print_ in enrolled}:
        return refuse(rule, f"{rule}.not_enrolled")
    return Decision(allowed=True, rule=rule, person=name or facts.holder, exception=used)
