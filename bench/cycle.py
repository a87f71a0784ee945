"""The issuing cycle as the site goes through it, with its rows, its record of acts, its files and its database.

Certificates of the fictional cast are approved and then signed by the services themselves on a throw-away installation. Counted is the
processor time of the thread that answers the officer's agent, of the threads that help to draw the page, and of its database process;
not counted is what other machines do: the token, the time-stamp service, the status services. No two certificates have the same texts.
Then the office's seal is lost and everything is sealed anew.
"""

from __future__ import annotations

import base64
import hashlib
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil

from bench.figure import Figure
from bench.issuing import _stock_issue

if TYPE_CHECKING:
    from udgam.sandbox.throw_away import Installation

CERTIFICATES, QUICK = 24, 2
# Certificates that count for nothing: a connection prepares what it sends the third time, and PostgreSQL keeps a plan after five more.
WARMING_UP = 9
BASELINE_ROUNDS = 5
POPULATION = 2_500_000
_GOAL, _GOAL_WHOLE = 40.0, 80.0
_STOCK = "WeasyPrint + stock pyHanko"
_WATCHED = (
    "verify certification", "code and credential", "page", "officer's signature", "seal", "time stamp asked and read", "own check",
)  # fmt: skip


def figures(*, quick: bool = False) -> Iterator[Figure]:
    """Milliseconds of processor time for each certificate, by stage, and the rate at which everything is sealed anew."""
    from tests.signing.sealing.office import make_office

    from udgam.sandbox.throw_away import throw_away_installation

    count = QUICK if quick else CERTIFICATES
    with throw_away_installation() as installation:
        spent = _issue(installation, count)
        again = _reseal(installation)
    office = make_office()
    stock = statistics.median(_stock_issue(office, n) for n in range(1, (1 if quick else BASELINE_ROUNDS) + 1))
    for stage, value in spent.items():
        yield Figure(f"cycle: {stage}", value, "ms CPU", _STOCK, stock)
    part = ("page", "code and credential", "seal", "record, audit and files", "database")
    one = sum(spent[stage] for stage in part)
    whole = sum(spent.values())
    yield Figure("cycle: page, code, credential, one signature, audit and database", one, "ms CPU", "goal", _GOAL)
    yield Figure("cycle: whole with own check, audit and database", whole, "ms CPU", "goal", _GOAL_WHOLE)
    yield Figure("cycle: whole with own check, audit and database, against", whole, "ms CPU", _STOCK, stock)
    rate = 2000 / again
    yield Figure(
        "reseal with the database, two processors", rate, "a second", "2.5 million in 24 hours", POPULATION / 86400
    )
    yield Figure(
        "reseal with the database: 2.5 million on two processors", POPULATION / rate / 3600, "hours", "a day", 24
    )


class _Watch:
    """Sums processor time by stage, without that of a stage within it; what no stage took is the record's."""

    def __init__(self) -> None:
        self.stages: dict[str, float] = defaultdict(float)
        # Of the thread that answers alone: what has to be taken from the whole.
        self.in_thread = 0.0
        self._inner: list[float] = []

    def around(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The call, with its time counted for the stage. Drawing is helped by other threads, so all of the process counts there."""
        clock = time.process_time if stage == "page" else time.thread_time

        def timed(*args: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            began, in_thread = clock(), time.thread_time()
            try:
                return call(*args, **named)
            finally:
                spent = clock() - began
                self.stages[stage] += spent - self._inner.pop()
                if self._inner:
                    self._inner[-1] += spent
                else:
                    self.in_thread += time.thread_time() - in_thread

        return timed

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Stand around the stages of the cycle."""
        from udgam.flow.issuance import cycle

        places = [
            (cycle, "_certified", "verify certification"), (cycle, "_proofs", "code and credential"), (cycle.page, "draw", "page"),
            (cycle.officer, "begin", "officer's signature"), (cycle.officer, "finish", "officer's signature"),
            (cycle.seal, "apply", "seal"), (cycle.seal, "stamp", "time stamp asked and read"), (cycle, "check_own_work", "own check"),
        ]  # fmt: skip
        kept = [(holder, name, getattr(holder, name)) for holder, name, _stage in places]
        for (holder, name, stage), (_holder, _name, call) in zip(places, kept, strict=True):
            setattr(holder, name, self.around(stage, call))
        try:
            yield
        finally:
            for holder, name, call in kept:
                setattr(holder, name, call)


def _database_time() -> float:
    """Seconds of processor time that the database's process for this connection has taken."""
    from django.db import connection

    connection.ensure_connection()
    times = psutil.Process(connection.connection.info.backend_pid).cpu_times()
    return times.user + times.system


def _issue(installation: Installation, count: int) -> dict[str, float]:
    from udgam.ground.settling import settle
    from udgam.parties.accounts.actors import actor_of
    from udgam.sandbox.first_certificate import approve_another, issue_first_certificate

    first = issue_first_certificate(installation)
    officer, before = first.signatory, WARMING_UP if count > QUICK else 1
    approved = [
        approve_another(installation, first.application, invoice=f"MM/26-27/{n:04d}", words=_words(n))
        for n in range(100, 100 + before + count)
    ]
    watch = _Watch()
    _sign(installation, approved[:before], officer, actor_of(officer), _Watch())
    # As site and worker do.
    settle()
    began = _database_time()
    with watch.watching():
        total = _sign(installation, approved[before:], officer, actor_of(officer), watch)
    database = _database_time() - began
    spent = {stage: watch.stages[stage] for stage in _WATCHED}
    spent["record, audit and files"] = total - watch.in_thread
    spent["database"] = database
    return {stage: seconds * 1000 / count for stage, seconds in spent.items()}


def _words(number: int) -> str:
    """Words that no other certificate has: the page keeps what it has laid out, and real certificates share no texts of this kind."""
    letters = hashlib.sha256(str(number).encode()).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
    return f"{letters[:7]} {letters[7:12]} {letters[12:20]}"


def _sign(installation: Installation, applications: list[Any], officer: Any, actor: Any, watch: _Watch) -> float:
    """Sign them in one run; answers the seconds of this thread without the token's work."""
    from django.utils import timezone

    from udgam.flow.issuance import conversation
    from udgam.flow.issuance import services as issuance
    from udgam.flow.issuance.models import Certificate
    from udgam.sandbox.authority import load_token
    from udgam.sandbox.soft_token import detached_signature, raw_signature
    from udgam.signing.trust import fingerprint

    token, spent = load_token(installation.sandbox, "officer"), 0.0
    began = time.thread_time()
    run = issuance.begin_run(
        applications=applications,
        person=officer,
        token_sha256=fingerprint(token.certificate),
        actor=actor,
        now=timezone.now(),
    )
    spent += time.thread_time() - began
    event: dict[str, Any] = {"event": "certificate", "certificate": base64.b64encode(token.der).decode()}
    while True:
        began = time.thread_time()
        given = conversation.answer(run=run, event=event, actor=actor, now=timezone.now())
        spent += time.thread_time() - began
        if "next" not in given:
            break
        asked = given["next"]
        if asked["kind"] == "data":
            made = detached_signature(token, base64.b64decode(asked["data"]), signing_time=timezone.now())
        else:
            made = raw_signature(token, base64.b64decode(asked["signed_attributes"]))
        event = {"event": "signed", "id": asked["id"], "result": base64.b64encode(made).decode()}
    if Certificate.objects.filter(application__in=applications, state="issued").count() != len(applications):
        raise RuntimeError("the benchmark's cycle did not issue everything")
    return spent


def _reseal(installation: Installation) -> float:
    """Milliseconds of processor time for each certificate that is sealed anew, with its rows and the database's work."""
    from django.utils import timezone

    from udgam.flow.issuance import seal_keys
    from udgam.flow.issuance.models import Certificate
    from udgam.flow.issuance.register import keys as register_keys
    from udgam.flow.issuance.register import publishing
    from udgam.flow.issuance.upkeep import resealing
    from udgam.ground.audit.actors import SystemActor
    from udgam.ground.tasks import run_deferred
    from udgam.parties.agencies.models import Office

    run_deferred()
    lost = Certificate.objects.filter(state="issued").latest("id")
    # Another office's seal and a fresh key of codes under a new address, as an operator installs after a loss.
    present = installation.sandbox / "seals" / "SEC-another.p12"
    present.write_bytes((installation.sandbox / "seals" / "SEC-PUN.p12").read_bytes())
    Office.objects.filter(pk=lost.office_id).update(seal_key=f"file:{present}")
    seal_keys._opened.clear()
    register_keys.forget_opened()
    actor = SystemActor("bench")
    begun = resealing.begin(key=lost.seal_sha256, reason="key-compromise", actor=actor, now=timezone.now())
    publishing.publish(now=timezone.now())
    resealing.run(begun, clock=timezone.now, actor=actor, limit=1)
    before, began = _database_time(), time.thread_time()
    outcome = resealing.run(begun, clock=timezone.now, actor=actor)
    spent = time.thread_time() - began + _database_time() - before
    if outcome.failed or not outcome.done:
        raise RuntimeError(f"not everything was sealed anew: {outcome}")
    return spent * 1000 / outcome.done
