"""The canonical record of a firm: exact round trip, and what changed between two fetches."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.rules.samples import KOCHI, NHAVA_SHEVA, NOW, mango, spices
from udgam.rules.firm import Address, Branch, FirmPerson, FirmRecord
from udgam.rules.firm_changes import REASONS, differences
from udgam.rules.plain import ShapeRefused


@pytest.mark.parametrize("record", [spices(), mango(), spices(email=None, mobile=None, pan=None, name_as_per_pan=None)])
def test_a_record_survives_json_exactly(record: FirmRecord) -> None:
    assert FirmRecord.from_json(json.loads(json.dumps(record.to_json()))) == record


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"status": "asleep"}, "status"),
        ({"constitution": "club"}, "constitution"),
        ({"iec": 305900017}, "iec"),
        ({"fetched_at": "2026-11-22"}, "fetched_at"),
        ({"fetched_at": "2026-11-22T06:30:00+05:30"}, "fetched_at"),
        ({"people": [{"name": "Ravi Menon"}]}, "people[0].role"),
        ({"people": "Ravi Menon"}, "people"),
        ({"registered_office": None}, "registered_office"),
        ({"colour": "green"}, "colour"),
    ],
)
def test_a_record_of_another_shape_is_refused_at_its_place(change: dict[str, object], where: str) -> None:
    with pytest.raises(ShapeRefused) as caught:
        FirmRecord.from_json(spices().to_json() | change)
    assert caught.value.params["where"] == where


def test_a_record_needs_a_moment_with_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        spices(fetched_at=datetime(2026, 11, 22))


def test_an_address_prints_without_empty_lines() -> None:
    assert KOCHI.lines == ("Pepper House", "Bazaar Road", "Kochi", "Kerala 682002")
    assert str(Address(line1="Dock 1", state="Goa")) == "Dock 1, Goa"


def test_nothing_changed_when_only_the_fetch_is_newer() -> None:
    assert differences(spices(), spices(fetched_at=NOW + timedelta(days=2), source="local-copy")) == ()


RENAMED_BRANCH = (Branch(code="1", address=replace(KOCHI, line1="Clove House")), Branch(code="2", address=NHAVA_SHEVA))
MOVED_BRANCH = (Branch(code="1", address=KOCHI), Branch(code="2", address=replace(NHAVA_SHEVA, state="Gujarat")))


@pytest.mark.parametrize(
    ("changes", "code", "effect"),
    [
        ({"name": "Malabar Monsoon Spices Limited"}, "firm.name_changed", None),
        ({"name_as_per_pan": "OTHER"}, "firm.name_as_per_pan_changed", "check_holder"),
        ({"pan": "ZZZCM0199B"}, "firm.pan_changed", "needs_tax_place"),
        ({"status": "inactive"}, "firm.became_inactive", "stops_filing"),
        ({"constitution": "llp"}, "firm.constitution_changed", "check_holder"),
        ({"registered_office": NHAVA_SHEVA}, "firm.registered_office_changed", None),
        ({"email": "new@malabar-monsoon.example"}, "firm.email_changed", "needs_proof"),
        ({"email": None}, "firm.email_removed", "stops_filing"),
        ({"mobile": "9000000999"}, "firm.mobile_changed", "needs_proof"),
        ({"mobile": None}, "firm.mobile_removed", "stops_filing"),
        ({"people": spices().people[:1]}, "firm.person_removed", "check_holder"),
        ({"people": (*spices().people, FirmPerson(name="Anita Deshmukh"))}, "firm.person_added", None),
        (
            {"people": (replace(spices().people[0], mobile="9000000777"), spices().people[1])},
            "firm.person_changed",
            None,
        ),
        (
            {"people": (replace(spices().people[0], pan_hash="00" * 32), spices().people[1])},
            "firm.person_changed",
            "check_holder",
        ),
        ({"branches": spices().branches[:1]}, "firm.branch_removed", None),
        ({"branches": (*spices().branches, Branch(code="3", address=KOCHI))}, "firm.branch_added", "needs_tax_place"),
        ({"branches": RENAMED_BRANCH}, "firm.branch_changed", None),
        ({"branches": MOVED_BRANCH}, "firm.branch_state_changed", "needs_tax_place"),
    ],
)
def test_each_change_is_named_with_what_follows(changes: dict[str, object], code: str, effect: str | None) -> None:
    (difference,) = differences(spices(), spices(**changes))
    assert (difference.code, difference.effect) == (code, effect)
    assert difference.message
    assert difference.advice


def test_every_kind_of_change_has_a_test() -> None:
    source = test_each_change_is_named_with_what_follows.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {row[1] for row in source} | {"firm.became_active"} == set(REASONS)


def test_an_iec_that_came_back_is_welcome() -> None:
    (difference,) = differences(spices(status="inactive"), spices())
    assert (difference.code, difference.effect) == ("firm.became_active", None)


def test_contact_data_is_masked_and_a_pan_never_shown() -> None:
    new = spices(email="someone@elsewhere.example", mobile="9123456789", pan="ZZZCM0199B")
    shown = " ".join(f"{d.message} {d.old} {d.new}" for d in differences(spices(), new))
    for secret in ("someone@", "exports@", "9123456", "9000000", "ZZZCM"):
        assert secret not in shown


def test_another_writing_of_the_same_contact_is_no_change() -> None:
    assert differences(spices(), spices(mobile="+91 90000 00102", email="EXPORTS@malabar-monsoon.example")) == ()


def test_the_order_of_words_in_a_name_is_no_new_person() -> None:
    people = (
        FirmPerson(name="MENON, RAVI", role="managing_director", address=KOCHI, mobile="9000000201"),
        spices().people[1],
    )
    (difference,) = differences(spices(), spices(people=people))
    assert difference.code == "firm.person_changed"


def test_records_of_two_firms_are_not_compared() -> None:
    with pytest.raises(ValueError, match="different IECs"):
        differences(spices(), mango())
