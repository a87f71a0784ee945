from __future__ import annotations

from datetime import UTC, datetime

import pytest

from udgam.ground.connectors.iec_import import FileUnusable, read_records
from udgam.rules.firm import Address, Branch, FirmPerson, FirmRecord

NOW = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
HEADER = "row,iec,name,name_as_per_pan,pan,status,constitution,email,mobile,role,pan_sha256,branch_code,line1,line2,city,state,pin,as_of"
FIRM = "firm,0305900017,Malabar Monsoon Spices,Malabar Monsoon Spices,ZZZCM0102B,active,company,a@b.example,+91 99999 00102,,,,12 Road,,Kochi,Kerala,682002,2026-11-20"
PERSON = f"person,0305900017,Ravi Menon,,,,,,9999900201,Managing Director,{'ab' * 32},,3 Lane,,Kochi,Kerala,682002,"
BRANCH = "branch,0305900017,,,,,,,,,,7,7 Quay,,Kochi,Kerala,682003,"


def lines(*rows: str) -> bytes:
    return "\r\n".join([HEADER, *rows]).encode()


def test_a_firm_with_its_people_and_branches_is_read() -> None:
    result = read_records(lines(PERSON, FIRM, BRANCH, ""), now=NOW)
    assert result.problems == ()
    assert result.records == (
        FirmRecord(
            iec="0305900017",
            name="Malabar Monsoon Spices",
            name_as_per_pan="Malabar Monsoon Spices",
            pan="ZZZCM0102B",
            status="active",
            constitution="company",
            registered_office=Address(line1="12 Road", city="Kochi", state="Kerala", pin="682002"),
            email="a@b.example",
            mobile="9999900102",
            people=(
                FirmPerson(
                    name="Ravi Menon",
                    role="managing_director",
                    address=Address(line1="3 Lane", city="Kochi", state="Kerala", pin="682002"),
                    mobile="9999900201",
                    pan_hash="ab" * 32,
                ),
            ),
            branches=(Branch(code="7", address=Address(line1="7 Quay", city="Kochi", state="Kerala", pin="682003")),),
            fetched_at=result.records[0].fetched_at,
            source="import",
        ),
    )
    assert result.records[0].fetched_at.astimezone(UTC) == datetime(2026, 11, 19, 18, 30, tzinfo=UTC)


def test_semicolons_a_byte_order_mark_and_devanagari_are_read() -> None:
    data = "\ufeffrow;iec;name;status;line1\nfirm;ZZZPT0114P;काशी सिल्क वस्त्र;inactive;5 Ghat\n".encode()
    [firm] = read_records(data, now=NOW).records
    assert (firm.name, firm.status, firm.constitution, firm.fetched_at) == ("काशी सिल्क वस्त्र", "inactive", "other", NOW)
    assert firm.pan is None


@pytest.mark.parametrize(
    ("rows", "line", "column"),
    [
        ([FIRM.replace("0305900017", "305900017")], 2, "iec"),
        ([FIRM.replace("active", "alive")], 2, "status"),
        ([FIRM.replace("company", "circus")], 2, "constitution"),
        ([FIRM.replace("a@b.example", "nobody")], 2, "email"),
        ([FIRM.replace("+91 99999 00102", "12")], 2, "mobile"),
        ([FIRM.replace("ZZZCM0102B", "ZZZ")], 2, "pan"),
        ([FIRM.replace("2026-11-20", "20/11/2026")], 2, "as_of"),
        ([FIRM.replace("2026-11-20", "2027-01-01")], 2, "as_of"),
        ([FIRM.replace("Malabar Monsoon Spices,Malabar", ",Malabar")], 2, "name"),
        ([FIRM.replace("12 Road", "x" * 301)], 2, "line1"),
        ([FIRM, FIRM], 3, "iec"),
        ([FIRM, BRANCH, BRANCH], 4, "branch_code"),
        ([FIRM, PERSON.replace("ab" * 32, "ab")], 3, "pan_sha256"),
        ([FIRM, PERSON.replace("Managing Director", "Astrologer")], 3, "role"),
        ([FIRM, PERSON.replace("Ravi Menon", "")], 3, "name"),
        ([FIRM, BRANCH.replace("branch,", "twig,")], 3, "row"),
        ([PERSON], 2, "row"),
    ],
)
def test_a_firm_with_a_problem_is_named_and_left_out_while_others_are_taken(
    rows: list[str], line: int, column: str
) -> None:
    other = FIRM.replace("0305900017", "ZZZPT0114P")
    result = read_records(lines(*rows, other), now=NOW)
    assert [firm.iec for firm in result.records] == ["ZZZPT0114P"]
    assert [(problem.line, problem.column) for problem in result.problems] == [(line, column)]
    assert result.problems[0].message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"a\x00b",
        b"iec,name\n",
        b"row,iec,name,colour\n",
        b"row,iec,name\nfirm,0305900017,A,B,C\n",
        b'row,iec,name\nfirm,0305900017,"A\n',
        b"row,iec,name\nfirm,0305900017," + b"x" * 200_000,
        b"x" * (50 * 1024 * 1024 + 1),
    ],
    ids=["empty", "not-utf8", "nul", "no-row", "unknown-column", "too-many-cells", "open-quote", "huge-cell", "huge"],
)
def test_what_is_not_such_a_file_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(FileUnusable):
        read_records(data, now=NOW)
