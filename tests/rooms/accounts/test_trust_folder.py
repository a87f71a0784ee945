"""A change in the trust folder counts at once, whatever else lies there."""

from __future__ import annotations

from pathlib import Path

from udgam.parties.accounts.trust import _stamp


def test_a_link_that_leads_nowhere_hides_no_anchor(tmp_path: Path) -> None:
    (tmp_path / "anchors").mkdir()
    (tmp_path / "anchors/.#root.pem").symlink_to("nobody@nowhere:1")
    for name in ("a.pem", "b.pem", "z.pem"):
        (tmp_path / "anchors" / name).write_text("anchor")
    before = _stamp(tmp_path)
    assert {Path(path).name for path, _size, _when in before} == {".#root.pem", "a.pem", "b.pem", "z.pem"}
    (tmp_path / "anchors/a.pem").unlink()
    assert _stamp(tmp_path) != before
