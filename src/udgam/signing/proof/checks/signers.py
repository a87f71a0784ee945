"""Steps 6 to 11 and 15: who signed, when, and may we believe them?"""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import partial
from itertools import pairwise

from cryptography import x509

from udgam.signing.proof.checks.case import Case
from udgam.signing.proof.checks.existence import (
    Act,
    certification,
    held_then,
    held_until_proved,
    not_proved,
    path_of,
    require_key_kept,
    sealing,
)
from udgam.signing.proof.checks.moments import moment_text
from udgam.signing.proof.checks.office_key import validity_warning
from udgam.signing.proof.checks.published import list_is_current
from udgam.signing.proof.checks.structure import der_length
from udgam.signing.proof.container import Container
from udgam.signing.proof.evidence import path_at
from udgam.signing.proof.file import SignatureField
from udgam.signing.proof.time_stamp import Token, read_token
from udgam.signing.proof.told import Fails, Skips, Told
from udgam.signing.proof.trust_list import Power
from udgam.signing.trust import PathRefused, TrustStore, display_name, fingerprint


def officer_signature(case: Case) -> Told:
    """6. The officer's signature holds over its revision."""
    _holds(case, case.officer_field, case.officer)
    return Told("The officer's signature holds: {name}.", name=display_name(case.officer.certificate.subject))


def seal_signature(case: Case) -> Told:
    """7. The office's seal holds over the whole file."""
    _holds(case, case.seal_field, case.seal)
    return Told("The office's seal holds: {name}.", name=display_name(case.seal.certificate.subject))


def time_stamp(case: Case) -> Told:
    """8. Time stamps of known services say when the file existed (RFC 3161): in the seal, or later over the whole file."""
    tokens = [] if case.seal.time_stamp is None else [_seal_stamp(case, case.seal.time_stamp)]
    tokens += [_archive_stamp(case, field) for field in case.archive_fields]
    if not tokens:
        raise Skips("The seal carries no time stamp.")
    if any(earlier.stamped_at > later.stamped_at for earlier, later in pairwise(tokens)):
        raise Fails("The time stamps are not in order.")
    token = tokens[0]
    if token.stamped_at > case.at:
        raise Fails(
            "The file was sealed only at {moment}, after the moment asked about.", moment=moment_text(token.stamped_at)
        )
    case.token, case.archive_tokens = token, tuple(tokens[-len(case.archive_fields) :]) if case.archive_fields else ()
    said = {"moment": moment_text(token.stamped_at), "name": display_name(token.certificate.subject)}
    if len(tokens) > 1:
        return Told(
            "Sealed at {moment} by the clock of {name}; stamped again, last at {last}.",
            last=moment_text(tokens[-1].stamped_at),
            **said,
        )
    return Told("Sealed at {moment} by the clock of {name}.", **said)


def _seal_stamp(case: Case, data: bytes) -> Token:
    token = read_token(data)
    if token.imprint != hashlib.sha256(case.seal.signature).digest():
        raise Fails("The time stamp belongs to something else.")
    believe_service(case, token.certificate, token.chain, token.stamped_at)
    return token


def _archive_stamp(case: Case, field: SignatureField) -> Token:
    token = read_token(field.contents[: der_length(field.contents)])
    digest = hashlib.sha256(memoryview(case.file.data)[: field.hole[0]])
    digest.update(memoryview(case.file.data)[field.hole[1] : field.hole[1] + field.byte_range[3]])
    if token.imprint != digest.digest():
        raise Fails("The bytes under the time stamp {field} were changed.", field=field.name)
    believe_service(case, token.certificate, token.chain, token.stamped_at)
    return token


def believe_service(
    case: Case, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...], moment: datetime
) -> None:
    """The service is pinned itself, or was certified by an authority that is pinned for time stamps."""
    pinned = {fingerprint(one) for one in case.trust.time_stampers}
    known = pinned | {fingerprint(one) for one in (*case.trust.store.intermediates, *case.trust.store.anchors)}
    if any(fingerprint(one) not in known for one in chain):
        raise Fails("The time stamp brings certificates that nobody here knows.")
    itself = fingerprint(certificate) in pinned
    if itself and not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
        raise Fails("The certificate of the time-stamp service was not valid at that time.")
    authorities = tuple(one for one in case.trust.time_stampers if fingerprint(one) != fingerprint(certificate))
    store = case.trust.store if itself else TrustStore(authorities, case.trust.store.intermediates)
    try:
        path_at(
            certificate,
            trust=case.trust,
            file=case.file,
            signed_at=moment,
            now=case.at,
            store=store,
            intermediates=chain,
        )
    except PathRefused as error:
        # A pinned service whose issuer is unknown here is believed because somebody pinned it.
        if not (itself and error.code == "path.issuer_unknown"):
            raise


def seal_known(case: Case) -> Told:
    """9. The seal's certificate is listed for an agency and could be believed when the file was sealed."""
    issuer = case.trust.issuer_of_seal(case.seal.certificate)
    if issuer is None:
        raise Fails(
            "The seal of {name} is not listed for any issuing agency.", name=display_name(case.seal.certificate.subject)
        )
    case.issuer = issuer
    if case.sealed_at > case.at:
        raise Fails(
            "The file says that it was sealed at {moment}, after the moment asked about.",
            moment=moment_text(case.sealed_at),
        )
    act = sealing(case)
    if case.token is None:
        case.warnings.append(_without_stamp(certification(case)))
    listed = [one for one in issuer.seals if one.sha256 == fingerprint(case.seal.certificate)]
    if listed and not any(one.could_seal(act.claimed) for one in listed):
        raise Fails("The seal of {name} could not seal at that time.", name=issuer.name)
    if listed and not any(one.could_seal(act.last) for one in listed):
        raise not_proved(act, issuer.name)
    path = path_of(case, act, case.seal.certificate, case.seal.chain, at_claim=False)
    if not set(case.seal.chain) <= set(path.certificates):
        raise Fails("The seal brings certificates that do not belong to its path.")
    return Told("The seal of {name} could be believed when the file was sealed.", name=issuer.name)


def _without_stamp(act: Act) -> Told:
    if act.proved is None:
        return Told("The file carries no time stamp: when it was signed is only what the signer says.")
    return Told(
        "The file carries no time stamp: that it existed at {moment} is what the log says.",
        moment=moment_text(act.proved),
    )


def officer_path(case: Case) -> Told:
    """10. The officer's certificate leads to a trust anchor and was not revoked when the officer certified."""
    act = certification(case)
    path = path_of(case, act, case.officer.certificate, case.officer.chain, at_claim=True)
    require_key_kept(case, act, case.officer.certificate, case.officer.chain)
    return Told(
        "The certificate of {name} leads to {anchor} and was not revoked.",
        name=display_name(path.leaf.subject),
        anchor=display_name(path.anchor.subject),
    )


def officer_named(case: Case) -> Told:
    """11. The officer is listed as one who could certify for the sealing agency when certifying."""
    act, digest = certification(case), fingerprint(case.officer.certificate)
    entries = [one for one in case.issuer.officers if digest in one.certificate_sha256]
    if not entries:
        raise Fails(
            "{name} is not listed as an officer of {agency}.",
            name=display_name(case.officer.certificate.subject),
            agency=case.issuer.name,
        )
    if not any(held_then(act, one.could_certify) for one in entries):
        raise Fails(
            "{name} could not certify for {agency} at that time.", name=entries[0].name, agency=case.issuer.name
        )
    if not any(held_until_proved(act, one.could_certify) for one in entries):
        raise not_proved(act, entries[0].name)
    return Told("{name} could certify for {agency}.", name=entries[0].name, agency=case.issuer.name)


def officer_power(case: Case) -> Told:
    """15. Officer and office could act under the agreement that the content names, and the seal is that of the office."""
    content, act = case.content, certification(case)
    if not case.issuer.seals:
        raise Skips("The trust folder does not say under which agreements anybody could certify.")
    digest = fingerprint(case.officer.certificate)
    if not any(
        one.sha256 == fingerprint(case.seal.certificate)
        and one.office == content.issuer.office
        and one.could_seal(sealing(case).claimed)
        for one in case.issuer.seals
    ):
        raise Fails("The seal is not that of the office that the content names.")
    posts = [
        one.could_certify
        for one in case.issuer.officers
        if digest in one.certificate_sha256
        and (one.agreement, one.office) == (content.agreement, content.issuer.office)
    ]
    powers = [partial(one.covers, content.agreement) for one in _powers_of_office(case)]
    for name, rights in ((content.certification.signatory.name, posts), (content.issuer.office_name, powers)):
        if not any(held_then(act, one) for one in rights):
            raise Fails(
                "{name} could not certify under the agreement {agreement} at that office.",
                name=name,
                agreement=content.agreement,
            )
        if not any(held_until_proved(act, one) for one in rights):
            raise not_proved(act, name)
    list_is_current(case)
    validity_warning(case, content.valid_until)
    return Told(
        "{name} could certify under the agreement {agreement} at {office}.",
        name=content.certification.signatory.name,
        agreement=content.agreement,
        office=content.issuer.office_name,
    )


def _powers_of_office(case: Case) -> tuple[Power, ...]:
    """What the office that the content names could issue, by the trust list."""
    register = case.trust.register
    agency = None if register is None else register.trust.agency(case.issuer.agency)
    offices = () if agency is None else agency.offices
    return next((one.powers for one in offices if one.code == case.content.issuer.office), ())


def _holds(case: Case, field: SignatureField, container: Container) -> None:
    first, second = field.byte_range[1], field.byte_range[2]
    covered = memoryview(case.file.data)
    parts = (bytes(covered[:first]), bytes(covered[second : second + field.byte_range[3]]))
    if not container.digest_agrees(parts):
        raise Fails("The bytes under the signature {field} were changed.", field=field.name)
    if not container.signature_holds():
        raise Fails("The signature {field} was not made by the key of its certificate.", field=field.name)
