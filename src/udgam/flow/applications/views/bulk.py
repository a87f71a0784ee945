"""Goods from a table: the template, the upload, how the reading goes, and adding what was read."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.applications import services
from udgam.flow.applications.forms import EditForm
from udgam.flow.applications.forms.bulk import MOST_ROWS, BulkUploadForm
from udgam.flow.applications.models import BulkUpload
from udgam.flow.applications.queries import upload_of
from udgam.flow.applications.views.finding import CONFLICT, application_of, away, is_editable, saved, tell
from udgam.flow.applications.workbooks import XLSX, template_workbook
from udgam.ground.documents.refusals import DocumentRefused
from udgam.ground.documents.services import examine_table
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.rules.refusals import Refused

# The page of a table that is being read asks again by itself.
SECONDS_BETWEEN_LOOKS = "3"


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def template(request: HttpRequest) -> HttpResponse:
    """The empty table."""
    response = HttpResponse(template_workbook(), content_type=XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="goods.xlsx"'
    return response


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Choose a table; it is read by the worker."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    is_post = request.method == "POST"
    form = BulkUploadForm(request.POST if is_post else None, request.FILES if is_post else None)
    if is_post and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            content = examine_table(upload=file)
            kept = services.keep_upload(
                application=application,
                person=person_of(request),
                name=file.name or "",
                content=content,
                now=timezone.now(),
            )
        except DocumentRefused as refused:
            form.add_error("file", f"{refused.message} {refused.advice}")
        except Refused as refused:
            tell(request, refused)
            return away(application)
        else:
            return redirect("applications:bulk-upload", public_id=public_id, upload_id=kept.public_id)
    context = {"application": application, "form": form, "limit": MOST_ROWS}
    return render(request, "applications/bulk.html", context)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def uploaded(request: HttpRequest, public_id: UUID, upload_id: UUID) -> HttpResponse:
    """How far the reading is, what is wrong in which row, and the button that adds the rows."""
    application = application_of(request, public_id)
    found = upload_of(application, upload_id)
    if found is None:
        raise Http404
    if not is_editable(application):
        return away(application)
    form = EditForm(request.POST or None, initial={"edit": application.edit})
    if request.method == "POST" and form.is_valid():
        now, added = timezone.now(), []

        def add() -> None:
            edit = form.cleaned_data["edit"]
            added.append(services.add_upload(upload=found, application=application, edit=edit, now=now))

        if saved(form, application, add):
            messages.success(request, _("%(n)s rows were added.") % {"n": added[0]})
            return redirect("applications:items", public_id=public_id)
    context = {
        "application": application,
        "upload": found,
        "form": form,
        "goods": len(found.rows.get("goods", [])),
        "materials": len(found.rows.get("materials", [])),
        "more_faults": found.fault_count - len(found.faults),
    }
    status = CONFLICT if form.is_bound and form.errors else 200
    response = render(request, "applications/bulk_upload.html", context, status=status)
    if found.state == BulkUpload.State.READING:
        response.headers["Refresh"] = SECONDS_BETWEEN_LOOKS
    return response
