"""What officers do with a case beside what happens to the application itself."""

from __future__ import annotations

from udgam.ground.audit.acts import register_acts

register_acts("application.note_written", "application.finding_overruled")
