"""What can happen to agreements and to the data that decide under them."""

from __future__ import annotations

from udgam.ground.audit.acts import register_acts

register_acts(
    "agreement.switched_on",
    "agreement.switched_off",
    "agreement.fields_confirmed",
    "agreement.edition_recorded",
    "agreement.product_rules_imported",
    "agreement.correlation_imported",
)
