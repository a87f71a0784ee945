"""The fictional tree of authorities: root, licensed authority, sub-authority for end users, and what they issue.

A folder holds everything: `authority/` (keys of the authorities and services), `tokens/`, `seals/`, `register.json`.
It is made once; later starts read it, so that certificates enrolled yesterday are the same today.
"""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from udgam.sandbox import cast
from udgam.sandbox.authority import profile, stamps, status
from udgam.sandbox.authority.profile import Addresses, Issuer, Key
from udgam.sandbox.authority.register import Register
from udgam.sandbox.authority.tokens import SEAL_PIN, LoadedToken, pem, pem_key, write_private, write_token
from udgam.sandbox.cast import TokenSpec
from udgam.sandbox.guard import SandboxRefused, refuse_outside_sandbox

FORMAT: Final = "udgam.sandbox-authority/1"
ROOT: Final = "root"
LICENSED: Final = "licensed-ca"
END_USERS: Final = "end-users"
STRANGER: Final = "stranger"
ISSUERS: Final = (ROOT, LICENSED, END_USERS, STRANGER)
_NAMES = {
    ROOT: "Udgam Sandbox Root",
    LICENSED: "Udgam Sandbox Licensed CA",
    END_USERS: "Udgam Sandbox sub-CA for End Users",
    STRANGER: "Stranger Root nobody trusts",
}
_PATH_LENGTHS: dict[str, int | None] = {ROOT: None, LICENSED: 1, END_USERS: 0, STRANGER: 1}
_PARENTS: dict[str, str | None] = {ROOT: None, LICENSED: ROOT, END_USERS: LICENSED, STRANGER: None}


def _load_key(file: Path) -> Key:
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SandboxRefused(f"{file} is not an RSA or P-256 key.")
    return key


class Authority:
    """The certificate authority, its status services and its time-stamp service, without the network.

    `base` is the address that stands in the certificates it issues.
    """

    def __init__(self, folder: Path) -> None:
        """Read a folder that `Authority.make` has filled."""
        state = json.loads((folder / "made.json").read_text(encoding="utf-8"))
        if state.get("format") != FORMAT:
            raise SandboxRefused(
                f"{folder} was made by another version of the sandbox. Remove it to have it made again."
            )
        self.folder = folder
        self.base: str = state["base"]
        self.made = datetime.fromisoformat(state["made"])
        self._keys = folder / "authority"
        self.issuers = {
            name: Issuer(name, _load_key(self._keys / f"{name}.key.pem"), self.certificate(name)) for name in ISSUERS
        }
        self._register = Register(folder / "register.json")
        self._service_key = _load_key(self._keys / "services.key.pem")
        self._responders = {name: self.certificate(f"ocsp-{name}") for name in (LICENSED, END_USERS)}

    @classmethod
    def open(cls, folder: Path, *, base: str) -> Authority:
        """The authority of `folder`, made on first use with `base` (such as http://127.0.0.1:8002) in its certificates."""
        refuse_outside_sandbox()
        if not (folder / "made.json").exists():
            cls._make(folder, base=base.rstrip("/"), now=datetime.now(UTC).replace(microsecond=0))
        return cls(folder)

    @classmethod
    def stored_base(cls, folder: Path) -> str | None:
        """The address in the certificates of an existing folder, or None when there is no authority yet."""
        file = folder / "made.json"
        if not file.exists():
            return None
        return str(json.loads(file.read_text(encoding="utf-8"))["base"])

    @classmethod
    def _make(cls, folder: Path, *, base: str, now: datetime) -> None:
        # `made.json` is written in two steps: a folder without it is a beginning that was interrupted, and starts over.
        for part in ("authority", "tokens", "seals"):
            shutil.rmtree(folder / part, ignore_errors=True)
        (folder / "register.json").unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        seals = [_seal_spec(office) for office in cast.AGENCY.offices]
        specs = [*cast.TOKENS.values(), *seals]
        with ThreadPoolExecutor(max_workers=2) as pool:
            kinds = [*("rsa" for _ in (*ISSUERS, "services")), *(spec.key_type for spec in specs)]
            keys = list(pool.map(profile.new_key, kinds))
        _make_authorities(folder, dict(zip((*ISSUERS, "services"), keys, strict=False)), base=base, now=now)
        fresh = folder / "made.json.new"
        fresh.write_text(json.dumps({"format": FORMAT, "base": base, "made": now.isoformat()}), encoding="utf-8")
        (folder / "register.json").write_text("[]", encoding="utf-8")
        fresh.rename(folder / "made.json")
        authority = cls(folder)
        (folder / "made.json").rename(fresh)
        for name in (LICENSED, END_USERS):
            authority._register.add(issuer=_PARENTS[name] or name, certificate=authority.certificate(name), label=name)
        for name, issuer in (("ocsp-licensed-ca", LICENSED), ("ocsp-end-users", END_USERS), ("tsa", LICENSED)):
            authority._register.add(issuer=issuer, certificate=authority.certificate(name), label=name)
        for spec, key in zip(specs, keys[len(ISSUERS) + 1 :], strict=True):
            authority.issue(spec, key=key, seal=spec in seals)
        fresh.rename(folder / "made.json")

    def certificate(self, name: str) -> x509.Certificate:
        """A certificate of the authority's own: an issuer, `ocsp-licensed-ca`, `ocsp-end-users` or `tsa`."""
        return x509.load_pem_x509_certificate((self._keys / f"{name}.crt.pem").read_bytes())

    def issue(self, spec: TokenSpec, *, key: Key | None = None, seal: bool = False) -> LoadedToken:
        """Issue a certificate as `spec` says, keep it as a token file, and withdraw it at once if `spec.revoked` says so.

        Without `key` a new one is made; with it one can renew a certificate or import an outside key. `seal` puts the
        file among the offices' sealing keys.
        """
        issuer = self.issuers[spec.issuer]
        holder_key = key or profile.new_key(spec.key_type)
        certificate = profile.token_certificate(
            spec,
            key=holder_key.public_key(),
            issuer=issuer,
            addresses=Addresses(self.base, issuer.name),
            valid_from=self.made + timedelta(days=spec.valid_from),
            valid_to=self.made + timedelta(days=spec.valid_to),
        )
        self._register.add(issuer=issuer.name, certificate=certificate, label=spec.name)
        loaded = LoadedToken(spec.name, holder_key, certificate, self.chain(spec.issuer), spec.pin)
        place = self.folder / ("seals" if seal else "tokens")
        write_token(place / f"{spec.name}.p12", loaded)
        if seal:
            write_private(place / f"{spec.name}.key.pem", pem_key(holder_key))
            (place / f"{spec.name}.crt.pem").write_bytes(pem(certificate))
            (place / f"{spec.name}.chain.pem").write_bytes(pem(*loaded.chain))
        if spec.revoked is not None:
            self.revoke(serial=certificate.serial_number, reason=spec.revoked, at=self.made - timedelta(days=1))
        return loaded

    def chain(self, issuer: str) -> tuple[x509.Certificate, ...]:
        """The certificates from `issuer` up to, but without, its root."""
        found = []
        name: str | None = issuer
        while name is not None and _PARENTS[name] is not None:
            found.append(self.issuers[name].certificate)
            name = _PARENTS[name]
        return tuple(found)

    def revoke(
        self,
        *,
        token: str | None = None,
        serial: int | None = None,
        reason: str = "keyCompromise",
        at: datetime | None = None,
    ) -> int:
        """Withdraw by token name (all its certificates) or serial number; `certificateHold` suspends. Returns how many."""
        return self._register.set_revoked(label=token, serial=serial, at=at or datetime.now(UTC), reason=reason)

    def release(self, *, token: str | None = None, serial: int | None = None) -> int:
        """End a suspension (or, in the sandbox, undo a revocation). Returns how many certificates were given back."""
        return self._register.set_revoked(label=token, serial=serial, at=datetime.now(UTC), reason=None)

    def crl(self, issuer: str, *, now: datetime | None = None) -> bytes:
        """A fresh revocation list in DER."""
        return status.revocation_list(self.issuers[issuer], self._register, now=now or datetime.now(UTC))

    def ocsp(self, request: bytes, *, now: datetime | None = None) -> bytes:
        """The DER answer to a DER OCSP request."""
        return status.answer(
            request,
            issuers=list(self.issuers.values()),
            responders=self._responders,
            key=self._service_key,
            register=self._register,
            now=now or datetime.now(UTC),
        )

    def stamp(self, request: bytes, *, now: datetime | None = None) -> bytes:
        """The DER answer to a DER time-stamp request."""
        if not isinstance(self._service_key, rsa.RSAPrivateKey):
            raise SandboxRefused("The time-stamp service needs an RSA key.")
        certificate = self.certificate("tsa")
        return stamps.stamp(
            request,
            key=self._service_key,
            certificate=certificate,
            chain=list(self.chain(LICENSED)),
            now=now or datetime.now(UTC),
        )


def _seal_spec(office: cast.Office) -> TokenSpec:
    agency = cast.AGENCY
    return TokenSpec(
        name=office.seal,
        holder=f"DS {agency.registered_name} {office.code}",
        pin=SEAL_PIN,
        organisation=agency.registered_name,
        pan="ZZZAS0401A",
        shows="electronic seal of an office",
        units=(office.name,),
        state=office.state,
        postal_code=office.pin,
        policies=profile.AUTHORITY_POLICIES,
        usage="document-signer",
    )


def _make_authorities(folder: Path, keys: dict[str, Key], *, base: str, now: datetime) -> None:
    """Write keys and certificates of the authorities and of their services."""
    place = folder / "authority"
    valid_from, valid_to = now - timedelta(days=3650), now + timedelta(days=7300)
    made: dict[str, Issuer] = {}
    for name in ISSUERS:
        parent = made[_PARENTS[name] or name] if _PARENTS[name] else None
        certificate = profile.authority_certificate(
            name=_NAMES[name],
            key=keys[name],
            issuer=parent,
            addresses=Addresses(base, parent.name) if parent else None,
            path_length=_PATH_LENGTHS[name],
            valid_from=valid_from,
            valid_to=valid_to,
        )
        made[name] = Issuer(name, keys[name], certificate)
        write_private(place / f"{name}.key.pem", pem_key(keys[name]))
        (place / f"{name}.crt.pem").write_bytes(pem(certificate))
    write_private(place / "services.key.pem", pem_key(keys["services"]))
    services = (
        ("ocsp-licensed-ca", "Udgam Sandbox OCSP 1", ExtendedKeyUsageOID.OCSP_SIGNING, LICENSED),
        ("ocsp-end-users", "Udgam Sandbox OCSP 2", ExtendedKeyUsageOID.OCSP_SIGNING, END_USERS),
        ("tsa", "Udgam Sandbox Time Stamps", ExtendedKeyUsageOID.TIME_STAMPING, LICENSED),
    )
    for name, title, purpose, issuer in services:
        certificate = profile.service_certificate(
            name=title,
            purpose=purpose,
            key=keys["services"].public_key(),
            issuer=made[issuer],
            addresses=Addresses(base, issuer),
            valid_from=now - timedelta(days=30),
            valid_to=now + timedelta(days=3650),
        )
        (place / f"{name}.crt.pem").write_bytes(pem(certificate))
