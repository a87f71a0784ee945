"""The keys an office has signed with: its seals, and the keys of codes and credentials."""

from __future__ import annotations

from django.db import models


class UsedSeal(models.Model):
    """A seal certificate that an office has sealed with; the trust list keeps naming it for what it sealed."""

    office = models.ForeignKey("agencies.Office", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    certificate = models.BinaryField()
    first_used_at = models.DateTimeField()
    # From when on nothing that this seal says is believed, and why.
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "sha256"], name="used_seal_once")]

    def __str__(self) -> str:
        return self.sha256[:16]


class IssuerKey(models.Model):
    """A key with which an office has signed codes and credentials; the published keys keep naming it for what it signed."""

    office = models.ForeignKey("agencies.Office", on_delete=models.PROTECT, related_name="+")
    # As `signing.proof.keys.PublicKey.id` names it; its coordinates are the key.
    key_id = models.CharField(max_length=16, unique=True)
    x = models.CharField(max_length=43)
    y = models.CharField(max_length=43)
    first_used_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.key_id


class RegisterKey(models.Model):
    """A key of the register itself that was used once: for the trust list, the status lists or the log; or a witness's."""

    class Purpose(models.TextChoices):
        LIST = "list"
        STATUS = "status"
        LOG = "log"
        WITNESS = "witness"

    purpose = models.CharField(max_length=8, choices=Purpose)
    # The key id of a P-256 key, or the C2SP verifier key of a log or witness.
    name = models.CharField(max_length=200)
    x = models.CharField(max_length=43, blank=True)
    y = models.CharField(max_length=43, blank=True)
    first_used_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    # Why an operator ended it, as of the keys of offices.
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["purpose", "name"], name="register_key_once")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.name[:24]}"
