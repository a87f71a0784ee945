"""Running numbered checks: each says what it builds on, and whatever a hostile input makes a parser raise is an outcome."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from udgam.rules.refusals import Refused
from udgam.signing.proof.file import UNREADABLE, brief
from udgam.signing.proof.report import Check
from udgam.signing.proof.told import Fails, Skips, Told, refusal_told

Examined = TypeVar("Examined")


@dataclass(frozen=True)
class Step(Generic[Examined]):
    """A check with its stable id, its name, and the ids of the steps it builds on.

    ``whole`` says that a change of the input shows in this step; the other steps ask whom to believe and what became of it.
    """

    id: str
    name: str
    run: Callable[[Examined], Told]
    needs: tuple[str, ...] = ()
    may_be_skipped: bool = False
    whole: bool = False


def run_steps(steps: Sequence[Step[Examined]], case: Examined) -> tuple[Check, ...]:
    """Run every step in order. A step whose ground does not hold is skipped."""
    by_id = {one.id: (number, one) for number, one in enumerate(steps, 1)}
    checks: dict[str, Check] = {}
    for number, step in enumerate(steps, 1):
        missing = next(
            (
                one
                for one in step.needs
                if checks[one].outcome == "fail"
                or (checks[one].outcome == "skipped" and not by_id[one][1].may_be_skipped)
            ),
            None,
        )
        if missing is not None:
            reason = Told("Not looked at, because step {step} does not hold.", step=str(by_id[missing][0]))
            checks[step.id] = Check(number, step.id, step.name, "skipped", reason)
        else:
            checks[step.id] = _run(number, step, case)
    return tuple(checks.values())


def _run(number: int, step: Step[Examined], case: Examined) -> Check:
    try:
        return Check(number, step.id, step.name, "pass", step.run(case))
    except Skips as reason:
        return Check(number, step.id, step.name, "skipped", reason.told)
    except Fails as reason:
        return Check(number, step.id, step.name, "fail", reason.told)
    except Refused as reason:
        return Check(number, step.id, step.name, "fail", refusal_told(reason), reason.code)
    except UNREADABLE as error:
        return Check(number, step.id, step.name, "fail", Told("It cannot be read: {detail}.", detail=brief(error)))


def all_hold(steps: Sequence[Step[Examined]], checks: Sequence[Check]) -> bool:
    """Whether no step fails and none was skipped that may not be."""
    return all(
        check.outcome == "pass" or (step.may_be_skipped and check.outcome == "skipped")
        for step, check in zip(steps, checks, strict=True)
    )


def is_whole(steps: Sequence[Step[Examined]], checks: Sequence[Check]) -> bool:
    """Whether the input is unchanged since it was signed."""
    return all(check.outcome == "pass" for step, check in zip(steps, checks, strict=True) if step.whole)
