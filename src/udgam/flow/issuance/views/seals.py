"""The seal of an office: which key in the key store seals for it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from udgam.flow.issuance.forms import SealForm
from udgam.flow.issuance.seal_keys import seal_key_of
from udgam.flow.issuance.seal_trial import SealFacts, facts_of_seal, try_seal
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.views.agent import refusal_lines
from udgam.parties.agencies import queries
from udgam.parties.agencies.models import Office
from udgam.parties.agencies.services import name_seal_key, note_seal_refused
from udgam.parties.agencies.views.administering import home_of
from udgam.rules.refusals import Refused


@requires(Person.Kind.AGENCY_ADMIN, Person.Kind.ADMINISTRATOR, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def seal(request: HttpRequest, office_id: int) -> HttpResponse:
    """Name the key that seals for an office. It signs a trial before it is taken; key and PIN stay in the key store."""
    office = queries.offices_visible_to(actor_of(request)).filter(id=office_id).select_related("agency").first()
    if office is None:
        raise Http404
    form = SealForm(request.POST or None, initial={"address": office.seal_key})
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            _name(request, office, form.cleaned_data["address"])
        except Refused as refused:
            page_errors = refusal_lines(refused)
            note_seal_refused(office=office, reason=refused.code, actor=actor_of(request), now=timezone.now())
        else:
            messages.success(request, _("The key signed the trial. It seals for this office from now on."))
            return HttpResponseRedirect(request.path)
    present, trouble = _present(office)
    context = {
        "office": office, "form": form, "page_errors": page_errors, "back": home_of(request),
        "present": present, "trouble": trouble,
    }  # fmt: skip
    return render(request, "issuance/seal.html", context, status=409 if page_errors else 200)


def _name(request: HttpRequest, office: Office, address: str) -> None:
    now = timezone.now()
    facts = None
    if address:
        facts = try_seal(address=address, agency=office.agency, person=person_of(request), now=now)
    name_seal_key(
        office=office, address=address, sha256=facts.sha256 if facts else "", actor=actor_of(request), now=now
    )


def _present(office: Office) -> tuple[SealFacts | None, list[str]]:
    """The certificate of the key that seals today, or why there is none."""
    try:
        return facts_of_seal(seal_key_of(office).certificate), []
    except Refused as refused:
        return None, refusal_lines(refused)
