"""The page by number for people who bring no session: drawn once for each state of a certificate, then handed out again.

What became of the certificate is read from the database for every answer; kept in memory is only how the page of exactly these
facts looks. The token against forged requests and the time of the check are put in anew each time, so no two people share a
token, and no page says that it was checked when it was not. Whoever has a session or a message waiting gets a page of their own.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import get_language

from udgam.flow.issuance.queries import PublishedCertificate
from udgam.ground.pages.templatetags.pages import indian_time

MOST_PAGES = 256
# Nobody can write these into a certificate: they are drawn anew at every start.
_TOKEN, _TIME = (f"kept-{secrets.token_hex(16)}" for _ in range(2))
_MARKS = re.compile(f"({_TOKEN}|{_TIME})")
Draw = Callable[[Mapping[str, object]], HttpResponse]


class KeptPages:
    """The pages drawn last, cut where token and time belong; threads share them."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._pages: OrderedDict[Hashable, tuple[str, ...]] = OrderedDict()

    def get(self, key: Hashable) -> tuple[str, ...] | None:
        """The pieces of a page, which is now the last to be forgotten."""
        with self._lock:
            pieces = self._pages.get(key)
            if pieces is not None:
                self._pages.move_to_end(key)
            return pieces

    def keep(self, key: Hashable, pieces: tuple[str, ...]) -> None:
        """Keep a page; the one that was longest unasked makes room."""
        with self._lock:
            self._pages[key] = pieces
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)

    def __len__(self) -> int:
        return len(self._pages)


kept = KeptPages(MOST_PAGES)


def is_bare(request: HttpRequest, address: str) -> bool:
    """Whether the request asks for exactly this address and brings nothing that a page could depend on."""
    brings = {settings.SESSION_COOKIE_NAME, "messages"} & set(request.COOKIES)
    return not brings and not request.GET and request.path == address


def drawn_once(request: HttpRequest, row: PublishedCertificate, draw: Draw) -> HttpResponse:
    """The page of the certificate as it stands; ``draw`` draws it, with the values given, where none of this state is kept."""
    key = (get_language(), row.number, row.status, row.content_sha256, row.changed_at)
    pieces = kept.get(key)
    if pieces is None:
        page = draw({"csrf_token": _TOKEN, "checked_on": _TIME}).content.decode()
        pieces = tuple(_MARKS.split(page))
        kept.keep(key, pieces)
    own = {_TOKEN: get_token(request), _TIME: indian_time(timezone.now())}
    return HttpResponse("".join(own.get(piece, piece) for piece in pieces))
