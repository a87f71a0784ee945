"""A page asks the database as often for many rows as for two, in either language."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.rooms.every_page.copies import Originals
from tests.rooms.every_page.pages import browser_of, is_page
from tests.rooms.hostile.samples import SAMPLES
from tests.rooms.hostile.test_every_view import _resolve, savepoint
from tests.rooms.hostile.world import World
from udgam.ground.messages.models import Message

pytestmark = pytest.mark.django_db
# The record of acts is nobody's to copy.
RECORD = frozenset({"Act", "ActorName", "UnlinkedAct", "Link", "LinkedHead"})
# Who looks on, and for whom: they stay who they are, and have more of everything else.
FIRM = frozenset({"Exporter", "ExporterBranch"})
ONLOOKERS = FIRM | {"Person", "Membership", "Agency", "Office", "Officer"}
IN_ONE = ONLOOKERS | {"Application", "SigningRun"}
# What stays the same while everything else becomes more; the first of it is there twice before anything is counted.
MORE_OF_EVERYTHING = ONLOOKERS
MORE_BELOW = (
    ONLOOKERS | {"SigningRun"},
    IN_ONE,
    IN_ONE | {"Certificate"},
    IN_ONE | {"Certificate", "ApplicationItem", "CostSheet", "Discrepancy", "LedgerAccount", "Order"},
    # More people in the same firm and agency, more offices, more agencies.
    FIRM | {"Agency", "Office"},
    FIRM | {"Agency"},
    frozenset[str](),
)
# Lists that must be longer at the second look, or the test would prove nothing.
LISTS = [
    "/account/notices/",
    "/account/people/",
    "/administration/messages/",
    "/register/people/",
    "/register/people/keys/",
    "/register/near-misses/",
    "/agency/",
    "/agency/all/",
    "/agency/requests/",
    "/applications/",
    "/applications/book/consignees/",
    "/applications/book/products/",
    "/desk/",
    "/desk/colleagues/",
    "/signing/",
    "/signing/issued/",
    "/signing/post/",
    "/signing/requests/",
    "/signing/alarms/",
    "/payments/",
    "/payments/wallets/",
    "/payments/wallets/SEC/",
    "/payments/agency/",
]


@dataclass(frozen=True)
class Look:
    """What one page asked the database, each statement without its values, and how long the page became."""

    asked: Counter[str]
    length: int


def _addresses(world: World) -> list[tuple[str, str]]:
    """Whose page, and where."""
    return [
        (sample.who, reverse(name, kwargs=_resolve(world, sample.at)))
        for name, samples in SAMPLES.items()
        for sample in samples
    ]


def _shape(statement: str) -> str:
    """The statement without values; a list of values counts as one, however many they are."""
    return re.sub(r"\?(, \?)+", "?", re.sub(r"'[^']*'|\b\d+\b", "?", statement))


def _look(world: World, addresses: list[tuple[str, str]], language: str) -> dict[tuple[str, str], Look]:
    seen = {}
    for who, path in addresses:
        with savepoint():
            browser = browser_of(world, who, language)
            # The first visit fills what is kept in memory.
            if is_page(browser.get(path)):
                with CaptureQueriesContext(connection) as asked:
                    page = browser.get(path)
                seen[who, path] = Look(Counter(_shape(one["sql"]) for one in asked), len(page.content))
            transaction.set_rollback(True)
    return seen


@pytest.mark.parametrize("language", ["en", "hi"])
def test_no_page_asks_more_often_the_longer_its_lists_are(world: World, language: str) -> None:
    with savepoint():
        _compare(world, language)
        transaction.set_rollback(True)


def _compare(world: World, language: str) -> None:
    Message.objects.filter(pk=Message.objects.order_by("pk")[0].pk).update(state=Message.State.DEAD)
    world.cases["issued"].__class__.objects.filter(pk=world.cases["issued"].pk).update(postal_delivery=True)
    addresses, originals = _addresses(world), Originals(but=RECORD)
    originals.copy(stay=MORE_OF_EVERYTHING)
    few = _look(world, addresses, language)
    for stay in (MORE_OF_EVERYTHING, *MORE_BELOW, MORE_OF_EVERYTHING, *MORE_BELOW):
        originals.copy(stay=stay)
    many = _look(world, addresses, language)
    asked_again = {
        f"{path} by {who}: {statement[:90]} … {statement[-160:]}": times
        for (who, path), look in many.items()
        for statement, times in (look.asked - few[who, path].asked).items()
        if times > 1
    }
    assert asked_again == {}
    longer = {path for (who, path), look in many.items() if look.length > few[who, path].length * 1.05}
    assert set(LISTS) - longer == set()
    assert longer >= {f"/signing/runs/{world.run.public_id}/", f"/agency/offices/{world.office.id}/"}
