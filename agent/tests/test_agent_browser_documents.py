"""Documents are seen and signed in a real browser."""

from __future__ import annotations

import making
import pytest
from browser_scene import CONTENT, Scene
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from playwright.sync_api import expect
from test_agent_sign_documents import check_detached

from conftest import PIN

pytestmark = [pytest.mark.browser, pytest.mark.softhsm]


@pytest.mark.parametrize("items_in_page", [False, True])
def test_one_document_is_seen_and_signed(scene: Scene, items_in_page: bool) -> None:
    scene.site.contents = [CONTENT]
    scene.site.items_in_page = items_in_page
    window = scene.press("/sign")
    window.click("#continue")
    expect(window.locator("#review")).to_contain_text("Konkan Cashew Exports")
    expect(window.locator("#review")).to_contain_text("12600.00")
    window.get_by_text("Show the exact bytes as text").click()
    assert window.locator("pre").inner_text() == CONTENT.decode()
    scene.enter(window)
    expect(scene.page.locator("h1")).to_have_text("Finished")
    [(_, _, signature)] = scene.site.signed
    check_detached(signature, CONTENT, scene.site.certificate)
    assert all(PIN.encode() not in seen for seen in scene.site.seen)


def test_many_documents_need_one_pin(scene: Scene) -> None:
    scene.site.contents = [making.canonical({"number": at}) for at in range(4)]
    scene.site.with_pdf = True
    window = scene.press("/sign")
    expect(window.locator("#list tbody tr")).to_have_count(4)
    window.click("#continue")
    scene.enter(window)
    expect(scene.page.locator("h1")).to_have_text("Finished")
    assert [(name, kind) for name, kind, _ in scene.site.signed] == [
        (f"c{at}", kind) for at in range(4) for kind in ("data", "pdf")
    ]
    pdf_signatures = [signature for _, kind, signature in scene.site.signed if kind == "pdf"]
    for signature, attributes in zip(pdf_signatures, scene.site.attributes, strict=True):
        scene.site.certificate.public_key().verify(signature, attributes, padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr,call-arg]


def test_a_refusal_of_the_site_stands_in_both_windows(scene: Scene) -> None:
    scene.site.contents = [CONTENT]
    scene.site.refuse = {
        "reason": "binding.not_listed",
        "message": "The holder is not listed.",
        "advice": "Update the record.",
    }
    window = scene.press("/sign")
    window.click("#continue")
    scene.enter(window)
    expect(window.locator("#problem")).to_contain_text("The holder is not listed.")
    scene.expect_code("binding.not_listed")
    assert "Update the record." in scene.status


def test_a_site_that_swaps_the_document_gets_no_signature(scene: Scene) -> None:
    scene.site.contents = [CONTENT]
    window = scene.press("/sign")
    expect(window.locator("#continue")).to_be_visible()
    scene.site.contents = [making.canonical({"exporter": "Somebody else"})]
    window.click("#continue")
    expect(window.locator("#problem")).to_contain_text("is not the document that was on the list")
    scene.expect_code("agent.document-differs")
    assert scene.site.signed == []
    scene.expect_event({"event": "stopped", "code": "agent.document-differs"})


def test_markup_in_a_document_is_shown_as_text(scene: Scene) -> None:
    scene.site.contents = [making.canonical({"exporter": "<img src=x onerror=alert(1)>", "note": "abc\u202egnp"})]
    window = scene.press("/sign")
    window.click("#continue")
    expect(window.locator("#review .content")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(window.locator("#review .content .sign-hidden")).to_have_text("U+202E")
    assert window.locator("#review img").count() == 0


# --- the window itself -----------------------------------------------------------------------------------------------
