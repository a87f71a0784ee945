"""A stand-in for the IEC register: the public "IEC details" service (version 3), and an extension with contact data.

The shape, its oddities and the extension are described in docs/mechanisms/iec-register.md. The firms are the cast's;
tests and people trying the sandbox may change them while it runs, and the changes are kept in the folder.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from udgam.sandbox import cast
from udgam.sandbox.guard import SandboxRefused, refuse_outside_sandbox
from udgam.sandbox.loopback import (
    BadRequest,
    LoopbackServer,
    Request,
    Response,
    Route,
    argument_parser,
    error_response,
    json_response,
    on_or_off,
    serve_until_told,
    start_logging,
)

API_KEY: Final = "sandbox-key"
CLIENT_ID: Final = "udgam.sandbox"
SLOW_SECONDS: Final = 12.0
_IEC = re.compile(r"[0-9]{10}|[A-Z]{5}[0-9]{4}[A-Z]")
# The codes of natureOfConcern are not published; these are the sandbox's and stand in its documentation.
NATURE_OF_CONCERN: Final = {"proprietorship": 1, "partnership": 2, "llp": 3, "company": 4}
_BEHAVIOURS = {"normal", "slow", "down", "garbled"}
_TEXT_KEYS = {"name", "pan", "constitution", "issued_on"}
_CONTACT_KEYS = {"email", "mobile"}
_SWITCHES = {"active", "plain_v3", "numbers_as_text"}
_Firm = dict[str, Any]


def _number(text: str, *, as_text: bool) -> int | str:
    """Digits as the register writes them: usually a number, so that leading zeros are lost."""
    return text if as_text or not text.isdecimal() else int(text)


def public_record(firm: Mapping[str, Any], *, now: datetime) -> dict[str, object]:
    """The answer of version 3 for a firm of the cast (as a dictionary), with the extension unless `plain_v3`."""
    as_text = bool(firm["numbers_as_text"])
    office = firm["office"]
    valid = 0 if firm["active"] else 1
    branches = [
        {
            "branchCode": _number(str(branch["code"]), as_text=as_text),
            "badd1": branch["address"]["line1"],
            "badd2": branch["address"]["line2"],
            "city": branch["address"]["city"],
            "state": branch["address"]["state"].upper(),
            "pin": _number(branch["address"]["pin"], as_text=as_text),
        }
        for branch in firm["branches"]
    ]
    record: dict[str, object] = {
        "iec": _number(firm["iec"], as_text=as_text),
        "entityName": firm["name"],
        "addressLine1": office["line1"],
        "addressLine2": office["line2"],
        "city": office["city"],
        "state": office["state"].upper(),
        "pin": _number(office["pin"], as_text=as_text),
        "iecIssueDate": _number(firm["issued_on"], as_text=as_text),
        "iecModificationDate": "",
        "exporterType": 1,
        "pan": f"{firm['pan']}FT001",
        "iecStatus": str(valid) if as_text else valid,
        "natureOfConcern": NATURE_OF_CONCERN.get(firm["constitution"], 9),
        "dataAsOn": now.isoformat(timespec="seconds"),
        "branch": branches,
        "directors": [{"name": person["name"]} for person in firm["people"]],
    }
    if not firm["plain_v3"]:
        record["udgamExtension"] = _extension(firm)
    return record


def _extension(firm: Mapping[str, Any]) -> dict[str, object]:
    people = []
    for person in firm["people"]:
        address = person.get("address")
        people.append(
            {
                "name": person["name"],
                "role": person["role"],
                "address": {key: address[key] for key in ("line1", "line2", "city", "state", "pin")}
                if address
                else None,
                "mobile": person.get("mobile"),
                "panSha256": cast.pan_hash(person["pan"]) if person.get("pan_published") else None,
            }
        )
    return {
        "version": 1,
        "entityNameAsPerPan": firm["name"],
        "constitution": firm["constitution"],
        "contact": {"email": firm["email"], "mobile": firm["mobile"]},
        "people": people,
    }


class Firms:
    """The firms the register knows now: the cast with the changes made since. Safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        """Read the changes of earlier runs from `file`."""
        self._file = file
        self._lock = threading.Lock()
        self._changed: dict[str, _Firm] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def find(self, iec: str) -> _Firm | None:
        """The firm as it stands, or None."""
        with self._lock:
            if iec in self._changed:
                return json.loads(json.dumps(self._changed[iec]))  # type: ignore[no-any-return]
        original = cast.FIRMS.get(iec)
        return json.loads(json.dumps(asdict(original))) if original else None

    def change(self, iec: str, patch: Mapping[str, Any]) -> _Firm:
        """Apply a patch: each key given replaces what the firm has. An IEC that nobody holds becomes a new firm.

        Raises `BadRequest` and changes nothing when the patch does not describe a firm.
        """
        firm = self.find(iec) or _new_firm(iec)
        unknown = set(patch) - set(firm)
        if unknown:
            raise BadRequest(f"A firm has no {', '.join(sorted(unknown))}. It has {', '.join(sorted(firm))}.")
        firm.update(patch)
        firm["iec"] = iec
        _check_firm(firm)
        with self._lock:
            self._changed[iec] = firm
            self._save()
        return firm

    def restore(self, iec: str | None = None) -> None:
        """Forget the changes to one firm, or to all."""
        with self._lock:
            if iec is None:
                self._changed.clear()
            else:
                self._changed.pop(iec, None)
            self._save()

    def _save(self) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(self._changed, ensure_ascii=False, indent=1), encoding="utf-8")
        fresh.replace(self._file)


def _new_firm(iec: str) -> _Firm:
    """What a firm that is added at run time has before the patch: everything of the mango house but who it is."""
    firm: _Firm = asdict(cast.firm_by_key("mango"))
    firm |= {"key": f"added-{iec}", "iec": iec, "name": "", "pan": iec if iec[0].isalpha() else "", "people": []}
    return firm


def _check_firm(firm: Mapping[str, Any]) -> None:
    """Raise `BadRequest` unless `public_record` can be made of the firm."""
    for key in _TEXT_KEYS:
        if not isinstance(firm[key], str) or not firm[key]:
            raise BadRequest(f"{key} must be text that is not empty.")
    for key in _CONTACT_KEYS:
        if firm[key] is not None and not isinstance(firm[key], str):
            raise BadRequest(f"{key} must be text or null.")
    for key in _SWITCHES:
        if not isinstance(firm[key], bool):
            raise BadRequest(f"{key} must be true or false.")
    if firm["behaviour"] not in _BEHAVIOURS:
        raise BadRequest(f"behaviour must be one of {', '.join(sorted(_BEHAVIOURS))}.")
    try:
        for person in firm["people"]:
            # A person added at run time needs no PAN; the record publishes its hash only where one is given.
            if (
                not isinstance(person["name"], str)
                or not isinstance(person["role"], str)
                or (person.get("pan_published") and not isinstance(person["pan"], str))
            ):
                raise BadRequest("Each of people has a name and a role in text, and a pan where pan_published is true.")
        public_record(firm, now=datetime.now(UTC))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRequest(
            "office, people and branches must have the shape that GET /sandbox/firms/<iec> shows."
        ) from error


class RegistryHandle:
    """A running register."""

    def __init__(self, *, folder: Path, port: int, slow_seconds: float) -> None:
        """Bind the port and answer."""
        folder.mkdir(parents=True, exist_ok=True)
        self.firms = Firms(folder / "registry.json")
        self._slow_seconds = slow_seconds
        self._out = False
        self._stopping = threading.Event()
        self._server = LoopbackServer(name="registry", routes=self._routes(), port=port)
        self.port = self._server.port
        self.url = self._server.url
        self._server.begin()

    @property
    def api_url(self) -> str:
        """What the platform's setting IEC_REGISTER_URL must say."""
        return f"{self.url}/dgft/v1"

    def stop(self) -> None:
        """Close the port; slow answers under way are given up."""
        self._stopping.set()
        self._server.stop()

    def outage(self, on: bool) -> None:
        """Play an outage of the whole register."""
        self._out = on

    def _routes(self) -> list[Route]:
        firm = r"/sandbox/firms/(?P<iec>[0-9A-Z]{10})"
        return [
            Route("GET", r"/dgft/v1/iec/(?P<iec>[^/]*)", "iec-details", self._details),
            Route("GET", r"/healthz", "health", lambda _: json_response({"status": "ok"})),
            Route("GET", r"/sandbox/firms", "firms", self._list),
            Route("GET", firm, "firm", self._show),
            Route("POST", firm, "change-firm", self._change, changes_sandbox=True),
            Route("DELETE", firm, "restore-firm", self._restore, changes_sandbox=True),
            Route("POST", r"/sandbox/reset", "reset", self._reset, changes_sandbox=True),
            Route("POST", r"/sandbox/outage", "outage", self._set_outage, changes_sandbox=True),
        ]

    def _details(self, request: Request) -> Response:
        if "x-apisetu-apikey" not in request.headers or "x-apisetu-clientid" not in request.headers:
            return error_response(401, "invalid_authentication", "Authentication failed")
        if request.headers["x-apisetu-apikey"] != API_KEY or request.headers["x-apisetu-clientid"] != CLIENT_ID:
            return error_response(401, "invalid_authorization", "You are not authorized to use this API")
        if self._out:
            return error_response(503, "service_unavailable", "Publisher service is temporarily unavailable")
        iec = request.found["iec"]
        if not iec:
            return error_response(400, "missing parameter", "Please provide all mandatory parameters.")
        if not _IEC.fullmatch(iec):
            return error_response(400, "invalid parameter", "Bad request")
        firm = self.firms.find(iec)
        if firm is None:
            return error_response(404, "record_not_found", "No record found")
        if firm["behaviour"] == "down":
            return error_response(503, "service_unavailable", "Publisher service is temporarily unavailable")
        if firm["behaviour"] == "garbled":
            return Response(200, b"<html><body>Session expired</body></html>", "text/html; charset=utf-8")
        if firm["behaviour"] == "slow":
            self._stopping.wait(self._slow_seconds)
        return json_response(public_record(firm, now=datetime.now(UTC)))

    def _list(self, _request: Request) -> Response:
        return json_response(
            {"firms": [{"iec": firm.iec, "key": firm.key, "name": firm.name} for firm in cast.FIRMS.values()]}
        )

    def _show(self, request: Request) -> Response:
        firm = self.firms.find(request.found["iec"])
        return json_response(firm) if firm else error_response(404, "record_not_found", "No record found")

    def _change(self, request: Request) -> Response:
        patch = request.json()
        if not isinstance(patch, dict):
            raise BadRequest("Send one JSON object.")
        if not _IEC.fullmatch(request.found["iec"]):
            raise BadRequest("An IEC is ten digits or a PAN.")
        return json_response(self.firms.change(request.found["iec"], patch))

    def _restore(self, request: Request) -> Response:
        self.firms.restore(request.found["iec"])
        return json_response({"restored": request.found["iec"]})

    def _reset(self, _request: Request) -> Response:
        self.firms.restore()
        self._out = False
        return json_response({"restored": "all"})

    def _set_outage(self, request: Request) -> Response:
        self.outage(on_or_off(request))
        return json_response({"outage": self._out})


def start(port: int = 0, *, folder: Path, slow_seconds: float = SLOW_SECONDS) -> RegistryHandle:
    """Start the register in this process. Raises `SandboxRefused`."""
    refuse_outside_sandbox()
    return RegistryHandle(folder=Path(folder), port=port, slow_seconds=slow_seconds)


def main() -> int:
    """Run the register until it is told to stop."""
    parser = argument_parser("registry", "The fictional IEC register of the sandbox.")
    parser.add_argument("--slow-seconds", type=float, default=SLOW_SECONDS, help="how long a slow firm's answer takes")
    options = parser.parse_args()
    start_logging()
    try:
        handle = start(options.port, folder=options.folder, slow_seconds=options.slow_seconds)
    except SandboxRefused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    return serve_until_told(handle, "registry")


if __name__ == "__main__":
    raise SystemExit(main())
