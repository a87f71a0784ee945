"""What the sandbox's gateway remembers: sessions, payments, refunds; kept in a file, safe to use from several threads."""

from __future__ import annotations

import json
import secrets
import threading
import time
from pathlib import Path
from typing import Any

from udgam.sandbox.gateway.ways import WAYS


class Book:
    """Sessions and refunds by our own id and by the merchant's reference."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file
        self._lock = threading.RLock()
        kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        self._sessions: dict[str, dict[str, Any]] = kept.get("sessions", {})
        self._refunds: dict[str, dict[str, Any]] = kept.get("refunds", {})

    def open_session(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """A new session, or the one with the same reference."""
        with self._lock:
            known = self.session_by_reference(wanted["reference"])
            if known is not None:
                return known
            session = {**wanted, "id": secrets.token_urlsafe(12), "state": "open", "payments": [], "failure": ""}
            self._sessions[session["id"]] = session
            self._save()
            return session

    def session(self, identifier: str) -> dict[str, Any] | None:
        """One session by its id."""
        with self._lock:
            return self._sessions.get(identifier)

    def session_by_reference(self, reference: str) -> dict[str, Any] | None:
        """One session by the merchant's reference."""
        with self._lock:
            return next((row for row in self._sessions.values() if row["reference"] == reference), None)

    def end(self, identifier: str, way: str) -> bool:
        """Let an open session end in a way; False when it has ended already, so that a page is paid once."""
        with self._lock:
            session = self._sessions[identifier]
            if session["state"] != "open" or session.get("way"):
                return False
            session["way"] = way
            if not WAYS[way].is_late:
                self._capture(session)
            self._save()
            return True

    def capture_late(self, identifier: str) -> None:
        """The money of a late payment arrives."""
        with self._lock:
            self._capture(self._sessions[identifier])
            self._save()

    def pay_back(self, wanted: dict[str, Any]) -> dict[str, Any] | None:
        """A refund of a payment, or the one with the same reference; None when there is no such payment or too little is left."""
        with self._lock:
            known = self._refunds.get(wanted["reference"])
            if known is not None:
                return known
            for session in self._sessions.values():
                for payment in session["payments"]:
                    if payment["id"] == wanted["payment"]:
                        return self._refund(session, payment, wanted)
            return None

    def finish_refund(self, reference: str) -> dict[str, Any]:
        """A refund that took a while is done."""
        with self._lock:
            self._refunds[reference]["state"] = "done"
            self._save()
            return self._refunds[reference]

    def _refund(
        self, session: dict[str, Any], payment: dict[str, Any], wanted: dict[str, Any]
    ) -> dict[str, Any] | None:
        returned = sum(
            row["amount_paise"]
            for row in self._refunds.values()
            if row["payment"] == payment["id"] and row["state"] != "refused"
        )
        if returned + wanted["amount_paise"] > payment["amount_paise"]:
            return None
        way = WAYS[session["way"]]
        refund = {
            **wanted,
            "id": f"rfd_{secrets.token_hex(8)}",
            "state": way.refunds,
            "failure": "the account is closed" if way.refunds == "refused" else "",
            "notify_url": session["notify_url"],
        }
        self._refunds[wanted["reference"]] = refund
        self._save()
        return refund

    @staticmethod
    def _capture(session: dict[str, Any]) -> None:
        way = WAYS[session["way"]]
        if way.is_forged:
            return
        for share in way.captures:
            amount = session["amount_paise"] * share // 100
            payment = {"id": f"pay_{secrets.token_hex(8)}", "amount_paise": amount, "captured_at": int(time.time())}
            session["payments"].append(payment)
        session["state"] = "paid" if way.captures else "failed"
        session["failure"] = "" if way.captures else "declined by the bank"

    def _save(self) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps({"sessions": self._sessions, "refunds": self._refunds}), encoding="utf-8")
        fresh.replace(self._file)
