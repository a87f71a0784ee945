"""The command `udgam-agent`."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from pathlib import Path

from udgam_agent import DEFAULT_PORT, __version__
from udgam_agent.conversation import USABLE, why_none
from udgam_agent.counter import Counter
from udgam_agent.errors import Refused
from udgam_agent.origins import read_origin
from udgam_agent.server import AgentServer, AgentState
from udgam_agent.settings import Settings, SettingsUnreadable, default_path, load_settings
from udgam_agent.steps import look_as_json
from udgam_agent.texts import SCREEN, explain
from udgam_agent.tokens.desk import TokenDesk
from udgam_agent.tokens.files import FileSource
from udgam_agent.tokens.holdings import KeySource, Look
from udgam_agent.tokens.modules import modules_to_try
from udgam_agent.tokens.pkcs11_tokens import TokenSource


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def make_parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument(
        "--module", action="append", metavar="PATH", help="a PKCS#11 module to use instead of the known ones"
    )
    shared.add_argument(
        "--sandbox-files", metavar="DIR", type=Path, help="sandbox only: use the PKCS#12 files of a folder"
    )
    shared.add_argument("--config", metavar="FILE", type=Path, help=f"the settings file (normally {default_path()})")
    shared.add_argument("--lang", choices=("en", "hi"), help="the language of the agent's own pages and of self-test")
    parser = argparse.ArgumentParser(
        prog="udgam-agent",
        parents=[shared],
        description="Signs with your token for web pages that ask. Without a command it starts and waits for pages.",
    )
    parser.add_argument("--version", action="version", version=f"udgam-agent {__version__}")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help=f"listen on another port than {DEFAULT_PORT} (0: any)"
    )
    parser.add_argument(
        "--site", action="append", default=[], metavar="ORIGIN", help="trust this site while this run lasts"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    test = commands.add_parser("self-test", parents=[shared], help="list tokens and certificates and say what is wrong")
    test.add_argument("--json", action="store_true", help="one JSON object instead of text")
    sites = commands.add_parser("sites", parents=[shared], help="list, add or forget the sites that may ask")
    sites.add_argument("act", choices=("list", "add", "forget"), nargs="?", default="list")
    sites.add_argument("origin", nargs="?", help="for example https://coo.example.org")
    return parser


def make_desk(arguments: argparse.Namespace, settings: Settings) -> TokenDesk:
    """Gather the sources of keys. With sandbox files, tokens are used only where a module is named expressly."""
    named = [*getattr(arguments, "module", []), *settings.modules]
    folder: Path | None = getattr(arguments, "sandbox_files", None)
    sources: list[KeySource] = []
    if folder is None or named:
        sources.append(TokenSource(modules_to_try(named)))
    if folder is not None:
        sources.append(FileSource(folder))
    return TokenDesk(sources)


def self_test(desk: TokenDesk, *, lang: str, as_json: bool) -> int:
    """Print what was found. Exit status 0: at least one certificate can sign; 1: none can, with the reason."""
    found = desk.look()
    reason = None if any(held.summary.use == USABLE for held in found.certificates) else why_none(found)
    answer = look_as_json(found, reason, lang)
    if as_json:
        say(json.dumps({"version": __version__, "usable": reason is None, **answer}, ensure_ascii=False, indent=2))
    else:
        _print_look(found, answer, SCREEN[lang])
    return 0 if reason is None else 1


def _print_look(found: Look, answer: dict[str, object], texts: dict[str, str]) -> None:
    say(f"udgam-agent {__version__}")
    for module in found.modules:
        say(f"  {module}")
    for held in found.certificates:
        summary = held.summary
        say("")
        say(f"{texts['token']}: {held.token} ({held.model})")
        say(f"  {texts['holder']}: {summary.holder}")
        if summary.organisation:
            say(f"  {texts['organisation']}: {summary.organisation}")
        say(f"  {texts['issuer']}: {summary.issuer}")
        say(f"  {texts['valid_to']}: {summary.not_after:%d %B %Y}   {summary.key}")
        say(f"  {texts['check_fine'] if summary.use == USABLE else texts['use.' + summary.use]}")
        pin = held.pin
        for is_so, name in ((pin.locked, "pin_locked"), (pin.last_try, "pin_last_try"), (pin.low, "pin_low")):
            if is_so:
                say(f"  {texts[name]}")
                break
    problems: list[dict[str, str]] = list(answer["problems"])  # type: ignore[call-overload]
    refusal = answer["refusal"]
    if isinstance(refusal, dict) and all(problem["code"] != refusal["code"] for problem in problems):
        problems.append(refusal)
    for problem in problems:
        say("")
        say(f"! {problem['message']}")
        say(f"  {problem['advice']}  [{problem['code']}]")


def manage_sites(arguments: argparse.Namespace, settings: Settings) -> int:
    if arguments.act == "list":
        for site in sorted(settings.sites):
            say(site)
        return 0
    if arguments.origin is None:
        sys.stderr.write("udgam-agent: name the site, for example https://coo.example.org\n")
        return 2
    try:
        origin = read_origin(arguments.origin)
    except Refused as refusal:
        sys.stderr.write(" ".join(explain(refusal.code, "en", refusal.details)) + "\n")
        return 2
    if arguments.act == "add":
        settings.add_site(origin.text)
        return 0
    return 0 if settings.forget_site(origin.text) else 1


def serve(arguments: argparse.Namespace, settings: Settings, desk: TokenDesk) -> int:
    """Run until interrupted. Exit status 2 when the port is taken, with what to do."""
    files = getattr(arguments, "sandbox_files", None) is not None
    state = AgentState(Counter(desk), settings, files, getattr(arguments, "lang", ""))
    try:
        server = AgentServer(arguments.port, state)
    except OSError:
        sys.stderr.write(
            f"udgam-agent: port {arguments.port} is taken. The agent may be running already: "
            f"open http://127.0.0.1:{arguments.port}/ to see.\n"
        )
        return 2

    def leave(*_: object) -> None:
        # Called between two instructions of the serving thread, so the shutdown must wait on another one.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    say(f"udgam-agent {__version__}{' (sandbox files)' if files else ''}")
    say(f"Listening on http://127.0.0.1:{state.port}")
    say("Leave this window open. Ctrl-C stops the agent.")
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    desk.shut()
    return 0


def main(arguments: list[str] | None = None) -> int:
    parsed = make_parser().parse_args(arguments)
    try:
        sites = frozenset(read_origin(site).text for site in parsed.site)
        settings = load_settings(getattr(parsed, "config", None) or default_path(), for_this_run=sites)
    except Refused as refusal:
        sys.stderr.write(" ".join(explain(refusal.code, "en", refusal.details)) + "\n")
        return 2
    except SettingsUnreadable as problem:
        sys.stderr.write(f"udgam-agent: the settings cannot be read. Correct or delete the file.\n  {problem}\n")
        return 2
    if parsed.command == "sites":
        return manage_sites(parsed, settings)
    desk = make_desk(parsed, settings)
    if parsed.command == "self-test":
        try:
            return self_test(desk, lang=getattr(parsed, "lang", "en"), as_json=parsed.json)
        finally:
            desk.shut()
    return serve(parsed, settings, desk)


if __name__ == "__main__":
    sys.exit(main())
