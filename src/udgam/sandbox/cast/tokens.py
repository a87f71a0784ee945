"""The tokens of the cast: what each certificate says, and what is wrong with it where something is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from udgam.sandbox.cast.agency import AGENCY
from udgam.sandbox.cast.firms import firm_by_key

Usage = Literal["signature", "encryption", "document-signer"]

CLASS_2 = "2.16.356.100.2.2"
CLASS_3 = "2.16.356.100.2.3"
DOCUMENT_SIGNER = "2.16.356.100.10.1"


@dataclass(frozen=True)
class TokenSpec:
    """What to put in a token. `organisation` "Personal" marks an individual's certificate.

    `valid_from` and `valid_to` are days from the day on which the sandbox was made. `units` become OU fields. `issuer`
    "stranger" is an authority that nobody trusts. `revoked` is a reason of RFC 5280 in its usual spelling.
    """

    name: str
    holder: str
    pin: str
    organisation: str
    pan: str
    shows: str
    units: tuple[str, ...] = ()
    state: str = "Maharashtra"
    postal_code: str = "400001"
    email: str | None = None
    policies: tuple[str, ...] = (CLASS_3, CLASS_2)
    usage: Usage = "signature"
    key_type: Literal["rsa", "ec"] = "rsa"
    client_auth: bool = False
    valid_from: int = -30
    valid_to: int = 3 * 365 - 30
    issuer: Literal["end-users", "stranger"] = "end-users"
    revoked: str | None = None
    twin_of: str | None = None


def _iec(key: str) -> tuple[str, ...]:
    return (f"IEC {firm_by_key(key).iec}",)


_SPICES = firm_by_key("spices").name
_COUNCIL = AGENCY.registered_name

_TOKENS = (
    # The people one can be.
    TokenSpec("exporter", "Ravi Menon", "201201", _SPICES, "ZZZPM0201A", "IEC inside", _iec("spices"), "Kerala", "682002", "ravi.menon@malabar-monsoon.example"),
    TokenSpec("exporter-renewed", "Ravi Menon", "201202", _SPICES, "ZZZPM0201A", "the exporter's next certificate", _iec("spices"), "Kerala", "682002", valid_from=-1, valid_to=1094),
    TokenSpec("colleague", "Lakshmi Pillai", "202202", _SPICES, "ZZZPP0202B", "organisation", (), "Kerala", "682002", client_auth=True),
    TokenSpec("other-exporter", "Anita Deshmukh", "101101", "Personal", "ZZZPD0101A", "individual, proprietor", (), "Maharashtra", "415616"),
    TokenSpec("officer", "Meera Kulkarni", "301301", _COUNCIL, "ZZZPK0301A", "officer of the agency"),
    TokenSpec("second-officer", "Arjun Shinde", "302302", _COUNCIL, "ZZZPS0302B", "officer of the agency", postal_code="411003"),
    TokenSpec("agency-admin", "Prakash Joshi", "303303", _COUNCIL, "ZZZPJ0303C", "administrator of the agency"),
    TokenSpec("administrator", "Nandini Rao", "304304", "Udgam demonstration office", "ZZZPR0304D", "administrator of the platform", state="Delhi", postal_code="110001"),
    # Other firms' people, one for each row of the binding table and each kind of record.
    TokenSpec("loom-partner", "Farhan Qureshi", "203203", firm_by_key("loom").name, "ZZZPQ0203C", "organisation, P-256 key", (), "Telangana", "500002", key_type="ec"),
    TokenSpec("ceramics-partner", "Jayesh Parikh", "205205", firm_by_key("ceramics").name, "ZZZPP0205E", "IEC inside", _iec("ceramics"), "Gujarat", "363642"),
    TokenSpec("inactive-director", "Imran Khan", "207207", firm_by_key("inactive").name, "ZZZPK0207G", "IEC is inactive", _iec("inactive"), "Uttar Pradesh", "282001"),
    TokenSpec("unlisted-director", "Suresh Rao", "208208", firm_by_key("mismatch").name, "ZZZPR0218U", "holder is not in the IEC record", _iec("mismatch"), "Andhra Pradesh", "533101"),
    TokenSpec("slow-partner", "Devika Thakur", "209209", firm_by_key("slow").name, "ZZZPT0209J", "the register answers slowly", _iec("slow"), "Himachal Pradesh", "171201"),
    TokenSpec("down-partner", "Mitali Mondal", "210210", firm_by_key("down").name, "ZZZPM0210K", "the register is down", _iec("down"), "West Bengal", "743370"),
    TokenSpec("no-contact-proprietor", "Vikram Singh", "109109", "Personal", "ZZZPS0109J", "the record has no contact", (), "Rajasthan", "342001"),
    TokenSpec("no-branches-director", "Joseph Fernando", "211211", firm_by_key("no-branches").name, "ZZZPF0211L", "the record has no branches", _iec("no-branches"), "Tamil Nadu", "628002"),
    TokenSpec("pan-hash-director", "Neha Agrawal", "212212", "Personal", "ZZZPA0212M", "individual, PAN hash in the record", (), "Madhya Pradesh", "453331"),
    TokenSpec("unprovable-director", "Rohit Saxena", "213213", "Personal", "ZZZPS0213N", "individual, no PAN hash in the record", (), "Madhya Pradesh", "453331"),
    TokenSpec("sez-director", "Bhavna Mehta", "214214", firm_by_key("sez").name, "ZZZPM0214P", "a branch in a special economic zone", _iec("sez"), "Gujarat", "370201"),
    TokenSpec("ladakh-partner", "Tsering Dolma", "215215", firm_by_key("ladakh").name, "ZZZPD0215Q", "a branch in Ladakh (38)", _iec("ladakh"), "Ladakh", "194302"),
    TokenSpec("hindi-proprietor", "सीमा त्रिपाठी", "114114", "Personal", "ZZZPT0114P", "a holder's name in Devanagari", (), "Uttar Pradesh", "221001"),
    # Tokens that must be refused, each for one reason.
    TokenSpec("expired", "Ravi Menon", "901901", _SPICES, "ZZZPM0201A", "expired", _iec("spices"), "Kerala", "682002", valid_from=-1125, valid_to=-30),
    TokenSpec("revoked", "Ravi Menon", "902902", _SPICES, "ZZZPM0201A", "revoked", _iec("spices"), "Kerala", "682002", revoked="keyCompromise"),
    TokenSpec("on-hold", "Ravi Menon", "903903", _SPICES, "ZZZPM0201A", "suspended", _iec("spices"), "Kerala", "682002", revoked="certificateHold"),
    TokenSpec("exporter-encryption", "Ravi Menon", "201201", _SPICES, "ZZZPM0201A", "encryption twin of the exporter's", _iec("spices"), "Kerala", "682002", usage="encryption", twin_of="exporter"),
    TokenSpec("wrong-firm", "Ravi Menon", "904904", "Palakkad Rice Mills Private Limited", "ZZZPM0201A", "another firm's IEC", ("IEC 0305900099",), "Kerala", "678001"),
    TokenSpec("two-iecs", "Ravi Menon", "905905", _SPICES, "ZZZPM0201A", "two different IECs", ("IEC 0305900017", "IEC 0305900099"), "Kerala", "682002"),
    TokenSpec("near-miss", "Lakshmy Pillai", "906906", _SPICES, "ZZZPP0202B", "the holder's name is spelt otherwise", (), "Kerala", "682002"),
    TokenSpec("class-2", "Ravi Menon", "907907", _SPICES, "ZZZPM0201A", "class 2 only", _iec("spices"), "Kerala", "682002", policies=(CLASS_2,)),
    TokenSpec("document-signer", f"DS {_SPICES} 1"[:64], "908908", _SPICES, "ZZZCM0102B", "a document signer", _iec("spices"), "Kerala", "682002", policies=(CLASS_3, CLASS_2, DOCUMENT_SIGNER), usage="document-signer"),
    TokenSpec("not-yet-valid", "Ravi Menon", "909909", _SPICES, "ZZZPM0201A", "valid from ten years on", _iec("spices"), "Kerala", "682002", valid_from=3650, valid_to=4000),
    TokenSpec("untrusted", "Ravi Menon", "910910", _SPICES, "ZZZPM0201A", "issued by nobody we trust", _iec("spices"), "Kerala", "682002", issuer="stranger"),
    TokenSpec("other-agency-officer", "Kavita Nair", "911911", "Nilgiri Trade Chamber", "ZZZPN0305E", "officer of an agency that is not here", state="Tamil Nadu", postal_code="643001"),
)  # fmt: skip

# The tokens by name, in the order in which the sandbox lists them.
TOKENS: dict[str, TokenSpec] = {entry.name: entry for entry in _TOKENS}


def token(name: str) -> TokenSpec:
    """The token with this name; `KeyError` when the cast has none."""
    return TOKENS[name]
