"""The walk over the URL map: no view answers a bad request with a failure, and no bad request changes a row.

Every request is sent within a savepoint that is taken back, so each meets the same world. A view without an entry in
`samples.py` fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.architecture.url_map import Address, every_address
from tests.rooms.hostile.samples import SAMPLES, Sample
from tests.rooms.hostile.world import World

# The world stands in a transaction of its own around the one of each test.
pytestmark = pytest.mark.django_db
ADDRESSES = {address.name: address for address in every_address()}
PEOPLE = ("nobody", "exporter", "officer", "agency_admin", "administrator")

# Tables that keep a trace of the visit itself. Everything else is business.
TRACES = frozenset(
    {
        "django_session",
        "accounts_ownsession",
        "accounts_signinevent",
        "accounts_nonce",
        "accounts_wrongpasswords",
        "captcha_captchastore",
        # How often a place asked.
        "pages_ratecount",
        # The outbox, and the job that sends what lies in it.
        "messages_message",
        "procrastinate_jobs",
        "procrastinate_events",
        "procrastinate_periodic_defers",
    }
)

LONG = "x" * 100_000
# What no field of any form may take.
BROKEN = ["a\0b", LONG]
# What may be right as somebody's words and nowhere else.
WORDS = ["<script>alert(1)</script>", "{{ 7*7 }}{% now %} नमस्ते"]
ODD = ["'; DROP TABLE accounts_person; --", "../../../etc/passwd", "-1", "9" * 40, *WORDS]
PATHS = [
    *(text for text in ODD if text != "[]"),
    "..",
    "\0",
    "x" * 5000,
    "0",
    "1e9",
    str(uuid4()),
    str(uuid4()).upper(),
]
QUERIES = [
    "page=-1&state=%00&search=%00&next=//evil.example/&lang=xx&number=%00&k=%00&seen_version=%00",
    "page=" + "9" * 60 + "&state=[]&search=%27%3B--&next=javascript:alert(1)&number=%3Cscript%3Ealert(1)%3C/script%3E&k=" + "x" * 4000,
    "page=%FF%FE&search=" + "x" * 6000 + "&state[]=a&state[]=b&next=https://evil.example/&number=../..&mine=%00&since=%00&until=9999999-99-99",
]  # fmt: skip
EVENTS: list[Any] = [
    {}, [], None, 7, "open", {"event": None}, {"event": LONG}, {"event": "certificate"},
    {"event": "certificate", "certificate": "\0"}, {"event": "certificate", "certificate": "AAAA"},
    {"event": "certificate", "certificate": LONG}, {"event": "certificate", "certificate": {"a": []}},
    {"event": "signed"}, {"event": "signed", "id": str(uuid4()), "result": "AAAA"},
    {"event": "signed", "id": {"$ne": 1}, "result": []}, {"event": "signed", "id": "\0", "result": "%%%"},
    {"event": "<script>alert(1)</script>"}, {"event": "drop"},
]  # fmt: skip


def _bodies() -> list[tuple[str, bytes]]:
    """Bodies that are no form at all."""
    form = "application/x-www-form-urlencoded"
    return [
        (form, b"a=%FF%FE&edit=%00&decision=%C3%28"),
        (form, b"&".join(b"f%d=1" % number for number in range(2100))),
        (form, b"text=" + b"x" * (3 * 1024 * 1024 + 1)),
        ("application/json", b'{"event": '),
        ("application/json", b"[" * 20_000),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\0b\"\r\n\r\n"),
        ("multipart/form-data", b"no boundary"),
        ("text/plain; charset=nonsense", "नमस्ते".encode("utf-16")),
        ("\x7f", b""),
    ]  # fmt: skip


BODIES = _bodies()


# ── What is watched ────────────────────────────────────────────────────────────────────────────────────────────────────


def _tables(keeps: frozenset[str] = frozenset()) -> list[str]:
    return sorted({model._meta.db_table for model in apps.get_models()} - TRACES - keeps)


def _written() -> dict[str, int]:
    """How many rows this transaction has written, table by table: cheap to ask, and never goes down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())


def _digest(table: str) -> tuple[int, str]:
    """Number and digest of a table's rows."""
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM {name} t"
        )
        count, digest = cursor.fetchone()
    return count, digest


def savepoint() -> transaction.Atomic:
    """A block that is taken back afterwards, and that the views take for the outermost one, as they take a test's own."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    return block


@dataclass
class Watch:
    """Sends requests and remembers what went wrong."""

    world: World
    address: Address
    sample: Sample
    before: dict[str, tuple[int, str]]
    wrong: list[str] = field(default_factory=list)
    sent: int = 0

    def ask(
        self,
        who: str,
        method: str,
        path: str,
        *,
        may_change: bool | Callable[[HttpResponse], bool] = False,
        **more: Any,
    ) -> HttpResponse | None:
        """One request in a savepoint of its own; answers the response, or None when the view failed.

        ``may_change`` says whether rows may change, or decides it by what was answered.
        """
        self.sent += 1
        client = self._browser(who)
        with savepoint():
            counted = _written()
            try:
                response = client.generic(method, path, **more)
                self._judge(who, method, path, more, response)
            except Exception as error:
                self.wrong.append(f"{self._line(who, method, path, more)}: {type(error).__name__}: {str(error)[:200]}")
                response = None
            allowed = may_change(response) if callable(may_change) and response is not None else may_change
            if response is not None and not allowed:
                self._compare(counted, self._line(who, method, path, more))
            transaction.set_rollback(True)
        return response

    def _browser(self, who: str) -> Client:
        client = Client()
        client.cookies.load({name: held.value for name, held in self.world.clients[who].cookies.items()})
        return client

    def _judge(self, who: str, method: str, path: str, more: dict[str, Any], response: HttpResponse) -> None:
        line = self._line(who, method, path, more)
        if response.status_code >= 500 and (self.address.name, response.status_code) not in MAY_BE_UNAVAILABLE:
            self.wrong.append(f"{line}: {response.status_code}")
        location = response.headers.get("Location", "/")
        if not location.startswith("/") or location.startswith(("//", "/\\")):
            self.wrong.append(f"{line}: leads away to {location[:80]}")
        is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
        if is_page and b"<script>alert(1)" in response.content:
            self.wrong.append(f"{line}: the page repeats a script")

    def _compare(self, counted: dict[str, int], line: str) -> None:
        after = _written()
        touched = {table for table in self.before if after.get(table, 0) != counted.get(table, 0)}
        # A view may have written and taken it back itself; only what stands counts.
        changed = [table for table in sorted(touched) if _digest(table) != self.before[table]]
        if changed:
            self.wrong.append(f"{line}: changed {changed}")

    @staticmethod
    def _line(who: str, method: str, path: str, more: dict[str, Any]) -> str:
        return f"{who} {method} {path[:120]} {more.get('content_type', '')} {more.get('data', b'')[:120]!r}"


# The register or the time-stamp service is not there in this walk; these say so, with a page.
MAY_BE_UNAVAILABLE = {
    ("readyz", 503),
    ("verification:pdf", 503),
    ("verification:text", 503),
}


def _resolve(world: World, values: Any) -> dict[str, Any]:
    return {name: value(world) if callable(value) else value for name, value in values.items()}


def _form(values: dict[str, Any]) -> dict[str, Any]:
    from urllib.parse import urlencode

    return {"data": urlencode(values).encode(), "content_type": "application/x-www-form-urlencoded"}


def _paths_instead_of(path: str, at: dict[str, Any]) -> Iterator[str]:
    """The address with one of its parameters replaced by something hostile."""
    for value in at.values():
        given = quote(str(value), safe="/") if quote(str(value), safe="/") in path else quote(str(value), safe="")
        assert given in path, (path, value)
        for hostile in PATHS:
            yield path.replace(given, quote(hostile, safe=""))


# ── The walk ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_view_has_its_samples_and_every_sample_its_view() -> None:
    assert sorted(set(ADDRESSES) - set(SAMPLES)) == [], "a new view wants an entry in samples.py"
    assert sorted(set(SAMPLES) - set(ADDRESSES)) == [], "these views are gone"
    silent = {
        name for name, samples in SAMPLES.items()
        for sample in samples if set(ADDRESSES[name].parameters) - set(sample.at) - set(ADDRESSES[name].given)
    }  # fmt: skip
    assert silent == set(), "a sample gives a value for every parameter of the path"


@pytest.fixture(scope="module")
def before(world: World) -> dict[str, tuple[int, str]]:
    return {table: _digest(table) for table in _tables()}


@pytest.mark.parametrize("name", [name for name in ADDRESSES if name in SAMPLES])
def test_bad_requests_get_an_answer_and_change_nothing(
    world: World, before: dict[str, tuple[int, str]], name: str
) -> None:
    address = ADDRESSES[name]
    wrong: list[str] = []
    for number, sample in enumerate(SAMPLES[name]):
        kept = {table: state for table, state in before.items() if table in _tables(sample.keeps)}
        watch = Watch(world, address, sample, kept)
        at, form = _resolve(world, sample.at), _resolve(world, sample.form)
        path = reverse(name, kwargs=at)
        _forms(watch, path, form)
        if number == 0:
            _addresses(watch, path, at)
            _no_forms(watch, path)
            _methods(watch, path)
            _strangers(watch, path, form)
        _other_objects(watch, at, form)
        wrong += watch.wrong
    assert not wrong, "\n".join(wrong)


def _addresses(watch: Watch, path: str, at: dict[str, Any]) -> None:
    who = watch.sample.who
    watch.ask(who, "GET", path)
    for query in QUERIES:
        watch.ask(who, "GET", f"{path}?{query}")
    method = "POST" if watch.sample.form or watch.sample.is_button else "GET"
    for number, hostile in enumerate(_paths_instead_of(path, at)):
        watch.ask(who, method if number % 2 else "GET", hostile)


def _forms(watch: Watch, path: str, form: dict[str, Any]) -> None:
    """The good form with one field left out, or with one value that is wrong."""
    who, sample = watch.sample.who, watch.sample
    if sample.talks:
        for event in EVENTS:
            watch.ask(who, "POST", path, data=json.dumps(event).encode(), content_type="application/json")
        return
    watch.ask(who, "POST", path, may_change=sample.is_button)
    for name, good in form.items():
        without = {key: value for key, value in form.items() if key != name}
        watch.ask(who, "POST", path, may_change=name in sample.loose | sample.optional, **_form(without))
        for value in BROKEN:
            # Of a box that is ticked or not, only its being there is asked.
            ticked = name in sample.loose and good == ""
            watch.ask(who, "POST", path, may_change=ticked, **_form({**form, name: value}))
        for value in WORDS if name in sample.loose else ODD:
            watch.ask(who, "POST", path, may_change=name in sample.loose, **_form({**form, name: value}))


def _no_forms(watch: Watch, path: str) -> None:
    """Bodies that are no form; a view that takes none at all is asked with one of them."""
    who, may_change = watch.sample.who, watch.sample.is_button
    for content_type, body in BODIES:
        answer = watch.ask(who, "POST", path, may_change=may_change, data=body, content_type=content_type)
        if answer is not None and answer.status_code == 405:
            return


def _methods(watch: Watch, path: str) -> None:
    for method in ("PUT", "DELETE", "TRACE", "NONSENSE"):
        answer = watch.ask(watch.sample.who, method, path)
        ours = watch.address.view.__module__.startswith("udgam.")
        if answer is not None and ours and answer.status_code not in {302, 403, 404, 405}:
            watch.wrong.append(f"{method} {path}: {answer.status_code}, though nothing of ours takes it")


def _strangers(watch: Watch, path: str, form: dict[str, Any]) -> None:
    """Everybody else, with the good form: signed in as somebody of another kind there is no such page."""
    guard = set(watch.address.guard)
    for who in PEOPLE:
        if who == watch.sample.who:
            continue
        for method, more in (("GET", {}), ("POST", _form(form))):
            is_private = not guard & {"all", "signed-in", who} and guard
            may_change = not is_private and method == "POST" and (watch.sample.is_button or bool(form))
            answer = watch.ask(who, method, path, may_change=may_change, **more)
            if answer is None or not is_private:
                continue
            expected = {302, 404, 405} if who == "nobody" else {404, 405}
            if answer.status_code not in expected:
                watch.wrong.append(f"{who} {method} {path}: {answer.status_code}, not one of {sorted(expected)}")


def _other_objects(watch: Watch, at: dict[str, Any], form: dict[str, Any]) -> None:
    """The right kind of visitor, and somebody else's object."""
    others = _resolve(watch.world, watch.sample.others)
    if not others:
        return
    path = reverse(watch.address.name, kwargs={**at, **others})
    for method, more in (("GET", {}), ("POST", _form(form))):
        answer = watch.ask(watch.sample.who, method, path, **more)
        if answer is not None and answer.status_code not in {404, 405}:
            watch.wrong.append(f"{watch.sample.who} {method} somebody else's {path}: {answer.status_code}")


def test_a_form_from_elsewhere_is_refused_by_every_view(world: World) -> None:
    """Without the token that only our own pages carry, no view of ours takes a form."""
    taken = []
    for name, samples in SAMPLES.items():
        sample, address = samples[0], ADDRESSES[name]
        if not address.view.__module__.startswith("udgam."):
            continue
        client = Client(enforce_csrf_checks=True)
        client.cookies.load({key: held.value for key, held in world.clients[sample.who].cookies.items()})
        with savepoint():
            path = reverse(name, kwargs=_resolve(world, sample.at))
            answer = client.post(path, _resolve(world, sample.form))
            transaction.set_rollback(True)
        if answer.status_code not in {403, 405}:
            taken.append(f"{name}: {answer.status_code}")
    assert taken == []


def test_the_good_forms_are_good(world: World) -> None:
    """A walk with forms that are refused anyway would prove little: a handful of them is sent unchanged and must be taken."""
    for name in ("agencies:appoint", "agencies:admit", "agencies:token", "examination:refuse", "examination:discrepancy", "applications:item-add", "payments:wallet", "payments:fee-account", "registration:my-iec-branches"):  # fmt: skip
        sample = SAMPLES[name][0]
        watch = Watch(world, ADDRESSES[name], sample, {})
        path = reverse(name, kwargs=_resolve(world, sample.at))
        answer = watch.ask(sample.who, "POST", path, may_change=True, **_form(_resolve(world, sample.form)))
        assert answer is not None, watch.wrong
        said = answer.content.decode().partition("error-summary__list")[2][:300]
        assert answer.status_code == 302, (name, answer.status_code, said)
    for sample in SAMPLES["applications:section"]:
        watch = Watch(world, ADDRESSES["applications:section"], sample, {})
        path = reverse("applications:section", kwargs=_resolve(world, sample.at))
        answer = watch.ask("exporter", "POST", path, may_change=True, **_form(_resolve(world, sample.form)))
        assert answer is not None, watch.wrong
        assert answer.status_code == 302, path
