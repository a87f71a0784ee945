"""The signing agent's own page and its file, and the file of udgam-verify."""

from __future__ import annotations

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from udgam.parties.accounts.decorators import open_to_all
from udgam.web.agent_file import agent_file
from udgam.web.views.texts import page_context


@open_to_all
@require_safe
def agent(request: HttpRequest) -> HttpResponse:
    """What the agent is, its file with size and SHA-256, and how to install it."""
    return render(
        request, "site/pages/agent.html", page_context("agent") | {"file": agent_file(settings.DOWNLOADS / "agent")}
    )


@open_to_all
@require_safe
def agent_wheel(request: HttpRequest, name: str) -> FileResponse:
    """The file itself. Only the one that the manifest names is served; anything else is not found."""
    return _wheel("agent", name)


@open_to_all
@require_safe
def checker_wheel(request: HttpRequest, name: str) -> FileResponse:
    """The wheel of udgam-verify, by the name in its manifest and no other."""
    return _wheel("verify", name)


def _wheel(folder: str, name: str) -> FileResponse:
    file = agent_file(settings.DOWNLOADS / folder)
    if file is None or name != file.name:
        raise Http404
    return FileResponse(file.path.open("rb"), as_attachment=True, filename=file.name, content_type="application/zip")
