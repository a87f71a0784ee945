"""Who finds a page: the firm, its colleague, the office once it was submitted; nobody else learns that it exists."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.rooms.applications.firm import Firm, colleague_of, signed_in, text_of
from udgam.flow.applications.models import Application
from udgam.flow.applications.urls import urlpatterns
from udgam.sandbox.authority import AuthorityHandle

pytestmark = pytest.mark.django_db

OF_ONE = [
    ("detail", ()),
    ("section", ("office",)),
    ("items", ()),
    ("item-add", ()),
    ("item", (1,)),
    ("item-remove", (1,)),
    ("bulk", ()),
    ("bulk-upload", ("00000000-0000-4000-8000-000000000000",)),
    ("cost-sheet", (1,)),
    ("material-add", (1,)),
    ("material", (1, 1)),
    ("material-remove", (1, 1)),
    ("claim", (1,)),
    ("invoices", ()),
    ("invoice-add", ()),
    ("invoice", (1,)),
    ("invoice-remove", (1,)),
    ("shipping-bills", ()),
    ("shipping-bill-add", ()),
    ("shipping-bill", (1,)),
    ("shipping-bill-remove", (1,)),
    ("copy", ()),
    ("take-back", ()),
    ("documents", ()),
    ("document-remove", (1,)),
    ("check", ()),
    ("preview", ()),
    ("answer", ()),
    ("sign", ()),
    ("conversation", ()),
    ("withdraw", ()),
    ("signed-copy", (1,)),
    ("derivation", (1, 1)),
    ("derivation-file", (1, 1)),
    ("derivation-bundle", (1, 1)),
]


def test_the_list_below_names_every_page_of_one_application() -> None:
    assert {name for name, _args in OF_ONE} == {pattern.name for pattern in urlpatterns} - {
        "list",
        "start",
        "export",
        "goods-template",
        "book",
        "book-add",
        "book-entry",
        "book-retire",
    }


@pytest.mark.parametrize(("name", "args"), OF_ONE)
def test_another_firm_finds_nothing_and_changes_nothing(
    firm: Firm, stranger: Firm, name: str, args: tuple[object, ...]
) -> None:
    application = firm.complete()
    before = Application.objects.values().get(id=application.id)
    address = reverse(f"applications:{name}", args=(application.public_id, *args))
    if name != "conversation":
        assert stranger.client.get(address).status_code == 404
    assert stranger.client.post(address, {"edit": application.edit}).status_code in {404, 405}
    assert Application.objects.values().get(id=application.id) == before


@pytest.mark.parametrize("name", ["list", "start", "export"])
def test_officers_and_unknown_visitors_have_no_list(firm: Firm, anonymous: Client, name: str) -> None:
    address = reverse(f"applications:{name}")
    assert signed_in(firm.agency.officer).get(address).status_code == 404
    answer = anonymous.get(address)
    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_somebody_without_a_firm_finds_no_list(firm: Firm) -> None:
    firm.exporter.memberships.all().delete()
    assert firm.get("list").status_code == 404
    assert firm.get("start").status_code == 404


def test_documents_are_read_by_the_firm_and_its_office_only(firm: Firm, stranger: Firm, anonymous: Client) -> None:
    application = firm.complete()
    address = reverse("documents:download", args=[application.documents.first().document_id])  # type: ignore[union-attr]
    officer, elsewhere = signed_in(firm.agency.officer), signed_in(firm.agency.officer_elsewhere)
    assert firm.client.get(address).status_code == 200
    assert [each.get(address).status_code for each in (stranger.client, anonymous, officer, elsewhere)] == [404] * 4
    firm.sign(application.public_id)
    assert officer.get(address).status_code == 200
    assert elsewhere.get(address).status_code == 404


def test_a_colleague_continues_a_draft_and_signs_with_an_own_token(firm: Firm, ca: AuthorityHandle) -> None:
    application = firm.complete()
    colleague = colleague_of(firm, ca)
    assert str(application.public_id) in text_of(colleague.get("list"))
    filled = colleague.fill(application.public_id, "declaration", declarant_name="Lakshmi Pillai")
    assert filled.status_code == 302
    assert "done" in colleague.sign(application.public_id).json()
    application.refresh_from_db()
    assert application.submissions.get().signed_by_name == "Lakshmi Pillai"


def test_what_was_submitted_is_no_longer_editable(firm: Firm) -> None:
    application = firm.submitted()
    home = firm.address("detail", application.public_id)
    for name, args in OF_ONE:
        if name in {
            "detail",
            "conversation",
            "withdraw",
            "signed-copy",
            "section",
            "preview",
            "copy",
            "take-back",
            "bulk-upload",
            # What was found of the signed goods is read for good.
            "derivation",
            "derivation-file",
            "derivation-bundle",
        }:
            continue
        answer = firm.get(name, application.public_id, *args)
        assert answer.status_code == 302, name
        assert answer["Location"] == home, name
    answer = firm.fill(application.public_id, "consignee", consignee_name="Somebody else")
    assert answer["Location"] == home
    application.refresh_from_db()
    assert application.consignee_name == "Mekong Spice Trading Co."
