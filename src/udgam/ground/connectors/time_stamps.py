"""RFC 3161 time stamps over HTTP (section 3.4)."""

from __future__ import annotations

import secrets
from typing import ClassVar

from asn1crypto import algos, cms, core, tsp
from django.conf import settings

from udgam.ground.connectors.circuit import CircuitBreaker
from udgam.ground.connectors.failures import ConnectorFailed, NotConfigured
from udgam.ground.connectors.http import open_client
from udgam.signing.sealing.seal import TimeStampUnavailable

_BYTES = 256 * 1024
breaker = CircuitBreaker("The time-stamp service", counts=ConnectorFailed)


class _Reply(core.Sequence):  # type: ignore[misc]
    """TimeStampResp of RFC 3161 section 2.4.2; a refusal carries no token."""

    _fields: ClassVar[list[tuple[object, ...]]] = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


class HttpTimeStamper:
    """Implements ``signing.sealing.seal.TimeStamper``. Whether the token's signer may be believed is checked where it is used."""

    def __init__(self, url: str) -> None:
        self._url = url

    def stamp(self, digest: bytes) -> bytes:
        """A DER time-stamp token over the SHA-256 digest. Raises ``TimeStampUnavailable``."""
        if len(digest) != 32:
            raise ValueError("A SHA-256 digest has 32 bytes.")
        nonce = secrets.randbits(63)
        request = tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": _imprint(digest),
                "nonce": core.Integer(nonce),
                "cert_req": True,
            }
        )
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            with (
                breaker.guard(),
                open_client(seconds=settings.CONNECTOR_TIMEOUT_SECONDS * 2, max_bytes=_BYTES) as client,
            ):
                answer = client.post(self._url, content=request.dump(), headers=headers)
        except ConnectorFailed as error:
            raise TimeStampUnavailable("time_stamp.unavailable", detail=error.reason) from error
        if answer.status != 200:
            raise TimeStampUnavailable("time_stamp.unavailable", detail=f"status {answer.status}")
        return _token(answer.body, digest, nonce)


def default_time_stamper() -> HttpTimeStamper:
    """The service that TIME_STAMP_URL names. Raises ``NotConfigured``."""
    if not settings.TIME_STAMP_URL:
        raise NotConfigured("UDGAM_TIME_STAMP_URL is not set.")
    return HttpTimeStamper(settings.TIME_STAMP_URL)


def _imprint(digest: bytes) -> tsp.MessageImprint:
    algorithm = algos.DigestAlgorithm({"algorithm": "sha256", "parameters": core.Null()})
    return tsp.MessageImprint({"hash_algorithm": algorithm, "hashed_message": digest})


def _token(body: bytes, digest: bytes, nonce: int) -> bytes:
    """The token, if it was granted for exactly this digest and this question (RFC 3161 section 2.2)."""
    try:
        reply = _Reply.load(body, strict=True)
        status = reply["status"]["status"].native
        if status not in {"granted", "granted_with_mods"}:
            raise TimeStampUnavailable("time_stamp.unusable", detail=f"the service answers {status}")
        token: cms.ContentInfo = reply["time_stamp_token"]
        stamped: tsp.TSTInfo = token["content"]["encap_content_info"]["content"].parsed
        imprint = stamped["message_imprint"]
        fits = (
            imprint["hash_algorithm"]["algorithm"].native == "sha256"
            and imprint["hashed_message"].native == digest
            and stamped["nonce"].native == nonce
        )
        if not fits:
            raise TimeStampUnavailable("time_stamp.unusable", detail="the token answers another question")
        data: bytes = token.dump()
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TimeStampUnavailable("time_stamp.unusable", detail="the answer cannot be read") from error
    return data
