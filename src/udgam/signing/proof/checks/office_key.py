"""Was it signed by the key of an office that could issue this? The same for a code and a credential."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from udgam.signing.proof.checks.moments import moment_text
from udgam.signing.proof.checks.published import Stated, list_is_current
from udgam.signing.proof.code import CodeClaims, CodeRefused, UnverifiedCode
from udgam.signing.proof.credential import UnverifiedCredential
from udgam.signing.proof.keys import SMALLER_S_SINCE, with_smaller_s
from udgam.signing.proof.published import PublishedRegister
from udgam.signing.proof.status import PublishedStatus, StatusSource
from udgam.signing.proof.told import Fails, Told
from udgam.signing.proof.trust_folder import TrustFolder
from udgam.signing.proof.trust_list import KeyHolder

_INDIA = ZoneInfo("Asia/Kolkata")
# How far the clock of the office may run ahead of the checker's.
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass
class OfficeCase:
    """A code or a credential under examination. Later checks use what earlier ones established."""

    trust: TrustFolder
    at: datetime
    status_source: StatusSource | None
    code: UnverifiedCode | None = None
    credential: UnverifiedCredential | None = None
    warnings: list[Told] = field(default_factory=list)
    holder: KeyHolder = field(init=False)
    claims: CodeClaims = field(init=False)
    published: PublishedStatus = field(init=False)

    @property
    def stated(self) -> CodeClaims | UnverifiedCredential:
        """What the credential or the code says; of a code only after its signature was checked."""
        return self.credential if self.credential is not None else self.claims

    @property
    def number(self) -> str:
        """The number of the certificate."""
        return self.stated.number

    @property
    def agency_code(self) -> str:
        """The code of the agency."""
        return self.stated.agency

    @property
    def digest(self) -> str:
        """The digest of the content."""
        return self.stated.content_sha256

    @property
    def status_index(self) -> int | None:
        """The place in the status lists."""
        return self.stated.status_index

    @property
    def proved_at(self) -> datetime:
        """When it was signed, as it says itself."""
        return self.stated.signed_at

    @property
    def issued_on(self) -> date | None:
        """The date of issue, where it is stated."""
        if self.credential is None:
            return self.claims.issued_on
        if self.credential.content is not None:
            return self.credential.content.issued_on
        return date.fromisoformat(str(self.credential.shown["issued_on"]))

    @property
    def certified_between(self) -> tuple[datetime, datetime]:
        """The day of certification in India: what a code or credential tells of it, however late the office signed it anew."""
        day = self.issued_on
        if day is None:
            raise Fails("It states no date of issue.")
        return datetime.combine(day, time.min, _INDIA), datetime.combine(day, time.max, _INDIA)


def register_of(trust: TrustFolder) -> PublishedRegister:
    """The register whose trust list counts. Raises `Fails` when the folder holds none."""
    if trust.register is None:
        raise Fails("The trust folder holds no trust list, so no key can be believed.")
    return trust.register


def named_register(case: OfficeCase) -> str | None:
    """The register that it names, before anything in it is believed; None where it cannot be read."""
    if case.credential is not None:
        return case.credential.issuer
    assert case.code is not None  # noqa: S101 - a case holds one of the two
    try:
        return case.code.claims().issuer
    except CodeRefused:
        return None


def key_known(case: OfficeCase) -> Told:
    """The key stands in the trust list, as that of an office."""
    signed = case.credential if case.credential is not None else case.code
    assert signed is not None  # noqa: S101 - a case holds one of the two
    holder = register_of(case.trust).trust.holder_of(signed.key_id)
    if holder is None:
        named = named_register(case)
        if named is not None and named != register_of(case.trust).trust.issuer:
            raise Fails(
                "It names the register {register}, which is not pinned here, so the key {key} is not known.",
                register=named[:200],
                key=signed.key_id[:16],
            )
        raise Fails("The trust list names no office with the key {key}.", key=signed.key_id[:16])
    case.holder = holder
    list_is_current(case)
    return Told("The key is that of {office}, {agency}.", office=holder.office.name, agency=holder.agency.name)


def signature_holds(case: OfficeCase) -> Told:
    """The office's key signed exactly this."""
    key = case.holder.key.public
    token = case.credential.token if case.credential is not None else case.code
    if token is None or not token.signed_by(key):
        raise Fails("It was not signed by that key, or was changed since.")
    if case.code is not None:
        case.claims = case.code.claims()
    if case.stated.signed_at >= SMALLER_S_SINCE and token.signature != with_smaller_s(token.signature):
        raise Fails("Its signature was written again in a way in which our keys do not write.")
    return Told("The office's key signed exactly this.")


def key_could_sign(case: OfficeCase) -> Told:
    """The key could sign at that time, and the dates are possible."""
    key, signed_at = case.holder.key, case.proved_at
    if signed_at > case.at + CLOCK_TOLERANCE:
        raise Fails("It was signed only at {moment}, after the moment asked about.", moment=moment_text(signed_at))
    if key.compromised:
        raise Fails("The key of the office was compromised. Ask the holder for the certificate as it was sealed again.")
    if not key.could_sign(signed_at):
        raise Fails("The key of the office could not sign at {moment}.", moment=moment_text(signed_at))
    issued_on = case.issued_on
    if issued_on is None or issued_on > signed_at.astimezone(_INDIA).date():
        raise Fails("It was signed before the date of issue that it states.")
    return Told("The key could sign at {moment}.", moment=moment_text(signed_at))


def office_entitled(case: OfficeCase) -> Told:
    """It names the agency and office that hold the key, and they could issue under the agreement then."""
    stated, holder = case.stated, case.holder
    if stated.issuer != register_of(case.trust).trust.issuer:
        raise Fails("It names the register {named}, not the one that is pinned here.", named=stated.issuer[:80])
    if (stated.agency, stated.office) != (holder.agency.code, holder.office.code):
        raise Fails("It names another office than the one that holds the key.")
    if not any(power.covers(stated.agreement, stated.signed_at) for power in holder.office.powers):
        raise Fails(
            "{office} could not issue under the agreement {agreement} at that time.",
            office=holder.office.name,
            agreement=stated.agreement,
        )
    validity_warning(case, _valid_until(case))
    return Told(
        "{office} could issue under the agreement {agreement}.", office=holder.office.name, agreement=stated.agreement
    )


def _valid_until(case: OfficeCase) -> date | None:
    if case.credential is None:
        return case.claims.valid_until
    return case.credential.content.valid_until if case.credential.content is not None else None


def validity_warning(case: Stated, valid_until: date | None) -> None:
    """Warn when the certificate's own period of validity is over. It stays genuine."""
    if valid_until is not None and case.at.astimezone(_INDIA).date() > valid_until:
        case.warnings.append(
            Told(
                "The certificate was valid until {date}; goods that arrive later need another.",
                date=valid_until.isoformat(),
            )
        )
