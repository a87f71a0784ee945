"""The fictional authority on the network: CRLs, OCSP, certificates and time stamps over http on loopback."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from cryptography.hazmat.primitives import serialization

from udgam.sandbox.authority.register import UnknownCertificate
from udgam.sandbox.authority.tree import ISSUERS, Authority
from udgam.sandbox.authority.trust_folder import write_trust
from udgam.sandbox.guard import SandboxRefused, refuse_outside_sandbox
from udgam.sandbox.loopback import (
    ADDRESS,
    BadRequest,
    LoopbackServer,
    Request,
    Response,
    Route,
    error_response,
    json_response,
    on_or_off,
)

SERVICES = ("ocsp", "crl", "tsa", "issuers")
_ISSUER = "|".join(ISSUERS)


class AuthorityHandle:
    """A running authority. `url` answers always; certificates may name another port, which then answers too."""

    def __init__(self, *, folder: Path, port: int) -> None:
        """Bind the port, and make the authority on first use with that port in its certificates."""
        self._outages: set[str] = set()
        stored = Authority.stored_base(folder)
        stored_port = urlsplit(stored).port if stored else None
        self._servers = [self._serve(port or stored_port or 0)]
        self.port = self._servers[0].port
        self.url = self._servers[0].url
        if stored_port is not None and stored_port != self.port:
            # Certificates cannot be changed after the event: their addresses keep working on the port they name.
            try:
                self._servers.append(self._serve(stored_port))
            except SandboxRefused:
                self.stop()
                raise
        try:
            self.authority = Authority.open(folder, base=f"http://{ADDRESS}:{self.port}")
        except BaseException:
            self.stop()
            raise
        for server in self._servers:
            server.begin()

    def _serve(self, port: int) -> LoopbackServer:
        return LoopbackServer(name="authority", routes=self._routes(), port=port)

    def stop(self) -> None:
        """Close the ports."""
        for server in self._servers:
            server.stop()

    def outage(self, service: str, on: bool) -> None:
        """Play an outage of `ocsp`, `crl`, `tsa`, `issuers` or `all`. Raises `ValueError` for another name."""
        chosen = SERVICES if service == "all" else (service,)
        if not set(chosen) <= set(SERVICES):
            raise ValueError(f"Services are {', '.join(SERVICES)} and all.")
        self._outages = self._outages | set(chosen) if on else self._outages - set(chosen)

    def _routes(self) -> list[Route]:
        return [
            Route("GET", rf"/crl/(?P<issuer>{_ISSUER})\.crl", "crl", self._unless_out("crl", self._crl)),
            Route("GET", rf"/issuers/(?P<issuer>{_ISSUER})\.cer", "issuers", self._unless_out("issuers", self._issuer)),
            Route("POST", r"/ocsp/?", "ocsp", self._unless_out("ocsp", self._ocsp_post)),
            Route("GET", r"/ocsp/(?P<request>.+)", "ocsp", self._unless_out("ocsp", self._ocsp_get)),
            Route("POST", r"/tsa/?", "tsa", self._unless_out("tsa", self._stamp)),
            Route("GET", r"/healthz", "health", lambda _: json_response({"status": "ok"})),
            Route("POST", r"/sandbox/outage", "outage", self._set_outage, changes_sandbox=True),
            Route("POST", r"/sandbox/revoke", "revoke", self._revoke, changes_sandbox=True),
            Route("POST", r"/sandbox/release", "release", self._release, changes_sandbox=True),
        ]

    def _unless_out(self, service: str, handler: Callable[[Request], Response]) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            if service in self._outages:
                return error_response(503, "service_unavailable", "The sandbox plays an outage of this service.")
            return handler(request)

        return answer

    def _crl(self, request: Request) -> Response:
        return Response(200, self.authority.crl(request.found["issuer"]), "application/pkix-crl")

    def _issuer(self, request: Request) -> Response:
        certificate = self.authority.certificate(request.found["issuer"])
        return Response(200, certificate.public_bytes(serialization.Encoding.DER), "application/pkix-cert")

    def _ocsp_post(self, request: Request) -> Response:
        if request.headers.get("content-type") != "application/ocsp-request":
            return error_response(415, "unsupported_media_type", "Send application/ocsp-request.")
        return Response(200, self.authority.ocsp(request.body), "application/ocsp-response")

    def _ocsp_get(self, request: Request) -> Response:
        # RFC 6960 appendix A.1: the base64 of the request, percent-encoded, is the last part of the address.
        try:
            data = base64.b64decode(unquote(request.found["request"]), validate=True)
        except (binascii.Error, ValueError):
            raise BadRequest("The address does not end in a base64 OCSP request.") from None
        return Response(200, self.authority.ocsp(data), "application/ocsp-response")

    def _stamp(self, request: Request) -> Response:
        if request.headers.get("content-type") != "application/timestamp-query":
            return error_response(415, "unsupported_media_type", "Send application/timestamp-query.")
        return Response(200, self.authority.stamp(request.body), "application/timestamp-reply")

    def _set_outage(self, request: Request) -> Response:
        try:
            self.outage(request.query.get("service", ""), on_or_off(request))
        except ValueError as error:
            raise BadRequest(str(error)) from error
        return json_response({"outages": sorted(self._outages)})

    def _revoke(self, request: Request) -> Response:
        token, serial = _named(request)
        try:
            count = self.authority.revoke(
                token=token, serial=serial, reason=request.query.get("reason", "keyCompromise")
            )
        except UnknownCertificate:
            return error_response(404, "record_not_found", "This authority issued no such certificate.")
        except ValueError as error:
            raise BadRequest(str(error)) from error
        return json_response({"revoked": count})

    def _release(self, request: Request) -> Response:
        token, serial = _named(request)
        try:
            count = self.authority.release(token=token, serial=serial)
        except UnknownCertificate:
            return error_response(404, "record_not_found", "This authority issued no such certificate.")
        return json_response({"released": count})


def _named(request: Request) -> tuple[str | None, int | None]:
    """Which certificate is meant: `token=NAME` or `serial=HEX`."""
    token, serial = request.query.get("token"), request.query.get("serial")
    if (token is None) == (serial is None):
        raise BadRequest("Name the certificate by token=NAME or by serial=HEX.")
    try:
        return token, None if serial is None else int(serial, 16)
    except ValueError:
        raise BadRequest("The serial number is not hexadecimal.") from None


def start(port: int = 0, *, folder: Path, site: str = "http://127.0.0.1:8000") -> AuthorityHandle:
    """Start the authority in this process; its state stays in `folder`, with a trust folder for `site` in `trust/`.

    Raises `SandboxRefused`.
    """
    refuse_outside_sandbox()
    handle = AuthorityHandle(folder=Path(folder), port=port)
    write_trust(handle.authority, Path(folder) / "trust", site=site)
    return handle
