"""Places in the issuing cycle at which a test kills the process, to prove that nothing is lost or issued twice.

Under any settings but the tests' this does nothing at all.
"""

from __future__ import annotations

import os
import signal

from django.conf import settings

CYCLE = (
    "prepare.before_commit",
    "prepared",
    "certify.before_commit",
    "certified",
    "code.signed",
    "page.drawn",
    "page.stored",
    "page.signature_in_hand",
    "page.signed",
    "sealed.in_hand",
    "sealed.file_written",
    "sealed",
    "checked",
    "issue.before_commit",
    "issued",
)
ENDING = ("end.before_commit",)
PUBLISHING = (
    "publish.edition_noted",
    "publish.sequence_before_commit",
    "publish.sequenced",
    "publish.tiles_written",
    "publish.proofs_written",
    "publish.lists_written",
    "publish.before_checkpoint",
    "publish.checkpoint_written",
)
STAMPING = ("archive.in_hand", "archive.file_written", "archived")
RESEALING = ("reseal.in_hand", "reseal.file_written", "resealed")
UPKEEP = (*STAMPING, *RESEALING, "recheck.noted")
POINTS = (*CYCLE, *ENDING, *PUBLISHING, *UPKEEP)


def reach(point: str) -> None:
    """Die here, at once and without tidying up, if a test asks for it."""
    if not getattr(settings, "TESTING", False):
        return
    if point not in POINTS:
        raise ValueError(f"{point!r} is not a crash point.")
    if point in getattr(settings, "TESTING_CRASH_POINTS", ()):
        os.kill(os.getpid(), signal.SIGKILL)
