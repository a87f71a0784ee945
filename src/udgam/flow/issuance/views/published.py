"""The register's files for everybody, where no other web server carries them. What is served is written by `register.publishing`."""

from __future__ import annotations

import re

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from udgam.flow.issuance.register.places import register_folder
from udgam.parties.accounts.decorators import open_to_all

# Only what the register writes has an address; whatever else may lie in the folder has none.
_NAMES = re.compile(
    r"(?P<plain>register\.json|did\.json|trust-list\.jwt|checkpoint|status/(?:0|[1-9][0-9]{0,5})\.jwt)|"
    r"tile/(?:entries|[0-9]{1,2})/(?:x[0-9]{3}/){0,4}[0-9]{3}(?P<partial>\.p/[0-9]{1,3})?|"
    r"(?P<proof>proof/[0-9a-f]{2}/[0-9a-f]{64}\.(?:issued|superseded|cancelled|resealed|trust-list))"
)
_KINDS = {
    ".json": "application/json",
    ".jwt": "application/jwt",
}
_DAY, _MINUTE, _CHECKPOINT_LASTS = 24 * 3600, "60", "5"


@open_to_all
@require_safe
def published(request: HttpRequest, path: str) -> HttpResponseBase:
    """One file of the register. Full tiles never change; the checkpoint is asked for anew after some seconds (C2SP tlog-tiles), the
    rest after a minute."""
    found = _NAMES.fullmatch(path)
    if found is None:
        raise Http404
    file = register_folder().joinpath(*path.split("/"))
    try:
        stream = file.open("rb")
        changed = file.stat().st_mtime
    except OSError as error:
        raise Http404 from error
    lasts = path.startswith("tile/") and not found["partial"]
    response = FileResponse(stream, content_type=_KINDS.get(file.suffix, "text/plain; charset=utf-8"))
    if path.startswith("tile/"):
        response.headers["Content-Type"] = "application/octet-stream"
    age = f"{365 * _DAY}, immutable" if lasts else _CHECKPOINT_LASTS if path == "checkpoint" else _MINUTE
    response.headers["Cache-Control"] = f"public, max-age={age}"
    response.headers["Last-Modified"] = http_date(changed)
    # Checkers in any browser may read what is public.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@open_to_all
@require_safe
def did_document(request: HttpRequest) -> HttpResponseBase:
    """The keys of the register where did:web looks for them."""
    return published(request, "did.json")
