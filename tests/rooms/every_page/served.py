"""Pages that were made before, served with the site's own style sheets and scripts, so that a browser can look at them.

The browser needs no database this way: the pages are made in a transaction that is taken back, and their bytes are served here.
"""

from __future__ import annotations

import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders


def _handler(pages: dict[str, str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path in pages:
                self._answer(200, "text/html; charset=utf-8", pages[path].encode())
                return
            name = path.removeprefix(settings.STATIC_URL)
            found = finders.find(name) if path.startswith(settings.STATIC_URL) else None
            if found is None:
                self._answer(404, "text/plain", b"")
                return
            self._answer(200, mimetypes.guess_type(name)[0] or "application/octet-stream", Path(found).read_bytes())

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "max-age=3600" if not kind.startswith("text/html") else "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def served(pages: dict[str, str]) -> Iterator[str]:
    """The address of a server on loopback that answers these paths with these pages."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(pages))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
