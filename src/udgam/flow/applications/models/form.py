"""An application for a certificate of origin: what the exporter typed, what was signed, what the officer asked."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _


class Application(models.Model):
    """One application. Its state changes only through the conditional updates in `services`."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Given when the exporter first prepares to sign; it stands in what is signed.
    number = models.CharField(max_length=40, null=True, unique=True)
    exporter = models.ForeignKey("registration.Exporter", on_delete=models.PROTECT, related_name="applications")
    created_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    agreement = models.CharField(max_length=20, default="NP")
    # The earlier application of which this one is a copy; its invoice, its dates and its papers were not copied.
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=20, default="draft")
    # Counts every saved change, so that two tabs or two people cannot overwrite each other unseen.
    edit = models.PositiveIntegerField(default=0)
    # Counts the signed submissions.
    version = models.PositiveIntegerField(default=0)

    office = models.ForeignKey("agencies.Office", null=True, on_delete=models.PROTECT, related_name="applications")
    postal_delivery = models.BooleanField(default=False)
    branch = models.ForeignKey("registration.ExporterBranch", null=True, on_delete=models.PROTECT, related_name="+")

    consignee_name = models.CharField(max_length=200, blank=True)
    consignee_address = models.TextField(max_length=600, blank=True)
    consignee_country = models.CharField(max_length=2, blank=True)
    destination = models.CharField(max_length=2, blank=True)

    # Who made the goods: "exporter", "other" with the three fields below, or not yet said.
    producer_kind = models.CharField(max_length=10, blank=True)
    producer_name = models.CharField(max_length=200, blank=True)
    producer_address = models.TextField(max_length=600, blank=True)
    producer_country = models.CharField(max_length=2, blank=True)
    # A third party that invoices the buyer; empty when the exporter does.
    third_party_name = models.CharField(max_length=200, blank=True)
    third_party_address = models.TextField(max_length=600, blank=True)
    third_party_country = models.CharField(max_length=2, blank=True)

    # What the exporter asks to have ticked on the certificate (codes), why after the shipment, and what it replaces.
    marks = models.JSONField(default=list, blank=True)
    retrospective = models.TextField(max_length=600, blank=True)
    in_lieu_of = models.CharField(max_length=60, blank=True)

    transport_mode = models.CharField(max_length=12, blank=True)
    shipment = models.CharField(max_length=6, blank=True)
    vessel = models.CharField(max_length=100, blank=True)
    departure = models.DateField(null=True, blank=True)
    port_of_loading = models.CharField(max_length=100, blank=True)
    port_of_discharge = models.CharField(max_length=100, blank=True)
    # UN/LOCODE, where the port was chosen from the list.
    port_of_loading_code = models.CharField(max_length=5, blank=True)
    port_of_discharge_code = models.CharField(max_length=5, blank=True)
    document_kind = models.CharField(max_length=20, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    route = models.CharField(max_length=200, blank=True)

    comments = models.TextField(max_length=1000, blank=True)
    goods_at = models.CharField(max_length=200, blank=True)
    grounds = models.TextField(max_length=600, blank=True)
    place = models.CharField(max_length=100, blank=True)
    declarant_name = models.CharField(max_length=150, blank=True)
    declarant_designation = models.CharField(max_length=120, blank=True)

    examiner = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    # Until then the case is the examiner's alone; afterwards a colleague may take it over.
    claimed_until = models.DateTimeField(null=True, blank=True)
    # When the office should have decided; set with each submission.
    due_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("accounts.Person", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    # A code of `rules.decisions.REFUSAL_REASONS`, and what the officer writes beside it.
    refusal_code = models.CharField(max_length=30, blank=True, default="")
    refusal_reason = models.TextField(max_length=2000, blank=True)
    # Set with the approval: whoever approved may not sign.
    needs_second_person = models.BooleanField(default=False)

    # News from issuance, for the exporter's page.
    certificate_number = models.CharField(max_length=60, blank=True)
    certificate_id = models.UUIDField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # The desk as it usually stands: only what is open, however many were decided before.
            models.Index(
                fields=["office", "due_at", "id"],
                condition=Q(state__in=("submitted", "under_examination", "discrepancy", "verification", "approved")),
                name="application_desk_due",
            ),
            models.Index(fields=["office", "state", "due_at", "id"], name="application_desk_state"),
            # The desk by arrival, and what nobody has taken up.
            models.Index(
                fields=["office", "submitted_at", "id"],
                condition=Q(state__in=("submitted", "under_examination", "discrepancy", "verification", "approved")),
                name="application_desk_arrival",
            ),
            models.Index(
                fields=["office", "state", "due_at", "id"],
                condition=Q(
                    state__in=("submitted", "under_examination", "discrepancy", "verification", "approved"),
                    examiner__isnull=True,
                ),
                name="application_desk_free",
            ),
            models.Index(fields=["exporter", "state", "-changed_at"], name="application_list"),
            # The firm's whole list, the latest changed first.
            models.Index(fields=["exporter", "-changed_at", "-id"], name="application_list_latest"),
            # The figures of a period: a day of a register of many years.
            models.Index(fields=["submitted_at"], name="application_submitted"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="withdrawn") | Q(number__isnull=False), name="application_numbered"
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.public_id)


class ApplicationInvoice(models.Model):
    """A commercial invoice of the consignment."""

    class Issuer(models.TextChoices):
        EXPORTER = "exporter", _("The exporter")
        THIRD_PARTY = "third-party", _("A third party")

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="invoices")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=60)
    date = models.DateField()
    issuer = models.CharField(max_length=12, choices=Issuer, default=Issuer.EXPORTER)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["application", "position"], name="invoice_position")]
        # The same number is looked for whatever its letters' case.
        indexes = [models.Index(Upper("number"), name="invoice_number_upper")]

    def __str__(self) -> str:
        return self.number


class ApplicationShippingBill(models.Model):
    """A shipping bill under which the goods leave; its number is often not known yet when one applies."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="shipping_bills")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20)
    date = models.DateField()
    port = models.CharField(max_length=6)
    # The invoice as the bill states it; empty where the exporter did not say.
    invoice = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["application", "position"], name="shipping_bill_position")]

    def __str__(self) -> str:
        return self.number


class ApplicationItem(models.Model):
    """One line of goods."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    marks = models.CharField(max_length=200)
    packages = models.PositiveIntegerField()
    package_kind = models.CharField(max_length=60)
    description = models.TextField(max_length=1000)
    hs_code = models.CharField(max_length=8)
    quantity = models.DecimalField(max_digits=18, decimal_places=3)
    unit = models.CharField(max_length=3)
    gross_weight = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    fob = models.DecimalField(max_digits=18, decimal_places=2)
    currency = models.CharField(max_length=3)
    # The invoice that lists the line; empty stands for the first.
    invoice = models.ForeignKey(
        ApplicationInvoice, null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )
    # The FOB value in rupees, when the exporter overrides the rate table, and why.
    inr_value = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    inr_reason = models.CharField(max_length=300, blank=True)
    # What is claimed of the origin, and the finding on which it rests. An empty criterion stands for the agreement's only one.
    criterion = models.CharField(max_length=30, blank=True)
    criterion_text = models.CharField(max_length=120, blank=True)
    finding_sha256 = models.CharField(max_length=64, blank=True)
    finding_qualifies = models.BooleanField(null=True, blank=True)
    claim_reason = models.TextField(max_length=1000, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "position"], name="item_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0) & Q(fob__gte=0), name="item_amounts_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.hs_code}"


class CostSheet(models.Model):
    """What one line of goods is made of and what it cost: for the whole line, in the line's currency."""

    item = models.OneToOneField(ApplicationItem, on_delete=models.CASCADE, related_name="cost_sheet")
    wholly_obtained = models.BooleanField(default=False)
    ex_works = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    labour = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    overhead = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    profit = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    other = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    # ISO 3166 codes of partners whose materials count as originating; codes of processes that the exporter states.
    cumulate_with = models.JSONField(default=list, blank=True)
    processes = models.JSONField(default=list, blank=True)
    # Without packing, for tolerances by weight.
    net_weight_kg = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.item_id}"


class CostMaterial(models.Model):
    """A material of a cost sheet. `value` is quantity times unit value; `origin` an ISO 3166 code or "unknown"."""

    class Basis(models.TextChoices):
        CIF = "CIF", _("CIF value at import")
        PRICE_PAID = "price-paid", _("Price paid in India")

    class Role(models.TextChoices):
        MATERIAL = "material", _("Material or part that goes into the goods")
        ACCESSORY = "accessory", _("Accessory, spare part or tool delivered with the goods")
        RETAIL_PACKING = "retail-packing", _("Packing in which the goods are sold")
        TRANSPORT_PACKING = "transport-packing", _("Packing for transport")
        INDIRECT = "indirect", _("Used in making the goods without going into them: fuel, tools, catalysts")

    sheet = models.ForeignKey(CostSheet, on_delete=models.CASCADE, related_name="materials")
    position = models.PositiveIntegerField()
    description = models.CharField(max_length=300)
    hs_code = models.CharField(max_length=8)
    quantity = models.DecimalField(max_digits=20, decimal_places=6)
    unit = models.CharField(max_length=3)
    unit_value = models.DecimalField(max_digits=20, decimal_places=6)
    value = models.DecimalField(max_digits=18, decimal_places=2)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.CIF)
    origin = models.CharField(max_length=7)
    weight_kg = models.DecimalField(max_digits=18, decimal_places=3, null=True, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    document_date = models.DateField(null=True, blank=True)
    supplier_name = models.CharField(max_length=200, blank=True)
    supplier_address = models.CharField(max_length=300, blank=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.MATERIAL, db_default="material")
    # The intermediate material of the same sheet that this went into; empty: the goods themselves.
    part_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts")
    # Codes of what was carried out in India to make it of its own parts.
    processes = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "position"], name="material_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0) & Q(value__gte=0), name="material_amounts_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.hs_code}"


class BulkUpload(models.Model):
    """A table of goods and materials that was uploaded: read by the worker row by row, and added only when every row is right."""

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        FAULTY = "faulty", _("Has errors")
        READY = "ready", _("Ready to be added")
        ADDED = "added", _("Added")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="bulk_uploads")
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    state = models.CharField(max_length=8, choices=State, default=State.READING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    fault_count = models.PositiveIntegerField(default=0)
    # What is wrong where, the first few hundred; and the rows as they will be added.
    faults = models.JSONField(default=list)
    rows = models.JSONField(default=dict)
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["application", "-uploaded_at"], name="bulk_upload_list")]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class ApplicationDocument(models.Model):
    """A document that belongs to the application; the file itself is kept by `ground.documents`."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    title = models.CharField(max_length=150)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class Submission(models.Model):
    """One version as signed: the exact bytes, their digest, and the signature, once it is there.

    A submission without a signature is what a person was shown for signing; it counts for nothing until it is signed.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveIntegerField()
    # The state of the form these bytes were made from; a later edit makes them useless for signing.
    edit = models.PositiveIntegerField()
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    prepared_by = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    signature = models.BinaryField(null=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    signed_by_name = models.CharField(max_length=300, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application", "version"], condition=Q(signature__isnull=False), name="submission_signed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} v{self.version}"


class OriginFinding(models.Model):
    """What was computed of the origin of one line of a version: the derivation's exact bytes, which the claim names by digest."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="findings")
    item = models.PositiveIntegerField()
    qualifies = models.BooleanField(null=True)
    sha256 = models.CharField(max_length=64)
    derivation = models.BinaryField()

    class Meta:
        ordering = ["item"]
        constraints = [models.UniqueConstraint(fields=["submission", "item"], name="finding_once_for_each_line")]

    def __str__(self) -> str:
        return f"{self.submission_id}, line {self.item}"
