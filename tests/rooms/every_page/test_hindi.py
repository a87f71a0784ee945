"""Every page in Hindi, signed in and not, opened and with its errors: no Latin word but codes, names and what people typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.rooms.every_page.pages import every_page
from tests.rooms.hostile.samples import SAMPLES
from tests.rooms.hostile.world import World
from tests.rooms.web.hindi_pages import heard, latin_words
from udgam.parties.agencies.models import Agency, Office

pytestmark = pytest.mark.django_db
# The name as registered stands in certificates of tokens and on receipts, in no other language than the register's.
SAY_THE_REGISTERED_NAME = {
    "agencies:agency", "agencies:name-exception", "agencies:overview", "agencies:token", "payments:receipt",
}  # fmt: skip
# One word in small letters or with a dot is a code of ours (a state, an act, a reason), which no Hindi page may show.
CODE = re.compile(r"[a-z_]+([.:](?!pdf$)[a-z_]+)*")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)


def data_of_the_world() -> list[str]:
    """What people and registers gave: the text of every row of ours, without codes. Names and addresses are no wording."""
    found: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith("udgam."):
            continue
        fields = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, (models.CharField, models.TextField, models.JSONField)) and not field.choices
        ]
        for row in model._default_manager.values_list(*fields) if fields else ():
            # A page may break an address into its lines, and the lines into words.
            whole = [text for value in row for text in _texts(value)]
            found.update(" ".join(part.split()) for text in whole for part in (text, *text.splitlines()))
    return sorted((text for text in found if len(text) > 2 and not CODE.fullmatch(text)), key=len, reverse=True)


def names_with_a_hindi_one() -> list[str]:
    """The English names of agencies and offices that no Hindi page may say, since each has a Hindi one."""
    rows: list[Agency | Office] = [*Agency.objects.all(), *Office.objects.all()]
    assert len(rows) >= 4
    assert all(row.name_hindi for row in rows)
    return [row.name for row in rows]


def test_no_page_in_hindi_holds_a_latin_word_outside_the_list(world: World) -> None:
    english = names_with_a_hindi_one()
    values = data_of_the_world()
    pages = every_page(world, "hi")
    found = []
    for page in pages:
        if '<html lang="hi"' not in page.html:
            found.append(f"{page.label}: does not say that it is Hindi")
        if page.name not in SAY_THE_REGISTERED_NAME:
            found += [f"{page.label}: says {name!r}" for name in english if name in heard(page.html)]
        words = latin_words(page.html, *values)
        if words:
            found.append(f"{page.label}: {' '.join(sorted(words))}")
    assert found == [], "\n".join(found)
    assert len(pages) > len(SAMPLES)
