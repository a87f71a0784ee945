"""Certificates and applications as content: exact round trip, and refusal of everything that is not exactly it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.samples import KENYA, application, certificate
from udgam.rules.agreements import load_agreement
from udgam.rules.content import (
    ContentRefused,
    Signatory,
    canonical_json,
    certificate_from_application,
    content_bytes,
    content_digest,
    read_application,
    read_content,
)
from udgam.rules.content.reading import LARGEST_CONTENT
from udgam.rules.plain import ShapeRefused, to_plain


def test_a_certificate_and_an_application_read_back_equal() -> None:
    assert read_content(content_bytes(certificate())) == certificate()
    assert read_application(content_bytes(application())) == application()


def test_the_digest_is_that_of_the_bytes() -> None:
    assert content_digest(certificate()) == hashlib.sha256(content_bytes(certificate())).hexdigest()


def test_amounts_are_text_and_keep_their_scale() -> None:
    plain = json.loads(content_bytes(certificate()))
    assert plain["items"][0]["fob"] == "12600.00"
    assert plain["items"][0]["quantity"] == "2000.000"
    assert plain["format"] == "udgam.certificate/2"
    large = certificate(items=(replace(certificate().items[0], fob=Decimal("1E+3")),))
    assert json.loads(content_bytes(large))["items"][0]["fob"] == "1000"


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=Decimal("-1E12"), max_value=Decimal("1E12"), places=3)
)
def test_every_amount_reads_back_equal(amount: Decimal) -> None:
    content = certificate(items=(replace(certificate().items[0], fob=amount),))
    assert read_content(content_bytes(content)).items[0].fob == amount


def test_an_amount_that_is_no_number_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="finite"):
        content_bytes(certificate(items=(replace(certificate().items[0], fob=Decimal("NaN")),)))


def test_the_certificate_takes_over_what_was_signed() -> None:
    applied, issued = application(), certificate()
    assert issued.declaration.application_sha256 == content_digest(applied)
    assert (issued.items, issued.invoices, issued.transport) == (applied.items, applied.invoices, applied.transport)
    assert issued.exporter.name == applied.exporter.name
    assert issued.issued_on == date(2026, 11, 22)
    assert issued.title == "CERTIFICATE OF ORIGIN (NON-PREFERENTIAL)"


def test_a_personal_identifier_of_the_exporter_is_not_printed() -> None:
    # The IEC of a proprietor is a PAN, so it stays in the application.
    assert application().exporter.iec.encode() not in content_bytes(certificate())


def test_another_agreement_than_the_one_applied_for_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="another agreement"):
        certificate_from_application(
            application(scheme="013"),
            agreement=load_agreement("NP"),
            number="SEC/2026/016/0000081A/00000002",
            place="Mumbai",
            issued_on=date(2026, 11, 22),
            signatory=certificate().certification.signatory,
        )


def plain() -> dict[str, Any]:
    value: dict[str, Any] = to_plain(certificate())
    return value


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in plain().items() if key != name}


@pytest.mark.parametrize(
    ("data", "error", "code"),
    [
        (b"", ContentRefused, "content.not_json"),
        (b"\xff\xfe", ContentRefused, "content.not_json"),
        (b"%PDF-1.7", ContentRefused, "content.not_json"),
        (b"[]", ContentRefused, "content.not_json"),
        (b"[" * 200_000, ContentRefused, "content.not_json"),
        (b"9" * 10_000, ContentRefused, "content.not_json"),
        (b" " * (LARGEST_CONTENT + 1), ContentRefused, "content.size"),
        (b"{}", ContentRefused, "content.format_unknown"),
        (b'{"format":"udgam.certificate/3"}', ContentRefused, "content.format_unknown"),
        (b'{"format":["udgam.certificate/1"]}', ContentRefused, "content.format_unknown"),
        (content_bytes(application()), ContentRefused, "content.format_unknown"),
        (b'{"format":"udgam.certificate/1","format":"udgam.certificate/1"}', ContentRefused, "content.duplicate_name"),
        (b'{"format":"udgam.certificate/1","x":1.5}', ContentRefused, "content.float"),
        (b'{"format":"udgam.certificate/1","x":NaN}', ContentRefused, "content.float"),
        (canonical_json(plain() | {"extra": 1}), ShapeRefused, "shape.unknown"),
        (canonical_json(without("number")), ShapeRefused, "shape.missing"),
        (canonical_json(without("replaces")), ShapeRefused, "shape.missing"),
        (canonical_json(plain() | {"items": {}}), ShapeRefused, "shape.type"),
        (canonical_json(plain() | {"number": 7}), ShapeRefused, "shape.type"),
        (canonical_json(plain() | {"remarks": [None]}), ShapeRefused, "shape.type"),
        (content_bytes(certificate()) + b"\n", ContentRefused, "content.not_canonical"),
        (json.dumps(plain()).encode(), ContentRefused, "content.not_canonical"),
        (content_bytes(certificate()).replace(b"Kenya", b"\\u004benya"), ContentRefused, "content.not_canonical"),
        (b"\xef\xbb\xbf" + content_bytes(certificate()), ContentRefused, "content.not_json"),
    ],
    ids=lambda value: value[:30].decode("latin-1") if isinstance(value, bytes) else None,
)
def test_bytes_that_are_not_exactly_a_certificate_are_refused(
    data: bytes, error: type[ContentRefused | ShapeRefused], code: str
) -> None:
    with pytest.raises(error) as caught:
        read_content(data)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fob", "1e3"),
        ("fob", "01.00"),
        ("fob", " 1"),
        ("fob", "١"),
        ("fob", "-0"),
        ("fob", "1" * 41),
        ("fob", ""),
        ("fob", 12),
        ("packages", True),
        ("packages", "40"),
        ("packages", None),
    ],
)
def test_numbers_have_one_writing(name: str, value: object) -> None:
    changed = plain()
    changed["items"][0][name] = value
    with pytest.raises((ShapeRefused, ContentRefused)):
        read_content(canonical_json(changed))


@pytest.mark.parametrize(
    "value", ["20261118", "2026-11-18T00:00:00", "2026-W47-3", "18-11-2026", "2026-02-30", 20261118]
)
def test_dates_have_one_writing(value: object) -> None:
    changed = plain()
    changed["invoices"][0]["date"] = value
    with pytest.raises(ShapeRefused) as caught:
        read_content(canonical_json(changed))
    assert caught.value.params["where"] == "invoices[0].date"


def _change_item(**changes: Any) -> Callable[[], Any]:
    return lambda: certificate(items=(replace(certificate().items[0], **changes), certificate().items[1]))


@pytest.mark.parametrize(
    "changed",
    [
        _change_item(fob=Decimal("12600.0")),
        _change_item(marks="MMS 1-41"),
        _change_item(gross_weight=None),
        lambda: certificate(remarks=("x",)),
        lambda: certificate(replaces="SEC/2026/016/0000081A/00000001"),
        lambda: certificate(destination=replace(KENYA, name="KENYA")),
        lambda: certificate(items=tuple(reversed(certificate().items))),
    ],
)
def test_every_change_changes_the_digest(changed: Callable[[], Any]) -> None:
    assert content_digest(changed()) != content_digest(certificate())


@given(st.binary(max_size=200))
def test_no_bytes_break_the_readers(data: bytes) -> None:
    for read in (read_content, read_application):
        with pytest.raises((ContentRefused, ShapeRefused)):
            read(data)


def test_a_signatory_without_an_end_reads_back() -> None:
    issued = certificate()
    signatory = Signatory(
        name="Meera Kulkarni",
        designation="Joint Director",
        certificate_sha256="cd" * 32,
        authorised_from=date(2026, 1, 1),
        authorised_until=None,
    )
    open_ended = replace(issued, certification=replace(issued.certification, signatory=signatory))
    assert read_content(content_bytes(open_ended)) == open_ended


def test_the_first_edition_is_written_without_what_came_later() -> None:
    plain = json.loads(content_bytes(certificate(format="udgam.certificate/1")))
    assert "salt" not in plain
    assert "criterion_text" not in plain["items"][0]
    assert "issuer" not in plain["invoices"][0]
    assert "document_kind" not in plain["transport"]


def test_the_first_edition_cannot_state_what_came_later() -> None:
    with pytest.raises(ContentRefused, match="later edition") as refused:
        content_bytes(certificate(format="udgam.certificate/1", salt="ab" * 16))
    assert refused.value.code == "content.later_edition"
    plain = json.loads(content_bytes(certificate(format="udgam.certificate/1")))
    plain["items"][0]["criterion_text"] = ""
    with pytest.raises(ContentRefused) as refused:
        read_content(canonical_json(plain))
    assert refused.value.code == "content.later_edition"


def test_the_second_edition_states_every_field() -> None:
    plain = json.loads(content_bytes(certificate()))
    del plain["salt"]
    with pytest.raises(ShapeRefused, match="salt"):
        read_content(canonical_json(plain))
