"""How a connector fails, in the words of the platform. Every failure has a short `reason` that can be stored and logged."""

from __future__ import annotations


class ConnectorFailed(Exception):
    """Something outside did not do its part; trying again later may help."""

    reason = "failed"


class Unreachable(ConnectorFailed):
    """Nobody answered: no such host, connection refused, or no answer in time."""

    reason = "unreachable"


class AskedTooOften(ConnectorFailed):
    """The service is there and asks for patience (status 429); it says nothing about whether it works for others."""

    reason = "asked_too_often"


class AddressNotAllowed(ConnectorFailed):
    """The address is not an http(s) address of the public network, nor of a host that the operator lists as private."""

    reason = "address_not_allowed"


class AnswerTooLarge(ConnectorFailed):
    """The answer has more bytes than the caller is ready to read."""

    reason = "answer_too_large"


class AnswerRefused(ConnectorFailed):
    """The answer came, but is not what was asked for (status, type, encoding or content)."""

    reason = "answer_refused"

    def __init__(self, message: str, *, status: int | None = None) -> None:
        self.status = status
        super().__init__(message)


class CircuitOpen(ConnectorFailed):
    """The service failed several times in a row and is left alone for a while."""

    reason = "circuit_open"


class NotConfigured(ConnectorFailed):
    """The operator has not said where this service is."""

    reason = "not_configured"


class HandOverRefused(ConnectorFailed):
    """The mail server or text gateway refuses this message for good; trying again cannot help."""

    reason = "refused_for_good"
