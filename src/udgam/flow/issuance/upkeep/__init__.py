"""What keeps issued certificates checkable: stamps that were late or grow old, the nightly re-check, re-sealing, evidence."""
