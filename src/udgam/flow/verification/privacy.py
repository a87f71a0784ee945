"""The headers of pages whose address may carry the key of a certificate."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponseBase

from udgam.ground.pages.security import private_page

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def keeps_key(view: View[P]) -> View[P]:
    """Keep the page out of caches and search engines, and its address out of every referrer, even within this site.

    The origin alone is told. With ``no-referrer`` browsers would send ``Origin: null`` with the page's own forms, which the
    protection against forged requests refuses.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = private_page(view)(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return cast(View[P], guarded)
