"""The virus scanner: clamd, spoken to over its socket with the command INSTREAM (clamd(8))."""

from __future__ import annotations

import socket
import struct

from django.conf import settings

from udgam.ground.connectors.failures import ConnectorFailed

_CHUNK = 64 * 1024


class Infected(Exception):
    """The scanner found something; ``finding`` is the scanner's name for it."""

    def __init__(self, finding: str) -> None:
        self.finding = finding
        super().__init__(finding)


class ScannerUnavailable(ConnectorFailed):
    """A scanner is configured but gives no usable answer; files are then refused, never let through unseen."""

    reason = "scanner_unavailable"


def scan(content: bytes) -> bool:
    """True when the scanner finds nothing, False when the installation has no scanner (CLAMD_ADDRESS is empty).

    Raises ``Infected`` or ``ScannerUnavailable``. CLAMD_ADDRESS is "host:port" or the path of a local socket.
    """
    address: str = getattr(settings, "CLAMD_ADDRESS", "")
    if not address:
        return False
    try:
        answer = _ask(address, content)
    except OSError as error:
        raise ScannerUnavailable(f"The scanner cannot be reached: {type(error).__name__}.") from error
    verdict = answer.rstrip(b"\x00\n").decode("utf-8", "replace").removeprefix("stream: ")
    if verdict == "OK":
        return True
    if verdict.endswith(" FOUND"):
        raise Infected(verdict.removesuffix(" FOUND"))
    raise ScannerUnavailable("The scanner answers with an error.")


def _ask(address: str, content: bytes) -> bytes:
    with _connect(address) as connection:
        connection.sendall(b"zINSTREAM\x00")
        for start in range(0, len(content), _CHUNK):
            part = content[start : start + _CHUNK]
            connection.sendall(struct.pack("!L", len(part)) + part)
        connection.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\x00") and len(answer) < 4096:
            part = connection.recv(4096)
            if not part:
                break
            answer += part
    return answer


def _connect(address: str) -> socket.socket:
    seconds: float = settings.CONNECTOR_TIMEOUT_SECONDS * 4
    if address.startswith("/"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(seconds)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return connection
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ScannerUnavailable("CLAMD_ADDRESS must look like host:port or be the path of a socket.")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)
