"""Who is being served: one conversation at a time, one more may wait, everybody else is told to come back."""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable

from udgam_agent.asked import Authenticate, Sign
from udgam_agent.conversation import Conversation
from udgam_agent.errors import Refused
from udgam_agent.origins import Origin
from udgam_agent.tokens.desk import TokenDesk

# Seconds without any act of the person, and without a sign of life from the pop-up (browsers slow hidden windows down
# to one timer a minute), after which a conversation is over.
IDLE_LIMIT = 300.0
SILENCE_LIMIT = 90.0


class Counter:
    """Holds the running conversation and the one waiting behind it. Safe to call from several threads."""

    def __init__(self, desk: TokenDesk, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.desk = desk
        self._clock = clock
        self._lock = threading.RLock()
        self._running: Conversation | None = None
        self._waiting: Conversation | None = None

    def arrive(self, request: Authenticate | Sign, origin: Origin, *, trusted: bool) -> tuple[Conversation, bool]:
        """Admit a request. Returns it and whether it runs at once. Refuses ("agent.busy") when one already waits."""
        with self._lock:
            self._tidy()
            conversation = Conversation(request, origin, trusted, self.desk, self._clock)
            if self._running is None:
                self._running = conversation
                return conversation, True
            if self._waiting is not None:
                raise Refused("agent.busy", status=409)
            self._waiting = conversation
            return conversation, False

    def find(self, conversation_id: str, secret: str) -> Conversation:
        """Return a live conversation to its own page. The secret is compared in constant time."""
        with self._lock:
            self._tidy()
            for conversation in (self._running, self._waiting):
                if conversation is not None and conversation.id == conversation_id:
                    if not hmac.compare_digest(conversation.secret.encode(), secret.encode()):
                        raise Refused("agent.not-yours", status=403)
                    return conversation
        raise Refused("agent.timed-out", status=410)

    def runs(self, conversation: Conversation) -> bool:
        with self._lock:
            return self._running is conversation

    def is_serving(self) -> bool:
        with self._lock:
            self._tidy()
            return self._running is not None

    def still_alive(self, conversation: Conversation) -> None:
        conversation.last_sign_of_life = self._clock()

    def acted(self, conversation: Conversation) -> None:
        conversation.last_sign_of_life = conversation.last_act = self._clock()

    def finish(self, conversation: Conversation) -> None:
        """End a conversation and let the waiting one run."""
        with self._lock:
            if self._running is conversation:
                conversation.end()
                self._running, self._waiting = self._waiting, None
                if self._running is not None:
                    self.acted(self._running)
            elif self._waiting is conversation:
                conversation.ended = True
                self._waiting = None

    def take_over(self, conversation: Conversation) -> None:
        """End the running conversation at the wish of the person looking at the waiting one."""
        with self._lock:
            if self._waiting is conversation and self._running is not None:
                self.finish(self._running)

    def _tidy(self) -> None:
        for conversation in (self._waiting, self._running):
            if conversation is None:
                continue
            now = self._clock()
            silent = now - conversation.last_sign_of_life > SILENCE_LIMIT
            idle = now - conversation.last_act > IDLE_LIMIT and self._running is conversation
            if silent or idle:
                self.finish(conversation)
