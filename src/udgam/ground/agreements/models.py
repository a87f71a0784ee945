"""What an operator decided about arrangements, as rows that are only added: switches, editions of their data, imported tables."""

from __future__ import annotations

from django.db import models


class AgreementSwitch(models.Model):
    """An arrangement was switched on or off, with the reason. The latest row counts; none means: as its data say."""

    code = models.CharField(max_length=20)
    is_on = models.BooleanField()
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["code", "-decided_at"])]

    def __str__(self) -> str:
        return f"{self.code}: {'on' if self.is_on else 'off'}"


class AgreementEdition(models.Model):
    """The data of an arrangement as an operator has it in force from a day on (Indian date): with fields confirmed, or replaced.

    ``data`` is the whole file, ``sha256`` its digest, which certificates name.
    """

    code = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    data = models.TextField()
    effective_from = models.DateField()
    confirmed = models.JSONField(default=list)
    source = models.TextField(blank=True)
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "sha256"], name="agreement_edition_once")]
        indexes = [models.Index(fields=["code", "-effective_from", "-recorded_at"])]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class ProductRuleTable(models.Model):
    """A table of product rules of an arrangement, in force from a day on, as it was imported. ``data`` is in our own format."""

    code = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    data = models.TextField()
    rows = models.PositiveIntegerField()
    undecided = models.PositiveIntegerField()
    file_name = models.CharField(max_length=200)
    effective_from = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "sha256"], name="product_rule_table_once")]
        indexes = [models.Index(fields=["code", "-effective_from", "-recorded_at"])]

    def __str__(self) -> str:
        return f"{self.code}: {self.rows} rules"


class RuleFile(models.Model):
    """A file of rule data that came with the platform and decided something that was signed: kept, because a later release brings
    other data and the finding must be made again from the old. ``sha256`` is over the file's bytes.
    """

    class Kind(models.TextChoices):
        AGREEMENT = "agreement", "agreement"
        PRODUCT_RULES = "product-rules", "product-rules"

    kind = models.CharField(max_length=20, choices=Kind)
    code = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64)
    data = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "kind", "sha256"], name="rule_file_once")]

    def __str__(self) -> str:
        return f"{self.code}: {self.kind} {self.sha256[:12]}"


class HsCorrelation(models.Model):
    """A table between HS 2022 and an earlier edition, as it was imported. The latest for an edition counts."""

    edition = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    data = models.TextField()
    codes = models.PositiveIntegerField()
    file_name = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edition", "sha256"], name="hs_correlation_once")]
        indexes = [models.Index(fields=["edition", "-recorded_at"])]

    def __str__(self) -> str:
        return f"HS {self.edition}: {self.codes} codes"
