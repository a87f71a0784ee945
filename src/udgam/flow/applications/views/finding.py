"""The application behind an address, and what happens when a save is refused."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from udgam.flow.applications.forms import EditForm
from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import application_visible_to
from udgam.flow.applications.services.moving import EDITABLE
from udgam.flow.registration.reasons import text_of_refusal
from udgam.ground.documents.refusals import DocumentRefused
from udgam.parties.accounts.actors import actor_of
from udgam.rules.refusals import Refused

CONFLICT = 409


def application_of(request: HttpRequest, public_id: UUID) -> Application:
    """The application, if the person's firm owns it. A stranger learns nothing, not even that it exists."""
    application = application_visible_to(actor_of(request), public_id)
    if application is None:
        raise Http404
    return application


def is_editable(application: Application) -> bool:
    """Whether the form is open: while it is a draft, and while a question of the office waits."""
    return application.state in EDITABLE


def away(application: Application) -> HttpResponse:
    """To the application's own page."""
    return redirect("applications:detail", public_id=application.public_id)


def saved(form: EditForm, application: Application, save: Callable[[], object]) -> bool:
    """Carry out a save. A refusal stands in the form, and nothing that was typed is lost."""
    try:
        save()
    except DocumentRefused as refused:
        form.add_error("file", f"{refused.message} {refused.advice}")
    except Refused as refused:
        form.add_error(None, str(text_of_refusal(refused)))
        application.refresh_from_db()
        form.redraw_from(application.edit)
    else:
        return True
    return False


def tell(request: HttpRequest, refused: Refused) -> None:
    """Show a refusal on the next page."""
    messages.warning(request, str(text_of_refusal(refused)))


def status_of(form: EditForm) -> int:
    """409 for a form that met a newer state, else the usual 200 with the errors beside the fields."""
    return CONFLICT if form.is_bound and form.non_field_errors() else 200
