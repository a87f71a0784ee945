"""A power cut in the midst of writing the wheel's list of callers does not keep the embedded server from starting."""

from __future__ import annotations

from pathlib import Path

import pytest

from udgam.web.embedded import forget_broken_list


@pytest.mark.parametrize("broken", ["", "[12, 13", '{"a": 1}', "[1] 2]", "null", "\x00\x00"])
def test_a_list_that_was_cut_off_is_taken_away(tmp_path: Path, broken: str) -> None:
    callers = tmp_path / ".handle_pids.json"
    callers.write_text(broken)
    forget_broken_list(tmp_path)
    assert not callers.exists()


def test_a_whole_list_stays_and_no_list_is_no_fault(tmp_path: Path) -> None:
    forget_broken_list(tmp_path)
    callers = tmp_path / ".handle_pids.json"
    callers.write_text("[12, 13]")
    forget_broken_list(tmp_path)
    assert callers.read_text() == "[12, 13]"
