"""How this room's facts read on pages: how offices are named, what two people compare by telephone, where an agency's fees go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from udgam.parties.agencies.models import Agency, FeeAccountChange, Office
from udgam.rules.identifiers.states import STATES

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class FeeAccountRow:
    """One line of a fee account: as it is confirmed, and as it is proposed (empty without a proposal)."""

    label: str
    confirmed: str
    proposed: str

    @property
    def differs(self) -> bool:
        return self.confirmed != self.proposed


def fee_account_rows(agency: Agency, change: FeeAccountChange | None = None) -> list[FeeAccountRow]:
    """The confirmed account of an agency beside the change that waits."""
    confirmed = _fee_account_words(agency) if agency.state_code else {}
    proposed = _fee_account_words(change) if change else {}
    return [
        FeeAccountRow(label, confirmed.get(label, "–"), proposed.get(label, ""))
        for label in (confirmed or proposed or {})
    ]


def _fee_account_words(account: Agency | FeeAccountChange) -> dict[str, str]:
    names = STATES.get(account.state_code)
    state = f"{names[1 if get_language() == 'hi' else 0]} ({account.state_code})" if names else "–"
    return {
        _("State from which the agency supplies its services"): state,
        _("PAN"): account.pan or _("not stated"),
        _("GSTIN"): account.gstin or _("not registered for GST"),
        _("Address on receipts"): account.billing_address or "–",
        _("Payment account"): account.gateway or "–",
    }


def read_out(fingerprint: str) -> str:
    """A fingerprint in groups of four signs."""
    return " ".join(fingerprint[start : start + 4] for start in range(0, len(fingerprint), 4))


def office_in_words(office: Office) -> StrOrPromise:
    """Agency and office, in the language of whoever reads it later: a mail is put into words for its receiver."""
    return lazy(lambda: f"{office.agency.shown_name}, {office.shown_name}", str)()
