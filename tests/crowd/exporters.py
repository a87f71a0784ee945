"""What an exporter of the crowd does: signs in with the token, files, signs, pays, answers, and fetches the certificate."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.crowd.browser import Browser, Unexpected, errors_of, text_of
from tests.rooms.documents.files import pdf
from udgam.rules.numbers import indian_date

# What becomes of an application, by the number of its exporter. The officer reads it in the number of the invoice.
FATES = ("plain", "plain", "asked", "plain", "refused", "plain", "asked", "withdrawn", "plain", "plain")
# How the fee is paid: ways of the sandbox's gateway. Who shares a wallet pays from it.
WAYS = ("pay", "first", "duplicate", "silent", "pay", "twice")
DEPOSIT = "1000.00"
PAUSE, LONGEST_PAUSE = 1.0, 6.0
_PAPER = pdf()
_NUMBER = re.compile(r"[A-Z]+/\d{4}/\d+/\d{7}[A-Z]/\d{8}")
_ORDER = re.compile(r"/payments/orders/([0-9a-f-]{36})/")


@dataclass
class Exporter:
    """One exporter; afterwards `state` and the rest say how it ended for this person."""

    browser: Browser
    number: int
    firm: int
    branch: int
    office: int
    shares: bool
    application: str = ""
    state: str = ""
    certificate: str = ""
    paid: str = ""
    edit: int = 0
    file: bytes = b""

    @property
    def fate(self) -> str:
        """What the script has in mind for this application."""
        return FATES[self.number % len(FATES)]

    @property
    def path(self) -> str:
        """The application's own page."""
        return f"/applications/{self.application}/"

    def run(self) -> None:
        """The whole script."""
        self._sign_in()
        self._file()
        self._sign()
        self._pay()
        if self.fate == "withdrawn":
            self._withdraw()
        self._follow()

    def _sign_in(self) -> None:
        self.browser.get("/sign-in/")
        self.browser.post("/sign-in/token/", self.browser.shown_token())
        self.browser.get("/applications/")

    # ── the form ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _file(self) -> None:
        self.browser.get("/applications/start/")
        led = self.browser.post("/applications/start/", {"agreement": "NP", "shipment": "before"})
        self.application = led.headers["Location"].split("/")[2]
        # Each save builds on the one before; a save that met another state would be refused.
        self.browser.get(f"{self.path}office/")
        self.edit = int(self.browser.edit())
        for name, answers in self._answers().items():
            self._fill(f"{self.path}{name}/", answers)
        self._fill(f"{self.path}items/add/", self._line())
        for kind in ("invoice", "packing-list"):
            files = {"file": (f"{kind}.pdf", _PAPER, "application/pdf")}
            self._fill(f"{self.path}documents/", {"kind": kind, "title": ""}, files=files)
        self.browser.get(f"{self.path}check/")

    def _fill(self, path: str, answers: dict[str, Any], files: Any = None) -> None:
        self.browser.post(path, {"edit": self.edit, **answers}, files=files)
        self.edit += 1

    def _answers(self) -> dict[str, dict[str, Any]]:
        today = indian_date(datetime.now(UTC))
        return {
            "office": {"office_id": self.office},
            "exporter": {"branch_id": self.branch},
            "consignee": {
                "consignee_name": "Mekong Spice Trading Co.",
                "consignee_address": "12 Nguyen Hue\r\nHo Chi Minh City",
                "consignee_country": "VN",
                "destination": "VN",
            },
            "transport": {
                "transport_mode": "sea",
                "vessel": "MV Neela Sagar",
                "departure": (today + timedelta(days=4)).isoformat(),
                "port_of_loading": "Cochin (INCOK)",
                "port_of_discharge": "Ho Chi Minh City",
                "route": "via Colombo",
            },
            "invoice": {
                "number": f"{self.fate}/{self.number:05d}",
                "date": (today - timedelta(days=2)).isoformat(),
            },
            "declaration": {
                "goods_at": "Our warehouse, Kochi",
                "grounds": "Grown in Kerala, cleaned and packed there.",
                "comments": "",
                "place": "Kochi",
                "declarant_name": "The director",
                "declarant_designation": "Director",
            },
        }

    def _line(self) -> dict[str, str]:
        return {
            "description": f"Organic turmeric powder, lot {self.number}",
            "hs_code": "0910.30",
            "marks": f"CT/{self.number}/1-100",
            "packages": "100",
            "package_kind": "cartons",
            "quantity": "2500.5",
            "unit": "KGM",
            "gross_weight": "2600",
            "fob": "12600.00",
            "currency": "USD",
        }

    def _sign(self) -> None:
        self.browser.get(f"{self.path}sign/")
        talk = f"{self.path}conversation/"
        told = self.browser.say(talk, event="open")
        if "items" in told:
            told = self.browser.say(talk, event="certificate", certificate=self.browser.certificate())
        if "next" in told:
            document = told["next"]
            result = self.browser.signature(document)
            told = self.browser.say(talk, event="signed", id=document["id"], result=result)
        if "done" not in told:
            raise Unexpected(f"{self.path} could not be signed: {told}")

    # ── money ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _pay(self) -> None:
        self.browser.get(self.path)
        found = _ORDER.search(self.browser.page)
        if found is None:
            raise Unexpected(f"no order for the fee: {text_of(self.browser.page)[:400]}")
        if self.shares:
            self._deposit()
            self.paid = "wallet"
            order = f"/payments/orders/{found.group(1)}/"
            self.browser.get(order)
            self.browser.post(f"{order}wallet/", {})
        else:
            self.paid = WAYS[self.number % len(WAYS)]
            self._at_gateway(found.group(1), self.paid)
        self._wait(lambda: "Proceed to payment" not in self.browser.page and self._state() != "waits", "the payment")

    def _deposit(self) -> None:
        self.browser.get("/payments/wallets/SEC/")
        led = self.browser.post("/payments/wallets/SEC/", {"amount": DEPOSIT})
        order = led.headers["Location"].split("/")[3]
        self._at_gateway(order, "first")
        self._wait_at(
            f"/payments/orders/{order}/", lambda: "Proceed to payment" not in self.browser.page, "the deposit"
        )

    def _at_gateway(self, order: str, way: str) -> None:
        self.browser.get(f"/payments/orders/{order}/")
        led = self.browser.post(f"/payments/orders/{order}/pay/", {})
        page = led.headers["Location"]
        self.browser.http.get(page)
        answer = self.browser.http.post(page, data={"way": way})
        if answer.status_code != 303:
            raise Unexpected(f"the gateway took no payment: {answer.status_code}")
        self.browser.get(answer.headers["Location"])

    # ── what becomes of it ───────────────────────────────────────────────────────────────────────────────────────────
    def _state(self) -> str:
        page = self.browser.page
        if "udgam-outcome--no" in page:
            return "refused"
        if f"{self.path}answer/" in page:
            return "asked"
        if "Download the certificate" in page:
            return "issued"
        if "Withdrawn" in page:
            return "withdrawn"
        return "waits" if "/payments/orders/" in page or "The payment has arrived" in page else "with the office"

    def _wait(self, met: Any, what: str) -> None:
        self._wait_at(self.path, met, what)

    def _wait_at(self, path: str, met: Any, what: str) -> None:
        self.browser.get(path)
        pause = PAUSE
        while not met():
            self.browser.site.require_time(f"{what} of {path}: {text_of(self.browser.page)[:200]}")
            time.sleep(pause)
            # Nobody looks every second for ever.
            pause = min(pause * 1.5, LONGEST_PAUSE)
            self.browser.get(path)

    def _withdraw(self) -> None:
        """Whoever withdraws while an officer decides may come second; then the application goes on."""
        path = f"{self.path}withdraw/"
        answer = self.browser.get(path, also=(404, 409))
        if answer.url.path.endswith("/withdraw/") and answer.status_code == 200:
            done = self.browser.post(path, {}, also=(409, 200))
            if not done.is_redirect:
                self.browser.refused(f"withdraw: {errors_of(done.text)[:60]}")

    def _follow(self) -> None:
        ends = {"refused", "issued", "withdrawn"}
        while True:
            self._wait(lambda: self._state() in {*ends, "asked"}, "the office")
            self.state = self._state()
            if self.state != "asked":
                break
            self._answer()
        if self.state == "issued":
            self._fetch()

    def _answer(self) -> None:
        path = f"{self.path}answer/"
        self.browser.get(path)
        names = re.findall(r'name="(answer_\d+)"', self.browser.page)
        self.browser.post(path, {"edit": self.browser.edit(), **dict.fromkeys(names, "It is as the form says.")})
        self._sign()

    def _fetch(self) -> None:
        found = _NUMBER.search(text_of(self.browser.page))
        download = re.search(r'href="([^"]+)"[^>]*>Download the certificate', self.browser.page)
        if found is None or download is None:
            raise Unexpected(f"issued without a number: {text_of(self.browser.page)[:400]}")
        self.certificate = found.group()
        self.file = self.browser.get(download.group(1)).content
        self.browser.get(f"/verify/{self.certificate}")
        if self.certificate not in self.browser.page:
            raise Unexpected("the public page does not know the certificate")
