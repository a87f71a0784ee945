"""A whole installation that lives as long as one command: database, stand-ins and settings, all of it removed at the end.

Nothing of the installation that the project may already have is touched: every folder is a temporary one, every port a free one,
and the settings read none of the caller's variables.
"""

from __future__ import annotations

import logging
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from udgam.sandbox import authority, gateway, mailbox, registry
from udgam.sandbox.guard import SandboxRefused, refuse_outside_sandbox
from udgam.sandbox.loopback import ADDRESS

SETTINGS = "udgam.web.settings.sandbox"
# Site, register of exporters, authority, page of the mailbox, SMTP, payment gateway: neighbouring ports, as in every sandbox.
PORTS = 6
_TRIES = 20
_LOWEST, _HIGHEST = 20_000, 32_000
# The name of a local socket holds 107 bytes at most (unix(7)); the database adds some to the folder's.
_LONGEST_FOLDER = 80


@dataclass(frozen=True)
class Installation:
    """What runs. Django is set up; the database has its tables and is otherwise empty."""

    folder: Path
    port: int
    origin: str
    environment: Mapping[str, str]
    ca: authority.AuthorityHandle
    post: mailbox.MailboxHandle

    @property
    def sandbox(self) -> Path:
        """The folder of the stand-ins: tokens, seals, trust."""
        return self.folder / "sandbox"


@contextmanager
def throw_away_installation(*, origin: str | None = None) -> Iterator[Installation]:
    """Set Django up on a throw-away database with the sandbox's stand-ins beside it; `origin` is the site's (default: its port).

    Django can be set up once in a process, so this can be entered once.

    Raises:
        SandboxRefused: this is a production installation, Django runs already, or something could not start.
    """
    refuse_outside_sandbox()
    configuration = sys.modules.get("django.conf")
    if configuration is not None and configuration.settings.configured:
        raise SandboxRefused("Django is already set up in this process. Start the command in a process of its own.")
    before = dict(os.environ)
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="udgam-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        if len(os.fsencode(folder)) > _LONGEST_FOLDER:
            raise SandboxRefused(f"The name of the temporary folder {folder} is too long. Set TMPDIR to a shorter one.")
        stack.callback(_restore, before)
        port, ca, post = _stand_ins(stack, folder / "sandbox", origin)
        origin = origin or f"http://{ADDRESS}:{port}"
        environment = {
            **{name: value for name, value in before.items() if not _is_ours(name)},
            "UDGAM_VAR": str(folder),
            "UDGAM_ASSETS": before.get("UDGAM_ASSETS") or str(Path(__file__).resolve().parents[3] / "var" / "assets"),
            "UDGAM_SITE_ORIGIN": origin,
            # Nobody will answer there once the command has ended.
            "UDGAM_REGISTER_SITE": "none",
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "HOST": ADDRESS,
            "PORT": str(port),
        }
        _restore(environment)
        environment["DATABASE_URL"] = os.environ["DATABASE_URL"] = stack.enter_context(_database(folder))
        _set_up_django()
        # Before the database stops, and so entered after it.
        stack.callback(_close_connections)
        yield Installation(folder, port, origin, environment, ca, post)


def _is_ours(name: str) -> bool:
    return name.startswith("UDGAM_") or name in {"DATABASE_URL", "HOST", "PORT", "DJANGO_SETTINGS_MODULE"}


def _restore(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def _stand_ins(
    stack: ExitStack, folder: Path, origin: str | None
) -> tuple[int, authority.AuthorityHandle, mailbox.MailboxHandle]:
    """Start the four stand-ins beside a free port for the site. Another program may take a port meanwhile: then others are tried."""
    for _ in range(_TRIES):
        port = _free_ports()
        with ExitStack() as begun:
            try:
                begun.callback(registry.start(port + 1, folder=folder).stop)
                post = mailbox.start(port + 3, folder=folder, smtp_port=port + 4)
                begun.callback(post.stop)
                ca = authority.start(port + 2, folder=folder, site=f"http://{ADDRESS}:{port}")
                begun.callback(ca.stop)
                begun.callback(gateway.start(port + 5, folder=folder, site=origin or "").stop)
            except (SandboxRefused, OSError):
                shutil.rmtree(folder, ignore_errors=True)
                continue
            stack.push(begun.pop_all())
            return port, ca, post
    raise SandboxRefused("No six neighbouring ports of this machine are free for the sandbox's stand-ins.")


def _free_ports() -> int:
    """The first of six neighbouring ports that nobody uses at this moment."""
    for first in random.sample(range(_LOWEST, _HIGHEST, PORTS), 200):
        try:
            for port in range(first, first + PORTS):
                with socket.socket() as probe:
                    probe.bind((ADDRESS, port))
        except OSError:
            continue
        return first
    raise SandboxRefused("No six neighbouring ports of this machine are free for the sandbox's stand-ins.")


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    from udgam.web.embedded import throw_away_url

    with ExitStack() as stack:
        try:
            url = stack.enter_context(throw_away_url(folder / "postgres"))
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise SandboxRefused(f"The embedded database does not start: {error}") from error
        # Nothing of this database outlives the command, so it need not wait for the disk.
        yield f"{url}&options=-csynchronous_commit%3Doff"


def _set_up_django() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    # What goes well is said by the command; the log keeps to what does not.
    logging.getLogger().setLevel(logging.WARNING)
    call_command("migrate", verbosity=0)


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()
