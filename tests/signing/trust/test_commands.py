"""``udgam token verify``, ``udgam chain verify`` and ``udgam dsc show``: answers, exit statuses, and that they never write."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.signing.pki import (
    CLASS_2,
    CLASS_3,
    DAY,
    DOCUMENT_SIGNER,
    NOW,
    Credential,
    Pki,
    make_pki,
    make_root,
    name,
    pan_hash,
    write_folder,
)
from tests.signing.trust.evidence import NONCE, ORIGIN, as_bytes, make_token
from udgam.web.commands import chain, dsc, token

AT = NOW.isoformat()


class Bench:
    """A folder with a hierarchy as an operator would lay it out, and a way to run a command in this process."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self.capsys, self.pki = root, capsys, make_pki()
        pem = lambda link: link.certificate.public_bytes(Encoding.PEM)  # noqa: E731
        self.anchors = write_folder(root / "anchors", {"root.pem": pem(self.pki.root)})
        self.above = write_folder(root / "above", {"ca.der": self.pki.ca.der, "sub.pem": pem(self.pki.sub)})
        self.issuing = write_folder(root / "issuing", {"sub.crt": self.pki.sub.der})
        names = ("root", "ca", "sub")
        self.crls = write_folder(root / "crls", {f"{n}.crl": c for n, c in zip(names, self.pki.crls(), strict=True)})

    def file(self, filename: str, data: bytes) -> Path:
        path = self.root / filename
        path.write_bytes(data)
        return path

    def run(self, module: ModuleType, *words: str | Path) -> tuple[int, str]:
        parser = argparse.ArgumentParser()
        module.add_arguments(parser)
        before = self.listing()
        try:
            status = module.run(parser.parse_args([str(word) for word in words]))
        except SystemExit as stop:
            status = int(stop.code or 0)
        out, err = self.capsys.readouterr()
        assert "Traceback" not in out + err
        assert self.listing() == before, "a command that looks never writes"
        return status, out

    def listing(self) -> list[tuple[str, int, int]]:
        return sorted((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in self.root.rglob("*"))

    def answer(self, module: ModuleType, *words: str | Path) -> tuple[int, dict[str, Any]]:
        status, out = self.run(module, *words, "--json")
        (line,) = out.splitlines()
        return status, json.loads(line)

    def token(
        self, path: Path, *words: str | Path, origin: str = ORIGIN, nonce: str = NONCE
    ) -> tuple[int, dict[str, Any]]:
        return self.answer(token, "verify", path, "--origin", origin, "--nonce", nonce, "--at", AT, *words)

    def chain(self, leaf: Credential | Path, *words: str | Path) -> tuple[int, dict[str, Any]]:
        path = leaf if isinstance(leaf, Path) else self.file("leaf.der", leaf.der)
        return self.answer(chain, "verify", path, "--at", AT, *words)


@pytest.fixture
def bench(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Bench:
    return Bench(tmp_path, capsys)


@pytest.fixture
def pki(bench: Bench) -> Pki:
    return bench.pki


# token verify


def test_a_good_token_is_a_yes(bench: Bench, pki: Pki) -> None:
    path = bench.file("token.json", as_bytes(make_token(pki.leaf)))
    status, answer = bench.token(path, "--anchors", bench.issuing, "--crls", bench.crls, "--policy", CLASS_3)
    assert (status, answer["valid"], answer["reason"], answer["algorithm"]) == (0, True, None, "ES256")
    assert answer["subject"]["common_name"] == "Asha Kulkarni"
    status, answer = bench.token(
        path, "--anchors", bench.anchors, "--intermediates", bench.above, "--crls", bench.crls, "--require-client-auth"
    )
    assert (status, answer["valid"], answer["revocation_checked"]) == (0, True, True)
    status, answer = bench.token(path, "--anchors", bench.issuing, "--no-revocation")
    assert (status, answer["revocation_checked"]) == (0, False)


def test_people_get_text(bench: Bench, pki: Pki) -> None:
    path = bench.file("token.json", as_bytes(make_token(pki.leaf)))
    words = [
        "verify",
        path,
        "--origin",
        ORIGIN,
        "--nonce",
        NONCE,
        "--anchors",
        bench.issuing,
        "--no-revocation",
        "--at",
        AT,
    ]
    status, out = bench.run(token, *words)
    assert status == 0
    assert "Valid: Asha Kulkarni" in out
    assert "NOT checked" in out
    words[words.index(NONCE)] = "other"
    status, out = bench.run(token, *words)
    assert status == 1
    assert "Reason: token.signature" in out


def test_a_refused_token_is_a_no_with_its_reason(bench: Bench, pki: Pki) -> None:
    folders = ("--anchors", bench.issuing, "--crls", bench.crls)
    good = bench.file("token.json", as_bytes(make_token(pki.leaf)))
    cases = {
        "token.signature": bench.token(good, *folders, nonce="x" * 44),
        "origin.trailing_slash": bench.token(good, *folders, origin=ORIGIN + "/"),
        "origin.not_https": bench.token(good, *folders, origin="http://origin.example"),
        "path.policy_missing": bench.token(good, *folders, "--policy", "1.2.3"),
        "path.issuer_unknown": bench.token(good, "--anchors", bench.anchors, "--crls", bench.crls),
        "revocation.missing": bench.token(good, "--anchors", bench.issuing, "--crls", bench.anchors),
        "token.format_unsupported": bench.token(
            bench.file("v2.json", as_bytes(make_token(pki.leaf, format="web-eid:2.0"))), *folders
        ),
        "token.algorithm_not_allowed": bench.token(
            bench.file("sha1.json", as_bytes(make_token(pki.leaf) | {"algorithm": "RS1"})), *folders
        ),
        "token.key_usage": bench.token(
            bench.file("twin.json", as_bytes(make_token(pki.sub.leaf(usages=("keyEncipherment",))))), *folders
        ),
        "token.document_signer": bench.token(
            bench.file("machine.json", as_bytes(make_token(pki.sub.leaf(policies=(CLASS_3, DOCUMENT_SIGNER))))),
            *folders,
        ),
    }
    for reason, (status, answer) in cases.items():
        assert (status, answer["valid"], answer["reason"]) == (1, False, reason)
        assert answer["message"]


def test_a_revoked_holder_is_a_no(bench: Bench, pki: Pki) -> None:
    (bench.crls / "sub.crl").write_bytes(pki.sub.crl({pki.leaf.certificate.serial_number: None}))
    path = bench.file("token.json", as_bytes(make_token(pki.leaf)))
    status, answer = bench.token(path, "--anchors", bench.issuing, "--crls", bench.crls)
    assert (status, answer["reason"]) == (1, "revocation.revoked")


def test_unusable_input_of_a_token_check_is_told_apart_from_a_no(bench: Bench, pki: Pki) -> None:
    folders = ("--anchors", bench.issuing, "--no-revocation")
    good = bench.file("token.json", as_bytes(make_token(pki.leaf)))
    cases = {
        "file.unreadable": bench.token(bench.root / "nowhere.json", *folders),
        "token.size": bench.token(bench.file("empty.json", b""), *folders),
        "token.not_json": bench.token(bench.file("cut.json", as_bytes(make_token(pki.leaf))[:-1]), *folders),
        "token.field_missing": bench.token(
            bench.file("less.json", as_bytes(make_token(pki.leaf, signature=None))), *folders
        ),
        "origin.malformed": bench.token(good, *folders, origin="not an origin"),
        "nonce.missing": bench.token(good, *folders, nonce=""),
        "store.no_folder": bench.token(good, "--anchors", bench.root / "nowhere", "--no-revocation"),
        "store.unreadable_revocation": bench.token(good, "--anchors", bench.issuing, "--crls", bench.root / "nowhere"),
        "policy.malformed": bench.token(good, *folders, "--policy", "class 3"),
        "at.malformed": bench.token(good, *folders, "--at", "yesterday"),
        "file.too_large": bench.token(bench.file("huge.json", b" " * 2_000_000), *folders),
    }
    for reason, (status, answer) in cases.items():
        assert (status, answer["valid"], answer["reason"]) == (2, False, reason), reason
    assert bench.token(bench.root, *folders)[0] == 2, "a folder is no token"


def test_revocation_must_be_decided_aloud(bench: Bench, pki: Pki) -> None:
    path = bench.file("token.json", as_bytes(make_token(pki.leaf)))
    words = ["verify", path, "--origin", ORIGIN, "--nonce", NONCE, "--anchors", bench.issuing]
    assert bench.run(token, *words)[0] == 2
    assert bench.run(token, *words, "--no-revocation", "--crls", bench.crls)[0] == 2


# chain verify


def test_a_good_chain_is_a_yes(bench: Bench, pki: Pki) -> None:
    words = ("--anchors", bench.anchors, "--intermediates", bench.above, "--crls", bench.crls)
    status, answer = bench.chain(pki.leaf, *words, "--policy", CLASS_3)
    assert (status, answer["valid"], answer["reason"], len(answer["path"])) == (0, True, None, 4)
    pem = bench.file("leaf.pem", pki.leaf.certificate.public_bytes(Encoding.PEM))
    assert bench.chain(pem, *words)[0] == 0
    status, out = bench.run(chain, "verify", pem, *words, "--at", AT)
    assert status == 0
    assert out.index("Fictional Root 2026") < out.index("Asha Kulkarni")


def test_the_own_crl_of_an_issuing_anchor_is_checked(bench: Bench, pki: Pki) -> None:
    words = ("--anchors", bench.issuing, "--crls", bench.crls)
    assert bench.chain(pki.leaf, *words)[0] == 0
    (bench.crls / "sub.crl").write_bytes(
        pki.sub.crl({pki.leaf.certificate.serial_number: x509.ReasonFlags.certificate_hold})
    )
    status, answer = bench.chain(pki.leaf, *words)
    assert (status, answer["reason"]) == (1, "revocation.on_hold")


def test_refused_chains_are_a_no_and_unreadable_ones_unusable(bench: Bench, pki: Pki) -> None:
    words = ("--anchors", bench.anchors, "--intermediates", bench.above, "--crls", bench.crls)
    phone = x509.NameAttribute(x509.ObjectIdentifier("2.5.4.20"), "ab" * 32)
    cases = {
        "certificate.expired": (1, pki.sub.leaf(not_after=NOW - DAY)),
        "certificate.key_usage": (1, pki.sub.leaf(usages=("keyEncipherment",))),
        "certificate.malformed": (1, pki.sub.leaf(x509.Name([*name("Asha"), phone]))),
        "path.issuer_unknown": (1, make_root("Other Root").leaf()),
        "revocation.no_place_named": (1, pki.sub.leaf(crl=False)),
        "certificate.unreadable": (2, bench.file("cut.der", pki.leaf.der[:-20])),
        "file.unreadable": (2, bench.root / "nowhere.der"),
    }
    for reason, (status, leaf) in cases.items():
        got, answer = bench.chain(leaf, *words)
        assert (got, answer["valid"], answer["reason"]) == (status, False, reason), reason
    class_2 = pki.sub.leaf(policies=(CLASS_2,))
    assert bench.chain(class_2, *words, "--policy", CLASS_3)[1]["reason"] == "path.policy_missing"
    empty = write_folder(bench.root / "empty", {})
    assert bench.chain(pki.leaf, "--anchors", empty, "--no-revocation")[0] == 2


# dsc show


def test_dsc_show_prints_the_facts(bench: Bench, pki: Pki) -> None:
    subject = name("Asha Kulkarni", O="Sahyadri Spices", OU="IEC 0305008111", serialNumber=pan_hash("ABCPK1234D"))
    path = bench.file("dsc.der", pki.sub.leaf(subject).der)
    status, answer = bench.answer(dsc, "show", path)
    assert status == 0
    assert (answer["holder"], answer["organisation"]) == ("Asha Kulkarni", "Sahyadri Spices")
    assert [policy["name"] for policy in answer["class_policies"]] == ["class 3", "class 2"]
    assert answer["iec"] == [{"value": "0305008111", "profile": "marked", "where": "subject.OU", "evidence": "marker"}]
    assert answer["key_usage"] == ["digitalSignature", "nonRepudiation"]
    assert (answer["document_signer"], answer["encryption_twin"], answer["usable_for_sign_in"]) == (False, False, True)
    status, out = bench.run(dsc, "show", path)
    assert status == 0
    assert "0305008111 in subject.OU (profile 'marked', marker)" in out


def test_dsc_show_tells_twin_and_document_signer(bench: Bench, pki: Pki) -> None:
    twin = bench.file("twin.der", pki.sub.leaf(usages=("keyEncipherment",)).der)
    assert bench.answer(dsc, "show", twin)[1]["encryption_twin"] is True
    machine = bench.file("machine.der", pki.sub.leaf(policies=(CLASS_3, DOCUMENT_SIGNER)).der)
    answer = bench.answer(dsc, "show", machine)[1]
    assert (answer["document_signer"], answer["not_usable_because"]) == (True, "certificate.document_signer")


def test_dsc_show_takes_more_profiles(bench: Bench, pki: Pki) -> None:
    profile = {
        "name": "fictional",
        "issuer": None,
        "places": ["subject.title"],
        "pattern": "EXIM (?P<iec>[0-9]{10})",
        "evidence": "marker",
    }
    profiles = bench.file(
        "profiles.json", json.dumps({"format": "udgam.iec-profiles/1", "profiles": [profile]}).encode()
    )
    path = bench.file("dsc.der", pki.sub.leaf(name("Asha", title="EXIM 0305008111")).der)
    assert bench.answer(dsc, "show", path)[1]["iec"] == []
    assert bench.answer(dsc, "show", path, "--profiles", profiles)[1]["iec"][0]["profile"] == "fictional"
    assert bench.answer(dsc, "show", path, "--profiles", bench.file("bad.json", b"{}"))[0] == 2


@pytest.mark.parametrize("data", [b"", b"garbage", b"\x30\x82\x05", b"\x00" * 3_000_000])
def test_dsc_show_says_what_is_unusable(bench: Bench, data: bytes) -> None:
    status, answer = bench.answer(dsc, "show", bench.file("bad.der", data))
    assert status == 2
    assert answer["reason"] in ("certificate.unreadable", "file.too_large")
