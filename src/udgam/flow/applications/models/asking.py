"""What the office asks about an application: questions with their answers, and visits to the goods."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from udgam.flow.applications.models.form import Application


class Discrepancy(models.Model):
    """What the office asked in one go. Its points stand in `DiscrepancyPoint`; the exporter answers each of them.

    `subject`, `question` and `answer` hold the points as one text, for servers that still run the release before.
    """

    class Subject(models.TextChoices):
        PARTIES = "parties", _("Exporter or consignee")
        TRANSPORT = "transport", _("Transport")
        GOODS = "goods", _("Goods")
        DOCUMENTS = "documents", _("Documents")
        OTHER = "other", _("Something else")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="discrepancies")
    subject = models.CharField(max_length=12, choices=Subject)
    question = models.TextField()
    raised_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-raised_at"]
        verbose_name_plural = "discrepancies"
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(answered_at__isnull=True), name="discrepancy_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.raised_at:%Y-%m-%d}"


class DiscrepancyPoint(models.Model):
    """One question about one place of the application, and its answer."""

    discrepancy = models.ForeignKey(Discrepancy, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField()
    # Where: as the lints name it ("items[1].hs_code"), a section, or "other". `applications.places` knows the words.
    place = models.CharField(max_length=100)
    question = models.TextField(max_length=1000)
    answer = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["discrepancy", "position"], name="discrepancy_point_position")]

    def __str__(self) -> str:
        return f"{self.position}. {self.place}"


class PhysicalVerification(models.Model):
    """Somebody goes and sees the goods or the works: when and where, and what the visit showed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="verifications")
    asked_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    on = models.DateField()
    place = models.TextField(max_length=400)
    purpose = models.TextField(max_length=1000)
    # A code of `rules.decisions.VISIT_OUTCOMES`; empty while the visit is still to come.
    outcome = models.CharField(max_length=20, blank=True)
    report = models.TextField(max_length=4000, blank=True)
    reported_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True, blank=True)
    document = models.ForeignKey("documents.Document", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(reported_at__isnull=True), name="verification_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.on:%Y-%m-%d}"
