"""Several people at the same moment, each on a real connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from udgam.rules.refusals import Refused


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run all calls at the same moment; a refusal is an answer too, any other failure is not. Needs a test with real transactions."""
    barrier, answers = threading.Barrier(len(calls)), [None] * len(calls)
    failures: list[BaseException] = []

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=300)
            answers[place] = call()
        except Refused as refused:
            answers[place] = refused
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=600)
    assert failures == []
    assert not any(thread.is_alive() for thread in threads)
    return answers


def codes(answers: list[Any]) -> list[str]:
    """What became of the calls, sorted: "done", or the code of the refusal."""
    return sorted(answer.code if isinstance(answer, Refused) else "done" for answer in answers)
