"""Questions about money. Exporters see their firm's; administrators of an agency what was paid to it; nobody else anything.

A broker sees the fees that are asked for what one drafts, and may pay them online; wallets and receipts are the firm's own affair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import BigIntegerField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from udgam.flow.payments.models import Attempt, LedgerAccount, LedgerEntry, LedgerPosting, Order, Paper, Refund
from udgam.flow.registration.models import Exporter, ExporterBranch
from udgam.flow.registration.queries import exporters_visible_to, own_firms_visible_to
from udgam.ground.audit.actors import Actor
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency
from udgam.parties.agencies.queries import administered_by
from udgam.rules.fees.periods import ATTEMPT_FOLLOWED_FOR, TIME_AT_THE_GATEWAY
from udgam.rules.identifiers.states import STATES_TO_CHOOSE
from udgam.rules.numbers import INDIA


def subject_of(order: Order) -> str:
    """How an order is named in the record of acts."""
    return f"order:{order.public_id}"


def takes_fees(agency: Agency) -> bool:
    """Whether the agency has said where its fees go, so that an order to it can be opened."""
    return bool(agency.state_code and agency.gateway)


def place_of_supply(branch: ExporterBranch) -> tuple[str, bool]:
    """The State to which a service for this branch is supplied, and whether it is a unit in an SEZ (IGST Act 2017, section 12(2)).

    The State of the GSTIN; in an SEZ the State that was named; empty when neither is known.
    """
    if branch.is_sez:
        return branch.sez_state_code, True
    of_gstin = branch.gstin[:2]
    return (of_gstin if of_gstin in STATES_TO_CHOOSE else branch.state_code), False


def administered_agency(actor: Actor) -> Agency | None:
    """The agency that the actor administers today."""
    if actor.kind != "person" or actor.role != Person.Kind.AGENCY_ADMIN:
        return None
    return Agency.objects.filter(id__in=administered_by(actor).values("office__agency")).first()


def orders_visible_to(actor: Actor) -> QuerySet[Order]:
    """The orders an actor may read, the newest first."""
    rows = Order.objects.select_related("exporter", "agency").order_by("-created_at")
    if actor.kind == "system":
        return rows
    if actor.kind == "person" and actor.role == Person.Kind.EXPORTER:
        own = Q(exporter__in=own_firms_visible_to(actor))
        return rows.filter(own | Q(exporter__in=exporters_visible_to(actor), purpose=Order.Purpose.FEE))
    agency = administered_agency(actor)
    return rows.filter(agency=agency) if agency is not None else rows.none()


def order_visible_to(actor: Actor, public_id: UUID) -> Order | None:
    """One order, or None for a stranger."""
    return orders_visible_to(actor).filter(public_id=public_id).first()


def order_for_subject(subject: str) -> Order | None:
    """The fee order of a subject that counts: the open or paid one, else the newest; None when there was none.

    For the room that owns the subject and has asked already who may see it.
    """
    rows = Order.objects.select_related("exporter", "agency").filter(purpose=Order.Purpose.FEE, subject=subject)
    return rows.filter(state__in=("open", "paid")).first() or rows.order_by("-created_at").first()


def subjects_with_fee(subjects: Iterable[str], *, state: str) -> set[str]:
    """Those of the subjects that have a fee order in this state; for the room that owns them."""
    rows = Order.objects.filter(purpose=Order.Purpose.FEE, subject__in=list(subjects), state=state)
    return set(rows.values_list("subject", flat=True))


def papers_visible_to(actor: Actor) -> QuerySet[Paper]:
    """Receipts and credit notes an actor may read, the newest first."""
    rows = Paper.objects.select_related("exporter", "agency", "order").order_by("-issued_at", "-id")
    if actor.kind == "person" and actor.role == Person.Kind.EXPORTER:
        return rows.filter(exporter__in=own_firms_visible_to(actor))
    agency = administered_agency(actor)
    return rows.filter(agency=agency) if agency is not None else rows.none()


def list_papers(actor: Actor, *, search: str, since: date | None, until: date | None) -> QuerySet[Paper]:
    """The visible papers as on the list pages (dates are Indian dates, both included)."""
    rows = papers_visible_to(actor).filter(in_indian_days(since, until, "issued_at"))
    if search:
        rows = rows.filter(Q(number__icontains=search) | Q(order__about__icontains=search))
    return rows


def agencies_with_wallets(actor: Actor) -> QuerySet[Agency]:
    """The agencies into whose wallet the actor's firm may pay, and those that still hold its money, by name."""
    held = wallets_visible_to(actor).filter(balance_paise__lt=0).order_by()
    takes = ~Q(gateway="") & ~Q(state_code="") & Q(is_suspended=False)
    return Agency.objects.filter(takes | Q(id__in=held.values("agency"))).order_by("name")


def in_indian_days(since: date | None, until: date | None, field: str) -> Q:
    """A condition on a moment: not before and not after these days in India (both included)."""
    found = Q()
    if since:
        found &= Q(**{f"{field}__gte": datetime(since.year, since.month, since.day, tzinfo=INDIA)})
    if until:
        end = datetime(until.year, until.month, until.day, tzinfo=INDIA) + timedelta(days=1)
        found &= Q(**{f"{field}__lt": end})
    return found


def may_use_wallet(actor: Actor, order: Order) -> bool:
    """Whether the actor may pay this order with what the firm has prepaid: the firm's own people may."""
    return own_firms_visible_to(actor).filter(id=order.exporter_id).exists()


def wallet_balance(exporter: Exporter, agency: Agency) -> int:
    """What the exporter has prepaid to the agency, in paise; for the pages of that firm."""
    row = LedgerAccount.objects.filter(agency=agency, exporter=exporter).first()
    return -row.balance_paise if row else 0


def wallet_balances(exporter: Exporter) -> dict[int, int]:
    """What the exporter has prepaid, in paise, by the id of the agency; for the pages of that firm."""
    rows = LedgerAccount.objects.filter(kind=LedgerAccount.Kind.WALLET, exporter=exporter)
    return {agency_id: -balance for agency_id, balance in rows.values_list("agency_id", "balance_paise")}


def wallets_visible_to(actor: Actor) -> QuerySet[LedgerAccount]:
    """The wallets of the actor's firm, by agency; for an agency's administrator those at the agency."""
    rows = LedgerAccount.objects.select_related("agency", "exporter").filter(kind=LedgerAccount.Kind.WALLET)
    if actor.kind == "person" and actor.role == Person.Kind.EXPORTER:
        return rows.filter(exporter__in=own_firms_visible_to(actor)).order_by("agency__name")
    agency = administered_agency(actor)
    return rows.filter(agency=agency).order_by("exporter__name") if agency is not None else rows.none()


def statement_of(wallet: LedgerAccount) -> QuerySet[LedgerPosting]:
    """Every movement of a wallet, the oldest first; for whoever may see the wallet."""
    return wallet.postings.select_related("entry__order").order_by("entry__at", "id")


def balances_of(agency: Agency) -> dict[str, int]:
    """What the ledger holds for an agency, by kind of account, debit positive, in paise; for its administrator's page."""
    rows = LedgerPosting.objects.filter(account__agency=agency).order_by()
    found = {
        row["account__kind"]: row["total"] for row in rows.values("account__kind").annotate(total=Sum("amount_paise"))
    }
    return {kind: found.get(kind, 0) for kind in LedgerAccount.Kind.values}


def entries_visible_to(actor: Actor, since: date | None = None, until: date | None = None) -> QuerySet[LedgerEntry]:
    """What moved in the books of the agency that the actor administers, the oldest first."""
    agency = administered_agency(actor)
    if agency is None:
        return LedgerEntry.objects.none()
    rows = LedgerEntry.objects.select_related("order__exporter").filter(order__agency=agency)
    return rows.filter(in_indian_days(since, until, "at")).prefetch_related("postings__account").order_by("at", "id")


def revenue_of(actor: Actor, since: date | None, until: date | None) -> dict[str, int]:
    """Fees and taxes booked in a period for the agency the actor administers, debit positive, in paise."""
    kinds = (LedgerAccount.Kind.FEES, LedgerAccount.Kind.IGST, LedgerAccount.Kind.CGST, LedgerAccount.Kind.SGST)
    agency = administered_agency(actor)
    rows = LedgerPosting.objects.filter(account__agency=agency, account__kind__in=kinds).order_by()
    rows = rows.filter(in_indian_days(since, until, "entry__at"))
    found = {
        row["account__kind"]: row["total"] for row in rows.values("account__kind").annotate(total=Sum("amount_paise"))
    }
    return {str(kind): found.get(kind, 0) for kind in kinds}


@dataclass(frozen=True, kw_only=True)
class BooksState:
    """How the books of the whole installation stand; everything but the counts of what waits should be nought."""

    unbalanced_entries: int
    wrong_wallets: int
    paid_without_receipt: int
    paid_without_entry: int
    late_attempts: int
    late_refunds: int


def books_state(now: datetime) -> BooksState:
    """Add everything up again, past the triggers that keep it right; for the operator's checks."""
    sums = LedgerEntry.objects.annotate(total=Sum("postings__amount_paise"))
    wallets = LedgerAccount.objects.filter(kind=LedgerAccount.Kind.WALLET).annotate(
        total=Coalesce(Sum("postings__amount_paise"), 0, output_field=BigIntegerField())
    )
    paid = Order.objects.filter(state__in=("paid", "refunded"))
    earned = (LedgerEntry.Kind.FEE_PAID, LedgerEntry.Kind.FEE_FROM_WALLET, LedgerEntry.Kind.DEPOSIT)
    settled = LedgerEntry.objects.filter(kind__in=earned)
    long_ago = now - timedelta(days=1)
    return BooksState(
        unbalanced_entries=sums.filter(Q(total__isnull=True) | ~Q(total=0)).count(),
        wrong_wallets=wallets.exclude(total=F("balance_paise")).count(),
        paid_without_receipt=paid.exclude(id__in=Paper.objects.filter(kind__in=("R", "D")).values("order")).count(),
        paid_without_entry=paid.exclude(id__in=settled.values("order")).count(),
        late_attempts=attempts_to_follow(now, begun_before=long_ago).count(),
        late_refunds=Refund.objects.exclude(state="done").filter(asked_at__lt=long_ago).count(),
    )


def running_attempt(order: Order, *, since: datetime) -> Attempt | None:
    """A trip to the gateway that began lately, has a page and has no end yet: going there again cannot pay twice."""
    rows = order.attempts.filter(state=Attempt.State.STARTED, started_at__gte=since).exclude(page="")
    return rows.order_by("-started_at").first()


def attempts_to_follow(now: datetime, *, begun_before: datetime) -> QuerySet[Attempt]:
    """Trips of which nothing was heard, to be asked about; the longest ago first."""
    return (
        Attempt.objects.filter(
            state=Attempt.State.STARTED,
            started_at__lte=begun_before,
            started_at__gte=now - ATTEMPT_FOLLOWED_FOR,
        )
        .exclude(page="")
        .order_by("started_at")
    )


def refunds_to_follow(*, tried_before: datetime) -> QuerySet[Refund]:
    """Refunds to the source that are not finished and that nobody is at."""
    rows = Refund.objects.filter(state__in=("waiting", "sent"), to=Refund.To.SOURCE)
    return rows.filter(Q(tried_at__isnull=True) | Q(tried_at__lte=tried_before)).order_by("asked_at")


def orders_to_end(now: datetime) -> QuerySet[Order]:
    """Open orders whose time is over and for which nobody is at the gateway just now."""
    there = Attempt.objects.filter(state=Attempt.State.STARTED, started_at__gte=now - TIME_AT_THE_GATEWAY)
    return Order.objects.filter(state="open", expires_at__lte=now).exclude(id__in=there.values("order"))
