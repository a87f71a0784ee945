"""The order of an attempt's stages: what each allows, and how long an attempt is kept open."""

from __future__ import annotations

from datetime import timedelta

from udgam.flow.registration.models import Registration

Stage = Registration.Stage

# The way of the applicant; a stage allows its own page and every earlier one.
ORDER: tuple[str, ...] = (
    Stage.TOKEN_PROVED,
    Stage.ADMITTED,
    Stage.CONTACT_GIVEN,
    Stage.CONTACT_PROVED,
    Stage.AGREED,
    Stage.COMPLETED,
)
# The register's turn.
HOLDING = frozenset({Stage.TOKEN_PROVED})
# Neither finished nor refused: the same token and IEC take such an attempt up again.
RESUMABLE = frozenset({Stage.TOKEN_PROVED, Stage.ADMITTED, Stage.CONTACT_GIVEN, Stage.CONTACT_PROVED, Stage.AGREED})
RESUME_WITHIN = timedelta(days=7)

# The page of each stage, by URL name.
PAGE_OF: dict[str, str] = {
    Stage.TOKEN_PROVED: "registration:waiting",
    Stage.ADMITTED: "registration:contact",
    Stage.CONTACT_GIVEN: "registration:codes",
    Stage.CONTACT_PROVED: "registration:declaration",
    Stage.AGREED: "registration:details",
    Stage.COMPLETED: "registration:done",
    Stage.REFUSED: "registration:refused",
}


def has_reached(stage: str, wanted: str) -> bool:
    """Whether an attempt at `stage` may see the page of `wanted`."""
    return stage in ORDER and wanted in ORDER and ORDER.index(stage) >= ORDER.index(wanted)
