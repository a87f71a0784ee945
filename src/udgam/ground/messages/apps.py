from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    """The outbox of mail and text messages."""

    name = "udgam.ground.messages"
    # Django's own contrib.messages has the label "messages".
    label = "outbox"
