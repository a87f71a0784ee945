"""The tables of product rules that come with the platform, in the format udgam.product-rules/1."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from udgam.rules.origin.product_reading import ProductRulesRefused, read_product_rules
from udgam.rules.origin.product_rules import ProductRules

_NAME = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)


@cache
def load_table(name: str) -> ProductRules:
    """The table of that name. Raises ``ProductRulesRefused`` when there is none."""
    file = resources.files(__package__).joinpath(f"{name}.csv")
    if _NAME.fullmatch(name) is None or not file.is_file():
        raise ProductRulesRefused("products.form", where="the name of the table", expected="a table that exists")
    return read_product_rules(file.read_bytes())
