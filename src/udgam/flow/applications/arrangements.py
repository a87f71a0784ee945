"""What the chosen arrangement asks of an application: which sections, which ticks, which papers."""

from __future__ import annotations

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from udgam.flow.applications.models import Application
from udgam.ground.reference.countries import country
from udgam.rules.agreements import Agreement, agreement_codes, load_agreement
from udgam.rules.origin import PROCESSES

NON_PREFERENTIAL = "NP"
# What an exporter may ask to have ticked, beside what follows from other answers (retrospective, third party, in lieu).
MARKS: dict[str, str | Promise] = {
    "back-to-back": _("Back-to-back: the goods come from another country and leave India unchanged"),
    "cumulation": _("Cumulation: materials of a partner country count as originating"),
    "exhibition": _("Exhibition: the goods are shown in another country before they are sold"),
}


def arrangement_of(application: Application) -> Agreement:
    """The arrangement that was chosen."""
    return load_agreement(application.agreement)


def is_preferential(application: Application) -> bool:
    """Whether the certificate gives a lower duty, so that the origin of every line must be shown."""
    return application.agreement != NON_PREFERENTIAL


def offered(on: date) -> tuple[Agreement, ...]:
    """The arrangements one may choose on a day in India, in the order of the list."""
    found = (load_agreement(code) for code in agreement_codes())
    return tuple(agreement for agreement in found if agreement.effective <= on)


def asks_for_producer(application: Application) -> bool:
    """Whether the producer must be named or the exporter must say to have made the goods."""
    return is_preferential(application)


def admits_third_party(application: Application) -> bool:
    """Whether somebody else than the exporter may invoice the buyer."""
    return is_preferential(application)


def criteria_choices(application: Application) -> list[tuple[str, str]]:
    """The criteria of the arrangement, each with what it means."""
    return [(row.code, f"{row.code} – {gettext(row.meaning)}") for row in arrangement_of(application).criteria]


def partner_choices(application: Application) -> list[tuple[str, str]]:
    """The partners whose materials may count as originating; none where no preference is given."""
    if not is_preferential(application):
        return []
    found = (country(code, get_language() or "en") for code in arrangement_of(application).partners)
    return sorted(((row.code, row.name) for row in found if row is not None), key=lambda row: row[1])


def process_choices(application: Application) -> list[tuple[str, str]]:
    """The processes that rules of origin ask about or find insufficient; none where no preference is given."""
    if not is_preferential(application):
        return []
    return [(code, gettext(label)) for code, label in PROCESSES.items()]
