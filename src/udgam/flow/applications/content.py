"""From the rows to the content that is signed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal, cast

from udgam.flow.applications.models import Application
from udgam.flow.applications.queries import open_discrepancy
from udgam.flow.registration.queries import firm_record
from udgam.ground.reference.countries import country
from udgam.ground.reference.harmonised_system import EDITION
from udgam.rules.agreements import load_agreement
from udgam.rules.content import (
    Applicant,
    ApplicationContent,
    ApplicationDeclaration,
    AttachedDocument,
    CertificateContent,
    Country,
    Invoice,
    Item,
    Party,
    Signatory,
    Transport,
    certificate_from_application,
)
from udgam.rules.duties import current_declaration
from udgam.rules.firm import Address
from udgam.rules.numbers import indian_date

INDIA = Country(code="IN", name="India")


def _country(code: str) -> Country:
    found = country(code)
    return Country(code=code, name=found.name if found else code)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _address_lines(address: dict[str, Any]) -> tuple[str, ...]:
    return tuple(Address(**address).lines)


def _applicant(application: Application) -> Applicant:
    exporter, branch = application.exporter, application.branch
    if branch is None:
        raise ValueError("an application without a branch cannot be signed")
    record = firm_record(exporter)
    address = _address_lines(branch.address) if branch.code else tuple(record.registered_office.lines)
    return Applicant(
        iec=exporter.iec,
        registration_number=exporter.registration_number,
        name=record.name,
        address=address,
        country=INDIA,
        branch=branch.code or None,
        gstin=branch.gstin or None,
        sez_state=branch.sez_state_code or None,
    )


def _items(application: Application, invoice: str) -> tuple[Item, ...]:
    return tuple(
        Item(
            number=row.position,
            marks=row.marks,
            packages=row.packages,
            package_kind=row.package_kind,
            description=row.description,
            hs_code=row.hs_code,
            criterion=load_agreement(application.agreement).criteria[0].code,
            quantity=row.quantity.normalize() + 0,
            unit=row.unit,
            gross_weight=row.gross_weight.normalize() + 0 if row.gross_weight is not None else None,
            fob=row.fob,
            currency=row.currency,
            invoice=invoice,
        )
        for row in application.items.all()
    )


def application_content(application: Application, *, number: str, version: int, now: datetime) -> ApplicationContent:
    """What the application says at `now`, as it will be signed. The application must be complete."""
    agreement = load_agreement(application.agreement)
    office = application.office
    if office is None:
        raise ValueError("an application without an office cannot be signed")
    invoices = tuple(Invoice(number=row.number, date=row.date) for row in application.invoices.all())
    destination = _country(application.destination)
    today = indian_date(now)
    discrepancy = open_discrepancy(application)
    return ApplicationContent(
        number=number,
        version=version,
        agreement=agreement.code,
        scheme=agreement.scheme,
        agency=office.agency.code,
        agency_name=office.agency.name,
        office=office.code,
        office_name=office.name,
        exporter=_applicant(application),
        consignee=Party(
            name=application.consignee_name,
            address=_lines(application.consignee_address),
            country=_country(application.consignee_country),
        ),
        destination=destination,
        transport=Transport(
            mode=cast(Any, application.transport_mode),
            shipment=cast(Literal["before", "after"], application.shipment),
            vessel=application.vessel or None,
            departure=application.departure,
            port_of_loading=application.port_of_loading or None,
            port_of_discharge=application.port_of_discharge or None,
            route=application.route or None,
        ),
        postal_delivery=application.postal_delivery,
        hs_edition=EDITION,
        invoices=invoices,
        items=_items(application, invoices[0].number if invoices else ""),
        documents=tuple(
            AttachedDocument(
                kind=row.kind,
                title=row.title,
                media_type=row.document.media_type,
                size=row.document.size,
                sha256=row.document.sha256,
            )
            for row in application.documents.select_related("document")
        ),
        comments=application.comments,
        answer=discrepancy.answer if discrepancy else None,
        declaration=ApplicationDeclaration(
            version=current_declaration(today).version,
            text=agreement.declaration.format(destination=destination.name),
            goods_at=application.goods_at,
            grounds=application.grounds,
            place=application.place,
            date=today,
            name=application.declarant_name,
            designation=application.declarant_designation,
        ),
    )


def provisional_certificate(application: ApplicationContent, on: date) -> CertificateContent:
    """What the certificate would say if it were issued on that day. The issuer's part is left open: nobody has signed."""
    nobody = Signatory(
        name="(to be signed)", designation="", certificate_sha256="0" * 64, authorised_from=on, authorised_until=on
    )
    return certificate_from_application(
        application,
        agreement=load_agreement(application.agreement),
        number=application.number,
        place=application.office_name,
        issued_on=on,
        signatory=nobody,
    )
