"""The index of verified CRLs: verified once, kept over a restart, never believed when changed."""

from __future__ import annotations

import random
import stat
import time
from pathlib import Path

import pytest

from tests.signing.pki import DAY, NOW, Pki, key, make_pki
from tests.signing.trust.evidence import Evidence, store_of
from udgam.signing.trust import CrlIndex, EvidenceRefused, validate_path
from udgam.signing.trust.revocation import crl_index as module


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki()


@pytest.fixture(scope="module")
def serials() -> list[int]:
    chance = random.Random(26)
    return [chance.getrandbits(63) | 1 << 62 for _ in range(50_000)]


@pytest.fixture(scope="module")
def large(pki: Pki, serials: list[int]) -> bytes:
    return pki.sub.crl(dict.fromkeys(serials))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every CRL that was really read and verified."""
    seen: list[bytes] = []
    real = module.read_crl

    def counting(data: bytes, issuer):
        seen.append(data)
        return real(data, issuer)

    monkeypatch.setattr(module, "read_crl", counting)
    return seen


def test_every_listed_serial_is_found_and_no_other(pki: Pki, large: bytes, serials: list[int]) -> None:
    crl = CrlIndex().verified(large, pki.sub.certificate)
    assert crl.count == 50_000
    assert all(crl.find(serial) for serial in serials[::97])
    assert all(crl.find(edge) for edge in (min(serials), max(serials)))
    listed = set(serials)
    absent = [serial + 1 for serial in serials[::97] if serial + 1 not in listed]
    assert not any(crl.find(serial) for serial in absent)
    assert not any(crl.find(serial) for serial in (0, 1, -1, 1 << 159, 1 << 160, 1 << 400))
    entry = crl.find(serials[0])
    assert entry is not None
    assert (entry.revoked_at, entry.reason, entry.invalid_since) == (NOW - 2 * DAY, "unspecified", None)


def test_a_crl_is_verified_once_and_then_remembered_over_a_restart(
    pki: Pki, large: bytes, tmp_path: Path, reads: list[bytes], serials: list[int]
) -> None:
    index = CrlIndex(tmp_path)
    first = index.verified(large, pki.sub.certificate)
    assert index.verified(large, pki.sub.certificate) is first
    assert index.verified(bytes(bytearray(large)), pki.sub.certificate) is first, "another copy of the same bytes"
    restarted = CrlIndex(tmp_path)
    again = restarted.verified(large, pki.sub.certificate)
    assert again == first
    assert again.find(serials[5]) == first.find(serials[5])
    assert len(reads) == 1


def test_a_crl_verified_for_one_issuer_is_not_verified_for_another(pki: Pki, tmp_path: Path) -> None:
    index = CrlIndex(tmp_path)
    crl = pki.sub.crl()
    index.verified(crl, pki.sub.certificate)
    with pytest.raises(EvidenceRefused):
        index.verified(crl, pki.ca.certificate)
    impostor = pki.ca.authority("Fictional Sub CA for Class 3", kind="P-384")
    with pytest.raises(EvidenceRefused) as caught:
        index.verified(crl, impostor.certificate)
    assert caught.value.code == "revocation.not_authentic"


def test_a_forged_crl_is_never_indexed(pki: Pki, tmp_path: Path) -> None:
    forged = pki.sub.crl(signing_key=key("P-256", "forger"))
    for _ in range(2):
        with pytest.raises(EvidenceRefused):
            CrlIndex(tmp_path).verified(forged, pki.sub.certificate)
    assert not list(tmp_path.glob("*.crlx"))


def change_middle(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes((data[len(data) // 2] ^ 1,)) + data[len(data) // 2 + 1 :]


@pytest.mark.parametrize(
    "change",
    [
        change_middle,
        lambda data: data[:-37],  # one entry removed
        lambda data: data[:100],
        lambda data: b"",
        lambda data: b"\x00" * len(data),
        lambda data: data.replace(b"udgam.crl-index/1", b"udgam.crl-index/9"),
        lambda data: data.replace(b'"count": 1', b'"count": 0'),
    ],
)
def test_a_changed_index_file_is_noticed_and_made_again(
    pki: Pki, tmp_path: Path, reads: list[bytes], change, caplog: pytest.LogCaptureFixture
) -> None:
    revoked = pki.leaf.certificate.serial_number
    crl = pki.sub.crl({revoked: None})
    CrlIndex(tmp_path).verified(crl, pki.sub.certificate)
    (file,) = tmp_path.glob("*.crlx")
    before = file.read_bytes()
    changed = change(before)
    assert changed != before
    file.write_bytes(changed)
    assert CrlIndex(tmp_path).verified(crl, pki.sub.certificate).find(revoked) is not None
    assert len(reads) == 2
    assert "damaged or changed" in caplog.text
    assert file.read_bytes() == before


def test_an_index_file_under_another_name_is_not_believed(pki: Pki, tmp_path: Path) -> None:
    """Whoever can rename files must not make yesterday's list answer for today's."""
    revoked = pki.leaf.certificate.serial_number
    yesterday, today = pki.sub.crl(number=1), pki.sub.crl({revoked: None}, number=2)
    index = CrlIndex(tmp_path)
    index.verified(yesterday, pki.sub.certificate)
    (old,) = tmp_path.glob("*.crlx")
    index.verified(today, pki.sub.certificate)
    (new,) = set(tmp_path.glob("*.crlx")) - {old}
    old.replace(new)
    assert CrlIndex(tmp_path).verified(today, pki.sub.certificate).find(revoked) is not None


def test_another_key_does_not_believe_the_files(pki: Pki, tmp_path: Path, reads: list[bytes]) -> None:
    crl = pki.sub.crl()
    CrlIndex(tmp_path, key=b"a" * 32).verified(crl, pki.sub.certificate)
    CrlIndex(tmp_path, key=b"b" * 32).verified(crl, pki.sub.certificate)
    assert len(reads) == 2


def test_the_key_beside_the_index_is_for_its_owner_only(tmp_path: Path) -> None:
    CrlIndex(tmp_path)
    file = tmp_path / "index.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    first = file.read_bytes()
    CrlIndex(tmp_path)
    assert file.read_bytes() == first
    assert len(first) == 32


def test_nothing_half_written_stays_behind(pki: Pki, tmp_path: Path) -> None:
    CrlIndex(tmp_path).verified(pki.sub.crl(), pki.sub.certificate)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".crlx", ".key"]


def test_a_full_disk_does_not_stop_the_check(
    pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    index = CrlIndex(tmp_path)
    monkeypatch.setattr(module.os, "fsync", full)
    assert index.verified(pki.sub.crl(), pki.sub.certificate).count == 0
    assert "No space left" in caplog.text
    assert [path.suffix for path in tmp_path.iterdir()] == [".key"], "nothing half written stays behind"


def test_expired_lists_are_forgotten(pki: Pki, tmp_path: Path) -> None:
    index = CrlIndex(tmp_path)
    index.verified(pki.sub.crl(), pki.sub.certificate)
    index.verified(pki.sub.crl(this_update=NOW - 9 * DAY, next_update=NOW - DAY), pki.sub.certificate)
    (tmp_path / "broken.crlx").write_bytes(b"x")
    assert index.forget_expired(NOW) == 2
    assert len(list(tmp_path.glob("*.crlx"))) == 1


def processor_time(act) -> float:
    """What one call takes of the processor: what else runs on the machine does not count."""
    begin = time.thread_time()
    act()
    return time.thread_time() - begin


def test_a_large_crl_costs_at_most_three_times_a_small_one_when_warm(pki: Pki, large: bytes) -> None:
    def path_against(sub_crl: bytes):
        source, store = Evidence([pki.root.crl(), pki.ca.crl(), sub_crl]), store_of(pki)
        return lambda: validate_path(pki.leaf.certificate, store=store, revocation=source, at=NOW)

    small_check, large_check = path_against(pki.sub.crl()), path_against(large)
    large_check()
    # In turns, so that both meet the same machine.
    spent = [(processor_time(small_check), processor_time(large_check)) for _ in range(40)]
    assert min(large for _small, large in spent) <= 3 * min(small for small, _large in spent)
