"""A firm's own applications for its programs: read, and draft. Signing, paying and withdrawing stay with people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.params import functions as parameters
from pydantic import Field

from udgam.flow.applications import queries, services
from udgam.flow.applications.arrangements import offered
from udgam.flow.applications.forms import EditForm, ItemForm
from udgam.flow.applications.models import Application, ApplicationItem
from udgam.flow.applications.refusals import ApplicationRefused
from udgam.flow.applications.sections import sections_of
from udgam.flow.applications.services.moving import EDITABLE
from udgam.flow.applications.views.sections import FORMS, save_form, values_asked
from udgam.flow.registration import policies
from udgam.flow.registration.api_keys import FirmKeyBearer, KeyHolder
from udgam.rules.numbers import indian_date
from udgam.rules.refusals import Refused

router = Router(tags=["applications"], auth=FirmKeyBearer())
ROWS_ON_A_PAGE = 50
MOST_PAGES = 10_000
LONGEST_VALUE = 2_000


class Problem(Schema):
    """Why it was not done, and what to do. Nothing was changed."""

    reason: str
    message: str
    advice: str
    fields: dict[str, list[str]] = Field(
        default_factory=dict, description="What is wrong with which field, in the caller's language."
    )


class Detail(Schema):
    """The answer of the framework: no key, a wrong one, or too many questions."""

    detail: str


class Line(Schema):
    """One application in the list."""

    id: UUID
    number: str | None
    state: str
    agreement: str
    consignee: str
    destination: str
    certificate_number: str
    changed_at: datetime


class Page(Schema):
    """A page of applications, the latest changed first."""

    total: int
    page: int
    applications: list[Line]


class SectionState(Schema):
    """A section of the form, and whether something is still to do in it."""

    name: str
    is_complete: bool


class InvoiceOut(Schema):
    """An invoice of the consignment. `position` is where it stands."""

    position: int
    number: str
    date: str


class ItemOut(Schema):
    """A line of goods. Amounts are decimal text."""

    position: int
    description: str
    hs_code: str
    quantity: str
    unit: str
    fob: str
    currency: str


class Whole(Line):
    """An application. `edit` counts the saved changes; name it in the next one, so that nobody is overwritten unseen."""

    edit: int
    version: int
    sections: list[SectionState]
    invoices: list[InvoiceOut]
    items: list[ItemOut]


class Begin(Schema):
    """What is applied for."""

    agreement: str = Field(max_length=20, description="A code of GET /api/agreements that is on.")
    shipment: str = Field(pattern="^(before|after)$", description="Whether the goods have left India.")


class Change(Schema):
    """Values for the fields of a section or a line, as they would be typed: text, dates as YYYY-MM-DD."""

    edit: int = Field(ge=0, le=2**31 - 1)
    values: dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=LONGEST_VALUE)]] = Field(
        max_length=40
    )


Found = Annotated[UUID, parameters.Path(description="The application's id.")]
Position = Annotated[int, parameters.Path(ge=1, le=100_000, description="The line's number.")]
PROBLEMS: dict[int, Any] = {
    400: Detail,
    401: Detail,
    403: Problem,
    404: Problem,
    409: Problem,
    422: Problem,
    429: Detail,
}
READS: dict[int, Any] = {401: Detail, 404: Problem, 429: Detail}
Answer = Status[Any]


def _holder(request: HttpRequest) -> KeyHolder:
    return cast(KeyHolder, request.auth)  # type: ignore[attr-defined]


def _of_the_firm(holder: KeyHolder) -> QuerySet[Application]:
    """What the key's person may read of the key's firm; the person may act for other firms too, the key does not."""
    return queries.applications_visible_to(holder.actor).filter(exporter=holder.exporter)


def _no(status: int, reason: str, message: str, advice: str, fields: dict[str, list[str]] | None = None) -> Answer:
    return Status(status, {"reason": reason, "message": message, "advice": advice, "fields": fields or {}})


def _not_found() -> Answer:
    return _no(404, "api.not_found", "The firm has no such application.", "Compare the id with GET /api/applications.")


def _refused(refused: Refused, status: int = 409) -> Answer:
    return _no(status, refused.code, refused.message, refused.advice)


def _invalid(form: EditForm) -> Answer:
    fields = {name: [str(line) for line in lines] for name, lines in form.errors.items()}
    return _no(422, "api.form", "Some values do not fit.", "Correct the fields named here and send them again.", fields)


def _line(row: Application) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "number": row.number,
        "state": row.state,
        "agreement": row.agreement,
        "consignee": row.consignee_name,
        "destination": row.destination,
        "certificate_number": row.certificate_number,
        "changed_at": row.changed_at,
    }


def _item(row: ApplicationItem) -> dict[str, Any]:
    return {
        "position": row.position,
        "description": row.description,
        "hs_code": row.hs_code,
        "quantity": f"{row.quantity:f}",
        "unit": row.unit,
        "fob": f"{row.fob:f}",
        "currency": row.currency,
    }


def _whole(row: Application) -> dict[str, Any]:
    return {
        **_line(row),
        "edit": row.edit,
        "version": row.version,
        "sections": [{"name": each.name, "is_complete": each.is_complete(row)} for each in sections_of(row)],
        "invoices": [
            {"position": each.position, "number": each.number, "date": each.date.isoformat()}
            for each in row.invoices.all()
        ],
        "items": [_item(each) for each in row.items.all()],
    }


def _changed(request: HttpRequest, public_id: UUID, change: Callable[[Application, datetime], Answer | None]) -> Answer:
    """Change a draft of the firm. Refuses keys that only read, strangers' applications and what is no longer a draft."""
    holder = _holder(request)
    if not holder.may_draft:
        return _no(403, "api.reads_only", "This key only reads.", "Make a key that may draft.")
    application = _of_the_firm(holder).filter(public_id=public_id).first()
    if application is None:
        return _not_found()
    if application.state not in EDITABLE:
        return _refused(ApplicationRefused("application.not_editable"))
    try:
        answer = change(application, timezone.now())
    except Refused as refused:
        return _refused(refused)
    application.refresh_from_db()
    return answer or Status(200, _whole(application))


@router.get("", response={200: Page, **READS, 422: Problem}, summary="The firm's applications", url_name="applications")
def applications(
    request: HttpRequest,
    state: Annotated[str, parameters.Query(max_length=20, description="Only those in this state.")] = "",
    page: Annotated[int, parameters.Query(ge=1, le=MOST_PAGES)] = 1,
) -> Answer:
    """Fifty on a page, the latest changed first."""
    rows = _of_the_firm(_holder(request)).order_by("-changed_at", "-id")
    if state:
        rows = rows.filter(state=state.replace("\x00", ""))
    first = (page - 1) * ROWS_ON_A_PAGE
    lines = [_line(row) for row in rows[first : first + ROWS_ON_A_PAGE]]
    return Status(200, {"total": rows.count(), "page": page, "applications": lines})


@router.get(
    "/{public_id}", response={200: Whole, **READS, 422: Problem}, summary="One application", url_name="application"
)
def application(request: HttpRequest, public_id: Found) -> Answer:
    """What it says, and which sections have something to do."""
    row = _of_the_firm(_holder(request)).filter(public_id=public_id).first()
    return _not_found() if row is None else Status(200, _whole(row))


@router.post("", response={201: Whole, **PROBLEMS}, summary="Begin a draft")
def begin(request: HttpRequest, wanted: Begin) -> Answer:
    """A draft has no number until a signatory signs it."""
    holder, now = _holder(request), timezone.now()
    if not holder.may_draft:
        return _no(403, "api.reads_only", "This key only reads.", "Make a key that may draft.")
    if wanted.agreement not in {each.code for each in offered(indian_date(now))}:
        return _no(
            422, "api.agreement", "No certificate can be applied for under this code.", "See GET /api/agreements."
        )
    verdict = policies.may_file(holder.exporter, now)
    if not verdict and verdict.reason != "filing.record_stale":
        # A stale record is fetched anew when a person signs; a draft may begin before that.
        return _no(409, verdict.reason, verdict.message, verdict.advice)
    made = services.start_application(
        exporter=holder.exporter,
        person=holder.person,
        agreement=wanted.agreement,
        shipment=wanted.shipment,
        actor=holder.actor,
        now=now,
    )
    return Status(201, _whole(made))


@router.put("/{public_id}/sections/{name}", response={200: Whole, **PROBLEMS}, summary="Fill a section of a draft")
def fill(request: HttpRequest, public_id: Found, name: str, change: Change) -> Answer:
    """The sections are those of the form; the fields are those of its page."""

    def save(row: Application, now: datetime) -> Answer | None:
        if name not in FORMS or name not in {each.name for each in sections_of(row)}:
            return _no(404, "api.no_section", "The application has no such section.", "See its sections.")
        form, _more = FORMS[name](
            row, values_asked(change.values, edit=change.edit, actor=_holder(request).actor, now=now)
        )
        if not form.is_valid():
            return _invalid(form)
        save_form(row, name, form, now)
        return None

    return _changed(request, public_id, save)


@router.post("/{public_id}/items", response={200: Whole, **PROBLEMS}, summary="Add a line of goods")
def add_item(request: HttpRequest, public_id: Found, change: Change) -> Answer:
    """The fields are those of the page for a line of goods."""
    return _changed(request, public_id, lambda row, now: _save_item(row, None, change, now))


@router.put("/{public_id}/items/{position}", response={200: Whole, **PROBLEMS}, summary="Change a line of goods")
def change_item(request: HttpRequest, public_id: Found, position: Position, change: Change) -> Answer:
    """Every field is sent again."""
    return _changed(request, public_id, lambda row, now: _save_item(row, position, change, now))


@router.api_operation(
    ["DELETE"], "/{public_id}/items/{position}", response={200: Whole, **PROBLEMS}, summary="Remove a line of goods"
)
def remove_item(
    request: HttpRequest,
    public_id: Found,
    position: Position,
    edit: Annotated[int, parameters.Query(ge=0, le=2**31 - 1)],
) -> Answer:
    """The lines after it move up."""

    def remove(row: Application, now: datetime) -> Answer | None:
        if not row.items.filter(position=position).exists():
            return _not_found()
        services.remove_item(application=row, edit=edit, position=position, now=now)
        return None

    return _changed(request, public_id, remove)


def _save_item(row: Application, position: int | None, change: Change, now: datetime) -> Answer | None:
    if position is not None and not row.items.filter(position=position).exists():
        return _not_found()
    data = QueryDict(mutable=True)
    data.update({**change.values, "edit": str(change.edit)})
    form = ItemForm(data, invoices=[(each.id, each.number) for each in row.invoices.all()])
    if not form.is_valid():
        return _invalid(form)
    services.save_item(application=row, edit=change.edit, position=position, values=form.values(), now=now)
    return None
