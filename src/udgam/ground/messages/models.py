"""The outbox: every mail and text message the platform owes somebody."""

from __future__ import annotations

import uuid

from django.db import models


class Message(models.Model):
    """One message to one person, written in the transaction of the change that it tells about."""

    class Channel(models.TextChoices):
        MAIL = "mail"
        TEXT = "text"

    class State(models.TextChoices):
        # Waits for its task; the worker's turn.
        QUEUED = "queued"
        # A worker hands it over right now; goes back to queued when that worker died.
        SENDING = "sending"
        # Handed over. Final.
        SENT = "sent"
        # Given up after the last attempt; an administrator's turn.
        DEAD = "dead"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(max_length=4, choices=Channel)
    to = models.CharField(max_length=254)
    template = models.CharField(max_length=120)
    language = models.CharField(max_length=5)
    subject = models.CharField(max_length=250, blank=True)
    # Of a secret message: closed (see sealed_words), and blanked once it was sent or given up.
    body = models.TextField(blank=True)
    is_secret = models.BooleanField(default=False)
    # Deleted as soon as it was sent or given up: the person has gone, and nothing of them is to stay.
    is_fleeting = models.BooleanField(default=False, db_default=False)
    # A stored file that belongs to another room and goes out with the mail: named here, never written or deleted from here.
    attachment_path = models.CharField(max_length=200, blank=True, default="")
    attachment_name = models.CharField(max_length=150, blank=True, default="")
    # What the message is about, as the audit names it ("application:3f0c").
    subject_ref = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # The kind of the last failure, in our words; never the answer of a server, which may repeat the address.
    last_failure = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_ref", "-created_at"], name="message_by_subject"),
            models.Index(
                fields=["state", "claimed_at"], name="message_unsent", condition=models.Q(state__in=["sending", "dead"])
            ),
            models.Index(
                fields=["attachment_path"],
                name="message_owes_file",
                condition=~models.Q(attachment_path="") & ~models.Q(state="sent"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.template} {self.state}"
