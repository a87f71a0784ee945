"""Why the agent says no. Every refusal has a stable code; the words for people stand in `texts`."""

from __future__ import annotations


class Refused(Exception):  # named for what happened, as everywhere in this project
    """The agent will not do what was asked.

    `code` is stable and travels to the page that asked ("agent.pin-wrong"); `status` is the HTTP status of the answer;
    `final` says whether the conversation is over, or whether the person may simply try again. `details` fill the
    placeholders of the text and never hold a PIN.
    """

    def __init__(self, code: str, *, status: int = 400, final: bool = True, **details: str) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.final = final
        self.details = details
