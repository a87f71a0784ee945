"""Acts, chained per subject; links, which join the heads of all subjects into one chain.

The rows of `Act`, `Link` and `LinkedHead` can only be added: triggers in the database refuse to update, delete or truncate them.
"""

from __future__ import annotations

from django.db import models


class Act(models.Model):
    """One thing that was done. `hash` covers every other field and the hash of the act before it on the same subject."""

    subject = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=80)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=80, blank=True)
    actor_role = models.CharField(max_length=60, blank=True)
    actor_office = models.CharField(max_length=80, null=True)
    details = models.JSONField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "number"], name="act_number_unique")]
        indexes = [models.Index(fields=["actor_id", "-at"], name="act_by_actor")]

    def __str__(self) -> str:
        return f"{self.subject} {self.number} {self.act}"


class ActorName(models.Model):
    """The name of a person who acted, apart from the acts so that it can be erased without breaking a chain."""

    actor_id = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.actor_id


class UnlinkedAct(models.Model):
    """An act that no link covers yet: written with the act, removed with the link. The only rows here that come and go."""

    act = models.OneToOneField(Act, on_delete=models.PROTECT, primary_key=True)

    def __str__(self) -> str:
        return str(self.pk)


class Link(models.Model):
    """One link of the chain of heads: a digest over the heads that moved since the last link, and our signature."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    heads_hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    key_id = models.CharField(max_length=16)
    signature = models.CharField(max_length=128)

    def __str__(self) -> str:
        return str(self.number)


class LinkedHead(models.Model):
    """The head of one subject as a link saw it."""

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="heads")
    subject = models.CharField(max_length=120)
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "subject"], name="linked_head_unique")]
        indexes = [models.Index(fields=["subject", "number"], name="linked_head_by_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"
