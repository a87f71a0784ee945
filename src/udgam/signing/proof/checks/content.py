"""Steps 12 to 14, 19 and 20: does the file say what was certified, and only that?"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pyhanko.sign.fields import MDPPerm

from udgam.rules.content import read_content
from udgam.signing.proof import names
from udgam.signing.proof.checks.case import Case
from udgam.signing.proof.checks.existence import MOST_BETWEEN, certification
from udgam.signing.proof.checks.moments import moment_text
from udgam.signing.proof.file import SignatureField
from udgam.signing.proof.revisions import RevisionChanged, require_only_added
from udgam.signing.proof.told import Fails, Told
from udgam.signing.trust import NoRevocation, fingerprint
from udgam.signing.trust.detached import verify_detached

_INDIA = ZoneInfo("Asia/Kolkata")
_DID_WEB = "did:web:"


def content_present(case: Case) -> Told:
    """12. The content is attached once, in a format we know and in its one canonical form."""
    attached = case.file.attachment(names.CONTENT_ATTACHMENT)
    if attached is None:
        raise Fails("The attachment {name} is missing or there more than once.", name=names.CONTENT_ATTACHMENT)
    if attached.relationship != "Data" or attached.media_type != "application/json":
        raise Fails("The attachment {name} is not marked as the data of this document.", name=names.CONTENT_ATTACHMENT)
    case.content, case.content_bytes = read_content(attached.data), attached.data
    return Told("The content is attached in the format {format}, in canonical form.", format=case.content.format)


def content_certified(case: Case) -> Told:
    """13. The same officer signed the content itself: the act of certifying."""
    attached = case.file.attachment(names.CERTIFICATION_ATTACHMENT)
    if attached is None:
        raise Fails("The attachment {name} is missing or there more than once.", name=names.CERTIFICATION_ATTACHMENT)
    act = certification(case)
    # The certificate is the one whose path and revocation step 10 proved, so the path alone is walked again here, as of the signing.
    signed = verify_detached(
        attached.data,
        case.content_bytes,
        store=case.trust.store,
        revocation=NoRevocation(),
        at=min(act.claimed, case.sealed_at),
    )
    if fingerprint(signed.certificate) != fingerprint(case.officer.certificate):
        raise Fails("The content and the page were signed by different people.")
    named = case.content.certification.signatory
    if fingerprint(signed.certificate) != named.certificate_sha256:
        raise Fails("The content names {name} with another certificate as its signatory.", name=named.name)
    case.certified_at = signed.signing_time
    said = {"name": named.name, "moment": moment_text(signed.signing_time)}
    if act.proved is None and case.token is not None:
        raise Fails(
            "{name} signed this content with the date {moment}, but the first proof of it at hand is of {proved}, which is too long "
            "after: it may be dated back. The evidence of the register (its log, or the bundle of the certificate) would show the issue.",
            proved=moment_text(act.until),
            **said,
        )
    page_signed = case.officer_field.claimed_at
    if not isinstance(page_signed, datetime) or abs(page_signed - signed.signing_time) > MOST_BETWEEN:
        raise Fails(
            "{name} signed this content at {moment}, but the page at another time: they do not belong together.", **said
        )
    if act.by_log:
        proved = moment_text(act.last)
        return Told(
            "{name} signed exactly this content at {moment}; the log holds it since {proved}.", proved=proved, **said
        )
    return Told("{name} signed exactly this content at {moment}.", **said)


def content_agrees(case: Case) -> Told:
    """14. Content, seal, date and the metadata of the file agree with each other."""
    content = case.content
    if content.issuer.agency != case.issuer.agency:
        raise Fails(
            "The content names the agency {named}; the seal is that of {sealing}.",
            named=content.issuer.agency,
            sealing=case.issuer.agency,
        )
    title = case.file.title or ""
    if title.rpartition(names.TITLE_SEPARATOR)[2] != content.number:
        raise Fails("The number in the document's metadata is not the number in its content.")
    if case.certified_at.astimezone(_INDIA).date() != content.certification.date:
        raise Fails("The date of issue is not the day on which the officer signed.")
    _tell_of_link(case)
    return Told(
        "Number {number}, agency {agency} and date of issue agree in all parts.",
        number=content.number,
        agency=content.issuer.agency,
    )


def _tell_of_link(case: Case) -> None:
    """Warn when the link in the file leads to another host than the register's: a site may move, and what was signed stays what it is."""
    known = _hosts(case)
    for address in case.kept.get("links", ()):
        host = urlsplit(address).hostname or ""
        if known and host not in known:
            case.warnings.append(
                Told(
                    "The link in the file leads to {host}, which is not where the register at hand has its pages: {known}. "
                    "The site may have moved since. Rely on the pages that the register names.",
                    host=host[:100],
                    known=", ".join(sorted(known)),
                )
            )


def _hosts(case: Case) -> frozenset[str]:
    """Where the register that is at hand has its pages: the host of its site, and that in its name, which outlives a change of site.

    Empty when the trust list names no site: then nobody says where certificates are checked.
    """
    register = case.trust.register
    if register is None or not register.trust.site:
        return frozenset()
    addresses = [register.trust.site]
    if register.trust.issuer.startswith(_DID_WEB):
        addresses.append("https://" + unquote(register.trust.issuer.removeprefix(_DID_WEB).partition(":")[0]))
    return frozenset(host for one in addresses if (host := urlsplit(one).hostname))


def unchanged(case: Case) -> Told:
    """19. After the officer signed, nothing but the seal, its evidence and later time stamps was added (DocMDP level 2)."""
    if case.officer_field.signature.docmdp_level != MDPPerm.FILL_FORMS:
        raise Fails("The officer's signature does not forbid later changes.")
    _require_only_added(case, case.officer_field, "The document was changed after the officer signed it.")
    return Told("After the officer's signature only the seal and its evidence were added.")


def archived(case: Case) -> Told:
    """20. Behind the seal stand only evidence and time stamps over the whole file (PAdES B-LTA)."""
    if not case.archive_fields:
        return Told("Nothing was added behind the seal.")
    _require_only_added(case, case.seal_field, "More than evidence and time stamps was added behind the seal.")
    return Told("Behind the seal stand only evidence and {count} time stamps.", count=str(len(case.archive_fields)))


def _require_only_added(case: Case, field: SignatureField, otherwise: str) -> None:
    """Raise `Fails` when a revision behind ``field`` does more than fill the seal, add evidence and add time stamps."""
    end = field.byte_range[2] + field.byte_range[3]
    try:
        require_only_added(case.file.data[:end], case.file.read_again, case.file.written_again)
    except RevisionChanged as error:
        raise Fails(otherwise) from error
