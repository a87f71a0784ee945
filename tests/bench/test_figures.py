"""The benchmarks run, and print every figure that is promised, each on one line. No time is judged here."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from bench.figure import Figure

from bench import desk
from tests.architecture.source import ROOT
from tests.rooms.sandbox.test_sample import environment, left_behind, temporary_folder

LINE = re.compile(
    r"(?P<name>.+) (?P<value>[\d.,e+-]+) (?P<unit>.+) \(baseline (?P<baseline>.+) [\d.,e+-]+, ratio [\d.,e+-]+\)"
)
STAGES = (
    "freeze and lint",
    "verify certification",
    "code and credential",
    "page",
    "officer's signature",
    "seal",
    "own check",
)
PROMISED = {
    "token": [
        *(
            f"token check {when}, {size} CRL"
            for when in ("cold", "after a restart", "warm")
            for size in ("small", "50,000-entry")
        ),
        "token check warm, large against small CRL",
    ],
    "origin": [
        "origin: one decision, 10 materials",
        "origin: decision with its derivation in canonical JSON",
        "origin: 100 product-destination comparisons",
        "origin: memory held after comparisons",
    ],
    "issue": [
        *(f"issue: {stage}" for stage in STAGES),
        "issue: whole certificate",
        "issue: page, code, credential and one signature",
        "issue: page, two signatures and stamp",
        "issue: everything but our own check",
        "issue: whole with our own check",
    ],
    "check": [
        "check: signed code, trust list and status list",
        "check: signed code, with its proof from the log",
        "check: credential",
        "check: file as issued (B-LT)",
        "check: file with an archive stamp (B-LTA)",
    ],
    "register": [
        "register: one update, written",
        "register: one update, work",
        "reseal: certificates on two processors",
        "reseal: 2.5 million on two processors",
    ],
    "cycle": [
        *(
            f"cycle: {stage}"
            for stage in (
                *STAGES[1:],
                "time stamp asked and read",
                "record, audit and files",
                "database",
                "page, code, credential, one signature, audit and database",
                "whole with own check, audit and database",
                "whole with own check, audit and database, against",
            )
        ),
        "reseal with the database, two processors",
        "reseal with the database: 2.5 million on two processors",
    ],
    "desk": [
        f"{page}, {kind} with 2,000 applications"
        for kind in ("p95", "median")
        for page in (
            "queue",
            "queue, second page by arrival",
            "queue, what is free",
            "queue, search by invoice",
            "case page",
            "exporter's list",
            "exporter's list, issued",
            "verification look-up",
        )
    ],
    "verification": [
        "verification page by number",
        "verification page by number, work of the site",
        "verification page, one after the other",
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(PROMISED))
def test_every_promised_figure_is_printed_and_nothing_stays(name: str) -> None:
    with temporary_folder() as temporary:
        result = subprocess.run(
            [sys.executable, "-m", "bench", "--quick", "--only", name],
            cwd=ROOT,
            env=environment(temporary),
            capture_output=True,
            text=True,
            timeout=1500,
            check=False,
        )
        left = left_behind(temporary)
    assert result.returncode == 0, result.stdout + result.stderr
    lines = [line for line in result.stdout.splitlines() if not line.startswith("#")]
    found = [LINE.fullmatch(line) for line in lines]
    assert None not in found, lines
    assert sorted(match["name"] for match in found if match) == sorted(PROMISED[name])
    assert "# Machine: " in result.stdout
    assert left == []


def test_the_bench_asks_ten_thousand_and_a_million_rows_unless_told_otherwise() -> None:
    assert (desk.SMALL, desk.LARGE) == (10_000, 1_000_000)


def test_a_figure_reads_as_the_contract_has_it() -> None:
    figure = Figure("token check warm", 1.234, "ms", "small CRL", 2.0)
    assert str(figure) == "token check warm 1.23 ms (baseline small CRL 2, ratio 0.617)"
    assert figure.ratio == pytest.approx(0.617)


def test_an_unknown_name_is_refused() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "bench", "--only", "weather"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "weather" in result.stderr


@pytest.mark.django_db
def test_the_rows_of_the_desk_are_copied_by_the_database_in_one_statement_a_table() -> None:
    assert {"applications_application", "issuance_certificate", "audit_act"} <= set(desk._PARTS)
    for table, how in desk._PARTS.items():
        statement = desk._copy_statement(table, **how)
        assert statement.startswith(f"INSERT INTO {table} (")
        assert statement.count("INSERT") == 1
        assert "FROM bench_new AS new JOIN" in statement
