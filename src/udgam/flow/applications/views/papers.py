"""The documents of an application."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from udgam.flow.applications import services
from udgam.flow.applications.arrangements import arrangement_of
from udgam.flow.applications.forms import DocumentForm, EditForm
from udgam.flow.applications.models import Application
from udgam.flow.applications.sections import BY_NAME, section_after
from udgam.flow.applications.views.finding import CONFLICT, application_of, away, is_editable, saved, status_of
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import requires
from udgam.parties.accounts.models import Person


def kinds_for(application: Application) -> list[tuple[str, str]]:
    """The kinds of document: those the arrangement asks for, then what else may help."""
    asked = [(row.kind, _(row.label)) for row in arrangement_of(application).papers]
    return [*asked, ("transport", _("Transport document")), ("other", _("Another document"))]


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was uploaded, what is still asked for, and the form to add one."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    kinds = kinds_for(application)
    present = list(application.documents.select_related("document"))
    here = {row.kind for row in present}
    missing = [(row.kind, _(row.label)) for row in arrangement_of(application).papers if row.kind not in here]
    initial = {"edit": application.edit, "kind": missing[0][0] if missing else "other"}
    is_post = request.method == "POST"
    form = DocumentForm(
        request.POST if is_post else None, request.FILES if is_post else None, kinds=kinds, initial=initial
    )
    if is_post and form.is_valid() and saved(form, application, lambda: _attach(request, application, form)):
        return redirect("applications:documents", public_id=public_id)
    context = {
        "application": application,
        "section": BY_NAME["documents"],
        "form": form,
        "rows": [(row, dict(kinds).get(row.kind, row.kind)) for row in present],
        "missing": [label for _kind, label in missing],
        "after": section_after("documents", application),
    }
    return render(request, "applications/documents.html", context, status=status_of(form))


def _attach(request: HttpRequest, application: Application, form: DocumentForm) -> None:
    kind = form.cleaned_data["kind"]
    services.attach_document(
        application=application,
        edit=form.cleaned_data["edit"],
        kind=kind,
        title=form.cleaned_data["title"] or dict(kinds_for(application))[kind],
        upload=form.cleaned_data["file"],
        actor=actor_of(request),
        now=timezone.now(),
    )


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def remove_document(request: HttpRequest, public_id: UUID, row_id: int) -> HttpResponse:
    """Take a document off, after a question."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    row = application.documents.select_related("document").filter(id=row_id).first()
    if row is None:
        raise Http404
    form = EditForm(request.POST or None, initial={"edit": application.edit})
    if request.method == "POST" and form.is_valid():
        actor, now = actor_of(request), timezone.now()

        def remove() -> None:
            edit = form.cleaned_data["edit"]
            services.detach_document(application=application, edit=edit, row=row, actor=actor, now=now)

        if saved(form, application, remove):
            return redirect("applications:documents", public_id=public_id)
    context = {"application": application, "row": row, "form": form}
    status = CONFLICT if form.is_bound and form.errors else 200
    return render(request, "applications/remove_document.html", context, status=status)
