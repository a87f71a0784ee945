"""What administrators decide about arrangements. Each decision is one transaction with its act in the audit."""

from udgam.ground.agreements.services.confirming import confirm_fields, record_edition
from udgam.ground.agreements.services.importing import import_correlation, import_product_rules
from udgam.ground.agreements.services.switching import switch_agreement

__all__ = ["confirm_fields", "import_correlation", "import_product_rules", "record_edition", "switch_agreement"]
