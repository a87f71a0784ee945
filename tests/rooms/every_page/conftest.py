"""The world of the hostile walk, which has something of everything, is also the one in which every page is looked at."""

from tests.rooms.hostile.conftest import fresh_counters, world

__all__ = ["fresh_counters", "world"]
