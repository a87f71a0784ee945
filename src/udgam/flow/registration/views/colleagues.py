"""The people who act for the firm: who they are, inviting, roles, leaving; a signatory's token; a broker's firms."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.registration import policies, queries, services
from udgam.flow.registration.forms import InvitationForm
from udgam.flow.registration.models import Exporter, Invitation, Membership
from udgam.flow.registration.reasons import text_of_refusal
from udgam.flow.registration.views.tokens import agent_context, read_shown_token
from udgam.ground.pages.security import opens_agent, private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.rules.refusals import Refused

EXPORTER = Person.Kind.EXPORTER


def _own_firm(request: HttpRequest) -> Exporter:
    exporter = queries.own_firm_of(person_of(request))
    if exporter is None:
        raise Http404
    return exporter


def _managed_firm(request: HttpRequest) -> Exporter:
    """The firm, for its signatories; drafters find no page."""
    exporter = _own_firm(request)
    if not policies.may_manage_people(person_of(request), exporter):
        raise Http404
    return exporter


def _membership(request: HttpRequest, membership_id: int) -> Membership:
    row = queries.people_visible_to(actor_of(request)).filter(id=membership_id, until__isnull=True).first()
    if row is None:
        raise Http404
    return row


def _tried(act: Callable[[], object]) -> list[str]:
    """Do it; a refusal comes back as the lines of the error summary."""
    try:
        act()
    except Refused as refused:
        return [str(text_of_refusal(refused))]
    return []


@requires(EXPORTER)
@private_page
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody who acts or acted for the firm, and the invitations."""
    exporter, actor, person = _own_firm(request), actor_of(request), person_of(request)
    rows = list(queries.people_visible_to(actor))
    context = {
        "exporter": exporter,
        "acting": [row for row in rows if row.until is None],
        "former": [row for row in rows if row.until is not None],
        "invitations": queries.invitations_visible_to(actor).filter(
            accepted_at__isnull=True, withdrawn_at__isnull=True
        ),
        "may_manage": bool(policies.may_manage_people(person, exporter)),
        "person": person,
        "now": timezone.now(),
        "has_token": person.tokens.filter(retired_at__isnull=True).exists(),
    }
    return render(request, "registration/people.html", context)


@requires(EXPORTER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Ask somebody to act for the firm."""
    exporter = _managed_firm(request)
    form = InvitationForm(request.POST or None, initial={"role": "drafter", "language": get_language() or "en"})
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        page_errors = _tried(
            lambda: services.invite(
                exporter=exporter,
                **form.cleaned_data,
                person=person_of(request),
                actor=actor_of(request),
                now=timezone.now(),
            )
        )
        if not page_errors:
            messages.success(request, _("The invitation is on its way. The link in it works once, for a week."))
            return redirect("registration:people")
    context = {"exporter": exporter, "form": form, "page_errors": page_errors}
    return render(request, "registration/people_invite.html", context, status=409 if page_errors else 200)


@requires(EXPORTER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """Send one invitation again, or withdraw it."""
    exporter = _managed_firm(request)
    rows = queries.invitations_visible_to(actor_of(request)).filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
    row = rows.filter(id=invitation_id).first()
    if row is None:
        raise Http404
    page_errors: list[str] = []
    if request.method == "POST" and request.POST.get("do") in ("send", "withdraw"):
        page_errors = _tried(lambda: _act_on(request, row))
        if not page_errors:
            return redirect("registration:people")
    context = {"exporter": exporter, "row": row, "page_errors": page_errors, "now": timezone.now()}
    return render(request, "registration/people_invitation.html", context, status=409 if page_errors else 200)


def _act_on(request: HttpRequest, row: Invitation) -> None:
    sends = request.POST.get("do") == "send"
    verb = services.send_again if sends else services.withdraw_invitation
    verb(invitation=row, person=person_of(request), actor=actor_of(request), now=timezone.now())
    messages.success(
        request, _("The invitation was sent again; the earlier link no longer works.") if sends else _("Withdrawn.")
    )


@requires(EXPORTER, step_up=True)
@private_page
@require_http_methods(["GET", "POST"])
def role(request: HttpRequest, membership_id: int) -> HttpResponse:
    """Make a drafter a signatory, or a signatory a drafter, after asking."""
    _managed_firm(request)
    row = _membership(request, membership_id)
    if row.role == Membership.Role.BROKER:
        raise Http404
    wanted = Membership.Role.DRAFTER if row.role == Membership.Role.SIGNATORY else Membership.Role.SIGNATORY
    page_errors: list[str] = []
    if request.method == "POST":
        page_errors = _tried(
            lambda: services.change_role(
                membership=row,
                role=wanted,
                person=person_of(request),
                actor=actor_of(request),
                now=timezone.now(),
            )
        )
        if not page_errors:
            messages.success(request, _("The role is changed. The person is told by mail."))
            return redirect("registration:people")
    context = {"row": row, "wanted": wanted, "page_errors": page_errors}
    return render(request, "registration/people_role.html", context, status=409 if page_errors else 200)


@requires(EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, membership_id: int) -> HttpResponseBase:
    """Somebody no longer acts for the firm, after asking; one may also leave by oneself."""
    row, person = _membership(request, membership_id), person_of(request)
    is_self = row.person_id == person.pk
    if not is_self:
        return _dismiss(request, membership_id)
    return _end(request, row, is_self=True)


@requires(EXPORTER, step_up=True)
def _dismiss(request: HttpRequest, membership_id: int) -> HttpResponseBase:
    _managed_firm(request)
    return _end(request, _membership(request, membership_id), is_self=False)


def _end(request: HttpRequest, row: Membership, *, is_self: bool) -> HttpResponse:
    page_errors: list[str] = []
    if request.method == "POST":
        page_errors = _tried(
            lambda: services.end_membership(
                membership=row, person=person_of(request), actor=actor_of(request), now=timezone.now()
            )
        )
        if not page_errors:
            messages.success(
                request, _("You no longer act for this firm.") if is_self else _("Ended. The person is told by mail.")
            )
            return redirect("accounts:profile" if is_self else "registration:people")
    context = {"row": row, "is_self": is_self, "page_errors": page_errors}
    return render(request, "registration/people_end.html", context, status=409 if page_errors else 200)


@requires(EXPORTER)
@private_page
@opens_agent
@require_http_methods(["GET", "POST"])
def token(request: HttpRequest) -> HttpResponse:
    """A signatory shows a token of one's own; the same table decides as at registration."""
    exporter, person = _own_firm(request), person_of(request)
    verdict = policies.may_sign(person, exporter)
    page_errors: list[str] = []
    if request.method == "POST":
        page_errors = _tried(lambda: _add_token(request, exporter))
        if not page_errors:
            messages.success(request, _("The token is enrolled. You can sign in with it and sign applications."))
            return redirect("accounts:profile")
    context = {"exporter": exporter, "verdict": verdict, "page_errors": page_errors}
    context.update(agent_context(request, nonce_purpose="register", agent_purpose="register"))
    return render(request, "registration/people_token.html", context, status=409 if page_errors else 200)


def _add_token(request: HttpRequest, exporter: Exporter) -> None:
    shown = read_shown_token(request, nonce_purpose="register")
    services.add_token(
        person=person_of(request), exporter=exporter, shown=shown, actor=actor_of(request), now=timezone.now()
    )


@requires(EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def firms(request: HttpRequest) -> HttpResponse:
    """A broker's firms, and the one acted for now."""
    rows = queries.firms_of_broker(person_of(request))
    if not rows:
        raise Http404
    page_errors: list[str] = []
    if request.method == "POST":
        chosen = next((row for row in rows if str(row.pk) == request.POST.get("firm")), None)
        if chosen is None:
            page_errors = [_("Choose one of the firms in the list.")]
        else:
            page_errors = _tried(lambda: services.choose_firm(membership=chosen, now=timezone.now()))
            if not page_errors:
                messages.success(request, _("You now draft for %(firm)s.") % {"firm": chosen.exporter.name})
                return redirect("registration:firms")
    context = {"rows": rows, "page_errors": page_errors}
    return render(request, "registration/firms.html", context, status=409 if page_errors else 200)
