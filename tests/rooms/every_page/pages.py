"""Every page of the site as its visitor meets it, taken from the URL map and the samples of the hostile walk.

A view is a page when it answers GET with HTML. Each sample gives one page; a view with a form gives another one, sent empty, with
its error summary. Pages that stand in the midst of a way are reached by the scenes of `scenes.py`. A view that only leads on must
be named in `LEADS_ON`, so a new page is either looked at or fails the test.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.rooms.every_page.scenes import SCENES
from tests.rooms.hostile.samples import SAMPLES
from tests.rooms.hostile.test_every_view import ADDRESSES, _resolve, savepoint
from tests.rooms.hostile.world import World

# These answer a visit by leading to another page, always.
LEADS_ON = frozenset({"registration:arrive", "accounts:home", "accounts:reset"})


@dataclass(frozen=True)
class Shown:
    """One page: what a person sees after opening it, or after sending its form empty."""

    name: str
    who: str
    path: str
    how: str
    status: int
    html: str

    @property
    def label(self) -> str:
        """What a failure calls it."""
        return f"{self.name} ({self.path[:70]}) {self.how} by {self.who}"


def browser_of(world: World, who: str, language: str) -> Client:
    client = Client()
    client.cookies.load({name: held.value for name, held in world.clients[who].cookies.items()})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def _is_ours(name: str) -> bool:
    return ADDRESSES[name].view.__module__.startswith("udgam.")


def is_page(response: HttpResponseBase) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return is_html and not response.streaming and response.status_code not in {301, 302, 303, 405}


def _shown(name: str, who: str, path: str, how: str, response: HttpResponseBase) -> Shown:
    return Shown(
        name=name,
        who=who,
        path=path,
        how=how,
        status=response.status_code,
        html=response.content.decode(),  # type: ignore[attr-defined]
    )


def _from_samples(world: World, language: str) -> tuple[list[Shown], set[str]]:
    """The pages of the samples, and the names of the views of which no sample is a page."""
    pages: list[Shown] = []
    elsewhere: set[str] = set()
    for name, samples in SAMPLES.items():
        leads_on = True
        for sample in samples:
            path = reverse(name, kwargs=_resolve(world, sample.at))
            with savepoint():
                opened = browser_of(world, sample.who, language).get(path)
                transaction.set_rollback(True)
            leads_on = leads_on and opened.status_code in {301, 302, 303}
            if is_page(opened) and _is_ours(name):
                pages.append(_shown(name, sample.who, path, "opened", opened))
            if sample.form and not sample.talks:
                with savepoint():
                    # A browser always sends the token of the form along, so a form sent empty is bound and complains.
                    sent = browser_of(world, sample.who, language).post(path, {"csrfmiddlewaretoken": "sent"})
                    transaction.set_rollback(True)
                if is_page(sent):
                    pages.append(_shown(name, sample.who, path, "sent empty", sent))
        if leads_on:
            elsewhere.add(name)
    return pages, elsewhere


def _from_scenes(world: World, language: str) -> list[Shown]:
    pages = []
    for scene in SCENES:
        path = reverse(scene.name, kwargs=dict(scene.at))
        with savepoint():
            client = browser_of(world, scene.who, language)
            scene.prepare(world, client)
            opened = client.get(path)
            transaction.set_rollback(True)
        assert is_page(opened), f"the scene {scene.how!r} of {scene.name} answers {opened.status_code} {opened.headers}"
        pages.append(_shown(scene.name, scene.who, path, scene.how, opened))
    return pages


def every_page(world: World, language: str) -> list[Shown]:
    """Every page in that language; fails when a view that may be a page is never seen as one."""
    pages, elsewhere = _from_samples(world, language)
    pages += _from_scenes(world, language)
    unseen = elsewhere - LEADS_ON - {page.name for page in pages}
    assert not unseen, f"these views are never seen as pages; give each a scene in scenes.py: {sorted(unseen)}"
    assert set(SAMPLES) == set(ADDRESSES), "the samples of the hostile walk cover the URL map"
    broken = [
        page.label
        for page in pages
        if page.status >= 500 and page.name not in {"verification:pdf", "verification:text", "verification:offline"}
    ]
    assert not broken, broken
    return pages
