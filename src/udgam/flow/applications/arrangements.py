"""What the chosen arrangement asks of an application: which sections, which ticks, which papers."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from udgam.flow.applications.models import Application
from udgam.ground.agreements.queries import agreement_on, agreements_open_on
from udgam.ground.reference.countries import country
from udgam.rules.agreements import Agreement
from udgam.rules.content import RuleData
from udgam.rules.numbers import indian_date
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
    return agreement_on(application.agreement, indian_date(timezone.now()))


def is_preferential(application: Application) -> bool:
    """Whether the certificate gives a lower duty, so that the origin of every line must be shown."""
    return application.agreement != NON_PREFERENTIAL


def offered(on: date) -> tuple[Agreement, ...]:
    """The arrangements one may choose on a day in India, in the order of the list.

    Those that bodies in India issue under, that are on and in force, and of which enough is known to print a certificate.
    """
    return agreements_open_on(on)


def asks_for_producer(application: Application) -> bool:
    """Whether the form of the certificate names the producer."""
    return any(box.fills == "producer" for box in arrangement_of(application).boxes)


def admits_third_party(application: Application) -> bool:
    """Whether somebody else than the exporter may invoice the buyer."""
    return arrangement_of(application).third_party_invoicing.allowed is True


def mark_choices(agreement: Agreement) -> list[tuple[str, str | Promise]]:
    """The ticks of the arrangement that the exporter may ask for."""
    return [(mark, label) for mark, label in MARKS.items() if agreement.wording(mark) is not None]


def named_data(agreement: Agreement) -> RuleData | None:
    """Version and digest of the data by which origin is decided; None where no rule of origin decides."""
    return RuleData(version=agreement.version, sha256=agreement.sha256) if agreement.code != NON_PREFERENTIAL else None


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
