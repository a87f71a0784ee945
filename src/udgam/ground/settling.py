"""What a process has loaded when it begins to work lives as long as the process; Python's collector need not look at it again and again."""

from __future__ import annotations

import gc


def settle() -> None:
    """Set aside all that lives now (`gc.freeze`): a full collection looks at what came later alone, and no request waits while the
    two hundred thousand objects of modules, models and views are gone through (114 ms)."""
    gc.collect()
    gc.freeze()
