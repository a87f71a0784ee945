"""The command line `udgam`. Each sub-command is a module found through the entry points `udgam.commands`.

A command module offers `SUMMARY` (one line), `add_arguments(parser)` and `run(arguments) -> int`. Exit status: 0 yes, 1 no
(with the reason), 2 the input could not be used. Only the module of the command asked for is loaded, so that checking a
certificate does not start a web framework.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points

GROUP = "udgam.commands"


def _commands() -> dict[str, EntryPoint]:
    return {point.name: point for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def _overview(commands: dict[str, EntryPoint]) -> str:
    lines = ["usage: udgam COMMAND …   (udgam COMMAND --help explains one)", ""]
    width = max(map(len, commands), default=0)
    lines += [f"  {name:<{width}}  {point.load().SUMMARY}" for name, point in commands.items()]
    return "\n".join(
        [*lines, "", "Every command takes --json. Exit status: 0 yes, 1 no, 2 the input could not be used."]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    commands = _commands()
    if not words or words[0] in {"-h", "--help"}:
        sys.stdout.write(_overview(commands) + "\n")
        return 0 if words else 2
    if words[0] not in commands:
        sys.stderr.write(f"udgam: there is no command {words[0]!r}.\n\n{_overview(commands)}\n")
        return 2
    module = commands[words[0]].load()
    parser = argparse.ArgumentParser(prog=f"udgam {words[0]}", description=module.SUMMARY)
    module.add_arguments(parser)
    parsed = parser.parse_args(words[1:])
    try:
        status: int = module.run(parsed)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1
    return status


def script() -> None:
    """Entry point of the installed program."""
    sys.exit(main())
