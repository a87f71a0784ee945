"""The visible calculation at the exporters' door: a picture, a sound in English and Hindi, and the field for the answer.

The sound is put together from recorded number words with the standard library alone, so it needs no speech program.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import random
import re
import secrets
import wave
from functools import cache
from pathlib import Path
from typing import Any

from captcha.fields import CaptchaField, CaptchaTextInput
from captcha.models import CaptchaStore
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

SOUNDS = Path(__file__).parent / "sounds"
RATE = 8000
VOICES = ("a", "b")
_CALCULATION = re.compile(r"(\d{1,2})([+−×])(\d{1,2})=")
_OPERATORS = {"+": "plus", "−": "minus", "×": "times"}
_SILENCE = 128


def visible_calculation() -> tuple[str, str]:
    """A calculation with the numbers 1 to 10 and its result, which is never below zero.

    The package's own writes a hyphen for minus, which is drawn like a dot; this one writes the minus sign.
    """
    left, right = secrets.randbelow(10) + 1, secrets.randbelow(10) + 1
    operator = secrets.choice("+−×")
    if operator == "−":
        left, right = max(left, right), min(left, right)
    result = {"+": left + right, "−": left - right, "×": left * right}[operator]
    return f"{left}{operator}{right}=", str(result)


class CalculationInput(CaptchaTextInput):  # type: ignore[misc]
    """Hidden key and answer, drawn with the picture and the sound."""

    template_name = "accounts/calculation.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add where the sounds are; they exist in both languages whatever the page's."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["sounds"] = {
            language: reverse("accounts:captcha-sound", args=[self._key, language]) for language in ("en", "hi")
        }
        answer = context["widget"]["subwidgets"][1]["attrs"]
        fault = " govuk-input--error" if answer.get("aria-invalid") else ""
        answer["class"] = f"govuk-input govuk-input--width-4{fault}"
        return context


class CalculationField(CaptchaField):  # type: ignore[misc]
    """The answer to the visible calculation; each calculation can be tried once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Visible calculation"),
            widget=CalculationInput(attrs={"inputmode": "numeric", "maxlength": "4"}, generator=visible_calculation),
            error_messages={
                "required": _("Enter the result of the calculation."),
                "invalid": _("The result of the calculation is not right. Here is a new one."),
            },
            **kwargs,
        )


def sound_of(key: str, language: str) -> bytes | None:
    """The calculation read aloud as a WAV file (mono, 8 bit, 8 kHz), or None when the calculation is unknown or too old.

    The same key always gives the same sound: a fresh one each time could be averaged to take the noise away.
    """
    store = CaptchaStore.objects.filter(hashkey=key, expiration__gt=timezone.now()).first()
    calculation = _CALCULATION.fullmatch(store.challenge) if store else None
    if calculation is None:
        return None
    left, operator, right = calculation.groups()
    words = [str(int(left)), _OPERATORS[operator], str(int(right)), "equals"]
    seed = hmac.new(settings.SECRET_KEY.encode(), f"{key}.{language}".encode(), hashlib.sha256).digest()
    return _speak(words, language, random.Random(seed))  # noqa: S311  # noise, not a secret


def _speak(words: list[str], language: str, chance: random.Random) -> bytes:
    voice = chance.choice(VOICES)
    samples = bytearray()
    for word in words:
        samples += bytes([_SILENCE]) * chance.randrange(RATE // 8, RATE // 3)
        samples += _recording(language, voice, word)
    samples += bytes([_SILENCE]) * (RATE // 4)
    noisy = bytes(max(0, min(255, sample + round(chance.gauss(0, 3)))) for sample in samples)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(noisy)
    return out.getvalue()


@cache
def _recording(language: str, voice: str, word: str) -> bytes:
    with wave.open(str(SOUNDS / language / voice / f"{word}.wav"), "rb") as file:
        return file.readframes(file.getnframes())
