"""Who gets what from every address: each duty, role and key, and a stranger in the same, against the list in `matrix.txt`.

The list is written by `UPDATE_MATRIX=1 pytest tests/rooms/hostile/test_matrix.py` and read by people: a line that changes is a
change of who may do what. An address that is missing in it fails the test. Whatever the list says, two things hold by rule: who is
not named by a view's guard gets no further than the door, and nothing that belongs to somebody else is answered with anything
but "not found".
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.architecture.url_map import every_address
from tests.rooms.accounts.people import sign_in
from tests.rooms.examination.cases import ACTOR, make_office, make_officer
from tests.rooms.hostile.samples import SAMPLES
from tests.rooms.hostile.test_every_view import Watch, _digest, _form, _resolve, _tables, savepoint
from tests.rooms.hostile.world import World
from tests.rooms.registration.colleagues import join_firm
from udgam.flow.registration.models import FirmKey, Membership
from udgam.flow.registration.services import make_key
from udgam.parties.accounts.doors import DOORS
from udgam.parties.accounts.models import Person
from udgam.parties.agencies.models import Agency, Office, Officer
from udgam.rules import duties

# The world stands in a transaction of its own around the one of each test.
pytestmark = pytest.mark.django_db
LIST = Path(__file__).with_name("matrix.txt")
ADDRESSES = {address.name: address for address in every_address()}
# Column, and the kind of person that stands behind it.
ROLES = {
    "nobody": "",
    "exporter": Person.Kind.EXPORTER,
    "drafter": Person.Kind.EXPORTER,
    "broker": Person.Kind.EXPORTER,
    "examiner": Person.Kind.OFFICER,
    "signatory": Person.Kind.OFFICER,
    "agency_admin": Person.Kind.AGENCY_ADMIN,
    "administrator": Person.Kind.ADMINISTRATOR,
}
STRANGERS = {
    "other_exporter": Person.Kind.EXPORTER,
    "other_drafter": Person.Kind.EXPORTER,
    "other_broker": Person.Kind.EXPORTER,
    "other_examiner": Person.Kind.OFFICER,
    "other_signatory": Person.Kind.OFFICER,
    "other_agency_admin": Person.Kind.AGENCY_ADMIN,
}
COLUMNS = (*ROLES, *STRANGERS)
# Which column stands for which duty of an officer, role in a firm and scope of a key. A new one wants a column.
DUTIES = {"examiner": "examiner", "signatory": "signatory"}
FIRM_ROLES = {"signatory": "exporter", "drafter": "drafter", "broker": "broker"}
SCOPES = {"draft": "key", "read": "key_read"}
# What somebody sees whom the signatory of a firm is not: the list of the firms a broker drafts for.
OWN_PAGES = {"registration:firms": {"broker"}}
SHUT = {"door", "401", "403", "404", "405", "422"}
METHODS = ("GET", "POST", "PUT", "DELETE")
WELL_FORMED = json.dumps({"agreement": "NP", "shipment": "after", "edit": 0, "values": {}}).encode()


@pytest.fixture(scope="module")
def people(world: World) -> World:
    """The world with somebody of every role, and a stranger in each. Whose sign-in asks for no token is stepped up all the same."""
    elsewhere = make_office(Agency.objects.get(code="NTC"), "Salem")
    found = {
        "examiner": world.other_officer,
        "signatory": world.officer,
        "drafter": world.colleague.person,
        "broker": Membership.objects.get(exporter=world.filer.exporter, role="broker").person,
        "other_exporter": world.other.person,
        "other_drafter": join_firm(world.other, role="drafter", name="Kiran Patil").person,
        "other_broker": join_firm(world.other, role="broker", name="Salma Shaikh").person,
        "other_examiner": make_officer(elsewhere, "Ravi Iyer", Officer.Role.EXAMINER),
        "other_signatory": make_officer(elsewhere, "Latha Iyer"),
        "other_agency_admin": make_officer(elsewhere, "Mohan Iyer", Officer.Role.ADMINISTRATOR),
    }
    for name, person in found.items():
        world.clients[name] = Client()
        sign_in(world.clients[name], person, stepped_up=True)
    return world


def outcome(answer: HttpResponse | None) -> str:
    """What became of a request, in a word."""
    if answer is None:
        return "failed"
    if str(answer.status_code) in SHUT:
        return str(answer.status_code)
    doors = {reverse(door.url_name) for door in DOORS}
    if answer.status_code == 302 and answer.headers["Location"].partition("?")[0] in doors:
        return "door"
    return "heard"


@dataclass
class Asker:
    """Asks one address as everybody, and writes its line."""

    world: World
    name: str
    before: dict[str, tuple[int, str]]
    private: list[bytes]
    keys: dict[str, str]

    def line(self) -> str:
        sample = SAMPLES[self.name][0]
        # Of a key is noted when it was last used.
        keeps = sample.keeps | ({"registration_firmkey"} if self.name.startswith("api:") else set())
        kept = {table: state for table, state in self.before.items() if table in _tables(keeps)}
        watch = Watch(self.world, ADDRESSES[self.name], sample, kept)
        path = reverse(self.name, kwargs=_resolve(self.world, sample.at))
        form = _form(_resolve(self.world, sample.form))
        cells = {
            who: [self._ask(watch, who, method, path, more) for method, more in (("GET", {}), ("POST", form))]
            for who in COLUMNS
        }
        if self.name.startswith("api:"):
            for who, secret in self.keys.items():
                # A body that is well formed: what a key may not do is turned away for that reason, and not as unreadable.
                more = {"headers": {"Authorization": f"Bearer {secret}"}, "content_type": "application/json"}
                body = {**more, "data": WELL_FORMED}
                asked = f"{path}?edit=0" if "position" in sample.at else path
                cells[who] = [self._ask(watch, who, each, asked, more if each == "GET" else body) for each in METHODS]
        assert not watch.wrong, "\n".join(watch.wrong)
        return f"{self.name}: {' '.join(f'{who}={_cell(words)}' for who, words in cells.items())}"  # fmt: skip

    def _ask(self, watch: Watch, who: str, method: str, path: str, more: dict[str, Any]) -> str:
        browser = "nobody" if who in self.keys else who
        # Signing out leads to the door as well.
        is_exit = self.name == "accounts:sign-out"
        answer = watch.ask(browser, method, path, may_change=lambda got: is_exit or outcome(got) not in SHUT, **more)
        is_strange = who.startswith("other_") and "all" not in watch.address.guard
        if answer is not None and is_strange and not answer.streaming:
            told = [number.decode() for number in self.private if number in answer.content]
            if told:
                watch.wrong.append(f"{who} {method} {path} reads of {told}")
        return outcome(answer)


def _cell(words: list[str]) -> str:
    return words[0] if len(set(words)) == 1 else "/".join(words)


@pytest.fixture(scope="module")
def asker(people: World) -> Callable[[str], Asker]:
    """Makes the asker of an address: with a key for programs of each firm, and with what only the first firm may read."""
    now, keys = timezone.now(), {}
    wanted = [(column, people.filer, scope) for scope, column in SCOPES.items()]
    for name, filer, scope in (*wanted, ("other_key", people.other, "draft")):
        _row, keys[name] = make_key(
            exporter=filer.exporter, name="Matrix", scope=scope, person=filer.person, actor=ACTOR, now=now
        )
    private = [case.number.encode() for case in people.cases.values() if case.number]
    assert private
    before = {table: _digest(table) for table in _tables()}
    return lambda name: Asker(people, name, before, private, keys)


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    lines = LIST.read_text().splitlines() if LIST.exists() else []
    return {line.partition(": ")[0]: line for line in lines if line and not line.startswith("#")}


def test_every_address_stands_in_the_list(expected: dict[str, str]) -> None:
    if os.environ.get("UPDATE_MATRIX"):
        pytest.skip("the list is being written")
    assert sorted(set(ADDRESSES) - set(expected)) == [], "who may ask for these? write them into matrix.txt"
    assert sorted(set(expected) - set(ADDRESSES)) == [], "these addresses are gone"


def test_every_duty_role_and_scope_is_a_column(people: World) -> None:
    assert set(DUTIES) == set(get_args(duties.Duty)) == {role.value for role in Officer.Role} - {"administrator"}
    assert set(FIRM_ROLES) == set(get_args(duties.FirmRole)) == {role.value for role in Membership.Role}
    assert set(SCOPES) == {scope.value for scope in FirmKey.Scope}
    assert set(ROLES.values()) - {""} == {kind.value for kind in Person.Kind}
    for duty, column in DUTIES.items():
        assert _post(people, column).role == duty
        assert _post(people, f"other_{column}").role == duty
    for role, column in FIRM_ROLES.items():
        assert _membership(people, column).role == role
        assert _membership(people, f"other_{column}").role == role


def _signed_in(people: World, column: str) -> str:
    return people.clients[column].session["_auth_user_id"]


def _post(people: World, column: str) -> Officer:
    return Officer.objects.get(person_id=_signed_in(people, column))


def _membership(people: World, column: str) -> Membership:
    return Membership.objects.get(person_id=_signed_in(people, column), until__isnull=True)


@pytest.mark.parametrize("name", sorted(name for name in ADDRESSES if name in SAMPLES))
def test_everybody_gets_what_the_list_says(asker: Callable[[str], Asker], expected: dict[str, str], name: str) -> None:
    line = asker(name).line()
    _hold_the_rules(name, line)
    if os.environ.get("UPDATE_MATRIX"):
        kept = dict(expected) | {name: line}
        expected[name] = line
        head = "# Written by tests/rooms/hostile/test_matrix.py; GET/POST where they differ. Read what changes.\n"
        LIST.write_text(head + "\n".join(kept[key] for key in sorted(kept)) + "\n")
        return
    assert line == expected.get(name)


def _words(cell: str, of: int = 2) -> list[str]:
    """The word for each method; one that stands for all of them is said as often."""
    words = cell.split("/")
    return words * of if len(words) == 1 else words


def _hold_the_scopes(name: str, cells: dict[str, str]) -> None:
    """A key that only reads is heard where the other one reads, and nowhere else."""
    public = set(_words(cells["nobody"])) <= {"heard"}
    both = zip(METHODS, _words(cells["key"], len(METHODS)), _words(cells["key_read"], len(METHODS)), strict=True)
    for method, draft, read in both:
        reads = method == "GET" or public
        assert read == draft if reads else read in SHUT, f"{name}: {method} by key_read was {read}"


def _hold_the_rules(name: str, line: str) -> None:
    """What no list can allow."""
    address = ADDRESSES[name]
    guard = set(address.guard)
    cells = dict(cell.split("=") for cell in line.partition(": ")[2].split(" "))
    if name.startswith("api:") and "public_id" in address.parameters:
        for who, cell in cells.items():
            assert who in SCOPES.values() or set(cell.split("/")) <= SHUT, f"{name}: {who} was {cell}"
    if "key" in cells:
        _hold_the_scopes(name, cells)
    for who in {"drafter", "broker"} - OWN_PAGES.get(name, set()):
        more = [got for most, got in zip(_words(cells["exporter"]), _words(cells[who]), strict=True) if most in SHUT]
        assert set(more) <= SHUT, f"{name}: {who} was {cells[who]}, who signs {cells['exporter']}"
    if not guard or guard & {"all", "signed-in"}:
        return
    owner = "owner of the subject" in guard
    for who, cell in cells.items():
        kind = {**ROLES, **STRANGERS}[who]
        parts = set(cell.split("/"))
        if owner or kind in guard:
            continue
        assert parts <= SHUT, f"{name}: {who} is not of {sorted(guard)} and was {cell}"
    if SAMPLES[name][0].others or owner:
        for who, kind in STRANGERS.items():
            if owner or kind in guard:
                assert set(cells[who].split("/")) <= {"404", "405", "403"}, f"{name}: {who} was {cells[who]}"


# ── Duties: the officer of the right office, whose standing is wrong ───────────────────────────────────────────────────


def _suspend_agency(world: World) -> None:
    Agency.objects.filter(id=world.agency.id).update(is_suspended=True)


def _suspend_office(world: World) -> None:
    Office.objects.filter(id=world.office.id).update(is_suspended=True)


def _suspend_officer(world: World) -> None:
    Officer.objects.filter(person__in=(world.officer, world.other_officer)).update(suspended_at=timezone.now())


def _end_posts(world: World) -> None:
    Officer.objects.filter(person__in=(world.officer, world.other_officer)).update(ended_at=timezone.now())


def _no_authority(world: World) -> None:
    world.office.authorisations.update(agreement="AIFTA")


# What is wrong, and the reason of `rules.duties` that is told; None where the case is not even found.
STANDINGS: dict[str, tuple[Any, str | None]] = {
    "agency suspended": (_suspend_agency, "duty.agency_suspended"),
    "office suspended": (_suspend_office, "duty.office_suspended"),
    "officer suspended": (_suspend_officer, None),
    "post ended": (_end_posts, None),
    "agreement not authorised": (_no_authority, "duty.agreement_not_authorised"),
}


def test_every_reason_of_the_duties_has_a_standing_or_a_test_of_its_own() -> None:
    named = {reason for _change, reason in STANDINGS.values() if reason}
    # Told by the address itself (another office's case is not found), or by the signing room's and the leave's own tests.
    elsewhere = {
        "duty.wrong_agency",
        "duty.wrong_office",
        "duty.not_authorised_yet",
        "duty.no_longer_authorised",
        "duty.not_examiner",
        "duty.not_signatory",
        "duty.certificate_not_enrolled",
        "duty.suspended",
        "duty.on_leave",
    }
    assert {code for code in duties.REASONS if code.startswith("duty.")} == named | elsewhere


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("who", ["examiner", "signatory"])
def test_a_wrong_standing_decides_nothing(people: World, who: str, standing: str) -> None:
    change, reason = STANDINGS[standing]
    case = people.cases["submitted"]
    with savepoint():
        change(people)
        path = reverse("examination:act", args=[case.public_id, "take_up"])
        answer = people.clients[who].post(path)
        case.refresh_from_db()
        assert case.state == "submitted"
        assert answer.status_code == (404 if reason is None else 409)
        transaction.set_rollback(True)
    case.refresh_from_db()
