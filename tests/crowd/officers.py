"""What an officer of the crowd does: signs in with password and token, examines what is free, and signs what is approved."""

from __future__ import annotations

import random
import re
import threading
import time
from dataclasses import dataclass, field

from tests.crowd.browser import Browser, Unexpected, errors_of, text_of
from tests.crowd.population import PASSWORD

PAUSE = 2.0
AT_ONCE = 4
_CASE = re.compile(r'href="/desk/([0-9a-f-]{36})/')
_FATE = re.compile(r"\b(plain|asked|refused|withdrawn)/\d{5}\b")
_VERSION = re.compile(r'name="seen_version" value="(\d+)"|seen_version=(\d+)')
_TO_SIGN = re.compile(r'name="application" value="([0-9a-f-]{36})" id="choose-\d+">')


@dataclass
class Officer:
    """One officer. Works until `over` is set by whoever knows that every exporter is done."""

    browser: Browser
    username: str
    signs: bool
    over: threading.Event
    chance: random.Random
    decided: list[str] = field(default_factory=list)
    signed: int = 0

    def run(self) -> None:
        """Sign in, then examine and sign in turn."""
        self.browser.get("/officer/")
        shown = self.browser.shown_token()
        self.browser.post("/officer/", {"username": self.username, "password": PASSWORD, **shown})
        while not self.over.is_set():
            self.browser.site.require_time("the exporters")
            worked = self._examine()
            if self.signs:
                worked = self._sign() or worked
            if not worked:
                time.sleep(PAUSE * (0.5 + self.chance.random()))

    # ── the desk ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _examine(self) -> bool:
        """Take up one free case and decide it. Colleagues reach for the same ones; who comes second is told so."""
        self.browser.get("/desk/?free=on&state=submitted")
        free = list(dict.fromkeys(_CASE.findall(self.browser.page)))
        if not free:
            return False
        case = self.chance.choice(free[:8])
        self.browser.get(f"/desk/{case}/", also=(404,))
        taken = self.browser.post(f"/desk/{case}/take_up/", {}, also=(409, 404))
        if not taken.is_redirect:
            self.browser.refused(f"take_up: {errors_of(taken.text)[:60]}")
            return True
        self.browser.get(f"/desk/{case}/")
        self._decide(case)
        return True

    def _decide(self, case: str) -> None:
        page = self.browser.page
        fate, version = _FATE.search(text_of(page)), _VERSION.search(page)
        if fate is None or version is None:
            raise Unexpected(f"the case page says too little: {text_of(page)[:600]}")
        seen = version.group(1) or version.group(2)
        if fate.group(1) == "refused":
            self._send(case, "refuse", {"seen_version": seen, "code": "other", "reason": "The goods are not of India."})
        elif fate.group(1) == "asked" and seen == "1":
            self._send(
                case,
                "discrepancy",
                {
                    "seen_version": seen,
                    "points-TOTAL_FORMS": "1",
                    "points-INITIAL_FORMS": "0",
                    "points-0-place": "items[0]",
                    "points-0-question": "Which lot is it?",
                },
            )
        else:
            self._send(case, "approve", {"seen_version": seen})

    def _send(self, case: str, act: str, data: dict[str, str]) -> None:
        answer = self.browser.post(f"/desk/{case}/{act}/", data, also=(409,))
        if answer.is_redirect:
            self.decided.append(act)
        else:
            # The exporter may have withdrawn meanwhile.
            self.browser.refused(f"{act}: {errors_of(answer.text)[:60]}")

    # ── certificates ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _sign(self) -> bool:
        """Sign a few of the approved, with one opening of the token."""
        self.browser.get("/signing/")
        waiting = _TO_SIGN.findall(self.browser.page)
        if not waiting:
            return False
        chosen = self.chance.sample(waiting, min(AT_ONCE, len(waiting)))
        begun = self.browser.post("/signing/begin/", {"application": chosen}, also=(409, 422))
        if not begun.is_redirect:
            self.browser.refused(f"begin: {errors_of(begun.text)[:60]}")
            return True
        run = begun.headers["Location"]
        self.browser.get(run)
        talk = f"{run}conversation"
        told = self.browser.say(talk, event="certificate", certificate=self.browser.certificate())
        while "next" in told:
            self.browser.site.require_time("a signature")
            document = told["next"]
            told = self.browser.say(talk, event="signed", id=document["id"], result=self.browser.signature(document))
            self.signed += document["kind"] == "pdf" and "refused" not in told
        return True
