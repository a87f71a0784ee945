"""The issuance log as rows: what is published as files can be made again from these, byte for byte."""

from __future__ import annotations

from django.db import models

from udgam.flow.issuance.models.certificate import Certificate


class Checkpoint(models.Model):
    """A size of the log, with its root, as it was published once. ``at`` is the moment of the last act it holds."""

    size = models.PositiveBigIntegerField(unique=True)
    # Root hash of the tree (RFC 9162 section 2.1) in hexadecimal.
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    # The lines of witnesses who saw that the log only grew up to here.
    cosignatures = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.size}:{self.root[:12]}"


class LogEntry(models.Model):
    """A leaf of the log: something that became of a certificate, or a new trust list.

    It is written in the transaction of the act; its position is given when it is published, and never changes.
    """

    # As in `signing.proof.log.Entry`.
    kind = models.CharField(max_length=12)
    # SHA-256 of the canonical content in hexadecimal, which holds a salt: it commits and hides. Or that of the trust list.
    commitment = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=64, blank=True)
    certificate = models.ForeignKey(Certificate, null=True, on_delete=models.PROTECT, related_name="log_entries")
    position = models.PositiveBigIntegerField(null=True, unique=True)
    # The checkpoint against which its published inclusion proof stands.
    checkpoint = models.ForeignKey(Checkpoint, null=True, on_delete=models.PROTECT, related_name="entries")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "kind"],
                condition=models.Q(kind__in=("issued", "superseded", "cancelled")),
                name="log_entry_once_each",
            )
        ]
        indexes = [
            models.Index(fields=["id"], name="log_entry_waiting", condition=models.Q(position__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.position}:{self.kind}:{self.commitment[:12]}"


class Edition(models.Model):
    """What was last published of a file that is signed anew from time to time: when, until when it is good, and its version.

    Nothing of it comes from the clock of whoever writes the file again, so a rebuild says the same.
    """

    # "trust-list", or "status/0", "status/1" …
    name = models.CharField(max_length=40, unique=True)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    until = models.DateTimeField()
    # SHA-256 over what is said, without version and times: as long as it stays, nothing new needs to be published.
    said_sha256 = models.CharField(max_length=64)
    # The size of the log up to which it tells what happened.
    upto = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
