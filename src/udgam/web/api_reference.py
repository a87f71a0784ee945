"""Reference data for programs: agreements, and the codes of the Harmonized System."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.params import functions as parameters
from pydantic import Field

from udgam.ground.agreements.queries import agreement_state_on
from udgam.ground.pages.limits import Limit, within
from udgam.ground.reference.harmonised_system import EDITION, search_hs
from udgam.parties.accounts.visitors import visitor_of
from udgam.rules.agreements import AgreementRefused, agreement_codes
from udgam.rules.numbers import indian_date

router = Router(tags=["reference"])
QUESTIONS = Limit("api-reference", times=120, seconds=60)


class Code(Schema):
    """A code of the Harmonized System."""

    code: str = Field(description="Two, four or six digits.")
    text: str


class Codes(Schema):
    """What was found, best first."""

    edition: str
    codes: list[Code]


class AgreementLine(Schema):
    """An arrangement under which certificates are issued, or why none are at present."""

    code: str
    name: str
    is_on: bool = Field(description="Whether one may apply under it today.")
    off_because: str = Field(description="Why not; empty when it is on.")
    partners: list[str] = Field(description='ISO 3166 codes; "*" for every country.')
    in_force_from: date | None


class Problem(Schema):
    """Why there is no answer, and what to do."""

    reason: str
    message: str
    advice: str
    fields: dict[str, list[str]] | None = Field(default=None, description="Which values have not the form described.")


Words = Annotated[str, parameters.Query(min_length=2, max_length=80, description="Words, or the beginning of a code.")]


def _too_many() -> Status[object]:
    problem = {"reason": "api.too_many", "message": "Too many questions from here.", "advice": "Wait a minute."}
    return Status(429, problem)


def _agreement(code: str) -> dict[str, object]:
    state = agreement_state_on(code, indian_date(timezone.now()))
    row, is_on = state.agreement, state.is_open
    return {
        "code": row.code,
        "name": row.name,
        "is_on": is_on,
        "off_because": "" if is_on else state.reason or "An operator has to confirm its form and rules first.",
        "partners": list(row.partners),
        "in_force_from": row.effective,
    }


@router.get(
    "/agreements",
    response={200: list[AgreementLine], 429: Problem},
    url_name="agreements",
    summary="The agreements, on and off",
)
def agreements(request: HttpRequest) -> Status[object]:
    """All that are known here."""
    if not within(QUESTIONS, visitor_of(request).network):
        return _too_many()
    return Status(200, [_agreement(code) for code in agreement_codes()])


AgreementCode = Annotated[str, parameters.Path(max_length=20, description="The agreement's code.")]


@router.get(
    "/agreements/{code}",
    response={200: AgreementLine, 404: Problem, 422: Problem, 429: Problem},
    url_name="agreement",
    summary="One agreement",
)
def agreement(request: HttpRequest, code: AgreementCode) -> Status[object]:
    """As in the list."""
    if not within(QUESTIONS, visitor_of(request).network):
        return _too_many()
    try:
        return Status(200, _agreement(code))
    except AgreementRefused as refused:
        return Status(404, {"reason": refused.code, "message": refused.message, "advice": refused.advice})


@router.get("/hs", response={200: Codes, 422: Problem, 429: Problem}, url_name="hs", summary="Look for HS codes")
def hs(request: HttpRequest, words: Words) -> Status[object]:
    """At most twenty codes."""
    if not within(QUESTIONS, visitor_of(request).network):
        return _too_many()
    found = search_hs(words.replace("\x00", " "))
    return Status(200, {"edition": EDITION, "codes": [{"code": row.code, "text": row.description} for row in found]})
