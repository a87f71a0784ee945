"""The states of an application and of a certificate, and who may move them where.

Each table is the only list of states and moves of its subject. A service asks the table for the next state and then makes
one conditional update that must hit exactly one row in one of the source states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from udgam.rules.refusals import Reason, Refused

Turn = Literal["exporter", "office", "signatory", "platform", "nobody"]

REASONS = {
    "lifecycle.not_now": Reason(
        "“{act}” is not possible while the {subject} is in the state “{state}”.",
        "Load the page again: somebody may have acted on it meanwhile.",
    ),
}


class TransitionRefused(Refused):
    """The act is not possible in that state."""

    reasons: ClassVar = REASONS


@dataclass(frozen=True)
class State:
    """A state, its English label and whose turn it is."""

    name: str
    label: str
    turn: Turn


@dataclass(frozen=True)
class Move:
    """An act leads from one state to another."""

    source: str
    act: str
    target: str


class Lifecycle:
    """A table of states and moves. States and acts are stable strings; the labels are what people read."""

    def __init__(self, subject: str, states: Sequence[State], moves: Sequence[Move], acts: dict[str, str]) -> None:
        self.subject = subject
        self._states = {state.name: state for state in states}
        self._moves = {(move.source, move.act): move.target for move in moves}
        self._acts = acts
        for (source, act), target in self._moves.items():
            if source not in self._states or target not in self._states or act not in acts:
                raise ValueError(f"{subject}: the move {source} -{act}-> {target} names an unknown state or act")

    @property
    def states(self) -> tuple[str, ...]:
        """All states, in the order of the usual way."""
        return tuple(self._states)

    @property
    def acts(self) -> tuple[str, ...]:
        """All acts."""
        return tuple(self._acts)

    def next(self, state: str, act: str) -> str:
        """The state after ``act``. Raises ``TransitionRefused``; an unknown state or act raises ``KeyError``."""
        known = self._states[state]
        label = self._acts[act]
        target = self._moves.get((state, act))
        if target is None:
            raise TransitionRefused("lifecycle.not_now", act=label, state=known.label, subject=self.subject)
        return target

    def allows(self, state: str, act: str) -> bool:
        """Whether ``act`` is possible in ``state``."""
        return (state, act) in self._moves

    def sources(self, act: str) -> frozenset[str]:
        """The states in which ``act`` is possible: the WHERE of the conditional update."""
        if act not in self._acts:
            raise KeyError(act)
        return frozenset(source for source, its_act in self._moves if its_act == act)

    def acts_from(self, state: str) -> tuple[str, ...]:
        """The acts possible in ``state``, in the order of the table."""
        return tuple(act for source, act in self._moves if source == state)

    def turn(self, state: str) -> Turn:
        """Whose turn it is."""
        return self._states[state].turn

    def label(self, state: str) -> str:
        """The English label of a state."""
        return self._states[state].label

    def act_label(self, act: str) -> str:
        """The English label of an act."""
        return self._acts[act]

    def is_final(self, state: str) -> bool:
        """Whether no act leads out of ``state``."""
        return not self.acts_from(state)


APPLICATION = Lifecycle(
    "application",
    states=(
        # The exporter's turn: being filled in; only the firm sees it.
        State("draft", "Draft", "exporter"),
        # The exporter's turn: signed, the fee is not paid yet; the office does not see it.
        State("awaiting_payment", "Awaiting payment", "exporter"),
        # The office's turn: signed and paid, waiting in the office's queue for an examiner.
        State("submitted", "Submitted", "office"),
        # The office's turn: one examiner has taken it up.
        State("under_examination", "Under examination", "office"),
        # The exporter's turn: the examiner asked something or wants a correction.
        State("discrepancy", "Discrepancy raised", "exporter"),
        # The exporter's turn: taken back for a correction before anybody examined it; it is signed anew and not paid again.
        State("correcting", "Being corrected", "exporter"),
        # The office's turn: somebody goes and sees the goods or the works before it is decided.
        State("verification", "Physical verification", "office"),
        # The signatory's turn: found right; the issuing cycle starts when the signatory opens the list to sign.
        State("approved", "Approved", "signatory"),
        # Nobody's turn: the certificate exists.
        State("issued", "Issued", "nobody"),
        # Nobody's turn: the office said no, with its reason.
        State("refused", "Refused", "nobody"),
        # Nobody's turn: the exporter took it back.
        State("withdrawn", "Withdrawn", "nobody"),
        # Nobody's turn: the fee was not paid in time.
        State("expired", "Not paid in time", "nobody"),
    ),
    moves=(
        # Where the agency collects its fee outside the platform, the signature submits.
        Move("draft", "submit", "submitted"),
        Move("draft", "sign", "awaiting_payment"),
        Move("draft", "withdraw", "withdrawn"),
        Move("awaiting_payment", "record_payment", "submitted"),
        Move("awaiting_payment", "expire", "expired"),
        Move("awaiting_payment", "withdraw", "withdrawn"),
        # Nothing was paid, so everything may be changed; it is signed anew and a new order is opened.
        Move("awaiting_payment", "reopen", "draft"),
        Move("submitted", "correct", "correcting"),
        Move("correcting", "resubmit", "submitted"),
        Move("correcting", "withdraw", "withdrawn"),
        Move("submitted", "take_up", "under_examination"),
        Move("submitted", "withdraw", "withdrawn"),
        Move("under_examination", "approve", "approved"),
        Move("under_examination", "raise_discrepancy", "discrepancy"),
        Move("under_examination", "refuse", "refused"),
        # The examiner gives it back to the queue, so that a colleague can take it up.
        Move("under_examination", "put_back", "submitted"),
        # A colleague gets it, or takes it over once the time of the one who holds it has run out.
        Move("submitted", "reassign", "under_examination"),
        Move("under_examination", "reassign", "under_examination"),
        Move("under_examination", "take_over", "under_examination"),
        # Its office is suspended or full: another office of the agency examines it from the beginning.
        Move("submitted", "move_office", "submitted"),
        Move("under_examination", "move_office", "submitted"),
        Move("verification", "move_office", "verification"),
        Move("discrepancy", "move_office", "discrepancy"),
        Move("approved", "move_office", "submitted"),
        # The goods or the works are to be seen; the report brings the case back to the desk.
        Move("under_examination", "ask_verification", "verification"),
        Move("verification", "report_verification", "under_examination"),
        # A corrected application is signed anew and goes to the queue, not to one person who may be on leave.
        Move("discrepancy", "answer_discrepancy", "submitted"),
        Move("discrepancy", "withdraw", "withdrawn"),
        Move("approved", "mark_issued", "issued"),
        # The signatory found something before signing.
        Move("approved", "send_back", "under_examination"),
    ),
    acts={
        "submit": "Submit",
        "sign": "Sign",
        "record_payment": "Record the payment",
        "expire": "End unpaid",
        "reopen": "Reopen for changes",
        "correct": "Take back for a correction",
        "resubmit": "Submit again",
        "take_up": "Take up",
        "put_back": "Put back into the queue",
        "reassign": "Give to a colleague",
        "take_over": "Take over",
        "move_office": "Move to another office",
        "ask_verification": "Ask for a physical verification",
        "report_verification": "Report the physical verification",
        "raise_discrepancy": "Raise a discrepancy",
        "answer_discrepancy": "Answer the discrepancy",
        "approve": "Approve",
        "send_back": "Send back to examination",
        "refuse": "Refuse",
        "withdraw": "Withdraw",
        "mark_issued": "Record the issue",
    },
)

# Whether the fee goes back when an application ends so: it was not examined, or the office refused it. A question of the
# office means that it was examined, so who withdraws then has used what the fee is for.
_FEE_RETURNED = {
    ("awaiting_payment", "withdraw"): True,
    ("submitted", "withdraw"): True,
    ("correcting", "withdraw"): True,
    ("discrepancy", "withdraw"): False,
    ("under_examination", "refuse"): True,
}


def fee_is_returned(state: str, act: str) -> bool:
    """Whether an application's fee is paid back when ``act`` ends it in ``state``. Other acts return nothing."""
    return _FEE_RETURNED.get((state, act), False)


CERTIFICATE = Lifecycle(
    "certificate",
    states=(
        # The signatory's turn: content frozen and linted, number reserved, intention recorded; nothing certifies it yet.
        State("prepared", "Prepared", "signatory"),
        # The platform's turn: the officer's token has signed the canonical content; the page can be drawn.
        State("certified", "Certified", "platform"),
        # The platform's turn: signatures, seal and time stamp are on the page; our own checker reads it next.
        State("sealed", "Sealed", "platform"),
        # Nobody's turn: recorded as issued; the public can verify it.
        State("issued", "Issued", "nobody"),
        # Nobody's turn: never issued; the number is kept with the reason.
        State("voided", "Voided", "nobody"),
        # Nobody's turn: another certificate stands in its place.
        State("superseded", "Superseded", "nobody"),
        # Nobody's turn: no longer counts.
        State("cancelled", "Cancelled", "nobody"),
    ),
    moves=(
        Move("prepared", "certify", "certified"),
        Move("prepared", "void", "voided"),
        Move("certified", "seal", "sealed"),
        Move("certified", "void", "voided"),
        Move("sealed", "issue", "issued"),
        Move("sealed", "void", "voided"),
        Move("issued", "supersede", "superseded"),
        Move("issued", "cancel", "cancelled"),
    ),
    acts={
        "certify": "Certify",
        "seal": "Seal",
        "issue": "Issue",
        "void": "Void",
        "supersede": "Supersede",
        "cancel": "Cancel",
    },
)

PublicStatus = Literal["issued", "superseded", "cancelled", "unknown"]


def public_status(state: str) -> PublicStatus:
    """What the public learns about a certificate in ``state``: before the issue and after voiding it is unknown."""
    if state == "issued":
        return "issued"
    if state == "superseded":
        return "superseded"
    if state == "cancelled":
        return "cancelled"
    if state not in CERTIFICATE.states:
        raise KeyError(state)
    return "unknown"
