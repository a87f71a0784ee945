"""The programming interface of the site: what programs ask of it. Described at /api/openapi.json."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema, Status
from ninja.errors import ValidationError
from ninja.params import functions as parameters
from pydantic import Field

from udgam.flow.applications.api import router as applications
from udgam.flow.payments.api import router as payments
from udgam.flow.verification.limits import API_LIMIT, may_ask
from udgam.flow.verification.public_views import published
from udgam.rules.numbers import NumberRefused, parse_certificate_number
from udgam.web.api_reference import router as reference

api = NinjaAPI(
    title="Udgam",
    version="1",
    description="What anybody may ask about certificates of origin, and a firm's own applications for its programs.",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("/payments", payments)
api.add_router("/applications", applications)
api.add_router("", reference)


@api.exception_handler(ValidationError)
def does_not_fit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """A value has not the form that the description asks for."""
    fields: dict[str, list[str]] = {}
    for each in error.errors:
        name = ".".join(str(part) for part in each.get("loc", ())[1:]) or "body"
        fields.setdefault(name[:120], []).append(str(each.get("msg", ""))[:200])
    problem = {
        "reason": "api.form",
        "message": "Some values have not the form that is described.",
        "advice": "Compare them with /api/openapi.json.",
        "fields": fields,
    }
    return api.create_response(request, problem, status=422)


class StatusAnswer(Schema):
    """What became of a certificate."""

    certificate_number: str = Field(description="The number in its canonical form.")
    status: str = Field(
        description="issued, superseded, cancelled, or unknown when nothing was issued under the number."
    )
    content_sha256: str | None = Field(
        default=None, description="SHA-256 of the canonical content, in hexadecimal; absent when the status is unknown."
    )


Number = Annotated[str, parameters.Query(max_length=120, description="The certificate number with its slashes.")]


class Problem(Schema):
    """Why there is no answer, and what to do."""

    reason: str
    message: str
    advice: str
    fields: dict[str, list[str]] | None = Field(default=None, description="Which values have not the form described.")


@api.get(
    "/certificates/status",
    response={200: StatusAnswer, 422: Problem, 429: Problem},
    url_name="certificate-status",
    summary="What became of a certificate",
    exclude_none=True,
)
def certificate_status(request: HttpRequest, number: Number) -> Status[dict[str, object]]:
    """Answer for one number. A number that was never issued is answered in the same form, as unknown."""
    if not may_ask(request, API_LIMIT):
        return Status(
            429,
            {
                "reason": "api.too_many",
                "message": "Too many questions from here.",
                "advice": "Wait a minute, then ask again.",
            },
        )
    try:
        canonical = str(parse_certificate_number(number))
    except NumberRefused as refused:
        return Status(422, {"reason": refused.code, "message": refused.message, "advice": refused.advice})
    found = published(canonical)
    if found is None:
        return Status(200, {"certificate_number": canonical, "status": "unknown"})
    return Status(
        200,
        {"certificate_number": canonical, "status": found.row.status, "content_sha256": found.row.content_sha256},
    )
