"""What an exporter asks the issuing office for once a certificate is issued."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from udgam.flow.issuance.models.certificate import Certificate


class CertificateRequest(models.Model):
    """One request about one certificate; at most one of them waits at a time."""

    class Kind(models.TextChoices):
        IN_LIEU = "in-lieu", _("A corrected certificate in lieu of this one")
        TRUE_COPY = "true-copy", _("A certified true copy, because the first was lost, stolen or destroyed")
        CANCEL = "cancel", _("Cancelling it")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for the office")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(max_length=12, choices=Kind)
    reason = models.TextField(max_length=2000)
    made_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    answer = models.TextField(max_length=2000, blank=True)
    decided_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"], condition=Q(state="waiting"), name="certificate_request_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False), name="certificate_request_decided_at"
            ),
        ]
        indexes = [models.Index(fields=["state", "made_at"], name="certificate_request_queue")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.certificate_id}"
