"""Where a request comes from. It is asked by public pages too, so the answer lives with the pages."""

from __future__ import annotations

from udgam.ground.pages.visitors import Visitor, visitor_of

__all__ = ["Visitor", "visitor_of"]
