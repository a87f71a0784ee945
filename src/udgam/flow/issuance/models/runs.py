"""What an officer chose to sign in one go."""

from __future__ import annotations

import uuid

from django.db import models

from udgam.flow.issuance.models.certificate import Certificate


class SigningRun(models.Model):
    """What an officer chose to sign in one go; it can be left and found again."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey("agencies.Office", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-begun_at"], name="signing_run_of_person")]

    def __str__(self) -> str:
        return str(self.public_id)


class RunEntry(models.Model):
    """One application of a run, with the certificate prepared for it, or the reason why none could be."""

    run = models.ForeignKey(SigningRun, on_delete=models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="+")
    certificate = models.ForeignKey(Certificate, null=True, on_delete=models.PROTECT, related_name="entries")
    # A refusal met when it was prepared or signed: the code, and its values for the sentence.
    refusal = models.CharField(max_length=60, blank=True)
    refusal_message = models.TextField(blank=True)
    refusal_advice = models.TextField(blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="run_entry_position")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.position}"
