"""Registered firms for the tests of other rooms, made by the services without any network."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from tests.rooms.registration import attempts
from udgam.flow.registration import services
from udgam.flow.registration.models import Exporter, Registration
from udgam.flow.registration.places import TaxPlace, firm_pan, places_of
from udgam.ground.audit.actors import ANONYMOUS
from udgam.parties.accounts.models import Person
from udgam.rules.binding import CLASS_3
from udgam.rules.firm import Address, Branch, FirmPerson, FirmRecord
from udgam.sandbox import cast


def firm_record(key: str = "spices", *, now: datetime | None = None, **changed: Any) -> FirmRecord:
    """The record of a firm of the cast, as the connector would make it from the extension."""
    return record_of(cast.firm_by_key(key), now=now, **changed)


def record_of(firm: cast.Firm, *, now: datetime | None = None, **changed: Any) -> FirmRecord:
    """The record of any fictional firm."""

    def address(given: cast.Address) -> Address:
        return Address(line1=given.line1, line2=given.line2, city=given.city, state=given.state, pin=given.pin)

    values: dict[str, Any] = {
        "iec": firm.iec,
        "name": firm.name,
        "name_as_per_pan": firm.name,
        "pan": firm.pan,
        "status": "active" if firm.active else "inactive",
        "constitution": firm.constitution,
        "registered_office": address(firm.office),
        "email": firm.email,
        "mobile": firm.mobile,
        "people": tuple(
            FirmPerson(
                name=person.name,
                role=person.role.replace("-", "_"),
                pan_hash=cast.pan_hash(person.pan) if person.pan_published else None,
            )
            for person in firm.people
        ),
        "branches": tuple(Branch(code=str(each.code), address=address(each.address)) for each in firm.branches),
        "fetched_at": now or timezone.now(),
        "source": "api",
    }
    return FirmRecord(**{**values, **changed})


def certificate_for(
    holder: str, *, iec: str | None, organisation: str = "Personal", pan: str | None = None
) -> x509.Certificate:
    """A class 3 signature certificate that nobody issued; good where the path is not looked at."""
    key = ec.generate_private_key(ec.SECP256R1())
    parts = [
        x509.NameAttribute(NameOID.COMMON_NAME, holder),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
    ]
    if iec:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"IEC {iec}"))
    if pan:
        parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, cast.pan_hash(pan)))
    name = x509.Name(parts)
    now = timezone.now()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=700))
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .add_extension(
            x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier(CLASS_3), None)]), critical=False
        )
        .sign(key, hashes.SHA256())
    )


def agreed_attempt(
    record: FirmRecord, *, certificate: x509.Certificate | None = None, now: datetime | None = None
) -> Registration:
    """An attempt that has come as far as the details page; without a certificate the first person's, made up."""
    held = certificate or certificate_for(record.people[0].name, iec=record.iec)
    return attempts.agreed_attempt(record, certificate=held, now=now)


def tax_places(record: FirmRecord) -> dict[str, TaxPlace]:
    """A right GSTIN for every branch."""
    pan = firm_pan(record) or ""
    return {place.code: TaxPlace(gstin=cast.gstin(place.state_code, pan)) for place in places_of(record)}


def register_firm(
    firm_key: str = "spices", *, certificate: x509.Certificate | None = None, now: datetime | None = None
) -> tuple[Exporter, Person]:
    """A registered firm of the cast and its person, ready to file. `certificate` is what it registered with."""
    record = firm_record(firm_key, now=now)
    attempt = agreed_attempt(record, certificate=certificate, now=now)
    exporter = services.complete_registration(
        attempt_id=attempt.public_id,
        places=tax_places(record),
        aeo="",
        actor=ANONYMOUS,
        now=now or timezone.now(),
    )
    person = Person.objects.get(username=record.iec)
    person.set_password("seven-green-boats")
    person.must_change_password = False
    person.save()
    return exporter, person
