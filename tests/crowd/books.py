"""The books of a sandbox after the crowd has gone, added up again from the database; run in its environment.

    python -m tests.crowd.books

Prints one JSON object: figures, and under "faults" everything that is not as it must be.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from typing import Any

import django

Rows = list[dict[str, Any]]


def main() -> None:
    """Look at everything; nothing is repaired."""
    django.setup()
    faults: list[str] = []
    figures = {
        **_applications(faults),
        **_certificates(faults),
        **_money(faults),
        **_record(faults),
        **_work(faults),
    }
    sys.stdout.write(json.dumps({**figures, "faults": faults}))


def _require(faults: list[str], holds: bool, says: str) -> None:
    if not holds:
        faults.append(says)


def _without_gap(faults: list[str], what: str, numbers: list[int]) -> None:
    wanted = list(range(1, len(numbers) + 1))
    _require(faults, sorted(numbers) == wanted, f"{what} have a gap or a double: {sorted(numbers)[:50]}")


def _last(number: str, pattern: str) -> int:
    found = re.search(pattern, number)
    return int(found.group(1)) if found else -1


def _applications(faults: list[str]) -> dict[str, Any]:
    """States, numbers, versions, and one act for each change of state."""
    from udgam.flow.applications.models import Application, Discrepancy
    from udgam.flow.applications.queries import subject_of
    from udgam.ground.audit.queries import acts_of

    rows = list(Application.objects.select_related("examiner", "decided_by"))
    numbers = [_last(row.number or "", r"/(\d{7})A$") for row in rows]
    _without_gap(faults, "numbers of applications", numbers)
    for row in rows:
        acts = Counter(line.act for line in acts_of(subject_of(row)))
        # Who is told that somebody else was first leaves no second act: as many decisions as changes of state.
        once = {"issued": "application.issued", "refused": "application.refused", "withdrawn": "application.withdrawn"}
        name = once.get(row.state)
        _require(faults, name is not None, f"{row.number} ended as {row.state}")
        if name is not None:
            _require(faults, acts[name] == 1, f"{row.number}: {name} {acts[name]} times")
            _require(faults, sum(acts[one] for one in once.values()) == 1, f"{row.number} ended more than once")
        _require(faults, acts["application.paid"] == 1, f"{row.number}: paid {acts['application.paid']} times")
        signed = row.submissions.filter(signature__isnull=False).count()
        _require(faults, signed == row.version, f"{row.number}: {signed} signed versions of {row.version}")
        asked = Discrepancy.objects.filter(application=row).count()
        _require(
            faults,
            acts["application.discrepancy_raised"] == asked,
            f"{row.number}: asked {acts['application.discrepancy_raised']} times, {asked} questions",
        )
        if row.state == "issued":
            ended = {"application.approved": 1, "application.taken_up": asked + 1}
            _require(faults, acts["application.approved"] == 1, f"{row.number}: {dict(acts)} where {ended}")
    return {"applications": len(rows), "states": dict(Counter(row.state for row in rows))}


def _certificates(faults: list[str]) -> dict[str, Any]:
    """Numbers, status indexes, one live certificate an application, log, files: by the platform's own re-check."""
    from django.utils import timezone

    from udgam.flow.applications.models import Application
    from udgam.flow.issuance.models import Certificate, LogEntry
    from udgam.flow.issuance.upkeep.recheck import recheck

    rows = list(Certificate.objects.select_related("application"))
    _without_gap(faults, "numbers of certificates", [_last(row.number, r"/(\d{8})$") for row in rows])
    indexes = [row.status_index for row in rows]
    _without_gap(faults, "places in the status lists", [-1 if index is None else index + 1 for index in indexes])
    states = Counter(row.state for row in rows)
    _require(faults, set(states) <= {"issued", "voided"}, f"certificates ended as {dict(states)}")
    issued = [row for row in rows if row.state == "issued"]
    wanted = set(Application.objects.filter(state="issued").values_list("id", "certificate_number"))
    have = {(row.application_id, row.number) for row in issued}
    _require(faults, wanted == have, f"certificates and applications differ: {sorted(wanted ^ have)[:10]}")
    logged = list(LogEntry.objects.filter(kind="issued").values_list("certificate_id", "position"))
    _require(faults, {one for one, _ in logged} == {row.id for row in issued}, "the log misses a certificate")
    _require(faults, all(place is not None for _, place in logged), "an entry of the log is not published")
    places = list(LogEntry.objects.filter(position__isnull=False).values_list("position", flat=True))
    _without_gap(faults, "places in the log", [place + 1 for place in places])
    run = recheck(clock=timezone.now)
    _require(faults, run.checked == len(issued), f"the re-check read {run.checked} of {len(issued)}")
    _require(faults, run.differences == 0, f"the re-check found {run.differences} differences: {_alarms()}")
    return {"issued": len(issued), "voided": states["voided"], "log": len(places)}


def _alarms() -> list[str]:
    from udgam.flow.issuance.models import Alarm

    return [f"{row.code} {row.detail}" for row in Alarm.objects.all()[:5]]


def _money(faults: list[str]) -> dict[str, Any]:
    """Every paisa: what the gateway took, what was earned, what went back, what lies in wallets."""
    from dataclasses import asdict

    from django.db.models import Sum
    from django.utils import timezone

    from udgam.flow.payments.models import Capture, LedgerAccount, LedgerEntry, LedgerPosting, Order, Paper, Refund
    from udgam.flow.payments.queries import books_state

    state = asdict(books_state(timezone.now()))
    _require(faults, not any(state.values()), f"the books: {state}")
    totals = Counter[str]()
    for kind, amount in LedgerPosting.objects.values_list("account__kind").annotate(Sum("amount_paise")):
        totals[kind] += amount
    _require(faults, sum(totals.values()) == 0, f"the ledger does not balance: {dict(totals)}")
    captured = Capture.objects.aggregate(all=Sum("amount_paise"))["all"] or 0
    paid_back = Refund.objects.filter(to="source", state="done").aggregate(all=Sum("amount_paise"))["all"] or 0
    _require(
        faults,
        totals["gateway"] == captured - paid_back,
        f"at the gateway {totals['gateway']}, not {captured}-{paid_back}",
    )
    _require(faults, totals["refunds_due"] == 0, f"{totals['refunds_due']} paise wait to go back")
    fees = Order.objects.filter(purpose="fee")
    kept = fees.filter(state="paid").aggregate(all=Sum("total_paise"))["all"] or 0
    earned = -(totals["fees"] + totals["igst"] + totals["cgst"] + totals["sgst"])
    _require(faults, earned == kept, f"earned {earned}, orders say {kept}")
    deposits = Order.objects.filter(purpose="deposit", state="paid").aggregate(all=Sum("total_paise"))["all"] or 0
    spent = fees.filter(paid_by="wallet", state="paid").aggregate(all=Sum("total_paise"))["all"] or 0
    to_wallets = _surplus_in_wallets()
    _require(faults, -totals["wallet"] == deposits - spent + to_wallets, f"wallets hold {-totals['wallet']}")
    wallets = LedgerAccount.objects.filter(kind="wallet")
    _require(faults, all(row.balance_paise <= 0 for row in wallets), "a wallet is overdrawn")
    for kind in ("R", "D", "C"):
        numbers = [_last(row.number, r"(\d+)$") for row in Paper.objects.filter(kind=kind)]
        _without_gap(faults, f"papers {kind}", numbers)
    counts = Counter(Paper.objects.values_list("kind", flat=True))
    done = fees.exclude(state__in=("open", "cancelled", "expired"))
    _require(faults, counts["R"] == done.count(), f"{counts['R']} receipts for {done.count()} paid fees")
    back = fees.filter(state="refunded").count()
    _require(faults, counts["C"] == back, f"{counts['C']} credit notes for {back} refunds")
    _fates(faults)
    return {
        "paise": {**totals, "captured": captured, "paid back": paid_back},
        "receipts": counts["R"],
        "entries": LedgerEntry.objects.count(),
    }


def _surplus_in_wallets() -> int:
    """What was paid back into wallets and did not undo an order paid from one."""
    from django.db.models import Sum

    from udgam.flow.payments.models import Refund

    found = Refund.objects.filter(to="wallet", state="done").exclude(order__paid_by="wallet", undoes_order=True)
    return int(found.aggregate(all=Sum("amount_paise"))["all"] or 0)


def _fates(faults: list[str]) -> None:
    """Each application has one fee that was paid; the refused and the withdrawn have it back, by rule, the others have not."""
    from udgam.flow.applications.models import Application
    from udgam.flow.applications.queries import subject_of
    from udgam.flow.payments.models import Order

    orders: dict[str, list[str]] = {}
    for subject, state in Order.objects.filter(purpose="fee").values_list("subject", "state"):
        orders.setdefault(subject, []).append(state)
    for row in Application.objects.all():
        wanted = ["paid"] if row.state == "issued" else ["refunded"]
        have = orders.get(subject_of(row), [])
        _require(faults, have == wanted, f"{row.number} is {row.state}, its fee {have}")


def _record(faults: list[str]) -> dict[str, Any]:
    """Every chain of acts, and the links over their heads."""
    from django.utils import timezone

    from udgam.ground.audit.services import link_heads
    from udgam.ground.audit.verify import ChainBroken, subjects, verify_chain, verify_links

    link_heads(now=timezone.now())
    found, acts = subjects(), 0
    for subject in found:
        try:
            acts += verify_chain(subject).acts
        except ChainBroken as broken:
            faults.append(f"the record of {subject}: {broken}")
    try:
        verify_links()
    except ChainBroken as broken:
        faults.append(f"the links: {broken}")
    return {"acts": acts, "chains": len(found)}


def _work(faults: list[str]) -> dict[str, Any]:
    """Nothing failed in the background, and every message was handed over."""
    from django.db import connection

    from udgam.ground.messages.models import Message

    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status, count(*) FROM procrastinate_jobs GROUP BY 1, 2")
        jobs = [(name, status, count) for name, status, count in cursor.fetchall() if status in {"failed", "aborted"}]
    _require(faults, not jobs, f"tasks failed: {jobs}")
    states = Counter(Message.objects.values_list("state", flat=True))
    _require(faults, set(states) <= {"sent"}, f"messages: {dict(states)}")
    return {"messages": states["sent"]}


if __name__ == "__main__":
    main()
