"""From a signed application to the content of the certificate it asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from udgam.rules.content.application import ApplicationContent
from udgam.rules.content.certificate import CertificateContent, Certification, Declaration, Issuer, Signatory
from udgam.rules.content.parts import Party, RuleData
from udgam.rules.content.reading import content_digest

if TYPE_CHECKING:
    from udgam.rules.agreements import Agreement


def certificate_from_application(
    application: ApplicationContent,
    *,
    agreement: Agreement,
    number: str,
    place: str,
    issued_on: date,
    signatory: Signatory,
    remarks: tuple[str, ...] = (),
    replaces: str | None = None,
    marks: tuple[str, ...] | None = None,
    retrospective: str | None = None,
    valid_until: date | None = None,
    rules: RuleData | None = None,
    status_index: int | None = None,
    salt: str | None = None,
    replaced_on: date | None = None,
    application_sha256: str = "",
) -> CertificateContent:
    """The content of certificate ``number``: what the exporter signed, with the issuer's own part added, nothing altered.

    ``place`` is the office's town, ``issued_on`` the date of issue in India. ``marks`` are the issuer's, or None for those the
    exporter asked for; ``rules`` are the issuer's, or None for those the application names. Raises ``ValueError`` when the agreement is not
    the one applied for. Whoever has the canonical bytes of the application hands in their ``application_sha256``.
    """
    if application.agreement != agreement.code or application.scheme != agreement.scheme:
        raise ValueError("the application was made under another agreement")
    declared = application.declaration
    return CertificateContent(
        number=number,
        application_number=application.number,
        agreement=agreement.code,
        scheme=agreement.scheme,
        title=agreement.title,
        issuer=Issuer(
            agency=application.agency,
            agency_name=application.agency_name,
            office=application.office,
            office_name=application.office_name,
            place=place,
        ),
        exporter=Party(
            name=application.exporter.name,
            address=application.exporter.address,
            country=application.exporter.country,
        ),
        consignee=application.consignee,
        destination=application.destination,
        transport=application.transport,
        hs_edition=application.hs_edition,
        invoices=application.invoices,
        items=application.items,
        remarks=remarks,
        declaration=Declaration(
            text=declared.text,
            place=declared.place,
            date=declared.date,
            name=declared.name,
            designation=declared.designation,
            application_sha256=application_sha256 or content_digest(application),
        ),
        certification=Certification(text=agreement.certification, place=place, date=issued_on, signatory=signatory),
        replaces=replaces if replaces is not None else application.in_lieu_of,
        producer=application.producer,
        third_party=application.third_party,
        shipping_bills=tuple(replace(bill, invoice=None) for bill in application.shipping_bills),
        marks=application.marks if marks is None else marks,
        retrospective=retrospective if retrospective is not None else application.retrospective,
        valid_until=valid_until,
        rules=rules if rules is not None else application.rules,
        status_index=status_index,
        salt=salt,
        replaced_on=replaced_on,
        exporter_iec=application.exporter.iec
        if any(box.fills == "signatory-reference" for box in agreement.boxes)
        else None,
    )
