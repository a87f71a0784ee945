"""Whom we believe: pinned trust anchors, the authorities below them, and where their certificates carry the IEC."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography import x509

from udgam.rules.binding import DEFAULT_PROFILES, LocatorProfile, read_profiles
from udgam.rules.binding.locators import ProfilesRefused
from udgam.signing.trust.certificates import check_well_formed, fingerprint, read_certificates
from udgam.signing.trust.refusals import CertificateUnreadable, TrustStoreUnusable

CERTIFICATE_SUFFIXES = frozenset({".pem", ".crt", ".cer", ".der", ".cert"})


class TrustStore:
    """Trust anchors, roots or issuing authorities alike, and the intermediate certificates that may lead to them.

    An anchor is believed because an operator put it here; intermediates are only hints and believed after validation.
    Raises ``CertificateUnreadable`` for a certificate that cannot be understood.
    """

    def __init__(
        self,
        anchors: Iterable[x509.Certificate],
        intermediates: Iterable[x509.Certificate] = (),
        profiles: Sequence[LocatorProfile] = DEFAULT_PROFILES,
    ) -> None:
        self.profiles = tuple(profiles)
        self.anchors = _unique(anchors)
        self.intermediates = _unique(intermediates)
        # Once here, so that no parse error can surface in the middle of a later check.
        for certificate in (*self.anchors, *self.intermediates):
            check_well_formed(certificate)
        self._anchors_by_name = _by_subject(self.anchors)
        self._intermediates_by_name = _by_subject(self.intermediates)
        self._anchor_fingerprints = frozenset(fingerprint(anchor) for anchor in self.anchors)

    @classmethod
    def load(cls, folder: Path) -> TrustStore:
        """Read ``folder/anchors`` and, when they are there, ``folder/intermediates`` and ``folder/profiles.json``.

        Profiles of the file come before the built-in ones. Raises ``TrustStoreUnusable``.
        """
        hints = folder / "intermediates"
        return cls(
            _pinned(folder / "anchors"),
            read_folder(hints) if hints.is_dir() else (),
            (*_profiles(folder / "profiles.json"), *DEFAULT_PROFILES),
        )

    @classmethod
    def from_folders(cls, *, anchors: Path, intermediates: Path | None = None) -> TrustStore:
        """Read one folder of anchors and one of intermediates. Raises ``TrustStoreUnusable``.

        PEM files may hold several certificates. A broken file, or an anchors folder without an anchor, is refused: a half-read
        store would turn people away for no visible reason.
        """
        return cls(_pinned(anchors), read_folder(intermediates) if intermediates is not None else ())

    def anchors_named(self, name: x509.Name) -> Sequence[x509.Certificate]:
        """The anchors whose subject is ``name``."""
        return self._anchors_by_name.get(name, ())

    def intermediates_named(self, name: x509.Name) -> Sequence[x509.Certificate]:
        """The intermediates whose subject is ``name``."""
        return self._intermediates_by_name.get(name, ())

    def is_anchor(self, certificate: x509.Certificate) -> bool:
        """Whether exactly this certificate is pinned."""
        return fingerprint(certificate) in self._anchor_fingerprints


def read_folder(folder: Path) -> tuple[x509.Certificate, ...]:
    """Every certificate in the files of ``folder``, in the order of the file names.

    A file named like a certificate must be one; any other file is used if it holds certificates and left alone if not (a note
    on where the anchors came from may lie beside them). Raises ``TrustStoreUnusable``.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as error:
        raise TrustStoreUnusable("store.no_folder", folder=str(folder)) from error
    found: list[x509.Certificate] = []
    for path in files:
        try:
            found.extend(read_certificates(path.read_bytes()))
        except CertificateUnreadable as refusal:
            if path.suffix.lower() in CERTIFICATE_SUFFIXES:
                raise TrustStoreUnusable(
                    "store.unreadable_file", file=str(path), detail=refusal.params["detail"]
                ) from refusal
        except OSError as error:
            raise TrustStoreUnusable(
                "store.unreadable_file", file=str(path), detail=error.strerror or "unreadable"
            ) from error
    return tuple(found)


def _pinned(folder: Path) -> tuple[x509.Certificate, ...]:
    anchors = read_folder(folder)
    if not anchors:
        raise TrustStoreUnusable("store.no_anchors", folder=str(folder))
    return anchors


def _profiles(path: Path) -> tuple[LocatorProfile, ...]:
    if not path.exists():
        return ()
    try:
        return read_profiles(path.read_bytes())
    except ProfilesRefused as refusal:
        detail = refusal.params["detail"]
        raise TrustStoreUnusable("store.unreadable_profiles", file=str(path), detail=detail) from refusal
    except OSError as error:
        raise TrustStoreUnusable(
            "store.unreadable_profiles", file=str(path), detail=error.strerror or "unreadable"
        ) from error


def _unique(certificates: Iterable[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    return tuple({fingerprint(certificate): certificate for certificate in certificates}.values())


def _by_subject(certificates: Iterable[x509.Certificate]) -> dict[x509.Name, tuple[x509.Certificate, ...]]:
    grouped: defaultdict[x509.Name, list[x509.Certificate]] = defaultdict(list)
    for certificate in certificates:
        grouped[certificate.subject].append(certificate)
    return {name: tuple(found) for name, found in grouped.items()}
