"""What administrators decide about arrangements. Each decision is one transaction with its act in the audit.

``keep_rule_files`` is no decision: it keeps what a signature rests on, in the transaction of the signing.
"""

from udgam.ground.agreements.services.confirming import confirm_fields, record_edition
from udgam.ground.agreements.services.importing import import_correlation, import_product_rules
from udgam.ground.agreements.services.keeping import keep_rule_files
from udgam.ground.agreements.services.switching import switch_agreement

__all__ = [
    "confirm_fields",
    "import_correlation",
    "import_product_rules",
    "keep_rule_files",
    "record_edition",
    "switch_agreement",
]
