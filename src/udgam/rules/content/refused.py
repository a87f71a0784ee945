"""Every way in which content cannot be written or read."""

from __future__ import annotations

from typing import ClassVar

from udgam.rules.refusals import Reason, Refused

REASONS = {
    "content.float": Reason(
        "Numbers with a fraction are written as text; {where} holds a float.", "Write the amount as decimal text."
    ),
    "content.integer_range": Reason(
        "The whole number at {where} is too large to be exact everywhere.", "Write it as text."
    ),
    "content.text": Reason("The text at {where} is not valid Unicode.", "Remove the broken character."),
    "content.type": Reason(
        "The value at {where} has no canonical form.", "Use text, whole numbers, lists and objects."
    ),
    "content.depth": Reason("The content is nested too deeply.", "Use the format as it is described."),
    "content.size": Reason("The content is larger than {limit} bytes.", "This is not content of ours."),
    "content.not_json": Reason("The content is not JSON in UTF-8.", "This is not content of ours."),
    "content.duplicate_name": Reason("The name {name} occurs twice in one object.", "This is not content of ours."),
    "content.format_unknown": Reason(
        "The content is of the format {format}, which this version cannot read.", "Use a newer version of the checker."
    ),
    "content.later_edition": Reason(
        "The field {where} came with a later edition of this format.", "Write the content in the newest edition."
    ),
    "content.not_canonical": Reason(
        "The content is not in its one canonical form.",
        "It was written or changed by something else; do not rely on it.",
    ),
}


class ContentRefused(Refused):
    """Content that cannot be written in, or read from, its canonical form."""

    reasons: ClassVar = REASONS
