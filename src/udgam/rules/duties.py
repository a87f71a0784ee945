"""Who may do what, and the periods that bind everybody.

Periods are law-like: they stand here once, not in settings, so that no installation can quietly stretch them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from udgam.rules.binding.decision import Decision
from udgam.rules.firm import FirmRecord
from udgam.rules.refusals import YES, Answer, Reason, no

# The password sent by mail works once and for this long; it must be changed at the first sign-in.
ONE_TIME_PASSWORD_LIFETIME = timedelta(hours=72)
# A one-time code that proves a mobile or an e-mail.
ONE_TIME_CODE_LIFETIME = timedelta(minutes=10)
# Wrong tries after which a one-time code is spent.
ONE_TIME_CODE_TRIES = 5
# The nonce a token signs: bound to the session, used once.
NONCE_LIFETIME = timedelta(minutes=5)
# The link of "forgot password".
PASSWORD_LINK_LIFETIME = timedelta(hours=1)
# The link by which somebody joins the people of a firm: it works once.
INVITATION_LIFETIME = timedelta(days=7)
# A firm's key for programs; then another one is made.
FIRM_KEY_LIFETIME = timedelta(days=365)
# The IEC record is fetched again at sign-in when it is older than this, and before every submission.
RECORD_REFRESH_AGE = timedelta(days=1)
# For this long after the e-mail was changed, a forgotten password also needs the token.
EMAIL_CHANGE_GUARD = timedelta(days=7)
# A step-up by token opens e-mail, roles, keys and images for this long.
STEP_UP_LIFETIME = timedelta(minutes=10)

Duty = Literal["examiner", "signatory"]
# How somebody acts for a firm: signatories do everything, the others only fill in applications and answers.
FirmRole = Literal["signatory", "drafter", "broker"]

REASONS = {
    "duty.wrong_agency": Reason(
        "This application was made to another agency.", "Choose an application from your own office's list."
    ),
    "duty.wrong_office": Reason(
        "This application was made to another office of the agency.",
        "Choose an application from your own office's list.",
    ),
    "duty.agency_suspended": Reason(
        "The agency {agency} is suspended and issues nothing for now.",
        "Ask the administrator of the platform. Certificates issued before stay verifiable.",
    ),
    "duty.office_suspended": Reason(
        "The office {office} is suspended and does nothing for now.",
        "Ask the administrator of your agency. Certificates issued before stay verifiable.",
    ),
    "duty.suspended": Reason("Your post is suspended.", "Ask the administrator of your agency."),
    "duty.on_leave": Reason(
        "You are entered as being on leave today.", "Ask the administrator of your agency to end the leave."
    ),
    "duty.not_authorised_yet": Reason(
        "Your authority begins on {date}.", "Wait until then, or ask the agency's administrator to correct the date."
    ),
    "duty.no_longer_authorised": Reason("Your authority ended on {date}.", "Ask the agency's administrator."),
    "duty.not_examiner": Reason("Your account may not examine applications.", "Ask the agency's administrator."),
    "duty.not_signatory": Reason("Your account may not sign certificates.", "Ask the agency's administrator."),
    "duty.agreement_not_authorised": Reason(
        "This office may not issue certificates under {agreement}.",
        "Ask the administrator of the platform to authorise the office, or refer the exporter to another office.",
    ),
    "duty.certificate_not_enrolled": Reason(
        "No signature certificate is enrolled for your account.", "Ask the agency's administrator to enrol your token."
    ),
    "filing.only_signatory": Reason(
        "Your account may fill in applications but not take back, withdraw or give up what was signed.",
        "Ask somebody who signs for the firm.",
    ),
    "filing.iec_inactive": Reason(
        "The IEC is not active, so no application can be filed.", "Have the IEC activated at DGFT, then fetch it again."
    ),
    "filing.record_stale": Reason(
        "The IEC record was last fetched on {date}; it must be newer to file.", "Fetch the IEC record again."
    ),
    "filing.contact_missing": Reason(
        "The IEC record has no {missing}, so nothing can be proved or sent.",
        "Have it added to the IEC at DGFT, then fetch the record again.",
    ),
    "filing.contact_unproved": Reason(
        "The mobile or e-mail in the IEC record changed and has not been proved.",
        "Prove it with a one-time code under “My IEC details”.",
    ),
    "filing.tax_place_missing": Reason(
        "Branch {branch} has neither a GSTIN nor a State of its SEZ.", "Enter it under “My IEC details”."
    ),
    "filing.nobody_listed": Reason(
        "The IEC record lists no director, partner or proprietor.",
        "Have them added to the IEC at DGFT, then fetch the record again.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class DeclarationVersion:
    """A wording of the declaration at registration. ``text_key`` names the text in the catalogue; it never changes once used."""

    version: str
    effective: date
    text_key: str


DECLARATIONS: tuple[DeclarationVersion, ...] = (
    DeclarationVersion(version="2026-11", effective=date(2026, 11, 1), text_key="declaration-2026-11"),
)


def current_declaration(on: date) -> DeclarationVersion:
    """The wording in force on that day in India. Before the first, the first is meant."""
    in_force = [declaration for declaration in DECLARATIONS if declaration.effective <= on]
    return in_force[-1] if in_force else DECLARATIONS[0]


def record_is_stale(fetched_at: datetime, now: datetime) -> bool:
    """Whether the IEC record must be fetched again before anything is decided on it. Both moments carry a time zone."""
    return now - fetched_at > RECORD_REFRESH_AGE


@dataclass(frozen=True, kw_only=True)
class OfficerStanding:
    """An officer as the agency's administrator recorded it.

    ``agreements`` are the codes for which the *office* is authorised on the day in question. ``until`` is the last day of the
    officer's authority, None while no end is set.
    """

    agency: str
    office: str
    duties: frozenset[Duty]
    since: date
    until: date | None
    agency_suspended: bool
    agreements: frozenset[str]
    certificate_enrolled: bool
    office_suspended: bool = False
    suspended: bool = False
    on_leave: bool = False


def may_examine(officer: OfficerStanding, *, agency: str, office: str, on: date) -> Answer:
    """Whether the officer may take up and examine applications made to this office of this agency, on that day in India."""
    standing = _in_office(officer, agency=agency, office=office, on=on)
    if not standing:
        return standing
    if "examiner" not in officer.duties and "signatory" not in officer.duties:
        return no(REASONS, "duty.not_examiner")
    return YES


def may_decide(officer: OfficerStanding, *, agency: str, office: str, agreement: str, on: date) -> Answer:
    """Whether the officer may approve, refuse or return an application under ``agreement``."""
    standing = may_examine(officer, agency=agency, office=office, on=on)
    if not standing:
        return standing
    if agreement not in officer.agreements:
        return no(REASONS, "duty.agreement_not_authorised", agreement=agreement)
    return YES


def may_sign(officer: OfficerStanding, *, agency: str, office: str, agreement: str, on: date) -> Answer:
    """Whether the officer may certify under ``agreement`` for this office on that day in India.

    Only a signatory with an enrolled certificate may; the day is the date of issue that the certificate will carry.
    """
    standing = _in_office(officer, agency=agency, office=office, on=on)
    if not standing:
        return standing
    if "signatory" not in officer.duties:
        return no(REASONS, "duty.not_signatory")
    if agreement not in officer.agreements:
        return no(REASONS, "duty.agreement_not_authorised", agreement=agreement)
    if not officer.certificate_enrolled:
        return no(REASONS, "duty.certificate_not_enrolled")
    return YES


def _in_office(officer: OfficerStanding, *, agency: str, office: str, on: date) -> Answer:
    if officer.agency != agency:
        return no(REASONS, "duty.wrong_agency")
    if officer.office != office:
        return no(REASONS, "duty.wrong_office")
    if officer.agency_suspended:
        return no(REASONS, "duty.agency_suspended", agency=agency)
    if officer.office_suspended:
        return no(REASONS, "duty.office_suspended", office=office)
    if officer.suspended:
        return no(REASONS, "duty.suspended")
    if officer.on_leave:
        return no(REASONS, "duty.on_leave")
    if on < officer.since:
        return no(REASONS, "duty.not_authorised_yet", date=officer.since.isoformat())
    if officer.until is not None and on > officer.until:
        return no(REASONS, "duty.no_longer_authorised", date=officer.until.isoformat())
    return YES


def may_register(firm: FirmRecord) -> Answer:
    """Whether a firm's record carries what registering needs, apart from the token's decision."""
    if not firm.is_active:
        return no(REASONS, "filing.iec_inactive")
    contact = _contact(firm)
    if not contact:
        return contact
    if not firm.people:
        return no(REASONS, "filing.nobody_listed")
    return YES


def may_file(
    firm: FirmRecord,
    *,
    now: datetime,
    branches_without_tax_place: Collection[str],
    contact_proved: bool,
    branch: str | None = None,
    token_decision: Decision | None = None,
) -> Answer:
    """Whether the firm may file an application now.

    ``branches_without_tax_place`` are the codes of branches that have neither a GSTIN nor an SEZ State; only the ``branch`` the
    goods go from stands in the way, or any of them when ``branch`` is None. ``token_decision`` is the decision about the token
    in use: once its holder is no longer listed, its reason is the answer.
    """
    if not firm.is_active:
        return no(REASONS, "filing.iec_inactive")
    if record_is_stale(firm.fetched_at, now):
        return no(REASONS, "filing.record_stale", date=firm.fetched_at.date().isoformat())
    contact = _contact(firm)
    if not contact:
        return contact
    if not contact_proved:
        return no(REASONS, "filing.contact_unproved")
    missing = sorted(branches_without_tax_place)
    if branch is not None:
        missing = [code for code in missing if code == branch]
    if missing:
        return no(REASONS, "filing.tax_place_missing", branch=missing[0])
    if token_decision is not None and not token_decision:
        return Answer(
            allowed=False,
            reason=token_decision.reason,
            message=token_decision.message,
            advice=token_decision.advice,
            params=token_decision.params,
        )
    return YES


def may_undo(role: FirmRole | None, *, is_signed: bool) -> Answer:
    """Whether somebody of the firm may take back, withdraw or give up an application or a certificate.

    A draft belongs to everybody who fills it in; what was signed is undone only by those who may sign. ``role`` is None for
    somebody who does not act for the firm.
    """
    if role == "signatory" or (role is not None and not is_signed):
        return YES
    return no(REASONS, "filing.only_signatory")


def _contact(firm: FirmRecord) -> Answer:
    if firm.email and firm.mobile:
        return YES
    missing = "mobile" if firm.email else "e-mail" if firm.mobile else "e-mail and mobile"
    return no(REASONS, "filing.contact_missing", missing=missing)
