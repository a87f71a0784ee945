"""The officer sees the derivation beside the answers; approving against it needs a reason, which is recorded."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.rooms.applications.conftest import (  # noqa: F401 - fixtures
    agency,
    ca,
    firm,
    outside,
    register,
    revocation_folder,
    running_authority,
    running_mailbox,
    running_register,
)
from tests.rooms.applications.firm import Firm, signed_in
from tests.rooms.applications.test_origin import REASON, claim, preferential
from udgam.flow.applications.models import Application
from udgam.ground.audit.queries import acts_of
from udgam.rules.agreements import AgreementRefused

pytestmark = pytest.mark.django_db


def submitted(firm: Firm, **material: str) -> tuple[Application, Client]:  # noqa: F811
    """A case under the agreement with ASEAN, taken up by the officer."""
    application = preferential(firm, **material)
    typed = {"text": "RVC [81.10]%+CTSH", "reason": REASON} if material else {}
    assert claim(firm, application, **typed).status_code == 302
    assert "done" in firm.sign(application.public_id).json()
    officer = signed_in(firm.agency.officer)
    assert officer.post(reverse("examination:act", args=[application.public_id, "take_up"])).status_code == 302
    return application, officer


def approve(officer: Client, application: Application, **data: str) -> tuple[int, str]:
    answer = officer.post(
        reverse("examination:act", args=[application.public_id, "approve"]), {"seen_version": 1, **data}
    )
    application.refresh_from_db()
    return answer.status_code, answer.content.decode()


def overruled(application: Application) -> list[dict[str, object]]:
    lines = acts_of(f"application:{application.public_id}", newest_first=True, limit=100)
    return [line.details for line in lines if line.act == "application.finding_overruled"]


def test_the_derivation_stands_on_the_case_and_agreement_needs_no_reason(firm: Firm) -> None:  # noqa: F811
    application, officer = submitted(firm)
    page = officer.get(reverse("examination:case", args=[application.public_id])).content.decode()
    assert "By the computation the goods originate in India." in page
    assert "RVC [79.73]%+CTSH" in page
    assert 'name="origin_reason"' not in page
    assert approve(officer, application)[0] == 302
    assert application.state == "approved"
    assert overruled(application) == []


def test_approving_against_the_finding_needs_a_reason_that_is_recorded(firm: Firm) -> None:  # noqa: F811
    application, officer = submitted(firm, quantity="4000")
    page = officer.get(reverse("examination:case", args=[application.public_id])).content.decode()
    assert "By the computation the goods do not originate." in page
    assert REASON in page
    assert 'name="origin_reason"' in page
    for reason in ({}, {"origin_reason": "   "}):
        status, told = approve(officer, application, **reason)
        assert (status, application.state) == (409, "under_examination")
        assert "you give no reason for approving it" in told
    assert overruled(application) == []
    assert approve(officer, application, origin_reason="Seen at the works: Indian material.")[0] == 302
    assert application.state == "approved"
    [details] = overruled(application)
    assert details["reason"] == "Seen at the works: Indian material."
    kept = application.submissions.get().findings.get()
    assert details["derivations"] == {"1": kept.sha256}
    page = officer.get(reverse("examination:case", args=[application.public_id])).content.decode()
    assert "Approved against the computation of origin" in page


def test_a_reason_of_no_use_is_refused(firm: Firm) -> None:  # noqa: F811
    application, officer = submitted(firm, quantity="4000")
    assert approve(officer, application, origin_reason="x" * 1001)[0] == 400
    assert approve(officer, application, origin_reason="\0")[0] == 400
    assert application.state == "under_examination"


def test_the_case_shows_what_was_kept_and_computes_nothing_again(
    firm: Firm,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    application, officer = submitted(firm, quantity="4000")

    def never(*_args: object, **_options: object) -> None:
        raise AssertionError("it was computed again")

    monkeypatch.setattr("udgam.rules.findings.decide", never)
    page = officer.get(reverse("examination:case", args=[application.public_id])).content.decode()
    assert "By the computation the goods do not originate." in page
    assert "2,026.08" in page
    assert approve(officer, application, origin_reason="Seen at the works, a bill is wrong.")[0] == 302
    kept = application.submissions.get().findings.get()
    [told] = overruled(application)
    assert kept.sha256 in str(told)


def test_a_kept_derivation_that_is_not_the_signed_one_is_not_shown(firm: Firm) -> None:  # noqa: F811
    application, officer = submitted(firm, quantity="4000")
    kept = application.submissions.get().findings.get()
    forged = bytes(kept.derivation).replace(b'"qualifies":false', b'"qualifies":true')
    assert forged != bytes(kept.derivation)
    application.submissions.get().findings.update(derivation=forged, qualifies=True)
    page = officer.get(reverse("examination:case", args=[application.public_id])).content.decode()
    assert "By the computation the goods do not originate." in page


def test_where_a_table_is_lost_the_page_says_so_and_an_approval_is_refused(
    firm: Firm,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    application, officer = submitted(firm)
    # Without the kept derivation the finding would have to be computed, and the table that decided is nowhere.
    application.submissions.get().findings.all().delete()

    def lost(*_named: object) -> None:
        raise AgreementRefused("agreement.table_lost", table="a" * 16)

    monkeypatch.setattr("udgam.ground.agreements.queries._tables_named", lost)
    answer = officer.get(reverse("examination:case", args=[application.public_id]))
    assert answer.status_code == 200
    assert "this installation does not have it" in answer.content.decode()
    status, told = approve(officer, application)
    assert (status, application.state) == (409, "under_examination")
    assert "Tell the operator" in told
    assert overruled(application) == []
