"""The two tables of states: every move that exists, and that no other does."""

from __future__ import annotations

import pytest

from udgam.rules.lifecycle import (
    APPLICATION,
    CERTIFICATE,
    Lifecycle,
    Move,
    State,
    TransitionRefused,
    fee_is_returned,
    public_status,
)

APPLICATION_MOVES = {
    ("draft", "submit"): "submitted",
    ("draft", "sign"): "awaiting_payment",
    ("draft", "withdraw"): "withdrawn",
    ("awaiting_payment", "record_payment"): "submitted",
    ("awaiting_payment", "expire"): "expired",
    ("awaiting_payment", "withdraw"): "withdrawn",
    ("awaiting_payment", "reopen"): "draft",
    ("submitted", "correct"): "correcting",
    ("correcting", "resubmit"): "submitted",
    ("correcting", "withdraw"): "withdrawn",
    ("submitted", "take_up"): "under_examination",
    ("submitted", "withdraw"): "withdrawn",
    ("under_examination", "approve"): "approved",
    ("under_examination", "raise_discrepancy"): "discrepancy",
    ("under_examination", "refuse"): "refused",
    ("under_examination", "put_back"): "submitted",
    ("submitted", "reassign"): "under_examination",
    ("under_examination", "reassign"): "under_examination",
    ("under_examination", "take_over"): "under_examination",
    ("under_examination", "ask_verification"): "verification",
    ("verification", "report_verification"): "under_examination",
    ("submitted", "move_office"): "submitted",
    ("under_examination", "move_office"): "submitted",
    ("verification", "move_office"): "verification",
    ("discrepancy", "move_office"): "discrepancy",
    ("approved", "move_office"): "submitted",
    ("discrepancy", "answer_discrepancy"): "submitted",
    ("discrepancy", "withdraw"): "withdrawn",
    ("approved", "mark_issued"): "issued",
    ("approved", "send_back"): "under_examination",
}
CERTIFICATE_MOVES = {
    ("prepared", "certify"): "certified",
    ("prepared", "void"): "voided",
    ("certified", "seal"): "sealed",
    ("certified", "void"): "voided",
    ("sealed", "issue"): "issued",
    ("sealed", "void"): "voided",
    ("issued", "supersede"): "superseded",
    ("issued", "cancel"): "cancelled",
}
BOTH = [(APPLICATION, APPLICATION_MOVES), (CERTIFICATE, CERTIFICATE_MOVES)]


@pytest.mark.parametrize(("lifecycle", "moves"), BOTH)
def test_exactly_these_moves_exist(lifecycle: Lifecycle, moves: dict[tuple[str, str], str]) -> None:
    for state in lifecycle.states:
        for act in lifecycle.acts:
            assert lifecycle.allows(state, act) == ((state, act) in moves)
            if (state, act) in moves:
                assert lifecycle.next(state, act) == moves[state, act]
            else:
                with pytest.raises(TransitionRefused) as caught:
                    lifecycle.next(state, act)
                assert lifecycle.label(state) in caught.value.message
                assert lifecycle.act_label(act) in caught.value.message


@pytest.mark.parametrize(("lifecycle", "moves"), BOTH)
def test_the_sources_of_an_act_are_the_where_of_its_update(
    lifecycle: Lifecycle, moves: dict[tuple[str, str], str]
) -> None:
    for act in lifecycle.acts:
        assert lifecycle.sources(act) == {state for state, its_act in moves if its_act == act}
    with pytest.raises(KeyError):
        lifecycle.sources("dance")


@pytest.mark.parametrize("lifecycle", [APPLICATION, CERTIFICATE])
def test_it_is_nobodys_turn_in_a_final_state_and_somebodys_in_every_other(lifecycle: Lifecycle) -> None:
    for state in lifecycle.states:
        if lifecycle.is_final(state):
            assert lifecycle.turn(state) == "nobody"
    # An issued certificate is nobody's turn although it can still be superseded or cancelled.
    waiting = {state for state in lifecycle.states if lifecycle.turn(state) != "nobody"}
    assert waiting == {state for state in lifecycle.states if not lifecycle.is_final(state)} - (
        {"issued"} if lifecycle is CERTIFICATE else set()
    )


def test_whose_turn_it_is() -> None:
    assert [APPLICATION.turn(state) for state in APPLICATION.states] == [
        "exporter",
        "exporter",
        "office",
        "office",
        "exporter",
        "exporter",
        "office",
        "signatory",
        "nobody",
        "nobody",
        "nobody",
        "nobody",
    ]


def test_an_issued_certificate_can_never_be_voided_and_a_voided_one_never_issued() -> None:
    assert not CERTIFICATE.allows("issued", "void")
    assert CERTIFICATE.is_final("voided")


def test_the_public_learns_nothing_before_the_issue() -> None:
    assert {state: public_status(state) for state in CERTIFICATE.states} == {
        "prepared": "unknown",
        "certified": "unknown",
        "sealed": "unknown",
        "issued": "issued",
        "voided": "unknown",
        "superseded": "superseded",
        "cancelled": "cancelled",
    }
    with pytest.raises(KeyError):
        public_status("nonsense")


def test_a_table_with_an_unknown_state_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="unknown state or act"):
        Lifecycle("thing", [State("a", "A", "nobody")], [Move("a", "go", "b")], {"go": "Go"})


def test_unknown_states_and_acts_are_programming_errors() -> None:
    with pytest.raises(KeyError):
        APPLICATION.next("lost", "submit")
    with pytest.raises(KeyError):
        APPLICATION.next("draft", "dance")


def test_the_fee_goes_back_when_nobody_examined_or_the_office_refused() -> None:
    returned = {move for move in APPLICATION_MOVES if fee_is_returned(*move)}
    assert returned == {
        ("awaiting_payment", "withdraw"),
        ("submitted", "withdraw"),
        ("correcting", "withdraw"),
        ("under_examination", "refuse"),
    }
