"""Download a file through the person who asks."""

from __future__ import annotations

import uuid

from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from udgam.ground.audit.actors import actor_of
from udgam.ground.documents import queries

# Even if a browser were made to show the file, nothing in it may run, load or leave.
SANDBOX_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_safe
def download(request: HttpRequest, document_id: uuid.UUID) -> HttpResponseBase:
    """Hand out the file as an attachment; a stranger learns nothing, not even that it exists."""
    document = queries.document_visible_to(actor_of(request), document_id)
    file = queries.open_file(document) if document is not None else None
    if document is None or file is None:
        raise Http404(_("There is no such file."))
    response = FileResponse(file, as_attachment=True, filename=document.name, content_type=document.media_type)
    response.headers["Content-Security-Policy"] = SANDBOX_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


# Who may see it is asked of the file's owner, above; an architecture test wants every view to say who its guard is.
download.guard = ("owner of the subject",)  # type: ignore[attr-defined]


@require_safe
def page(request: HttpRequest, document_id: uuid.UUID, number: int) -> HttpResponseBase:
    """The picture of one page, for looking at beside the data; the file itself is only handed out as an attachment."""
    picture = queries.page_visible_to(actor_of(request), document_id, number)
    if picture is None:
        raise Http404(_("There is no such file."))
    response = FileResponse(picture, content_type="image/jpeg")
    response.headers["Content-Security-Policy"] = SANDBOX_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


page.guard = ("owner of the subject",)  # type: ignore[attr-defined]
