"""``udgam dsc show``: the facts that the platform reads from a digital signature certificate."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from udgam.rules.binding import DEFAULT_PROFILES, CertificateFacts, check_certificate_kind, read_profiles
from udgam.rules.refusals import Refused
from udgam.signing.trust import read_certificate, read_facts
from udgam.web.commands.trust_arguments import (
    UNUSABLE,
    YES,
    InputUnusable,
    add_json_argument,
    print_answer,
    print_failure,
    read_file,
)

NAME = "dsc"
SUMMARY = "read digital signature certificates"

# Policies of the Indian certifying authorities' arc 2.16.356.100 that say something about the holder.
_POLICY_NAMES = {
    "2.16.356.100.2.1": "class 1",
    "2.16.356.100.2.2": "class 2",
    "2.16.356.100.2.3": "class 3",
    "2.16.356.100.10.1": "document signer",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The sub-command ``show``."""
    show = parser.add_subparsers(dest="action", required=True, metavar="ACTION").add_parser(
        "show", help="print the facts read from a certificate; nothing is validated"
    )
    show.add_argument("certificate", type=Path, metavar="CERT", help="the certificate, PEM or DER")
    show.add_argument("--profiles", type=Path, metavar="FILE", help="more profiles of where an IEC may stand")
    add_json_argument(show)


def run(args: argparse.Namespace) -> int:
    """Exit status: 0 facts printed, 2 the input could not be used."""
    try:
        profiles = DEFAULT_PROFILES
        if args.profiles is not None:
            profiles = (*read_profiles(read_file(args.profiles)), *DEFAULT_PROFILES)
        facts = read_facts(read_certificate(read_file(args.certificate)), profiles)
    except (Refused, InputUnusable) as fault:
        print_failure(fault, as_json=args.json, answer={})
        return UNUSABLE
    answer = _answer(facts)
    print_answer(answer, as_json=args.json, lines=_lines(answer))
    return YES


def _answer(facts: CertificateFacts) -> dict[str, Any]:
    usable = check_certificate_kind(facts)
    return {
        "holder": facts.holder,
        "organisation": facts.organisation,
        "organisational_units": list(facts.organisational_units),
        "personal": facts.is_personal,
        "pan_sha256": facts.serial_number_attr,
        "country": facts.country,
        "state": facts.state,
        "email": facts.email,
        "class_policies": [{"oid": oid, "name": _POLICY_NAMES[oid]} for oid in facts.policies if oid in _POLICY_NAMES],
        "policies": list(facts.policies),
        "iec": [
            {"value": found.value, "profile": found.profile, "where": found.where, "evidence": found.evidence}
            for found in facts.iec_findings
        ],
        "key_usage": sorted(facts.key_usage),
        "extended_key_usage": sorted(facts.extended_key_usage),
        "document_signer": facts.is_document_signer,
        "encryption_twin": facts.is_encryption_twin,
        "usable_for_sign_in": usable.allowed,
        "not_usable_because": usable.reason,
        "public_key": facts.public_key,
        "not_before": facts.not_before.isoformat(),
        "not_after": facts.not_after.isoformat(),
        "issuer": facts.issuer,
        "serial_number": facts.serial_number,
        "sha256": facts.sha256,
    }


def _lines(answer: dict[str, Any]) -> list[str]:
    classes = ", ".join(f"{policy['name']} ({policy['oid']})" for policy in answer["class_policies"])
    findings = [
        f"{found['value']} in {found['where']} (profile {found['profile']!r}, {found['evidence']})"
        for found in answer["iec"]
    ]
    return [
        f"Holder:             {answer['holder']}",
        f"Organisation:       {answer['organisation'] or '-'}{' (individual)' if answer['personal'] else ''}",
        f"Class policies:     {classes or '-'}",
        f"IEC:                {'; '.join(findings) or 'not found'}",
        f"PAN hash:           {answer['pan_sha256'] or '-'}",
        f"Key usage:          {', '.join(answer['key_usage']) or '-'}",
        f"Extended key usage: {', '.join(answer['extended_key_usage']) or '-'}",
        f"Document signer:    {'yes' if answer['document_signer'] else 'no'}",
        f"Encryption twin:    {'yes' if answer['encryption_twin'] else 'no'}",
        f"Usable for sign-in: {'yes' if answer['usable_for_sign_in'] else 'no, ' + str(answer['not_usable_because'])}",
        f"Key:                {answer['public_key']}",
        f"Valid:              {answer['not_before']} to {answer['not_after']}",
        f"Issuer:             {answer['issuer']}",
        f"Serial number:      {answer['serial_number']}",
        f"SHA-256:            {answer['sha256']}",
        "Nothing of this was validated; use udgam chain verify for that.",
    ]
