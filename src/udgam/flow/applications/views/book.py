"""The firm's book: consignees and products, to be kept in order and to be chosen from in an application."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from udgam.flow.applications import queries, services
from udgam.flow.applications.forms import BookConsigneeForm, BookFilter, BookProductForm, EditForm
from udgam.flow.applications.models import Application, BookConsignee, BookProduct
from udgam.flow.applications.views.finding import CONFLICT, is_editable, tell
from udgam.flow.applications.views.goods import found_codes, searched_words
from udgam.flow.applications.views.lists import own_firm
from udgam.flow.registration.reasons import text_of_refusal
from udgam.ground.pages.security import private_page
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.decorators import person_of, requires
from udgam.parties.accounts.models import Person
from udgam.rules.refusals import Refused

ROWS_ON_A_PAGE = 25
TITLES = {"consignees": gettext_lazy("Consignees"), "products": gettext_lazy("Products")}
FORMS: dict[str, type[EditForm]] = {"consignees": BookConsigneeForm, "products": BookProductForm}
ROWS: dict[str, type[BookConsignee] | type[BookProduct]] = {"consignees": BookConsignee, "products": BookProduct}


@requires(Person.Kind.EXPORTER)
@private_page
@require_GET
def book(request: HttpRequest, kind: str) -> HttpResponse:
    """The book of the firm for which the person acts; with ``for`` it is chosen from for an application."""
    exporter = own_firm(request)
    _known(kind)
    form = BookFilter(request.GET)
    chosen: dict[str, Any] = form.cleaned_data if form.is_valid() else {"search": "", "retired": False}
    application = _chosen_for(request)
    if application is not None:
        exporter = application.exporter
    rows = queries.book_of(
        actor_of(request), kind, exporter=exporter, search=chosen["search"], retired=chosen["retired"]
    )
    page = Paginator(rows, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "exporter": exporter,
        "kind": kind,
        "title": TITLES[kind],
        "titles": list(TITLES.items()),
        "form": form,
        "page": page,
        "filters": kept.urlencode(),
        "application": application,
        "take_from": _place_in(application, kind) if application else "",
        "is_retired": chosen["retired"],
    }
    return render(request, "applications/book.html", context)


def _known(kind: str) -> None:
    if kind not in FORMS:
        raise Http404


def _chosen_for(request: HttpRequest) -> Application | None:
    """The draft for which something is chosen, if it is the firm's and still open."""
    try:
        public_id = UUID(request.GET.get("for", ""))
    except ValueError:
        return None
    application = queries.application_visible_to(actor_of(request), public_id)
    return application if application is not None and is_editable(application) else None


def _place_in(application: Application, kind: str) -> str:
    if kind == "products":
        return reverse("applications:item-add", args=[application.public_id])
    return reverse("applications:section", args=[application.public_id, "consignee"])


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def book_add(request: HttpRequest, kind: str) -> HttpResponse:
    """A new line of the book."""
    exporter = own_firm(request)
    _known(kind)
    form, found = _form(request, kind, {"edit": 0})
    if found is None and form.is_bound and form.is_valid():
        try:
            services.add_to_book(
                kind=ROWS[kind],
                exporter=exporter,
                values=form.values(),
                person=person_of(request),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(text_of_refusal(refused)))
        else:
            messages.success(request, _("Saved in the firm’s book."))
            return redirect("applications:book", kind=kind)
    return _drawn(request, kind, form, None, found)


@requires(Person.Kind.EXPORTER)
@private_page
@require_http_methods(["GET", "POST"])
def book_entry(request: HttpRequest, kind: str, entry_id: UUID) -> HttpResponse:
    """Change a line of the book."""
    entry = _entry(request, kind, entry_id)
    names = [name for name in FORMS[kind].base_fields if name != "edit"]
    form, found = _form(request, kind, {"edit": entry.edit, **{name: getattr(entry, name) for name in names}})
    if found is None and form.is_bound and form.is_valid():
        try:
            services.change_in_book(
                entry=entry,
                edit=form.cleaned_data["edit"],
                values=form.values(),
                person=person_of(request),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(text_of_refusal(refused)))
            form.redraw_from(_entry(request, kind, entry_id).edit)
        else:
            messages.success(request, _("Saved in the firm’s book."))
            return redirect("applications:book", kind=kind)
    return _drawn(request, kind, form, entry, found)


def _entry(request: HttpRequest, kind: str, entry_id: UUID) -> Any:
    _known(kind)
    entry = queries.book_entry(actor_of(request), kind, exporter=own_firm(request), public_id=entry_id)
    if entry is None:
        raise Http404
    return entry


def _form(request: HttpRequest, kind: str, initial: dict[str, Any]) -> tuple[EditForm, Any]:
    """The form, and what a search for an HS code found; None when nothing is searched for. Searching saves and loses nothing."""
    if request.method != "POST":
        return FORMS[kind](initial=initial), None
    if kind != "products" or not {"find", "choose"} & request.POST.keys():
        return FORMS[kind](request.POST), None
    names = ("edit", *(name for name in FORMS[kind].base_fields if name != "edit"))
    typed = {name: request.POST.get(name, "")[:2000].replace("\x00", "") for name in names}
    if "choose" in request.POST:
        typed["hs_code"] = request.POST["choose"][:20].replace("\x00", "")
    return FORMS[kind](initial={**initial, **typed}), found_codes(request)


def _drawn(request: HttpRequest, kind: str, form: EditForm, entry: Any, found: Any) -> HttpResponse:
    context = {
        "kind": kind,
        "title": TITLES[kind],
        "form": form,
        "entry": entry,
        "hs_words": searched_words(request),
        "searched": "find" in request.POST,
        "found": found or (),
    }
    status = CONFLICT if form.is_bound and form.non_field_errors() else 200
    return render(request, "applications/book_entry.html", context, status=status)


@requires(Person.Kind.EXPORTER)
@private_page
@require_POST
def book_retire(request: HttpRequest, kind: str, entry_id: UUID) -> HttpResponse:
    """Offer a line no more, or bring a retired one back."""
    entry = _entry(request, kind, entry_id)
    is_back = "back" in request.POST
    verb = services.bring_back_into_book if is_back else services.retire_from_book
    try:
        verb(entry=entry, person=person_of(request), actor=actor_of(request), now=timezone.now())
    except Refused as refused:
        tell(request, refused)
    else:
        messages.success(
            request, _("It is offered again.") if is_back else _("It is offered no more. You can bring it back.")
        )
    return redirect("applications:book", kind=kind)
