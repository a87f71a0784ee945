"""Every word the agent shows, in English and Hindi. A refusal has two parts: what happened, and what to do now."""

from __future__ import annotations

from udgam_agent.errors import Refused
from udgam_agent.texts_en import ADVICE as ADVICE_EN
from udgam_agent.texts_en import SCREEN as SCREEN_EN
from udgam_agent.texts_hi import ADVICE as ADVICE_HI
from udgam_agent.texts_hi import SCREEN as SCREEN_HI

ADVICE = {"en": ADVICE_EN, "hi": ADVICE_HI}
SCREEN = {"en": SCREEN_EN, "hi": SCREEN_HI}


def explain(code: str, lang: str, details: dict[str, str] | None = None) -> tuple[str, str]:
    """Return (what happened, what to do) for a code of this program. Raises `KeyError` for a code it does not have."""
    what, todo = ADVICE[lang][code]
    details = details or {}
    return what.format(**details), todo.format(**details)


def as_json(refusal: Refused, lang: str) -> dict[str, object]:
    """Return a refusal in the form the agent's page and the asking page read."""
    what, todo = explain(refusal.code, lang, refusal.details)
    return {"error": {"code": refusal.code, "message": what, "advice": todo, "final": refusal.final}}
