"""The offline page in a real browser, opened from disk: good, changed, expired, foreign; and nothing leaves the computer."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import FilePayload, Page, sync_playwright

from tests.browser_patience import PATIENCE
from tests.flow.people_at_work import BROWSER, FLAGS
from tests.signing.proof.made import Made, make
from tests.signing.proof.test_smaller_s import respelled, signed_at
from tests.signing.register import Register
from tests.signing.sealing.office import NOW, make_office
from udgam.flow.verification.offline import offline_page
from udgam.signing.proof.keys import SMALLER_S_SINCE
from udgam.signing.proof.log import MemoryStorage
from udgam.signing.proof.published import PIN, TRUST_LIST
from udgam.signing.proof.trust_list import RegisterPin, TrustList, write_pin
from udgam.signing.proof.verify_any import code_in_picture
from udgam.signing.sealing.code import draw_code


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return make(make_office(), tmp_path_factory.mktemp("trust"))


@pytest.fixture(scope="module")
def page(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    file = tmp_path_factory.mktemp("page") / "udgam-verify.html"
    file.write_bytes(offline_page(made.published()))
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(timeout=PATIENCE, executable_path=BROWSER, args=FLAGS)
        page = chromium.new_page(viewport={"width": 320, "height": 700}, locale="en-IN")
        page.set_default_timeout(PATIENCE)
        page.clock.set_fixed_time(NOW + timedelta(days=1))
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.goto(file.as_uri())
        page.wait_for_selector("#believed:not(:empty)")
        yield page
        assert [one for one in asked if not one.startswith(("file:", "blob:"))] == []
        chromium.close()


def test_before_the_first_publication_the_page_says_so_and_takes_the_files(
    made: Made, page: Page, tmp_path: Path
) -> None:
    nothing = replace(made.published(), files=MemoryStorage(), pin=RegisterPin(issuer="did:web:udgam.example", keys=()))
    (file := tmp_path / "udgam-verify.html").write_bytes(offline_page(nothing))
    browser = page.context.browser
    assert browser is not None
    other = browser.new_page(locale="en-IN")
    other.clock.set_fixed_time(NOW + timedelta(days=1))
    other.goto(file.as_uri())
    assert "the register had published nothing yet" in other.inner_text("#believed")
    other.fill("#text", made.code)
    other.click("#check")
    other.wait_for_selector("#result.no")
    assert "had published nothing yet" in other.inner_text("#result")
    choose(other, made, register=made.register)
    assert "Genuine" in result(other, made.code)
    other.close()


def result(page: Page, text: str) -> str:
    # What an earlier check said is taken away, so that only this one's answer can be read.
    page.evaluate("document.getElementById('result').className = ''")
    page.fill("#text", text)
    page.click("#check")
    page.wait_for_selector("#result.yes, #result.no")
    return page.inner_text("#result")


def give(page: Page, files: list[FilePayload]) -> None:
    """Hand the page files about whom to believe, and wait until it says what it makes of them."""
    page.evaluate("document.getElementById('believed').textContent = ''")
    page.set_input_files("#trust-file", files)
    page.wait_for_selector("#believed:not(:empty)")


def choose(page: Page, made: Made, listed: TrustList | None = None, *, register: Register | None = None) -> None:
    """Choose another trust list, and with ``register`` another pin."""
    whose = register or made.register
    files: list[FilePayload] = [
        {"name": TRUST_LIST, "mimeType": "text/plain", "buffer": whose.trust_list(listed).encode()}
    ]
    if register is not None:
        files.append({"name": PIN, "mimeType": "application/json", "buffer": write_pin(register.pin)})
    give(page, files)


@pytest.fixture(autouse=True)
def own_list(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "page" in request.fixturenames:
        page, made = request.getfixturevalue("page"), request.getfixturevalue("made")
        choose(page, made, register=made.register)


def test_code_and_credential_are_genuine_and_say_what_they_hold(page: Page, made: Made) -> None:
    for text in (made.code, made.credential):
        said = result(page, text)
        assert "Genuine: signed by an office that could issue it" in said
        for value in (made.content.number, made.content.exporter.name, made.content.items[0].hs_code):
            assert value in said


def test_a_picture_of_the_code_is_read_in_the_browser(page: Page, made: Made) -> None:
    drawn = zxingcpp.create_barcode(made.code, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    out = io.BytesIO()
    Image.fromarray(drawn.to_image(scale=6)).convert("L").save(out, "PNG")
    page.fill("#text", "")
    page.set_input_files("#picture", {"name": "code.png", "mimeType": "image/png", "buffer": out.getvalue()})
    page.wait_for_selector("#result.yes")
    assert page.input_value("#text") == made.code


def rasterised(made: Made, dpi: int) -> Image.Image:
    """The whole first page of the certificate, as a scanner with that many points an inch would give it."""
    drawn = subprocess.run(
        ["pdftoppm", "-r", str(dpi), "-f", "1", "-l", "1", "-png", "-"], input=made.pdf, capture_output=True, check=True
    ).stdout
    return Image.open(io.BytesIO(drawn)).convert("RGB")


def photographed(page: Image.Image) -> Image.Image:
    """The page as it lies on a desk and is photographed: seen at a slant, turned a little, with the desk around it."""
    width, height = page.size
    slant = 0.08
    corners = (-slant * width, -slant * height, 0, height, width, height * (1 + slant), width * (1 + slant), 0)
    seen = page.transform(page.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=(120, 90, 60))
    desk = Image.new("RGB", (4000, 3000), (120, 90, 60))
    turned = seen.resize((1800, 2546)).rotate(4, Image.Resampling.BICUBIC, expand=True, fillcolor=(120, 90, 60))
    desk.paste(turned, (1000, 150))
    return desk


PICTURES: dict[str, tuple[str, Callable[[Made], Image.Image]]] = {
    "a page scanned at 150 dpi": ("PNG", lambda made: rasterised(made, 150)),
    "a page scanned at 300 dpi": ("PNG", lambda made: rasterised(made, 300)),
    "a page scanned upside down": ("JPEG", lambda made: rasterised(made, 200).rotate(180)),
    "a photograph of the page on a desk": ("JPEG", lambda made: photographed(rasterised(made, 300))),
}


@pytest.mark.parametrize("picture", PICTURES)
def test_the_large_code_is_found_on_a_whole_page_by_browser_and_site(page: Page, made: Made, picture: str) -> None:
    """Two codes stand on the page; the large one is taken, whatever is found first."""
    kind, make_picture = PICTURES[picture]
    out = io.BytesIO()
    make_picture(made).save(out, kind, quality=85)
    assert code_in_picture(out.getvalue()) == made.code
    assert in_browser(page, f"page.{kind.lower()}", f"image/{kind.lower()}", out.getvalue()) == made.code


def test_our_own_drawing_of_the_code_is_read(page: Page, made: Made) -> None:
    assert in_browser(page, "code.svg", "image/svg+xml", draw_code(made.code).encode()) == made.code


def test_a_page_with_the_small_code_only_says_which_code_is_wanted(page: Page, made: Made) -> None:
    whole = rasterised(made, 150)
    lower = whole.crop((0, whole.height // 2, whole.width, whole.height))
    out = io.BytesIO()
    lower.save(out, "PNG")
    assert in_browser(page, "lower.png", "image/png", out.getvalue(), holds=False).startswith("https://")
    assert "Scan the large code, not the small one" in page.inner_text("#result")


def in_browser(page: Page, name: str, kind: str, data: bytes, *, holds: bool = True) -> str:
    """Give the page a picture, wait for its answer, and say which text it found in it."""
    page.evaluate("document.getElementById('result').className = ''")
    page.fill("#text", "")
    page.set_input_files("#picture", {"name": name, "mimeType": kind, "buffer": data})
    page.wait_for_selector("#result.yes" if holds else "#result.no", timeout=4 * PATIENCE)
    return page.input_value("#text")


def test_every_changed_sign_of_the_code_is_noticed(page: Page, made: Made) -> None:
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    changed = []
    for place in range(4, len(made.code), 7):
        other = letters[(letters.index(made.code[place]) + 1) % 45]
        changed.append(made.code[:place] + other + made.code[place + 1 :])
    for text in changed[::12]:
        assert "Genuine" not in result(page, text)
    head, payload, signature = made.credential.split(".")
    place = len(payload) // 2
    flipped = payload[:place] + ("A" if payload[place] != "A" else "B") + payload[place + 1 :]
    assert "Genuine" not in result(page, f"{head}.{flipped}.{signature}")


def test_algorithms_and_kinds_are_not_the_inputs_to_choose(page: Page, made: Made) -> None:
    _, payload, signature = made.credential.split(".")
    for header, said in (
        ('{"alg":"none","kid":"x","typ":"vc+jwt"}', "known trick"),
        ('{"alg":"HS256","kid":"x","typ":"vc+jwt"}', "known trick"),
        ('{"alg":"ES256","kid":"x","typ":"dc+sd-jwt"}', "another kind"),
    ):
        head = base64.urlsafe_b64encode(header.encode()).rstrip(b"=").decode()
        assert said in result(page, f"{head}.{payload}.{signature}")


def test_keys_out_of_their_time_of_others_or_without_the_power_are_refused(page: Page, made: Made) -> None:
    register = made.register
    for listed, said in (
        (register.with_office_key(compromised=True), "was stolen"),
        (register.with_office_key(until=NOW - timedelta(days=1)), "was not in force when it signed"),
        (replace(register.listed(), agencies=()), "Anybody can draw such a code"),
    ):
        choose(page, made, listed)
        assert said in result(page, made.code)
    agency = register.listed().agencies[0]
    powerless = replace(agency, offices=(replace(agency.offices[0], powers=()),))
    choose(page, made, replace(register.listed(), agencies=(powerless,)))
    assert "could not issue under the agreement" in result(page, made.code)


def test_a_trust_list_of_another_register_is_not_believed_without_its_pin(page: Page, made: Made) -> None:
    stranger = Register(made.office)
    give(page, [{"name": TRUST_LIST, "mimeType": "text/plain", "buffer": stranger.trust_list().encode()}])
    assert "cannot be believed" in page.inner_text("#believed")
    choose(page, made, register=stranger)
    assert "Anybody can draw such a code" in result(page, made.code)


def test_a_code_of_another_register_is_told_as_such_and_holds_once_that_register_is_chosen(
    page: Page, made: Made, tmp_path: Path
) -> None:
    elsewhere = make(make_office(), tmp_path, issuer="did:web:elsewhere.example")
    for text in (elsewhere.code, elsewhere.credential):
        said = result(page, text)
        assert "Of a register that is not believed here" in said
        assert "It names the register did:web:elsewhere.example, which is not pinned here" in said
        assert "Anybody can draw" not in said
    choose(page, elsewhere, register=elsewhere.register)
    assert "Genuine" in result(page, elsewhere.code)


def test_the_other_spelling_of_a_signature_is_refused_there_too(page: Page, made: Made) -> None:
    page.clock.set_fixed_time(SMALLER_S_SINCE + timedelta(days=1))
    try:
        for form in ("code", "credential"):
            text = signed_at(made, form, SMALLER_S_SINCE)
            assert "Genuine" in result(page, text)
            assert "did not sign this, or it was changed" in result(page, respelled(text))
    finally:
        page.clock.set_fixed_time(NOW + timedelta(days=1))


def test_an_old_list_and_strange_texts_are_told(page: Page, made: Made) -> None:
    choose(page, made, replace(made.register.listed(), next_update=NOW))
    assert "A newer trust list was due" in result(page, made.code)
    for text in ("hello", "UD1:", "UD1:%%", "eyJ.eyJ.eyJ", "HC1:6BF", made.partial, made.code[:-3], made.code + "00"):
        assert "Not a valid proof of this register" in result(page, text)


def test_the_page_speaks_hindi_fits_a_phone_and_runs_only_its_own_script(page: Page, made: Made) -> None:
    result(page, made.code)
    page.click("#language")
    said = page.inner_text("main")
    assert page.get_attribute("html", "lang") == "hi"
    assert "Genuine" not in said
    assert re.search("[\u0900-\u097f]", said)
    assert page.evaluate("document.documentElement.scrollWidth <= 320")
    axe = (Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js").read_text()
    page.evaluate(axe)
    found = page.evaluate("axe.run().then((answer) => answer.violations.map((one) => one.id))")
    assert found == []
    page.click("#language")
    html = offline_page(made.published()).decode()
    [named] = re.findall(r"script-src '(sha256-[^']+)'", html)
    script = html.split('<script type="module">', 1)[1].split("</script>", 1)[0]
    assert named == "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert "Apache License 2.0" in script[:300]
    assert "unsafe" not in html.split("</head>")[0]
