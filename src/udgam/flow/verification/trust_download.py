"""The trust folder as a file to fetch: packed by one request at a time, and named by its bytes so that nobody fetches it twice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from threading import Lock

from udgam.flow.issuance.register.trust_file import trust_file

_packing = Lock()


@dataclass(frozen=True)
class TrustDownload:
    """The file and its entity tag (RFC 9110, 8.8.3), which is the same wherever the same files are packed."""

    data: bytes
    etag: str


def trust_download() -> TrustDownload | None:
    """The file as of now; None before anything was published. Raises ``TrustStoreUnusable``.

    Requests that come while it is packed wait for that one packing: each of their own would cost the same work again.
    """
    with _packing:
        packed = trust_file()
    return None if packed is None else TrustDownload(packed, _etag(packed))


@lru_cache(maxsize=1)
def _etag(packed: bytes) -> str:
    return f'"{sha256(packed).hexdigest()}"'
