"""Sentences of a report that can be said in another language: the English template and the values that fill it."""

from __future__ import annotations

from collections.abc import Mapping

from udgam.rules.refusals import Refused


class Told(str):
    """A finished English sentence that remembers its template and values, so that a page can say it in Hindi."""

    __slots__ = ("params", "template")

    template: str
    params: Mapping[str, str]

    def __new__(cls, template: str, /, **params: str) -> Told:
        """Fill the placeholders in braces. Raises KeyError when one has no value."""
        told = super().__new__(cls, template.format_map(params) if params else template)
        told.template, told.params = template, params
        return told


def refusal_told(refusal: Refused) -> Told:
    """The sentence of a refusal."""
    return Told(refusal.reasons[refusal.code].message, **refusal.params)


class _Ends(Exception):
    def __init__(self, template: str, /, **params: str) -> None:
        self.told = Told(template, **params)
        super().__init__(str(self.told))


class Fails(_Ends):
    """A check does not hold; the sentence says why."""


class Skips(_Ends):
    """A check has nothing to look at; the sentence says why."""
