"""Before one starts: the checklist, the live check of the token, the notice about personal data."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.registration import declarations
from udgam.flow.registration.forms import CheckForm
from udgam.flow.registration.reasons import text_of, text_of_refusal
from udgam.flow.registration.views.tokens import agent_context, read_shown_token
from udgam.flow.registration.views.way import current_attempt
from udgam.ground.pages.security import opens_agent, private_page
from udgam.parties.accounts.decorators import open_to_all
from udgam.rules.binding import check_certificate_kind
from udgam.rules.refusals import Refused


@open_to_all
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """What one needs before registering."""
    return render(request, "registration/start.html", {"attempt": current_attempt(request)})


@open_to_all
@private_page
@opens_agent
@require_http_methods(["GET", "POST"])
def check_token(request: HttpRequest) -> HttpResponse:
    """Say in plain words whether the token would do, and if not, why. Nothing is kept."""
    form = CheckForm(request.POST or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        context.update(_checked(request, form.cleaned_data["iec"] or None))
    context.update(agent_context(request, nonce_purpose="check", agent_purpose="check"))
    return render(request, "registration/check_token.html", context)


def _checked(request: HttpRequest, iec: str | None) -> dict[str, object]:
    try:
        shown = read_shown_token(request, nonce_purpose="check")
    except Refused as refused:
        return {"problem": text_of_refusal(refused)}
    kind = check_certificate_kind(shown.facts)
    if not kind.allowed:
        return {"problem": text_of(kind.reason or "", kind.params), "facts": shown.facts}
    # A bare value that merely looks like an IEC counts only when it is the one that was typed; telephone numbers look alike.
    found = sorted(
        {finding.value for finding in shown.facts.iec_findings if finding.evidence == "marker" or finding.value == iec}
    )
    return {
        "facts": shown.facts,
        "found": found,
        "iec": iec,
        "iec_agrees": iec in found if iec else None,
        "checked_at": timezone.now(),
    }


@open_to_all
@require_GET
def notice(request: HttpRequest) -> HttpResponse:
    """Which personal data is asked, field by field, and for what."""
    return render(
        request, "registration/notice.html", {"rows": declarations.notice_rows(), "version": declarations.NOTICE}
    )
