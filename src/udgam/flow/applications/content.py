"""From the rows to the content that is signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast

from udgam.flow.applications.arrangements import asks_for_producer, is_preferential, named_data
from udgam.flow.applications.cost_sheets import cost_sheet_of
from udgam.flow.applications.models import Application, ApplicationItem, CostMaterial
from udgam.flow.applications.origin import claim_with, findings_for, item_with
from udgam.flow.applications.queries import goods_of, open_discrepancy
from udgam.flow.registration.queries import firm_record
from udgam.ground.agreements.queries import agreement_for, agreement_on, rule_data_on, rule_data_under, tables_named
from udgam.ground.reference.countries import country
from udgam.ground.reference.harmonised_system import EDITION
from udgam.rules.agreements import Agreement
from udgam.rules.content import (
    Applicant,
    ApplicationContent,
    ApplicationDeclaration,
    AttachedDocument,
    CertificateContent,
    CostSheet,
    Country,
    DeclaredRupees,
    Invoice,
    Item,
    MaterialRow,
    Party,
    ShippingBill,
    Signatory,
    Transport,
    certificate_from_application,
)
from udgam.rules.duties import current_declaration
from udgam.rules.findings import ItemFinding
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


def _party(name: str, address: str, country_code: str) -> Party | None:
    return Party(name=name, address=_lines(address), country=_country(country_code)) if name else None


def _producer(application: Application, applicant: Applicant) -> Party | None:
    """Who made the goods, as far as the arrangement asks: the exporter, or somebody else by name."""
    if application.producer_kind == "exporter":
        return Party(name=applicant.name, address=applicant.address, country=applicant.country)
    return _party(application.producer_name, application.producer_address, application.producer_country)


def _marks(application: Application, third_party: Party | None) -> tuple[str, ...]:
    """What shall be ticked: what the exporter chose, and what follows from other answers."""
    follows = {
        "retrospective": application.shipment == "after" and bool(application.retrospective),
        "third-party": third_party is not None,
        "in-lieu": bool(application.in_lieu_of),
    }
    chosen = {mark for mark in application.marks if isinstance(mark, str)}
    return tuple(sorted(chosen | {mark for mark, holds in follows.items() if holds}))


def _trimmed(value: Decimal) -> Decimal:
    """An amount without the zeros that the database adds."""
    return value.normalize() + 0


def _items(rows: Sequence[ApplicationItem], agreement: Agreement, first_invoice: str) -> tuple[Item, ...]:
    only = agreement.criteria[0].code if len(agreement.criteria) == 1 else ""
    return tuple(
        Item(
            number=row.position,
            marks=row.marks,
            packages=row.packages,
            package_kind=row.package_kind,
            description=row.description,
            hs_code=row.hs_code,
            criterion=row.criterion or only,
            quantity=_trimmed(row.quantity),
            unit=row.unit,
            gross_weight=_trimmed(row.gross_weight) if row.gross_weight is not None else None,
            fob=row.fob,
            currency=row.currency,
            invoice=row.invoice.number if row.invoice else first_invoice,
            criterion_text=row.criterion_text,
            finding_sha256=row.finding_sha256 or None,
        )
        for row in rows
    )


def _cost_sheets(rows: Sequence[ApplicationItem]) -> tuple[CostSheet, ...]:
    return tuple(
        CostSheet(
            item=row.position,
            wholly_obtained=sheet.wholly_obtained,
            currency=row.currency,
            ex_works=sheet.ex_works,
            labour=sheet.labour,
            overhead=sheet.overhead,
            profit=sheet.profit,
            other=sheet.other,
            cumulate_with=tuple(sorted(sheet.cumulate_with)),
            processes=tuple(sorted(sheet.processes)),
            materials=_materials(list(sheet.materials.all())),
            net_weight_kg=_trimmed(sheet.net_weight_kg) if sheet.net_weight_kg is not None else None,
        )
        for row in rows
        if (sheet := cost_sheet_of(row)) is not None
    )


def _materials(rows: Sequence[CostMaterial]) -> tuple[MaterialRow, ...]:
    numbers = {row.id: number for number, row in enumerate(rows, start=1)}
    return tuple(_material(row, numbers.get(row.part_of_id) if row.part_of_id else None) for row in rows)


def _material(row: CostMaterial, part_of: int | None) -> MaterialRow:
    return MaterialRow(
        description=row.description,
        hs_code=row.hs_code,
        quantity=_trimmed(row.quantity),
        unit=row.unit,
        unit_value=_trimmed(row.unit_value),
        value=row.value,
        basis=cast(Literal["CIF", "price-paid"], row.basis),
        origin=row.origin,
        weight_kg=_trimmed(row.weight_kg) if row.weight_kg is not None else None,
        document_number=row.document_number,
        document_date=row.document_date,
        supplier_name=row.supplier_name,
        supplier_address=row.supplier_address,
        role=cast(Any, row.role),
        part_of=part_of,
        processes=tuple(sorted(row.processes)),
    )


def item_finding(row: ApplicationItem, *, on: date) -> ItemFinding:
    """What is computed of the origin of one line as it stands in the form."""
    application = row.application
    [item] = _items([row], agreement_on(application.agreement, on), "")
    data = rule_data_on(application.agreement, on)
    found = findings_for([item], _cost_sheets([row]), data=data, destination=application.destination, on=on)
    return found[item.number]


def application_content(application: Application, *, number: str, version: int, now: datetime) -> ApplicationContent:
    """What the application says at `now`, as it will be signed. The application must be complete."""
    today = indian_date(now)
    agreement = agreement_on(application.agreement, today)
    office = application.office
    if office is None:
        raise ValueError("an application without an office cannot be signed")
    invoices = tuple(
        Invoice(number=row.number, date=row.date, issuer=cast(Literal["exporter", "third-party"], row.issuer))
        for row in application.invoices.all()
    )
    items = list(goods_of(application))
    applicant = _applicant(application)
    third_party = _party(application.third_party_name, application.third_party_address, application.third_party_country)
    destination = _country(application.destination)
    sheets, lines = _cost_sheets(items), _items(items, agreement, invoices[0].number if invoices else "")
    # Computed at the moment of signing, so that the content names exactly the finding that is kept beside it.
    data = rule_data_under(agreement, today)
    found = findings_for(lines, sheets, data=data, destination=destination.code, on=today)
    lines = tuple(item_with(line, row, found[line.number]) for line, row in zip(lines, items, strict=True))
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
        exporter=applicant,
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
            document_kind=application.document_kind or None,
            document_number=application.document_number or None,
            port_of_loading_code=application.port_of_loading_code or None,
            port_of_discharge_code=application.port_of_discharge_code or None,
        ),
        postal_delivery=application.postal_delivery,
        hs_edition=EDITION,
        invoices=invoices,
        items=lines,
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
        kind="preferential" if is_preferential(application) else "non-preferential",
        producer=_producer(application, applicant) if asks_for_producer(application) else None,
        third_party=third_party,
        rupees=tuple(
            DeclaredRupees(item=row.position, value=row.inr_value, reason=row.inr_reason)
            for row in items
            if row.inr_value is not None
        ),
        shipping_bills=tuple(
            ShippingBill(number=row.number, date=row.date, port=row.port, invoice=row.invoice or None)
            for row in application.shipping_bills.all()
        ),
        cost_sheets=sheets,
        claims=tuple(
            claim_with(row, line, found[line.number]) for row, line in zip(items, lines, strict=True) if row.criterion
        ),
        rules=named_data(agreement),
        tables=tables_named(data) if named_data(agreement) is not None else None,
        marks=_marks(application, third_party),
        retrospective=(application.retrospective or None) if application.shipment == "after" else None,
        in_lieu_of=application.in_lieu_of or None,
    )


def provisional_certificate(application: ApplicationContent, on: date) -> CertificateContent:
    """What the certificate would say if it were issued on that day. The issuer's part is left open: nobody has signed."""
    nobody = Signatory(
        name="(to be signed)", designation="", certificate_sha256="0" * 64, authorised_from=on, authorised_until=on
    )
    return certificate_from_application(
        application,
        agreement=agreement_for(application),
        number=application.number,
        place=application.office_name,
        issued_on=on,
        signatory=nobody,
    )
