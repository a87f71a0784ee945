"""``udgam witness``: see that a register's log only grows, and say so with a signature. Needs nothing of a platform."""

from __future__ import annotations

import argparse
import os
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from udgam.ground.connectors.failures import ConnectorFailed
from udgam.rules.refusals import Refused
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

if TYPE_CHECKING:
    from udgam.signing.proof.log import SignedCheckpoint, Storage
    from udgam.signing.proof.published import PublishedRegister

SUMMARY = "watch a register's log and co-sign its checkpoint"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The register, the pin, the witness's key and memory."""
    parser.add_argument("place", help="address of a register (https://site/published) or a folder with its files")
    parser.add_argument(
        "--pin", type=Path, required=True, metavar="FILE", help="the register.json that you got by a second way"
    )
    parser.add_argument("--key", type=Path, required=True, metavar="FILE", help="your Ed25519 key in PEM")
    parser.add_argument("--name", required=True, help="the name under which you sign")
    parser.add_argument(
        "--state", type=Path, required=True, metavar="FILE", help="where the last checkpoint you saw is kept"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the co-signed checkpoint there, too")
    add_json_argument(parser)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 the log only grew, 1 it did not or cannot be believed, 2 the input could not be used."""
    try:
        text, answer = _witness(args)
        if args.out:
            _replace(args.out, text)
    except InputUnusable as fault:
        print_failure(fault, as_json=args.json, answer={"cosigned": False})
        return UNUSABLE
    except Refused as refused:
        print_failure(refused, as_json=args.json, answer={"cosigned": False})
        return UNUSABLE if refused.code.startswith("seal_key.") else NO
    except ConnectorFailed as error:
        print_failure(
            InputUnusable("register.unreachable", f"{args.place}: {error}"),
            as_json=args.json,
            answer={"cosigned": False},
        )
        return UNUSABLE
    except OSError as error:
        print_failure(
            InputUnusable("file.unwritable", f"{error.filename}: {error.strerror}"),
            as_json=args.json,
            answer={"cosigned": False},
        )
        return UNUSABLE
    print_answer(answer | {"checkpoint": text.decode()}, as_json=args.json, lines=[text.decode().rstrip("\n")])
    return YES


def _witness(args: argparse.Namespace) -> tuple[bytes, dict[str, Any]]:
    from udgam.signing.proof.log import CHECKPOINT
    from udgam.signing.proof.published import PublishedRegister
    from udgam.signing.proof.trust_list import read_pin
    from udgam.signing.sealing.proof_keys import LogKey
    from udgam.signing.sealing.register import cosign, with_cosignature

    key = LogKey.load(args.key, args.name, witness=True)
    storage = _storage(args.place)
    register = PublishedRegister.read(storage, pin=read_pin(read_file(args.pin)))
    checkpoint = storage.read(CHECKPOINT)
    if register is None or checkpoint is None:
        raise InputUnusable("register.missing", f"{args.place} holds no register with a checkpoint.")
    seen = _seen(args.state, register)
    line = cosign(
        checkpoint, seen=seen, storage=storage, logs=register.logs, witnesses=register.witnesses,
        key=key, at=datetime.now(UTC),
    )  # fmt: skip
    _replace(args.state, checkpoint)
    found = register.checkpoint()
    return with_cosignature(checkpoint, line), {
        "cosigned": True,
        "size": found.size if found else 0,
        "seen_before": seen.size if seen else 0,
        "witness": key.public.verifier_key,
    }


def _seen(state: Path, register: PublishedRegister) -> SignedCheckpoint | None:
    from udgam.signing.proof.log import read_checkpoint

    if not state.exists():
        return None
    # What was seen was believed when it was seen, and binds the log although its key was lost since.
    logs = tuple(replace(one, compromised=False) for one in register.logs)
    return read_checkpoint(read_file(state), logs=logs, witnesses=register.witnesses)


def _storage(place: str) -> Storage:
    from udgam.signing.proof.log import FolderStorage

    if place.startswith(("http://", "https://")):
        from udgam.ground.connectors.published_register import RegisterSite

        return RegisterSite(place)
    folder = Path(place)
    if not folder.is_dir():
        raise InputUnusable("register.missing", f"There is no folder {place}.")
    return FolderStorage(folder)


def _replace(file: Path, data: bytes) -> None:
    """Whole or not at all: a witness that forgets what it saw is worth nothing."""
    handle, beside = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    Path(beside).replace(file)
