"""Payment gateways: what every one of them must be able to do, and which ones this installation has.

An account is one agency's contract with one gateway. Its address, its secrets and the code of the agency it belongs to stand in
the settings (PAYMENT_ACCOUNTS), never in the database; that agency, and no other, may name it. The kind of an account chooses the class that speaks to it: one of `KINDS`, or the dotted
path of an operator's own class, which is called with the name and the settings of the account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from udgam.ground.connectors.failures import ConnectorFailed, NotConfigured

KINDS = {"hosted-page": "udgam.ground.connectors.hosted_page.HostedPage"}


class MessageForged(ConnectorFailed):
    """The message does not carry the gateway's signature."""

    reason = "message_forged"


class MessageStale(ConnectorFailed):
    """The message was signed too long ago, or in the future."""

    reason = "message_stale"


class MessageUnreadable(ConnectorFailed):
    """The message is signed, but not in a shape that can be read."""

    reason = "message_unreadable"


class RefusedForGood(ConnectorFailed):
    """The gateway will never do what was asked, however often it is asked."""

    reason = "refused_for_good"


@dataclass(frozen=True, kw_only=True)
class CaptureFact:
    """Money the gateway took from somebody; ``payment_id`` is the gateway's own."""

    payment_id: str
    amount_paise: int
    captured_at: datetime


@dataclass(frozen=True, kw_only=True)
class AttemptFacts:
    """What the gateway knows about one trip to its page. ``reference`` is ours."""

    reference: str
    state: Literal["open", "paid", "failed", "unknown"]
    captures: tuple[CaptureFact, ...] = ()
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundFacts:
    """What the gateway knows about a refund. ``reference`` is ours."""

    reference: str
    state: Literal["pending", "done", "refused", "unknown"]
    refund_id: str = ""
    failure: str = ""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A genuine message of the gateway. ``message_id`` stays the same when it is sent again."""

    message_id: str
    kind: str
    sha256: str
    about: AttemptFacts | RefundFacts


class Gateway(Protocol):
    """One account with one gateway. Every call may take seconds and belongs outside transactions."""

    @property
    def account(self) -> str:
        """The name of the account."""

    @property
    def page_origin(self) -> str:
        """The origin of the pages to which people are sent, for the content-security policy."""

    def open_page(
        self, *, reference: str, amount_paise: int, description: str, return_url: str, notify_url: str
    ) -> str:
        """Make the page on which this amount is paid and return its address. The same reference gives the same page.

        Raises ``ConnectorFailed``.
        """

    def attempt(self, *, reference: str) -> AttemptFacts:
        """What became of a trip. Raises ``ConnectorFailed``."""

    def pay_back(self, *, reference: str, payment_id: str, amount_paise: int) -> RefundFacts:
        """Pay back (part of) a payment; the same reference pays back once. Raises ``ConnectorFailed``, ``RefusedForGood``."""

    def read_message(self, *, headers: Mapping[str, str], body: bytes, now: datetime) -> Message:
        """Check and read a message. Header names are in lower case.

        Raises ``MessageForged``, ``MessageStale``, ``MessageUnreadable``.
        """


def account_names(agency: str) -> tuple[str, ...]:
    """The payment accounts that belong to the agency with this code, sorted."""
    return tuple(sorted(name for name, options in settings.PAYMENT_ACCOUNTS.items() if options.get("agency") == agency))


def gateway_for(account: str) -> Gateway:
    """The gateway behind an account. Raises ``NotConfigured``."""
    options: Mapping[str, Any] | None = settings.PAYMENT_ACCOUNTS.get(account)
    if options is None:
        raise NotConfigured("There is no payment account with this name.")
    kind = str(options.get("kind", ""))
    try:
        return cast(Gateway, import_string(KINDS.get(kind, kind))(account, options))
    except (ImportError, KeyError, TypeError, ValueError) as error:
        raise NotConfigured(f"The payment account {account} cannot be used: {type(error).__name__}.") from error
