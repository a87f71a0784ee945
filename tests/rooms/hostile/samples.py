"""For every view: whose page it is, a good address, a good form. A view that is missing here fails the walk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from tests.rooms.hostile.world import World
from udgam.rules.numbers import indian_date
from udgam.web.site_pages import PAGES

Value = Any | Callable[[World], Any]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """How a view is asked rightly, so that each request of the walk is wrong in one place only.

    ``who`` is the visitor whose page it is. ``others`` are objects of the same kind that this visitor must not reach.
    ``form`` is a form that the view would accept. ``loose`` names fields in which any printable text may be right, or whose
    value is only asked for being there; ``optional`` names fields that may be left out. ``is_button`` marks a page whose form has no field at all: sending it is the act itself.
    ``keeps`` names tables that record the attempt itself. With ``talks`` the view is sent JSON.
    """

    who: str = "nobody"
    at: Mapping[str, Value] = field(default_factory=dict)
    others: Mapping[str, Value] = field(default_factory=dict)
    form: Mapping[str, Value] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    is_button: bool = False
    keeps: frozenset[str] = frozenset()
    talks: bool = False


def _case(state: str, **more: Any) -> Sample:
    at = {"public_id": lambda w: w.case(state), **more.pop("at", {})}
    return Sample(
        who=more.pop("who", "exporter"), at=at, others={"public_id": lambda w: w.foreign_case.public_id}, **more
    )


def _derived(who: str) -> Sample:
    at = {"public_id": lambda w: w.derived.public_id, "version": 1, "position": 1}
    return Sample(who=who, at=at, others={"public_id": lambda w: w.foreign_derived.public_id})


def _draft(**more: Any) -> Sample:
    others = {"public_id": lambda w: w.foreign_draft.public_id}
    at = {"public_id": lambda w: w.case("draft"), **more.pop("at", {})}
    form = {"edit": lambda w: w.cases["draft"].edit, **more.pop("form", {})} if "form" in more else {}
    return Sample(who="exporter", at=at, others=others, form=form, **more)


def _day(days: int) -> Callable[[World], str]:
    return lambda w: (indian_date(timezone.now()) + timedelta(days=days)).isoformat()


SIGN_IN = {"username": "0305900017", "password": "not-the-password", "token": "{}", "nonce": "x" * 44}
# Attempts to type a code or an address are counted, and what was typed is kept for the next visit.
ATTEMPTS = frozenset({"registration_registration", "registration_onetimecode", "registration_contactchange"})
# Where the refusal itself is an act that stands on record.
ON_RECORD = frozenset({"audit_act", "audit_actorname", "audit_unlinkedact"})
ITEM = {
    "description": "Turmeric", "hs_code": "0910.30", "marks": "MM/1", "packages": "100", "package_kind": "cartons",
    "quantity": "2500.5", "unit": "KGM", "gross_weight": "2600", "fob": "12600.00", "currency": "USD",
}  # fmt: skip
WORDS = frozenset({"description", "marks", "package_kind"})
MATERIAL = {
    "description": "Turmeric fingers", "hs_code": "0910.30", "quantity": "2600", "unit": "KGM", "unit_value": "2.10",
    "basis": "price-paid", "origin": "IN", "weight_kg": "", "role": "material", "part_of": "", "document_number": "INV 7", "document_date": "2026-10-01",
    "supplier_name": "Wayanad Growers", "supplier_address": "Kalpetta",
}  # fmt: skip
MATERIAL_WORDS = frozenset({"description", "document_number", "supplier_name", "supplier_address"})
TOKEN = {"token": "{}", "nonce": "x" * 44}

SITE: dict[str, list[Sample]] = {
    "home": [Sample()],
    "notices": [Sample()],
    "notices-archive": [Sample()],
    "faq": [Sample()],
    "site-map": [Sample()],
    "feedback": [
        Sample(
            form={"topic": "other", "text": "The page is slow.", "name": "Asha", "email": "asha@sahyadri.example"},
            loose=frozenset({"text", "name"}),
        )
    ],
    "feedback-sent": [Sample()],
    "agent": [Sample()],
    "checker-file": [Sample(at={"name": "udgam_verify-0.1.0-py3-none-any.whl"})],
    "agent-file": [Sample(at={"name": "udgam_agent-0.1.0-py3-none-any.whl"})],
    **{page.name: [Sample()] for page in PAGES if not page.own_view},
    "language": [Sample(form={"language": "hi", "next": "/about/"})],
    "keep-session": [Sample(is_button=True)],
    "emblem": [Sample()],
    "healthz": [Sample()],
    "readyz": [Sample()],
    "captcha-image": [Sample(at={"key": "0" * 40})],
    "captcha-image-2x": [Sample(at={"key": "0" * 40})],
    "captcha-audio": [Sample(at={"key": "0" * 40})],
    "captcha-refresh": [Sample()],
    "did-document": [Sample()],
    "published": [Sample(at={"path": "checkpoint"}), Sample(at={"path": "../anchors/root.pem"})],
    "api:openapi-json": [Sample()],
    "api:certificate-status": [Sample()],
    "api:api-root": [Sample()],
    "api:payment-message": [Sample(at={"account": "sandbox"})],
    "api:agreements": [Sample()],
    "api:agreement": [Sample(at={"code": "NP"})],
    "api:hs": [Sample()],
    # Without a key nobody comes in; what a key may do is tried in tests/rooms/applications/test_api.py.
    "api:applications": [Sample()],
    "api:begin": [Sample()],
    "api:application": [Sample(at={"public_id": lambda w: w.case("draft")})],
    "api:fill": [Sample(at={"public_id": lambda w: w.case("draft"), "name": "consignee"})],
    "api:add_item": [Sample(at={"public_id": lambda w: w.case("draft")})],
    "api:change_item": [Sample(at={"public_id": lambda w: w.case("draft"), "position": 1})],
    "api:remove_item": [Sample(at={"public_id": lambda w: w.case("draft"), "position": 1})],
}

WAYS = frozenset({"by_mail", "by_text"})

ACCOUNTS: dict[str, list[Sample]] = {
    "sign-in": [Sample(form={"username": "0305900017", "password": "x", "calculation_0": "0" * 40, "calculation_1": "7"})],
    "sign-in-token": [Sample(form=TOKEN)],
    "officer-sign-in": [Sample(form=SIGN_IN)],
    "agency-sign-in": [Sample(form=SIGN_IN)],
    "administrator-sign-in": [Sample(form=SIGN_IN)],
    "sign-out": [Sample(who="exporter", is_button=True)],
    "home": [Sample(who="exporter")],
    "forgot": [Sample(form={"username": "0305900017", "calculation_0": "0" * 40, "calculation_1": "7"})],
    "forgot-sent": [Sample()],
    "reset": [Sample(at={"secret": "A" * 43})],
    "new-password": [Sample(form={"new_password": "nine-blue-kites", "repeated": "nine-blue-kites", "token": "", "nonce": ""})],
    "captcha-sound": [Sample(at={"key": "0" * 40, "language": "hi"})],
    "profile": [Sample(who="exporter", form={"language": "hi"}), Sample(who="officer", form={"language": "hi"})],
    "change-password": [
        Sample(
            who="exporter",
            form={"present": "not-the-password", "new_password": "nine-blue-kites", "repeated": "nine-blue-kites"},
        )
    ],
    "sign-ins": [Sample(who="exporter")],
    "end-other-sessions": [Sample(who="exporter", is_button=True)],
    "end-session": [
        Sample(
            who="exporter",
            at={"public_id": lambda w: w.session},
            others={"public_id": lambda w: w.foreign_session},
            is_button=True,
        )
    ],
    "confirm": [Sample(who="exporter", form={**TOKEN, "next": "/account/"})],
    "notices": [Sample(who="exporter")],
    "notices-read": [Sample(who="exporter", is_button=True)],
    "notice": [
        Sample(
            who="exporter",
            at={"public_id": lambda w: w.notice.public_id},
            others={"public_id": lambda w: w.foreign_notice.public_id},
            is_button=True,
        )
    ],
    "ways": [
        # Two boxes to tick: whatever is sent is an answer, and keeping it is the act itself.
        Sample(
            who="exporter",
            form={"by_mail": "on", "by_text": "on"},
            loose=WAYS,
            optional=WAYS,
            keeps=frozenset({"accounts_tellingchoice"}),
        )
    ],
    "outbox": [Sample(who="administrator", form={"message": "none"}, loose=frozenset({"message"}))],
    "people": [Sample(who="administrator")],
    "my-data": [Sample(who="exporter")],
    "my-data-download": [Sample(who="exporter", is_button=True), Sample(who="officer", is_button=True)],
    "erase": [Sample(who="exporter", form={"username": "somebody-else"}), Sample(who="administrator", form={"username": "x"})],
}  # fmt: skip

TAX = {"gstin_0": "32ZZZCM0102B1Z5", "is_sez_0": "", "sez_state_0": "", "aeo": ""}
SEZ = frozenset({"is_sez_0"})
DECLARED = {"agree": "yes", "version": "2026-11", "form_token": "x", "read_in": "en"}

INVITED = {"name": "Deepa Nair", "email": "not an address", "role": "drafter", "language": "en"}
JOINS = {"name": "Deepa Nair", "new_password": "nine-blue-kites", "agree": "on"}


def _member() -> Sample:
    return Sample(
        who="exporter",
        at={"membership_id": lambda w: w.colleague.id},
        others={"membership_id": lambda w: w.foreign_member.id},
        is_button=True,
    )


REGISTRATION: dict[str, list[Sample]] = {
    "start": [Sample()],
    "check-token": [Sample(form={"iec": "0305900017", **TOKEN})],
    "notice": [Sample()],
    "token": [Sample(form={"iec": "0305900017", **TOKEN})],
    "waiting": [Sample(who="applicant", is_button=True, keeps=ATTEMPTS)],
    "refused": [Sample(who="applicant")],
    "contact": [Sample(who="applicant", form={"mobile": "+919000000000", "email": "x@y.example"}, keeps=ATTEMPTS)],
    "codes": [Sample(who="applicant", form={"mobile": "123456", "email": "123456"}, keeps=ATTEMPTS)],
    "resend": [Sample(who="applicant", form={"channel": "fax"}, keeps=ATTEMPTS)],
    "declaration": [Sample(who="applicant", form=DECLARED, keeps=ATTEMPTS)],
    "details": [Sample(who="applicant", form={**TAX, "gstin_0": "24ZZZFN0104D1ZX"}, loose=SEZ, keeps=ATTEMPTS)],
    "done": [Sample(who="applicant")],
    "resend-password": [Sample(who="applicant", is_button=True)],
    "arrive": [Sample(who="exporter")],
    "my-iec": [Sample(who="exporter")],
    "my-iec-fetch": [Sample(who="exporter", is_button=True)],
    "my-iec-branches": [Sample(who="exporter", form=TAX, loose=SEZ)],
    "my-iec-contact": [Sample(who="exporter", at={"channel": "mail"}, form={"code": "123456"}, keeps=ATTEMPTS)],
    "consent": [Sample(who="exporter", form={**DECLARED, "do": "agree"})],
    "update-email": [Sample(form={"iec": "0305900017", **TOKEN})],
    "update-email-waiting": [Sample(is_button=True)],
    "update-email-refused": [Sample()],
    "update-email-address": [Sample(form={"email": "x@y.example"})],
    "update-email-code": [Sample(form={"code": "123456"})],
    "update-email-done": [Sample()],
    "people": [Sample(who="exporter")],
    "people-invite": [Sample(who="exporter", form=INVITED, loose=frozenset({"name"}))],
    "people-invitation": [
        Sample(
            who="exporter",
            at={"invitation_id": lambda w: w.invitation.id},
            others={"invitation_id": lambda w: w.foreign_invitation.id},
            form={"do": "burn"},
            loose=frozenset({"do"}),
        )
    ],
    "people-role": [_member()],
    "people-end": [_member()],
    "people-token": [Sample(who="exporter", form=TOKEN)],
    "keys": [Sample(who="exporter", form={"name": "Ledger", "scope": "burn"}, loose=frozenset({"name"}))],
    "key-revoke": [
        Sample(
            who="exporter",
            at={"public_id": lambda w: w.key.public_id},
            others={"public_id": lambda w: w.foreign_key.public_id},
            is_button=True,
        )
    ],
    "firms": [Sample(who="broker", form={"firm": "0"})],
    "join": [Sample(at={"secret": "joins-the-firm"}, form={**JOINS, "repeated": "other"}, loose=frozenset({"name"}))],
    "near-misses": [Sample(who="administrator")],
    "near-miss": [
        Sample(
            who="administrator",
            at={"public_id": lambda w: w.near_miss.public_id},
            others={"public_id": lambda w: uuid4()},
            form={"decision": "open", "reason": ""},
            loose=frozenset({"reason", "decision"}),
        )
    ],
}

PERSON = {
    "name": "Arjun Shinde", "designation": "Deputy Director", "username": "arjun.shinde",
    "email": "arjun@sahyadri.example", "office": lambda w: w.office.id,
}  # fmt: skip
NAMES = frozenset({"name", "designation"})


def _agency(**more: Any) -> Sample:
    return Sample(
        who="administrator", at={"agency_id": lambda w: w.agency.id}, others={"agency_id": lambda w: 10**9}, **more
    )


FILE = {"file": "no file", "effective_from": _day(0), "reason": "Corrected."}


def _arrangement(**more: Any) -> Sample:
    return Sample(who="administrator", at={"code": "AIFTA"}, others={"code": lambda w: "NONE"}, **more)


def _officer(**more: Any) -> Sample:
    return Sample(
        who="agency_admin",
        at={"officer_id": lambda w: w.post.id},
        others={"officer_id": lambda w: w.foreign_post.id},
        **more,
    )


def _office(**more: Any) -> Sample:
    return Sample(
        who="agency_admin",
        at={"office_id": lambda w: w.office.id},
        others={"office_id": lambda w: w.foreign_office.id},
        **more,
    )


AGENCIES: dict[str, list[Sample]] = {
    "overview": [Sample(who="agency_admin")],
    "appoint": [Sample(who="agency_admin", form={**PERSON, "role": "examiner"}, loose=NAMES)],
    "end-post": [
        Sample(
            who="agency_admin",
            at={"officer_id": lambda w: w.post.id},
            others={"officer_id": lambda w: w.foreign_post.id},
            is_button=True,
        )
    ],
    **{
        name: [
            Sample(
                who="agency_admin",
                at={"office_id": lambda w: w.office.id},
                others={"office_id": lambda w: w.foreign_office.id},
                is_button=True,
            )
        ]
        for name in ("close-office", "open-office")
    },
    "token": [
        Sample(
            who="agency_admin",
            at={"token_id": lambda w: w.waiting.id},
            others={"token_id": lambda w: 10**9},
            form={"decision": "confirm"},
        )
    ],
    "bring-token": [Sample(form=SIGN_IN)],
    "agencies": [Sample(who="administrator")],
    "admit": [
        Sample(
            who="administrator",
            form={
                "code": "KEC",
                "name": "Konkan Export Council",
                "registered_name": "Konkan Export Council",
                "office_name": "Ratnagiri",
                "office_address": "Ratnagiri 415612",
                "administrator_name": "Leela Desai",
                "administrator_username": "leela.desai",
                "administrator_email": "leela@konkan.example",
                "agreements": "NP",
            },
            loose=frozenset({"name", "registered_name", "office_name", "office_address", "administrator_name"}),
        )
    ],
    "agency": [_agency()],
    "fee-account": [
        _agency(
            form={"change": lambda w: w.fee_account.pk, "decision": "reject", "compared": "", "reason": "Not yours."},
            loose=frozenset({"reason", "compared"}),
            optional=frozenset({"compared"}),
        )
    ],
    "add-office": [
        _agency(
            form={"name": "Nashik", "address": "Nashik 422001", "agreements": "NP"},
            loose=frozenset({"name", "address"}),
        )
    ],
    "appoint-administrator": [_agency(form=PERSON, loose=NAMES)],
    "name-exception": [
        _agency(
            form={"organisation": "Ministry of Spices", "reason": "Letter 7"},
            loose=frozenset({"organisation", "reason"}),
        )
    ],
    "name-agency-in-hindi": [
        _agency(form={"name_hindi": "सह्याद्रि परिषद"}, optional=frozenset({"name_hindi"})),
    ],
    "agreements": [Sample(who="administrator")],
    "rates": [
        Sample(
            who="administrator", form={"source": "Notification 91/2026", "file": "no file"}, loose=frozenset({"source"})
        )
    ],
    "rates-file": [Sample(who="administrator")],
    "correlation": [Sample(who="administrator", form={"file": "no file"})],
    "switch-agreement": [_arrangement(form={"reason": "A diplomatic note."}, loose=frozenset({"reason"}))],
    "confirm-agreement": [
        _arrangement(
            form={"fields_read": "paper", "source": "Notification 189/2009", "reason": "Read."},
            loose=frozenset({"source", "reason"}),
        )
    ],
    "agreement-data": [_arrangement(form=FILE, loose=frozenset({"reason"}))],
    "agreement-products": [_arrangement(form=FILE, loose=frozenset({"reason"}))],
    "agreement-file": [_arrangement()],
    "suspend": [_agency(is_button=True)],
    "reinstate": [_agency(is_button=True)],
    "officer": [_officer()],
    "suspend-officer": [_officer(is_button=True)],
    "enter-leave": [
        _officer(
            form={"since": _day(2), "until": _day(5), "stand_in": "", "reason": ""},
            loose=frozenset({"reason"}),
            optional=frozenset({"stand_in", "reason"}),
        )
    ],
    "cancel-leave": [
        Sample(
            who="agency_admin",
            at={"leave_id": lambda w: w.leave.id},
            others={"leave_id": lambda w: w.foreign_leave.id},
            is_button=True,
        )
    ],
    "keep-signature": [_officer(form={"file": "no file"})],
    "own-rules": [
        Sample(
            who="agency_admin",
            form={"decision_hours": "12", "two_people_from_inr": "", "two_people_from_level": ""},
            optional=frozenset({"two_people_from_inr", "two_people_from_level"}),
        )
    ],
    "office": [_office()],
    "suspend-office": [_office(form={"to": ""}, optional=frozenset({"to"}), is_button=True)],
    "set-region": [_office(form={"region": ""}, optional=frozenset({"region"}))],
    "name-office-in-hindi": [
        Sample(
            who="administrator",
            at={"office_id": lambda w: w.office.id},
            others={"office_id": lambda w: 10**9},
            form={"name_hindi": "पुणे कार्यालय"},
            optional=frozenset({"name_hindi"}),
        )
    ],
    "keep-stamp": [_office(form={"file": "no file"})],
    "open-series": [_office(form={"agreement": "", "first": "1"}, optional=frozenset({"agreement"}))],
    "authorise": [
        Sample(
            who="administrator",
            at={"office_id": lambda w: w.office.id},
            others={"office_id": lambda w: 10**9},
            form={"agreement": "NP", "valid_from": _day(1), "valid_until": ""},
            optional=frozenset({"valid_until"}),
        )
    ],
    "end-authorisation": [
        Sample(
            who="administrator",
            at={"authorisation_id": lambda w: w.office.authorisations.first().id},
            others={"authorisation_id": lambda w: 10**9},
            form={"last_day": _day(1)},
        )
    ],
    "apply": [
        Sample(
            form={
                "code": "KEC",
                "name": "Konkan Export Council",
                "letter": "no file",
                "calculation_0": "0" * 40,
                "calculation_1": "7",
            }
        )
    ],
    "applied": [Sample()],
    "requests": [Sample(who="administrator")],
    "request": [
        Sample(
            who="administrator",
            at={"public_id": lambda w: w.request.public_id},
            others={"public_id": lambda w: uuid4()},
            form={"decision": "refuse", "reason": "The letter is not signed."},
            loose=frozenset({"reason"}),
        )
    ],
}

SECTIONS: dict[str, tuple[dict[str, Value], frozenset[str]]] = {
    "certificate": (
        {"agreement": "NP", "shipment": "before", "retrospective": "", "in_lieu_of": ""},
        frozenset({"retrospective"}),
    ),
    "office": ({"office_id": lambda w: w.office.id, "postal_delivery": ""}, frozenset({"postal_delivery"})),
    "exporter": ({"branch_id": lambda w: w.filer.branch.id}, frozenset()),
    "consignee": (
        {
            "consignee_name": "Mekong Spice Trading Co.",
            "consignee_address": "12 Nguyen Hue",
            "consignee_country": "VN",
            "destination": "VN",
        },
        frozenset({"consignee_name", "consignee_address"}),
    ),
    "transport": (
        {
            "transport_mode": "sea",
            "document_kind": "bill-of-lading",
            "document_number": "NS-118/7",
            "vessel": "MV Neela Sagar",
            "departure": _day(4),
            "port_of_loading": "Cochin (INCOK)",
            "port_of_discharge": "Ho Chi Minh City",
            "route": "via Colombo",
        },
        frozenset({"vessel", "port_of_loading", "port_of_discharge", "route", "document_number"}),
    ),
    "invoice": ({"number": "MM/26-27/0041", "date": _day(-2)}, frozenset({"number"})),
    "declaration": (
        {
            "goods_at": "Our warehouse, Kochi",
            "grounds": "Grown in Kerala.",
            "comments": "",
            "place": "Kochi",
            "declarant_name": "Ravi Menon",
            "declarant_designation": "Director",
        },
        frozenset({"goods_at", "grounds", "comments", "place", "declarant_name", "declarant_designation"}),
    ),
}

BOOK_PRODUCT = {
    "description": "Turmeric",
    "hs_code": "0910.30",
    "package_kind": "cartons",
    "unit": "KGM",
    "currency": "USD",
}
BOOK_OPTIONAL = frozenset({"package_kind", "unit", "currency"})

APPLICATIONS: dict[str, list[Sample]] = {
    "list": [Sample(who="exporter")],
    "start": [Sample(who="exporter", form={"agreement": "NP", "shipment": "before"})],
    "detail": [_draft(), _case("submitted"), _case("discrepancy"), _case("issued"), _case("refused")],
    "items": [_draft()],
    "item-add": [_draft(form=ITEM, loose=WORDS, optional=frozenset({"gross_weight"}))],
    # The same form as for a new line, which is walked above.
    "item": [_draft(at={"position": 1}, form={})],
    "item-remove": [_draft(at={"position": 1}, form={})],
    "cost-sheet": [
        _draft(
            at={"position": 1},
            form={"labour": "10", "overhead": "0", "other": "", "profit": "5.50", "ex_works": "", "net_weight_kg": ""},
            optional=frozenset({"labour", "overhead", "other", "profit", "ex_works", "net_weight_kg"}),
        )
    ],
    "material-add": [_draft(at={"position": 1}, form=MATERIAL, loose=MATERIAL_WORDS, optional=frozenset({"weight_kg", "role", "part_of"}))],
    # The same form as for a new material, which is walked above.
    "material": [_draft(at={"position": 1, "number": 1}, form={})],
    "material-remove": [_draft(at={"position": 1, "number": 1}, form={})],
    "claim": [_draft(at={"position": 1}, form={"criterion": "INDIAN", "text": "", "reason": ""}, loose=frozenset({"text", "reason"}))],
    "invoices": [_draft()],
    "invoice-add": [_draft(form={"number": "MM/26-27/0042", "date": _day(-2)}, loose=frozenset({"number"}))],
    "invoice": [_draft(at={"position": 1}, form={})],
    "invoice-remove": [_draft(at={"position": 1}, form={})],
    "shipping-bills": [_draft()],
    "shipping-bill-add": [
        _draft(
            form={"number": "7654321", "date": _day(-1), "port": "INCOK1", "invoice": ""},
            loose=frozenset({"invoice"}),
            optional=frozenset({"invoice"}),
        )
    ],
    "shipping-bill": [_draft(at={"position": 1}, form={})],
    "shipping-bill-remove": [_draft(at={"position": 1}, form={})],
    "documents": [_draft(form={"kind": "other", "title": "A paper"}, loose=frozenset({"title"}))],
    "document-remove": [_draft(at={"row_id": lambda w: w.cases["draft"].documents.first().id}, form={})],
    "check": [_draft()],
    "preview": [_draft()],
    "answer": [
        _case(
            "discrepancy",
            form={"edit": lambda w: w.cases["discrepancy"].edit, "answer_1": "So."},
            loose=frozenset({"answer_1"}),
        )
    ],
    "sign": [_draft()],
    "conversation": [_draft(talks=True)],
    "copy": [_case("submitted", is_button=True), _draft(is_button=True)],
    "export": [Sample(who="exporter")],
    "book": [Sample(who="exporter", at={"kind": kind}) for kind in ("consignees", "products")],
    "book-add": [
        Sample(who="exporter", at={"kind": "consignees"}, form={"edit": "0", **SECTIONS["consignee"][0]}, loose=frozenset({"consignee_name", "consignee_address"})),
        Sample(who="exporter", at={"kind": "products"}, form={"edit": "0", **BOOK_PRODUCT}, loose=frozenset({"description", "package_kind"}), optional=BOOK_OPTIONAL),
    ],
    "book-entry": [
        Sample(who="exporter", at={"kind": "consignees", "entry_id": lambda w: w.book.public_id}, others={"entry_id": lambda w: w.foreign_book.public_id}, form={"edit": lambda w: w.book.edit, **SECTIONS["consignee"][0]}, loose=frozenset({"consignee_name", "consignee_address"})),
        Sample(who="exporter", at={"kind": "products", "entry_id": lambda w: w.product.public_id}, others={"entry_id": lambda w: w.foreign_product.public_id}, form={"edit": lambda w: w.product.edit, **BOOK_PRODUCT}, loose=frozenset({"description", "package_kind"}), optional=BOOK_OPTIONAL),
    ],
    "book-retire": [
        Sample(who="exporter", at={"kind": "consignees", "entry_id": lambda w: w.book.public_id}, others={"entry_id": lambda w: w.foreign_book.public_id}, is_button=True),
    ],
    "goods-template": [Sample(who="exporter")],
    "bulk": [_draft()],
    "bulk-upload": [_draft(at={"upload_id": lambda w: w.upload}, form={})],
    "take-back": [_case("submitted", is_button=True)],
    "withdraw": [_draft(is_button=True), _case("submitted", is_button=True)],
    "signed-copy": [_case("submitted", at={"version": 1})],
    **{name: [_derived("exporter")] for name in ("derivation", "derivation-file", "derivation-bundle")},
    "section": [
        _draft(at={"name": name}, form=values, loose=loose, optional=frozenset({"departure", "in_lieu_of"})) for name, (values, loose) in SECTIONS.items()
    ],
}  # fmt: skip


def _desk(state: str, **more: Any) -> Sample:
    return _case(state, who="officer", **more)


EXAMINATION: dict[str, list[Sample]] = {
    **{name: [_derived("officer")] for name in ("derivation", "derivation-file", "derivation-bundle")},
    "queue": [Sample(who="officer")],
    "case": [
        _desk(state)
        for state in ("submitted", "under_examination", "discrepancy", "verification", "approved", "issued", "refused")
    ],
    "discrepancy": [
        _desk(
            "under_examination",
            form={
                "seen_version": "1",
                "points-TOTAL_FORMS": "1",
                "points-0-place": "items[0].hs_code",
                "points-0-question": "Which?",
            },
            loose=frozenset({"points-0-question"}),
        )
    ],
    "refuse": [
        _desk(
            "under_examination",
            form={"seen_version": "1", "code": "other", "reason": "No."},
            loose=frozenset({"reason"}),
        )
    ],
    "colleagues": [Sample(who="officer")],
    "reassign": [_desk("under_examination", form={"to": lambda w: w.other_officer.public_id})],
    "visit": [
        _desk(
            "under_examination",
            form={"seen_version": "1", "on": _day(3), "place": "The mill", "purpose": "See the drying."},
            loose=frozenset({"place", "purpose"}),
        ),
        _desk("verification", form={"outcome": "confirmed", "report": "As said."}, loose=frozenset({"report"})),
    ],
    "note": [_desk("submitted", form={"text": "Ask Pune."}, loose=frozenset({"text"}))],
    "act": [
        _desk("submitted", at={"name": "take_up"}, is_button=True),
        _desk("under_examination", at={"name": "approve"}, form={"seen_version": "1"}),
        _desk("under_examination", at={"name": "put_back"}, is_button=True),
        _desk("under_examination", at={"name": "hold"}, is_button=True),
        _desk("under_examination", at={"name": "take_over"}, is_button=True),
        _desk("approved", at={"name": "send_back"}, is_button=True),
    ],
}


def _issued(**more: Any) -> Sample:
    """A page of one issued certificate; a certificate of another office that is not issued stands for what one must not reach."""
    return Sample(
        at={"public_id": lambda w: w.issued.public_id, **more.pop("at", {})},
        others={"public_id": lambda w: w.foreign_prepared.public_id},
        **more,
    )


def _asked(**more: Any) -> Sample:
    return Sample(
        at={"public_id": lambda w: w.asked.public_id}, others={"public_id": lambda w: w.issued.public_id}, **more
    )


OFFICER_RUN = {"public_id": lambda w: w.run.public_id}
FOREIGN_RUN = {"public_id": lambda w: w.foreign_run.public_id}
ISSUANCE: dict[str, list[Sample]] = {
    "queue": [Sample(who="officer")],
    "begin": [Sample(who="officer", form={"application": lambda w: w.case("approved")})],
    "run": [Sample(who="officer", at=OFFICER_RUN, others=FOREIGN_RUN)],
    "conversation": [Sample(who="officer", at=OFFICER_RUN, others=FOREIGN_RUN, talks=True)],
    "take_back": [Sample(who="officer", at=OFFICER_RUN, others=FOREIGN_RUN, is_button=True)],
    "preview": [
        Sample(
            who="officer",
            at={"public_id": lambda w: w.prepared.public_id},
            others={"public_id": lambda w: w.foreign_prepared.public_id},
        )
    ],
    "download": [
        Sample(who=who, at={"public_id": lambda w: w.issued.public_id}, others={"public_id": lambda w: w.foreign_prepared.public_id})
        for who in ("exporter", "officer")
    ],
    "issued": [Sample(who="officer")],
    "post": [Sample(who="officer", form={"carrier": "Speed Post", "sent_on": _day(0)}, loose=frozenset({"carrier"}))],
    "post-export": [Sample(who="officer", at={"kind": kind}) for kind in ("csv", "xlsx")],
    "leaf": [_issued(who=who, at={"number": 1}) for who in ("exporter", "officer")],
    "certificate": [_issued(who=who) for who in ("exporter", "officer")],
    "other_file": [
        _issued(who=who, at={"name": name})
        for who in ("exporter", "officer")
        for name in ("evidence.zip", "code.svg")
    ],
    "extract": [_issued(who="exporter", form={"shown": "exporter"})],
    "cancel": [_issued(who="officer", form={"reason": "other", "note": "Wrong."}, loose=frozenset({"note"}))],
    "supersede": [_issued(who="officer", form={"number": "SEC/2026/016/0000081A/00000002", "note": ""}, loose=frozenset({"note"}))],
    "ask": [_issued(who="exporter", form={"kind": "cancel", "reason": "Not shipped."}, loose=frozenset({"reason"}))],
    "seal": [
        Sample(
            who="agency_admin",
            at={"office_id": lambda w: w.office.id},
            others={"office_id": lambda w: w.foreign_office.id},
            form={"address": "pkcs11:token=a;object=b"},
            keeps=ON_RECORD,
        )
    ],
    "requests": [Sample(who="officer")],
    "decide": [_asked(who="officer", form={"decision": "refuse", "answer": "No."}, loose=frozenset({"answer"}))],
    "alarms": [Sample(who="administrator")],
    "alarm": [
        Sample(
            who="administrator",
            at={"public_id": lambda w: w.alarm.public_id},
            others={"public_id": lambda w: uuid4()},
            form={"note": "Restored from the backup."},
            loose=frozenset({"note"}),
        )
    ],
    "withdraw": [_asked(who="exporter", is_button=True)],
}  # fmt: skip

NUMBER = {"number": lambda w: w.issued.number}
VERIFICATION: dict[str, list[Sample]] = {
    "start": [Sample()],
    "search": [Sample()],
    "pdf": [Sample(form={"file": "no file"})],
    "text": [Sample(form={"text": "UD1:6BF"})],
    "offline": [Sample()],
    "trust-folder": [Sample()],
    "compare": [Sample(at=NUMBER, form={"exporter_name": "Malabar", "invoice_number": "INV-issued"})],
    "open": [Sample(at=NUMBER, form={"invoice_number": "INV-issued", "country": "VN"})],
    "certificate": [Sample(at=NUMBER), Sample(at={"number": "SEC/2026/016/0000081A/00000002"})],
}


def _order(**more: Any) -> Sample:
    return Sample(
        who="exporter",
        at={"public_id": lambda w: w.order.public_id},
        others={"public_id": lambda w: w.foreign_order.public_id},
        **more,
    )


PAYMENTS: dict[str, list[Sample]] = {
    "order": [_order()],
    "pay": [_order(is_button=True)],
    "pay-from-wallet": [_order(is_button=True)],
    "returned": [_order()],
    "receipts": [Sample(who="exporter")],
    **{
        name: [
            Sample(
                who=who,
                at={"public_id": lambda w: w.paper.public_id},
                others={"public_id": lambda w: w.foreign_paper.public_id},
            )
            for who in ("exporter", "agency_admin")
        ]
        for name in ("receipt", "receipt-pdf")
    },
    "wallets": [Sample(who="exporter")],
    "payout": [Sample(who="exporter", at={"code": lambda w: w.agency.code}, form={"amount": "100.00"})],
    "wallet": [Sample(who="exporter", at={"code": lambda w: w.agency.code}, form={"amount": "500.00"})],
    "statement": [Sample(who="exporter", at={"code": lambda w: w.agency.code, "kind": "csv"})],
    "agency-account": [Sample(who="agency_admin")],
    "settlement": [Sample(who="agency_admin", at={"kind": "xlsx"})],
    "fee-account": [
        Sample(
            who="agency_admin",
            form={
                "state_code": "27",
                "pan": "ZZZAS0201C",
                "gstin": "27ZZZAS0201C1ZK",
                "billing_address": "Mumbai",
                "gateway": "sandbox",
            },
            loose=frozenset({"billing_address"}),
            optional=frozenset({"gstin", "pan"}),
        )
    ],
}

DOCUMENTS: dict[str, list[Sample]] = {
    "download": [
        Sample(
            who="exporter",
            at={"document_id": lambda w: w.document},
            others={"document_id": lambda w: w.foreign_document},
        )
    ],
    "page": [
        Sample(
            who="exporter",
            at={"document_id": lambda w: w.document, "number": 1},
            others={"document_id": lambda w: w.foreign_document},
        )
    ],
}

OVERSIGHT: dict[str, list[Sample]] = {
    "dashboard": [Sample(who="agency_admin"), Sample(who="administrator")],
    "table": [
        Sample(who="agency_admin", at={"name": "countries", "kind": "csv"}),
        Sample(who="administrator", at={"name": "agencies", "kind": "xlsx"}),
    ],
}

AGREEMENTS: dict[str, list[Sample]] = {
    "list": [Sample()],
    "agreement": [Sample(at={"code": "AIFTA"}), Sample(at={"code": "CHILE-PTA"})],
    "finder": [Sample()],
    "calculator": [
        Sample(
            form={
                "rows": "1", "calculate": "yes", "hs_code": "091030", "destination": "VN", "currency": "USD", "fob": "100",
                "m-0-description": "Dye", "m-0-hs_code": "320417", "m-0-value": "20", "m-0-origin": "CN",
            },
            loose=frozenset({"rows", "calculate", "m-0-description"}),
        )
    ],
}  # fmt: skip

ROOMS = {
    "agreements": AGREEMENTS,
    "oversight": OVERSIGHT,
    "accounts": ACCOUNTS,
    "registration": REGISTRATION,
    "agencies": AGENCIES,
    "applications": APPLICATIONS,
    "examination": EXAMINATION,
    "issuance": ISSUANCE,
    "verification": VERIFICATION,
    "documents": DOCUMENTS,
    "payments": PAYMENTS,
}
SAMPLES: dict[str, list[Sample]] = {
    **SITE,
    **{f"{room}:{name}": samples for room, views in ROOMS.items() for name, samples in views.items()},
}
