"""The lines of goods: list, add, change, remove; and the search in HS 2022."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from udgam.flow.applications import queries, services
from udgam.flow.applications.arrangements import is_preferential
from udgam.flow.applications.cost_sheets import cost_sheet_of
from udgam.flow.applications.forms import EditForm, ItemForm
from udgam.flow.applications.models import Application, ApplicationItem, BookProduct
from udgam.flow.applications.queries import earlier_product, earlier_products, goods_of
from udgam.flow.applications.sections import BY_NAME, section_after
from udgam.flow.applications.views.finding import CONFLICT, application_of, away, is_editable, saved, status_of, tell
from udgam.ground.pages.security import private_page
from udgam.ground.reference.harmonised_system import HsCode, search_hs
from udgam.ground.reference.units import packages, unit
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.rules.refusals import Refused

FIELDS = (
    "description",
    "hs_code",
    "marks",
    "packages",
    "package_kind",
    "quantity",
    "unit",
    "gross_weight",
    "fob",
    "currency",
    "inr_value",
    "inr_reason",
)
# What a new line takes over from an earlier one; quantity, value and packages belong to the consignment.
TAKEN_OVER = ("description", "hs_code", "package_kind", "unit", "currency")
LONGEST_SEARCH = 80
ROWS_ON_A_PAGE = 50
# Of the firm's book, what stands on the page itself; the rest is found in the book.
MOST_OFFERED = 20


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def items(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The lines so far."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    after = section_after("items", application)
    language = get_language() or "en"
    page = Paginator(goods_of(application), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "application": application,
        "section": BY_NAME["items"],
        "page": page,
        "rows": [(row, unit(row.unit, language), cost_sheet_of(row)) for row in page],
        "total": page.paginator.count,
        "after": after,
        "is_preferential": is_preferential(application),
    }
    return render(request, "applications/items.html", context)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def add_item(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A new line; what is usually the same as in the line before is filled in."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    last = application.items.last()
    repeated = ("marks", "package_kind", "unit", "currency", "invoice_id")
    initial = {name: getattr(last, name) for name in repeated} if last is not None else {}
    like = earlier_product(application, request.GET.get("like", "") or request.POST.get("like", ""))
    chosen = request.GET.get("product", "") or request.POST.get("product", "")
    product = queries.chosen_from_book(actor_of(request), "products", application, chosen) if chosen else None
    source = product if product is not None else like
    if source is not None:
        initial |= {name: _as_typed(getattr(source, name)) for name in TAKEN_OVER if getattr(source, name)}
    return _line(request, application, None, initial, source)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """Change a line."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    row = _row(application, position)
    return _line(request, application, row, {name: _as_typed(getattr(row, name)) for name in (*FIELDS, "invoice_id")})


def _as_typed(value: Any) -> Any:
    """An amount without the zeros that the database adds."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _row(application: Application, position: int) -> ApplicationItem:
    row = application.items.filter(position=position).first()
    if row is None:
        raise Http404
    return row


def _line(
    request: HttpRequest,
    application: Application,
    row: ApplicationItem | None,
    initial: dict[str, Any],
    source: ApplicationItem | BookProduct | None = None,
) -> HttpResponse:
    product = source if isinstance(source, BookProduct) else None
    like = source.model if isinstance(source, BookProduct) else source
    initial = {"edit": application.edit, **initial}
    is_saving = request.method == "POST" and not {"find", "choose"} & request.POST.keys()
    typed = _typed(request) if request.method == "POST" and not is_saving else {}
    invoices = [(invoice.id, invoice.number) for invoice in application.invoices.all()]
    form = (
        ItemForm(request.POST, invoices=invoices)
        if is_saving
        else ItemForm(invoices=invoices, initial={**initial, **typed})
    )
    if is_saving and form.is_valid():
        position, now = (row.position if row else None), timezone.now()

        def save() -> None:
            services.save_item(
                application=application,
                edit=form.cleaned_data["edit"],
                position=position,
                values=form.values(),
                now=now,
                like=like,
            )

        if saved(form, application, save):
            _keep(request, application, position)
            return _after_line(request, application, position)
    context = {
        "application": application,
        "form": form,
        "row": row,
        "hs_words": searched_words(request),
        "searched": "find" in request.POST,
        "found": found_codes(request),
        "like": like,
        "product": product,
        "book": queries.book_of(actor_of(request), "products", exporter=application.exporter)[:MOST_OFFERED]
        if row is None
        else (),
        "keep": "keep" in request.POST,
        "earlier": earlier_products(application) if row is None else (),
        "kinds": [package.name for package in packages()],
    }
    return render(request, "applications/item.html", context, status=status_of(form))


def _keep(request: HttpRequest, application: Application, position: int | None) -> None:
    """Put the line just saved into the firm's book, if that was ticked. A refusal is told; the line itself is saved."""
    if "keep" not in request.POST:
        return
    try:
        services.keep_product(
            application=application,
            position=position or application.items.count(),
            person=person_of(request),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except Refused as refused:
        tell(request, refused)


def _after_line(request: HttpRequest, application: Application, position: int | None) -> HttpResponse:
    """On to the next line, to the cost sheet where the origin has to be shown, or back to the list."""
    if "another" in request.POST:
        return redirect("applications:item-add", public_id=application.public_id)
    if position is None and is_preferential(application):
        last = application.items.count()
        return redirect("applications:cost-sheet", public_id=application.public_id, position=last)
    return redirect("applications:items", public_id=application.public_id)


def _typed(request: HttpRequest) -> dict[str, str]:
    """What was typed, kept while a code is looked for; a code chosen in the list takes its place."""
    typed = {name: request.POST.get(name, "")[:2000].replace("\x00", "") for name in ("edit", "invoice_id", *FIELDS)}
    if "choose" in request.POST:
        typed["hs_code"] = request.POST["choose"][:20].replace("\x00", "")
    return typed


def searched_words(request: HttpRequest) -> str:
    """The words by which an HS code is looked for."""
    return request.POST.get("hs_words", "")[:LONGEST_SEARCH].replace("\x00", "")


def found_codes(request: HttpRequest) -> tuple[HsCode, ...]:
    """What the search in HS 2022 found; nothing when it was not asked."""
    words = searched_words(request)
    return search_hs(words) if "find" in request.POST and words.strip() else ()


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def remove_item(request: HttpRequest, public_id: UUID, position: int) -> HttpResponse:
    """Remove a line, after a question."""
    application = application_of(request, public_id)
    if not is_editable(application):
        return away(application)
    row = _row(application, position)
    form = EditForm(request.POST or None, initial={"edit": application.edit})
    if request.method == "POST" and form.is_valid():
        now = timezone.now()

        def remove() -> None:
            edit = form.cleaned_data["edit"]
            services.remove_item(application=application, edit=edit, position=position, now=now)

        if saved(form, application, remove):
            return redirect("applications:items", public_id=public_id)
    context = {"application": application, "row": row, "form": form}
    status = CONFLICT if form.is_bound and form.errors else 200
    return render(request, "applications/remove_item.html", context, status=status)
