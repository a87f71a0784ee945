"""The case behind an address, and the filter that stays while one goes from case to case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import application_visible_to
from udgam.flow.examination.forms import DeskFilter
from udgam.parties.accounts.actors import actor_of
from udgam.parties.accounts.models import Person
from udgam.parties.accounts.reasons import words_of
from udgam.rules.refusals import Refused

OFFICER = Person.Kind.OFFICER


def case_behind(request: HttpRequest, public_id: UUID) -> Application:
    """The case, if it lies on a desk of the officer who asks. A stranger learns nothing."""
    application = application_visible_to(actor_of(request), public_id)
    if application is None:
        raise Http404
    return application


def chosen(form: DeskFilter) -> dict[str, Any]:
    """The filter of the desk; one that cannot be read filters nothing."""
    values = dict(form.cleaned_data) if form.is_valid() else {}
    values.pop("rows", None)
    return {**values, "now": timezone.now()}


def filters_of(request: HttpRequest) -> str:
    """The filter for the next address, so that going through the cases stays within it."""
    kept = QueryDict(mutable=True)
    for name in DeskFilter.base_fields:
        value = request.GET.get(name)
        if value:
            kept[name] = value
    return kept.urlencode()


def with_filters(address: str, filters: str) -> str:
    """An address with the filter behind it."""
    return f"{address}?{filters}" if filters else address


def refusal_line(refused: Refused) -> list[str]:
    """A refusal as the line that stands on top of the page."""
    told = words_of(refused)
    return [f"{told.message} {told.advice}"]
