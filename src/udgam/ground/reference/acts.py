from __future__ import annotations

from udgam.ground.audit.acts import register_acts

register_acts("currency_rates.imported")
