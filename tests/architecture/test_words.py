"""What the repository says: paths in the documents exist, no machine or registry is named, nothing is vendored."""

from __future__ import annotations

import re
import subprocess

from tests.architecture.source import ROOT

NAMED_PATH = re.compile(r"`((?:src|docs|tests|bench|tools|agent|requirements)/[\w./<>*-]+)`")
ADDRESSES = re.compile(
    "|".join(
        [
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "registry" + r"\.npmjs",
            "deb" + r"\.debian\.org",
            r"--(extra-)?index" + "-url",
        ]
    ),
)


def _tracked(*patterns: str) -> list[str]:
    result = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in result.stdout.split("\0") if name and (ROOT / name).exists()]


def test_every_path_named_in_the_documents_exists() -> None:
    missing = []
    for name in _tracked("*.md"):
        for path in NAMED_PATH.findall((ROOT / name).read_text()):
            if "<" in path or "*" in path:
                continue
            if not (ROOT / path).exists():
                missing.append(f"{name}: {path}")
    assert missing == []


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = []
    for name in _tracked("*.md"):
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", (ROOT / name).read_text()):
            if "://" in target or target.startswith("mailto:"):
                continue
            if not ((ROOT / name).parent / target).exists():
                broken.append(f"{name}: {target}")
    assert broken == []


def test_no_committed_file_records_a_download_address_or_a_machine() -> None:
    found = []
    for name in _tracked():
        content = (ROOT / name).read_bytes()
        if b"\0" in content[:4096] or name.endswith("test_words.py"):
            continue
        text = content.decode("utf-8", "replace")
        if ADDRESSES.search(text) or '"resolved": "http' in text or str(ROOT) + "/" in text:
            found.append(name)
    assert found == []


def test_every_record_of_a_decision_begins_alike() -> None:
    begins = re.compile(r"# (\d{4}): \S.*\n\nDate: 20\d\d-\d\d-\d\d\. Status: \S.*\.\n\n## Context\n\n")
    wrong = []
    for name in _tracked("docs/adr/0*.md"):
        found = begins.match((ROOT / name).read_text())
        if found is None or found[1] != name.removeprefix("docs/adr/")[:4]:
            wrong.append(name)
    assert wrong == []


def test_the_index_of_decisions_names_each_record_once() -> None:
    index = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\) \| \S", (ROOT / "docs/adr/README.md").read_text(), re.M)
    records = [name.removeprefix("docs/adr/") for name in _tracked("docs/adr/*.md") if not name.endswith("README.md")]
    assert sorted(index) == sorted((name[:4], name) for name in records)


def test_every_decision_record_has_its_five_parts() -> None:
    incomplete = []
    for name in _tracked("docs/adr/*.md"):
        if name.endswith("README.md"):
            continue
        text = (ROOT / name).read_text()
        missing = [
            part for part in ("Date:", "Status:", "## Context", "## Decision", "## Consequences") if part not in text
        ]
        if missing:
            incomplete.append(f"{name}: {missing}")
    assert incomplete == []
