"""``udgam register``: publish what waits, write the whole register anew, or add what a witness signed."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from udgam.rules.refusals import Refused
from udgam.web.commands.installation import add_settings_argument, installation
from udgam.web.commands.trust_arguments import (
    NO,
    UNUSABLE,
    YES,
    InputUnusable,
    add_json_argument,
    print_answer,
    print_failure,
    read_file,
)

SUMMARY = "publish the register, write it anew, or end one of its keys"
REASONS = ("key-compromise", "superseded", "cessation")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """publish, rebuild, cosign, keys, revoke."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    publish = verbs.add_parser("publish", help="bring the files up to what the database says")
    publish.add_argument(
        "--anew", action="store_true", help="look at every tile and proof since the first entry, and write what differs"
    )
    rebuild = verbs.add_parser("rebuild", help="write every file anew from the database, into an empty folder")
    rebuild.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="an empty folder, or one that does not exist yet"
    )
    cosign = verbs.add_parser("cosign", help="publish what a witness signed below the newest checkpoint")
    cosign.add_argument("file", type=Path, help="the checkpoint with the witness's line, as `udgam witness` prints it")
    keys = verbs.add_parser("keys", help="list every key the register ever used, with its period")
    revoke = verbs.add_parser("revoke", help="end a key of the register, or of a witness, that is no longer in use")
    revoke.add_argument("key", help="the key as `udgam register keys` names it")
    revoke.add_argument("--reason", choices=REASONS, default="key-compromise", help="why it is revoked")
    for one in (publish, rebuild, cosign, keys, revoke):
        add_settings_argument(one)
        add_json_argument(one)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 done, 1 refused, 2 the input could not be used."""
    try:
        if args.verb == "rebuild":
            _require_usable(args.out)
        with installation(args):
            answer = _VERBS[args.verb](args)
    except InputUnusable as fault:
        print_failure(fault, as_json=args.json, answer={"done": False})
        return UNUSABLE
    except Refused as refused:
        print_failure(refused, as_json=args.json, answer={"done": False})
        return NO
    except OSError as error:
        told = InputUnusable("disk", f"The disk does not take it: {error.strerror}")
        print_failure(told, as_json=args.json, answer={"done": False})
        return NO
    lines = [f"{name.replace('_', ' ')}: {value}" for name, value in answer.items() if name not in {"done", "keys"}]
    lines += [_key_line(one) for one in answer.get("keys", ())]
    print_answer(answer, as_json=args.json, lines=lines)
    return YES


def _publish(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from udgam.flow.issuance.register import publishing

    done = publishing.publish(now=timezone.now(), anew=args.anew)
    return {"done": True, "entries": done.size, "files_written": done.files, "bytes_written": done.written}


def _require_usable(out: Path) -> None:
    """An empty folder that takes files, or a place where one can be made. Before anything is started; nothing is left there."""
    try:
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise InputUnusable("out.not_empty", f"{out} is not an empty folder; nothing is overwritten.")
        there = next(one for one in (out, *out.absolute().parents) if one.exists())
        Path(tempfile.mkdtemp(prefix=".udgam-", dir=there)).rmdir()
    except OSError as error:
        raise InputUnusable("out.unusable", f"{out} cannot be written: {error.strerror}") from error


def _rebuild(args: argparse.Namespace) -> dict[str, Any]:
    from udgam.flow.issuance.register import publishing

    done = publishing.rebuild(folder=args.out)
    return {"done": True, "entries": done.size, "files_written": done.files, "bytes_written": done.written}


def _cosign(args: argparse.Namespace) -> dict[str, Any]:
    from django.conf import settings
    from django.utils import timezone

    from udgam.flow.issuance import services
    from udgam.flow.issuance.models import RegisterKey
    from udgam.flow.issuance.register import publishing
    from udgam.flow.issuance.register.keys import register_keys
    from udgam.signing.proof.log import LogRefused, lines_by, read_checkpoint, read_note_key

    text = read_file(args.file)
    witnesses = tuple(read_note_key(one) for one in settings.WITNESS_KEYS)
    signed = read_checkpoint(text, logs=(register_keys().log.public,), witnesses=witnesses)
    lines = lines_by(text, witnesses)
    if signed.ignored and not lines:
        raise LogRefused("log.not_witnessed")
    if not services.keep_cosignatures(size=signed.size, root=signed.root.hex(), lines=lines):
        raise InputUnusable("cosign.unknown", "This register has published no such checkpoint.")
    for witness in witnesses:
        if witness.name in signed.witnessed and lines_by(text, (witness,)):
            at = signed.witnessed[witness.name]
            purpose = RegisterKey.Purpose.WITNESS
            services.note_log_key(purpose=purpose, verifier_key=witness.verifier_key, now=at)
            services.note_witness_used(verifier_key=witness.verifier_key, at=at)
    publishing.publish(now=timezone.now())
    return {"done": True, "entries": signed.size, "witnesses": ", ".join(sorted(signed.witnessed))}


def _keys(_args: argparse.Namespace) -> dict[str, Any]:
    from udgam.flow.issuance.register import rows

    return {
        "done": True,
        "keys": [
            {
                "purpose": one.purpose,
                "key": one.name,
                "since": one.first_used_at.isoformat(),
                "until": one.ended_at.isoformat() if one.ended_at else None,
                "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
                "reason": one.revoked_reason or None,
            }
            for one in rows.register_keys()
        ],
    }


def _key_line(key: dict[str, Any]) -> str:
    ended = f"revoked {key['revoked_at']} ({key['reason']})" if key["revoked_at"] else f"until {key['until'] or 'now'}"
    return f"{key['purpose']:<8} {key['key']}  since {key['since']}  {ended}"


def _revoke(args: argparse.Namespace) -> dict[str, Any]:
    from django.conf import settings
    from django.utils import timezone

    from udgam.flow.issuance import services
    from udgam.flow.issuance.models import RegisterKey
    from udgam.flow.issuance.refusals import IssueRefused
    from udgam.flow.issuance.register import publishing, rows
    from udgam.flow.issuance.register.keys import register_keys
    from udgam.ground.audit.actors import SystemActor

    found = rows.register_key(args.key)
    if found is None:
        raise IssueRefused("register.unknown_key", key=args.key[:40])
    keys = register_keys()
    used = {keys.trust_list.public.id, keys.status.public.id, keys.log.public.verifier_key, *settings.WITNESS_KEYS}
    if found.name in used:
        raise IssueRefused("register.key_in_use", key=found.name[:40])
    new = services.revoke_register_key(
        key=found, reason=args.reason, actor=SystemActor("udgam.register"), now=timezone.now()
    )
    # What a compromised key of the log proved is proved anew. Begun again after it was stopped, the command goes on.
    anew = found.purpose == RegisterKey.Purpose.LOG and args.reason == "key-compromise"
    done = publishing.publish(now=timezone.now(), anew=anew)
    return {
        "done": True,
        "key": found.name,
        "purpose": str(found.purpose),
        "reason": args.reason,
        "revoked_before": not new,
        "files_written": done.files,
    }


_VERBS = {"publish": _publish, "rebuild": _rebuild, "cosign": _cosign, "keys": _keys, "revoke": _revoke}
