"""Where people of each kind arrive. Rooms above register their pages by URL name."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

_arrivals: dict[str, str] = {}
_landings: dict[str, str] = {}


def register_landing(kind: str, url_name: str) -> None:
    """``/home/`` leads people of this kind to ``url_name``."""
    _landings[kind] = url_name


def register_arrival(kind: str, url_name: str) -> None:
    """Right after signing in, people of this kind pass through ``url_name`` first; it gets ``?next=``."""
    _arrivals[kind] = url_name


def safe_next(claimed: str) -> str:
    """The claimed way onward if it stays on this site, else nothing. Absolute addresses are refused whatever their host."""
    if claimed.startswith("/") and url_has_allowed_host_and_scheme(claimed, allowed_hosts=None):
        return claimed
    return ""


def landing_of(kind: str) -> str:
    """The address of a kind's own start page."""
    return _address(_landings.get(kind, "")) or reverse("accounts:profile")


def arrival_of(kind: str, onward: str) -> str:
    """Where to go right after signing in. ``onward`` has been through ``safe_next``."""
    arrival = _address(_arrivals.get(kind, ""))
    if not arrival:
        return onward or reverse("accounts:home")
    return f"{arrival}?{urlencode({'next': onward})}" if onward else arrival


def onward_from(request: HttpRequest) -> str:
    """The safe ``next`` of a request, from its form or its address."""
    return safe_next(request.POST.get("next") or request.GET.get("next", ""))


def address_if_known(url_name: str) -> str:
    """The address behind a URL name of a room that may not be installed, or nothing."""
    return _address(url_name)


def _address(url_name: str) -> str:
    if not url_name:
        return ""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""
