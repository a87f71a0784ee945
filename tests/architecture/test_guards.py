"""Nothing is open by oversight: views say who may come in, tasks and acts are registered, rooms hold the files of a room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from django.apps import apps

from tests.architecture.source import PACKAGE, ROOMS, Source, dotted, room_files, sources
from tests.architecture.url_map import Address, every_address
from udgam.ground.audit.acts import registered_acts
from udgam.ground.tasks import registry
from udgam.parties.accounts.models import Person
from udgam.rules.lifecycle import APPLICATION, CERTIFICATE

# ── Views ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

# Views of libraries, which carry no mark of ours. What they hand out is public; the reason stands beside each.
WITHOUT_MARK = {
    "captcha-image": "the picture of a calculation; its key is random and good for fifteen minutes",
    "captcha-image-2x": "the same in double size",
    "captcha-audio": "the library's own sound, which is switched off; ours is accounts:captcha-sound",
    "captcha-refresh": "a new calculation",
    "api:openapi-json": "the description of the interface that anybody may use",
    "api:certificate-status": "what became of a certificate: the question the platform exists to answer",
    "api:api-root": "leads to the description",
    "api:payment-message": "what a payment gateway tells; the signature and its time are checked over the exact bytes",
    "api:applications": "a firm's list, for its keys",
    "api:begin": "a draft by a firm's key",
    "api:application": "one application, for the firm's keys",
    "api:fill": "a section of a draft, by a firm's key",
    "api:add_item": "a line of goods, by a firm's key",
    "api:change_item": "a line of goods, by a firm's key",
    "api:remove_item": "a line of goods, by a firm's key",
    "api:agreements": "public on purpose",
    "api:agreement": "public on purpose",
    "api:hs": "public on purpose",
}
SPECIAL_MARKS = {
    "all": "public on purpose",
    "signed-in": "any signed-in person, for that person's own things",
    "owner of the subject": "the room that owns the file is asked",
}
EXPORTER, OFFICER = Person.Kind.EXPORTER.value, Person.Kind.OFFICER.value
ADMIN, PLATFORM = Person.Kind.AGENCY_ADMIN.value, Person.Kind.ADMINISTRATOR.value
# Whom each part of the site is for. A view there that lets in anybody else is a slip, or belongs on the list of exceptions.
PARTS: dict[str, set[str]] = {
    "applications/": {EXPORTER},
    "payments/": {EXPORTER},
    "payments/agency/": {ADMIN},
    "desk/": {OFFICER},
    "signing/": {OFFICER},
    "signing/certificates/": {OFFICER, EXPORTER},
    "signing/offices/": {ADMIN, PLATFORM},
    "signing/alarms/": {PLATFORM},
    "agency/": {ADMIN, PLATFORM},
    "account/": {"signed-in"},
    "account/people/": {PLATFORM},
    "register/my-iec/": {EXPORTER},
    "register/people/": {EXPORTER},
    "register/firms/": {EXPORTER},
    "register/near-misses/": {PLATFORM},
    "administration/": {PLATFORM},
    "documents/": {"owner of the subject"},
}
EXCEPTIONS = {
    "agencies:apply": "a body that is not admitted yet asks for it, with its letter",
    "agencies:applied": "what happens after that; says nothing of anybody",
    "agencies:bring-token": "an officer who cannot sign in yet shows a token, with password and nonce",
    "payments:receipt": "the receipt, for the firm whose it is and for the agency that issued it",
    "payments:receipt-pdf": "the same as a PDF",
    "issuance:withdraw": "the exporter takes an own request to the office back",
}


def test_every_view_says_who_may_come_in() -> None:
    silent = [address.name for address in every_address() if not address.guard and address.name not in WITHOUT_MARK]
    assert silent == []


def test_the_list_of_views_without_a_mark_names_no_view_of_ours() -> None:
    named = {address.name: address for address in every_address() if address.name in WITHOUT_MARK}
    assert set(named) == set(WITHOUT_MARK)
    ours = [name for name, address in named.items() if address.view.__module__.startswith("udgam.")]
    assert ours == []


def test_marks_name_kinds_of_people() -> None:
    known = {*SPECIAL_MARKS, *Person.Kind.values}
    assert [(a.name, mark) for a in every_address() for mark in a.guard if mark not in known] == []


def _part_of(address: Address) -> set[str] | None:
    found = [part for part in PARTS if address.route.lstrip("^").startswith(part)]
    return PARTS[max(found, key=len)] if found else None


def test_every_part_of_the_site_is_closed_to_those_it_is_not_for() -> None:
    slips = []
    for address in every_address():
        allowed = _part_of(address)
        if allowed is not None and address.name not in EXCEPTIONS and not set(address.guard) <= allowed:
            slips.append(f"{address.name}: {address.guard}")
    assert slips == []


def test_no_view_is_exempt_from_the_guard_against_forged_forms() -> None:
    exempt = [a.name for a in every_address() if getattr(a.view, "csrf_exempt", False) and a.name not in WITHOUT_MARK]
    assert exempt == []


# ── Tasks ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _constants(source: Source) -> dict[str, str]:
    """The module's own text constants."""
    return {
        target.id: node.value.value
        for node in source.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


CARRIED_BY_AN_ORDER = {"order.settled_task", "order.expired_task"}


def _deferred() -> Iterator[tuple[str, str, set[str]]]:
    """Where work is deferred, the name of the task, and the names of its arguments."""
    for source in sources():
        constants = _constants(source)
        for name, call in source.calls():
            where = f"{source.name}:{call.lineno}"
            # An order carries the tasks of the room that opened it, and defers them with its subject.
            for keyword in call.keywords:
                if keyword.arg in {"settled_task", "expired_task"} and isinstance(
                    keyword.value, ast.Constant | ast.Name
                ):
                    given = keyword.value
                    handed = constants.get(given.id, "") if isinstance(given, ast.Name) else str(given.value)
                    if handed:
                        yield where, handed, {"subject"}
            if name not in {"defer", "defer_at"}:
                continue
            if isinstance(call.args[0], ast.Attribute) and dotted(call.args[0]) in CARRIED_BY_AN_ORDER:
                continue
            first = call.args[0]
            task = constants.get(first.id, "?") if isinstance(first, ast.Name) else ast.literal_eval(first)
            yield where, str(task), {keyword.arg or "**" for keyword in call.keywords}


def _load_jobs() -> None:
    for config in apps.get_app_configs():
        if config.name.startswith("udgam.") and (Path(config.path) / "jobs.py").exists():
            import_module(f"{config.name}.jobs")


def test_every_deferred_task_is_registered_and_takes_these_arguments() -> None:
    _load_jobs()
    known = registry.registered()
    wrong = []
    for where, name, arguments in _deferred():
        task = known.get(name)
        if task is None:
            wrong.append(f"{where}: no jobs.py registers {name!r}")
        elif task.required - arguments or arguments - task.required - task.optional:
            wrong.append(f"{where}: {name} takes {sorted(task.required | task.optional)}, given {sorted(arguments)}")
    assert wrong == []


def test_every_registered_task_is_deferred_somewhere_or_runs_by_the_clock() -> None:
    _load_jobs()
    deferred = {name for _where, name, _arguments in _deferred()}
    ours = {name: task for name, task in registry.registered().items() if task.function.__module__.startswith("udgam.")}
    assert ours
    assert [name for name, task in ours.items() if name not in deferred and task.every is None] == []


# ── Acts ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

# Here an act is handed on in a variable; whoever calls names it, and is looked at too.
HANDED_ON = {
    "src/udgam/flow/applications/services/moving.py",
    "src/udgam/flow/issuance/services/moving.py",
    "src/udgam/flow/applications/services/submitting.py",
}
RECORDING = {"record", "audit", "move", "change"}


def _named_acts() -> Iterator[tuple[str, str, ast.expr]]:
    for source in sources():
        for name, call in source.calls():
            if name.rpartition(".")[2] in RECORDING:
                for keyword in call.keywords:
                    if keyword.arg in {"act", "audit_act"}:
                        yield f"{source.name}:{call.lineno}", keyword.arg, keyword.value


def test_every_recorded_act_is_registered() -> None:
    known, lifecycle = registered_acts(), {*APPLICATION.acts, *CERTIFICATE.acts}
    wrong, seen = [], 0
    for where, keyword, value in _named_acts():
        texts = [n.value for n in ast.walk(value) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        seen += len(texts)
        if not texts and where.partition(":")[0] not in HANDED_ON:
            wrong.append(f"{where}: the act is not written out")
        unknown = [text for text in texts if text not in (known if "." in text or keyword != "act" else lifecycle)]
        wrong += [f"{where}: {text!r} is registered by no acts.py" for text in unknown]
    assert wrong == []
    assert seen > 50


def test_every_registered_act_can_happen() -> None:
    written = {
        node.value
        for source in room_files("services")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    # Tests of the audit register acts of their own in the same process; only those of the rooms count.
    of_rooms = {
        node.value
        for source in room_files("acts")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted((registered_acts() & of_rooms) - written) == []


# ── Files of a room ────────────────────────────────────────────────────────────────────────────────────────────────────

# What a reader may expect in every room.
EVERYWHERE = {
    "__init__": "",
    "models": "rows",
    "queries": "reads",
    "policies": "may this person, with the reason",
    "services": "verbs, one transaction each",
    "forms": "shape of input",
    "jobs": "tasks of the worker",
    "views": "pages",
    "api": "what programs ask",
    "urls": "addresses",
    "admin": "looking, never changing",
    "apps": "what the room hangs into lower rooms",
    "acts": "what can be recorded",
    "refusals": "every no, with what to do",
    "reasons": "every no, with what to do",
    "own_part": "what the room keeps about a person",
    "shown": "rows in the reader's language",
    "migrations": "",
    "templates": "",
    "templatetags": "",
    "static": "",
    "management": "commands",
}
# What one room has beside that; each file says in its first line what it is for.
OF_ITS_OWN = {
    "ground/agreements": "issuers limits",
    "ground/audit": "actors hashing signing_key verify",
    "ground/connectors": "addresses circuit failures hosted_page http iec_answer iec_import iec_register mail payment_gateways published_register published_status "
    "revocation scanner text_messages time_stamps",
    "ground/documents": "inspection owners rendering",
    "ground/messages": "attachments rendering sealed_words",
    "ground/reference": "countries currencies data harmonised_system locations names ports rate_files transport_modes units",
    "ground/tasks": "deferring registry running",
    "parties/accounts": "actors captcha decorators doors hashers landing language personal_data proofs renewal sessions "
    "sounds standing trust visitors",
    "parties/agencies": "history posts renewal",
    "flow/registration": "api_keys declarations fetching holders hooks places stages subjects",
    "flow/payments": "gateways printing receipt",
    "flow/applications": "arrangements cost_sheets content origin places sections signing standing workbooks",
    "flow/examination": "costs origin_panel panels",
    "flow/issuance": "conversation crash_points cycle entries preview register seal_keys seal_trial subjects trust upkeep",
    "flow/oversight": "",
    "flow/verification": "drawn meanings offline outcomes proof_views proofs limits paper privacy public_views trust_download",
}


def test_a_room_holds_the_files_of_a_room_and_those_that_are_named_here() -> None:
    strange = []
    for room in ROOMS:
        name = f"{room.parent.name}/{room.name}"
        allowed = {*EVERYWHERE, *OF_ITS_OWN.get(name, "").split()}
        for path in room.iterdir():
            if path.name not in {"__pycache__", "README.md"} and path.stem not in allowed:
                strange.append(str(path.relative_to(PACKAGE)))
    assert strange == []


def test_the_list_of_files_names_no_file_that_is_gone() -> None:
    gone = [
        f"{room}/{name}"
        for room, names in OF_ITS_OWN.items()
        for name in names.split()
        if not list((PACKAGE / room).glob(f"{name}*"))
    ]
    assert gone == []


# Inside a room a file knows only what stands below it.
RANKS = {"urls": 5, "views": 4, "api": 4, "forms": 3, "jobs": 3, "admin": 3, "services": 2, "queries": 1, "policies": 1, "models": 0}  # fmt: skip


def _kind(module_parts: list[str]) -> str:
    return module_parts[3] if len(module_parts) > 3 else ""


def test_inside_a_room_nothing_knows_what_stands_above_it() -> None:
    upward = []
    for room in ROOMS:
        for source in sources(room):
            own = list(source.path.relative_to(PACKAGE.parent).with_suffix("").parts)
            rank = RANKS.get(_kind(own))
            if rank is None:
                continue
            for node in ast.walk(source.tree):
                if not isinstance(node, ast.ImportFrom) or not node.module:
                    continue
                for module in [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]:
                    parts = module.split(".")
                    if parts[:3] == own[:3] and RANKS.get(_kind(parts), -1) > rank:
                        upward.append(f"{source.name}:{node.lineno} knows {module}")
    assert sorted(set(upward)) == []
