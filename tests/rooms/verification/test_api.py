"""The interface for programs: the status of a certificate, and its description."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from udgam.flow.issuance.models import Certificate
from udgam.ground.pages.limits import Limit

pytestmark = pytest.mark.django_db
ADDRESS = "/api/certificates/status"


def test_the_status_of_an_issued_certificate(certificate: Certificate, passer_by: Client) -> None:
    answer = passer_by.get(ADDRESS, {"number": certificate.number})
    assert answer.json() == {
        "certificate_number": certificate.number,
        "status": "issued",
        "content_sha256": certificate.content_sha256,
    }
    Certificate.objects.update(state="cancelled", ended_at=timezone.now(), end_reason="other")
    assert passer_by.get(ADDRESS, {"number": certificate.number}).json()["status"] == "cancelled"


def test_a_number_that_was_never_issued_is_unknown(passer_by: Client) -> None:
    answer = passer_by.get(ADDRESS, {"number": "SEC/2026/016/0000081A/00000002"})
    assert answer.json() == {"certificate_number": "SEC/2026/016/0000081A/00000002", "status": "unknown"}


@pytest.mark.parametrize("number", [None, "", "x", "A" * 500, "\x00", "' OR 1=1", "[]"])
def test_what_is_no_number_is_refused(passer_by: Client, number: str | None) -> None:
    answer = passer_by.get(ADDRESS, {} if number is None else {"number": number})
    assert answer.status_code == 422
    assert passer_by.post(ADDRESS).status_code in {403, 405}


def test_too_many_questions_from_one_place_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from udgam.web import api

    monkeypatch.setattr(api, "API_LIMIT", Limit("api-test", 3, 60))
    here = Client(REMOTE_ADDR="203.0.113.40")
    codes = [here.get(ADDRESS, {"number": "SEC/2026/016/0000081A/00000002"}).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]


def test_the_description_is_published(passer_by: Client) -> None:
    described = passer_by.get("/api/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert "/api/certificates/status" in described["paths"]
