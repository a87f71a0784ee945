"""Two who publish at once: the second waits, so that rows and files stay those of one log."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from tests.rooms.applications.firm import Firm
from tests.rooms.issuance.office import Signatory, approved
from tests.rooms.issuance.test_register import cancel, files, register
from udgam.flow.applications.models import Application
from udgam.flow.issuance import services
from udgam.flow.issuance.models import LogEntry
from udgam.flow.issuance.refusals import IssueRefused
from udgam.flow.issuance.register import publishing

pytestmark = pytest.mark.django_db(transaction=True)


class Publisher(threading.Thread):
    """Publishes on a connection of its own, and keeps what went wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.fault: Exception | None = None

    def run(self) -> None:
        try:
            publishing.publish(now=timezone.now())
        except Exception as error:
            self.fault = error
        finally:
            connection.close()


def test_a_publisher_that_was_overtaken_puts_no_wrong_root_into_the_database(
    officer: Signatory, application: Application, firm: Firm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = officer.issue(application)
    officer.issue(approved(firm))
    arrived, go_on = threading.Event(), threading.Event()
    renew = publishing._renew_trust_list
    first, second = Publisher(), Publisher()

    def slowly(*given: Any) -> None:
        """The first publisher knows the size of the log, and is slow from here on."""
        if threading.current_thread() is first:
            arrived.set()
            go_on.wait(60)
        renew(*given)

    monkeypatch.setattr(publishing, "_renew_trust_list", slowly)
    first.start()
    assert arrived.wait(60)
    second.start()
    second.join(3)
    cancel(officer, certificate)
    go_on.set()
    first.join(60)
    second.join(60)
    assert (first.fault, second.fault) == (None, None)
    assert publishing.publish(now=timezone.now()).files == 0
    found = register().checkpoint()
    assert found is not None
    assert found.size == LogEntry.objects.count()
    publishing.rebuild(folder=tmp_path / "again")
    published, again = files(Path(django_settings.REGISTER_FOLDER)), files(tmp_path / "again")
    assert again == published


def test_a_root_over_another_size_than_the_rows_tell_is_not_taken(officer: Signatory, application: Application) -> None:
    officer.issue(application)
    with pytest.raises(IssueRefused) as refused:
        services.sequence_entries(published=1, root_of=lambda _rows: b"\0" * 32)
    assert refused.value.code == "register.differs"
    assert not LogEntry.objects.filter(position__isnull=False).exists()
