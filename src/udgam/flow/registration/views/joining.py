"""Who was invited joins the people of a firm: with a new account, or with the one there is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from udgam.flow.registration import declarations, queries, services
from udgam.flow.registration.forms import AgreeForm, JoinForm
from udgam.flow.registration.models import Invitation
from udgam.flow.registration.reasons import RegistrationRefused, text_of_refusal
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import open_to_all
from udgam.parties.accounts.models import Person
from udgam.rules.refusals import Refused


@open_to_all
@sensitive_post_parameters("new_password", "repeated")
@private_page
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """What the firm asks, who it is, the declaration; then the account."""
    now = timezone.now()
    row = queries.open_invitation(secret, now)
    if row is None:
        return _closed(request, RegistrationRefused("people.invitation_closed"))
    person = request.user if isinstance(request.user, Person) else None
    known = queries.account_for(row)
    declaration = declarations.declaration_for(get_language() or "en", now=now)
    if person is None and known is not None:
        # Whether the address has an account is told only to whoever holds the link that was sent to it.
        return _page(request, row, None, declaration, sign_in=True)
    form: AgreeForm | JoinForm
    if person is not None:
        form = AgreeForm(request.POST or None)
    else:
        future = Person(username=row.email, name=row.name, email=row.email)
        future.set_unusable_password()
        form = JoinForm(request.POST or None, person=future, initial={"name": row.name})
    page_errors: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _joined(request, secret, form, person, declaration)
        except Refused as refused:
            page_errors = [str(text_of_refusal(refused))]
    return _page(request, row, form, declaration, page_errors=page_errors)


def _joined(
    request: HttpRequest,
    secret: str,
    form: AgreeForm | JoinForm,
    person: Person | None,
    declaration: declarations.Declaration,
) -> HttpResponse:
    now = timezone.now()
    agreed = {"agreed_version": declaration.version, "agreed_sha256": declaration.sha256}
    if person is not None:
        services.join_with_account(secret=secret, person=person, now=now, **agreed)
        messages.success(request, _("You now act for the firm."))
        return redirect("accounts:home")
    services.join_with_new_account(
        secret=secret,
        name=form.cleaned_data["name"],
        password=form.cleaned_data["new_password"],
        language=get_language() or "en",
        actor=actor_of(request),
        now=now,
        **agreed,
    )
    messages.success(request, _("Your account is open. Sign in with your e-mail address as user name."))
    return redirect("accounts:sign-in")


def _page(
    request: HttpRequest,
    row: Invitation,
    form: AgreeForm | JoinForm | None,
    declaration: declarations.Declaration,
    *,
    page_errors: list[str] | None = None,
    sign_in: bool = False,
) -> HttpResponse:
    context = {
        "row": row,
        "form": form,
        "declaration": declaration,
        "page_errors": page_errors or [],
        "sign_in": sign_in,
        "here": request.path,
    }
    return render(request, "registration/join.html", context, status=409 if page_errors else 200)


def _closed(request: HttpRequest, refused: RegistrationRefused) -> HttpResponse:
    return render(request, "registration/join_closed.html", {"reason": text_of_refusal(refused)}, status=410)
