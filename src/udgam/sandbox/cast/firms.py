"""The fictional firms, as their Importer-Exporter Code (IEC) records describe them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Constitution = Literal["proprietorship", "partnership", "company", "llp"]
Role = Literal["proprietor", "partner", "designated-partner", "director", "managing-director"]
Behaviour = Literal["normal", "slow", "down", "garbled"]

# An IEC of the right form that no firm of the register holds.
UNKNOWN_IEC = "0399999990"

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def gstin(state_code: str, pan: str, entity: str = "1") -> str:
    """A GSTIN with the right check character: Luhn modulo 36, factors 1 and 2 from the left."""
    body = f"{state_code}{pan}{entity}Z"
    total = 0
    for position, sign in enumerate(body):
        product = _ALPHABET.index(sign) * (1 + position % 2)
        total += product // 36 + product % 36
    return body + _ALPHABET[(36 - total % 36) % 36]


def pan_hash(pan: str) -> str:
    """SHA-256 of a PAN in hex, as Indian certificates carry it in the subject's serialNumber."""
    return hashlib.sha256(pan.encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Address:
    """A postal address in India; `state` is the name as the GST council writes it, `state_code` its GST code."""

    line1: str
    line2: str
    city: str
    state: str
    state_code: str
    pin: str


@dataclass(frozen=True)
class Branch:
    """A branch of a firm. `sez` says whether it stands in a special economic zone (then it gives no GSTIN here)."""

    code: int
    address: Address
    sez: bool = False


@dataclass(frozen=True)
class FirmPerson:
    """A person named in the IEC record. `pan` is known to the cast; the record gives its hash if `pan_published`."""

    name: str
    role: Role
    pan: str
    mobile: str | None = None
    address: Address | None = None
    pan_published: bool = False


@dataclass(frozen=True)
class Firm:
    """A firm. `plain_v3` firms are answered in the public shape only, without contact data or constitution."""

    key: str
    iec: str
    name: str
    pan: str
    constitution: Constitution
    office: Address
    people: tuple[FirmPerson, ...]
    branches: tuple[Branch, ...]
    email: str | None
    mobile: str | None
    active: bool = True
    behaviour: Behaviour = "normal"
    plain_v3: bool = False
    # Whether the register writes iecStatus, branch codes and PIN codes as text or as numbers: the real one does both.
    numbers_as_text: bool = False
    issued_on: str = "08062020"  # ddMMyyyy

    def branch_gstins(self) -> dict[int, str]:
        """A right GSTIN for each branch outside a special economic zone, by branch code."""
        return {branch.code: gstin(branch.address.state_code, self.pan) for branch in self.branches if not branch.sez}


def _mobile(number: int) -> str:
    return f"+9199999{number:05d}"


def _place(line1: str, line2: str, city: str, state: tuple[str, str], pin: str) -> Address:
    return Address(line1, line2, city, state[0], state[1], pin)


_MAHARASHTRA = ("Maharashtra", "27")
_KERALA = ("Kerala", "32")
_TELANGANA = ("Telangana", "36")
_GUJARAT = ("Gujarat", "24")
_UTTAR_PRADESH = ("Uttar Pradesh", "09")
_ANDHRA = ("Andhra Pradesh", "37")
_HIMACHAL = ("Himachal Pradesh", "02")
_WEST_BENGAL = ("West Bengal", "19")
_RAJASTHAN = ("Rajasthan", "08")
_TAMIL_NADU = ("Tamil Nadu", "33")
_MADHYA_PRADESH = ("Madhya Pradesh", "23")
_LADAKH = ("Ladakh", "38")

_KOCHI = _place("12 Pepper Exchange Road", "Mattancherry", "Kochi", _KERALA, "682002")
_NHAVA_SHEVA = _place("Unit 9, Spice Park", "Dronagiri", "Navi Mumbai", _MAHARASHTRA, "400707")
_RATNAGIRI = _place("Survey No. 41, Hapus Wadi", "Pawas Road", "Ratnagiri", _MAHARASHTRA, "415616")
_HYDERABAD = _place("6 Loom Street", "Charminar West", "Hyderabad", _TELANGANA, "500002")
_MORBI = _place("Plot 77, Tile Estate", "Lakhdhirpur Road", "Morbi", _GUJARAT, "363642")
_AGRA = _place("3 Marble Lane", "Tajganj East", "Agra", _UTTAR_PRADESH, "282001")
_RAJAHMUNDRY = _place("15 River View", "Kotipalli", "Rajahmundry", _ANDHRA, "533101")
_SHIMLA = _place("Orchard Cottage", "Theog Road", "Shimla", _HIMACHAL, "171201")
_GOSABA = _place("1 Mangrove Ghat", "Gosaba", "South 24 Parganas", _WEST_BENGAL, "743370")
_JODHPUR = _place("Plot 5, Stone Mandi", "Mandore Road", "Jodhpur", _RAJASTHAN, "342001")
_TUTICORIN = _place("22 Fishing Harbour Road", "Threspuram", "Thoothukudi", _TAMIL_NADU, "628002")
_INDORE = _place("Block C, Vigyan Park", "Rau", "Indore", _MADHYA_PRADESH, "453331")
_GANDHIDHAM = _place("14 Tool Makers Colony", "Sector 8", "Gandhidham", _GUJARAT, "370201")
_KANDLA_SEZ = _place("Shed 210", "Kandla Special Economic Zone", "Gandhidham", _GUJARAT, "370230")
_LEH = _place("Apricot House", "Padum Road", "Kargil", _LADAKH, "194302")
_VARANASI = _place("क 12/7 बुनकर गली", "मदनपुरा", "वाराणसी", _UTTAR_PRADESH, "221001")

_FIRMS = (
    Firm(
        key="spices",
        iec="0305900017",
        name="Malabar Monsoon Spices Private Limited",
        pan="ZZZCM0102B",
        constitution="company",
        office=_KOCHI,
        people=(
            FirmPerson("Ravi Menon", "managing-director", "ZZZPM0201A", _mobile(201), _KOCHI),
            FirmPerson("Lakshmi Pillai", "director", "ZZZPP0202B", _mobile(202), _KOCHI),
        ),
        branches=(Branch(1, _KOCHI), Branch(2, _NHAVA_SHEVA)),
        email="exports@malabar-monsoon.example",
        mobile=_mobile(102),
        issued_on="08062005",
    ),
    Firm(
        key="mango",
        iec="ZZZPD0101A",
        name="Konkan Mango House",
        pan="ZZZPD0101A",
        constitution="proprietorship",
        office=_RATNAGIRI,
        people=(FirmPerson("Anita Deshmukh", "proprietor", "ZZZPD0101A", _mobile(101), _RATNAGIRI),),
        branches=(Branch(1, _RATNAGIRI),),
        email="anita@konkan-mango.example",
        mobile=_mobile(101),
        numbers_as_text=True,
    ),
    Firm(
        key="loom",
        iec="ZZZFD0103C",
        name="Deccan Loom LLP",
        pan="ZZZFD0103C",
        constitution="llp",
        office=_HYDERABAD,
        people=(
            FirmPerson("Farhan Qureshi", "designated-partner", "ZZZPQ0203C", _mobile(203), _HYDERABAD),
            FirmPerson("Sunita Reddy", "designated-partner", "ZZZPR0204D", _mobile(204), _HYDERABAD),
        ),
        branches=(Branch(1, _HYDERABAD),),
        email="trade@deccan-loom.example",
        mobile=_mobile(103),
    ),
    Firm(
        key="ceramics",
        iec="ZZZFN0104D",
        name="Narmada Ceramics",
        pan="ZZZFN0104D",
        constitution="partnership",
        office=_MORBI,
        people=(
            FirmPerson("Jayesh Parikh", "partner", "ZZZPP0205E", _mobile(205), _MORBI),
            FirmPerson("Hetal Parikh", "partner", "ZZZPP0206F", _mobile(206), _MORBI),
        ),
        branches=(Branch(1, _MORBI),),
        email="export@narmada-ceramics.example",
        mobile=_mobile(104),
        numbers_as_text=True,
    ),
    Firm(
        key="inactive",
        iec="0605900023",
        name="Bhavani Handicrafts Private Limited",
        pan="ZZZCB0105E",
        constitution="company",
        office=_AGRA,
        people=(FirmPerson("Imran Khan", "director", "ZZZPK0207G", _mobile(207), _AGRA),),
        branches=(Branch(1, _AGRA),),
        email="office@bhavani-handicrafts.example",
        mobile=_mobile(105),
        active=False,
    ),
    Firm(
        key="mismatch",
        iec="ZZZCG0106F",
        name="Godavari Agro Exports Private Limited",
        pan="ZZZCG0106F",
        constitution="company",
        office=_RAJAHMUNDRY,
        people=(FirmPerson("Padmaja Varma", "director", "ZZZPV0208H", _mobile(208), _RAJAHMUNDRY),),
        branches=(Branch(1, _RAJAHMUNDRY),),
        email="exports@godavari-agro.example",
        mobile=_mobile(106),
    ),
    Firm(
        key="slow",
        iec="ZZZFH0107G",
        name="Himachal Orchard Traders",
        pan="ZZZFH0107G",
        constitution="partnership",
        office=_SHIMLA,
        people=(FirmPerson("Devika Thakur", "partner", "ZZZPT0209J", _mobile(209), _SHIMLA),),
        branches=(Branch(1, _SHIMLA),),
        email="orchard@himachal-orchard.example",
        mobile=_mobile(107),
        behaviour="slow",
    ),
    Firm(
        key="down",
        iec="ZZZFS0108H",
        name="Sundarban Honey Collective",
        pan="ZZZFS0108H",
        constitution="partnership",
        office=_GOSABA,
        people=(FirmPerson("Mitali Mondal", "partner", "ZZZPM0210K", _mobile(210), _GOSABA),),
        branches=(Branch(1, _GOSABA),),
        email="honey@sundarban-honey.example",
        mobile=_mobile(108),
        behaviour="down",
    ),
    Firm(
        key="garbled",
        iec="ZZZFB0116R",
        name="Bellary Garments",
        pan="ZZZFB0116R",
        constitution="partnership",
        office=_HYDERABAD,
        people=(FirmPerson("Kiran Gowda", "partner", "ZZZPG0219V", _mobile(219), _HYDERABAD),),
        branches=(Branch(1, _HYDERABAD),),
        email="office@bellary-garments.example",
        mobile=_mobile(116),
        behaviour="garbled",
    ),
    Firm(
        key="no-contact",
        iec="ZZZPS0109J",
        name="Thar Stone Works",
        pan="ZZZPS0109J",
        constitution="proprietorship",
        office=_JODHPUR,
        people=(FirmPerson("Vikram Singh", "proprietor", "ZZZPS0109J"),),
        branches=(Branch(1, _JODHPUR),),
        email=None,
        mobile=None,
        plain_v3=True,
    ),
    Firm(
        key="no-branches",
        iec="0405900031",
        name="Coromandel Marine Products Private Limited",
        pan="ZZZCC0110K",
        constitution="company",
        office=_TUTICORIN,
        people=(FirmPerson("Joseph Fernando", "director", "ZZZPF0211L", _mobile(211), _TUTICORIN),),
        branches=(),
        email="marine@coromandel-marine.example",
        mobile=_mobile(110),
    ),
    Firm(
        key="pan-hash",
        iec="ZZZCV0111L",
        name="Vindhya Biotech Private Limited",
        pan="ZZZCV0111L",
        constitution="company",
        office=_INDORE,
        people=(
            FirmPerson("Neha Agrawal", "director", "ZZZPA0212M", _mobile(212), _INDORE, pan_published=True),
            FirmPerson("Rohit Saxena", "director", "ZZZPS0213N", _mobile(213), _INDORE),
        ),
        branches=(Branch(1, _INDORE),),
        email="regulatory@vindhya-biotech.example",
        mobile=_mobile(111),
    ),
    Firm(
        key="sez",
        iec="ZZZCK0112M",
        name="Kandla Precision Tools Private Limited",
        pan="ZZZCK0112M",
        constitution="company",
        office=_GANDHIDHAM,
        people=(FirmPerson("Bhavna Mehta", "director", "ZZZPM0214P", _mobile(214), _GANDHIDHAM),),
        branches=(Branch(1, _GANDHIDHAM), Branch(2, _KANDLA_SEZ, sez=True)),
        email="exports@kandla-tools.example",
        mobile=_mobile(112),
    ),
    Firm(
        key="ladakh",
        iec="ZZZFZ0113N",
        name="Zanskar Apricot Growers",
        pan="ZZZFZ0113N",
        constitution="partnership",
        office=_LEH,
        people=(FirmPerson("Tsering Dolma", "partner", "ZZZPD0215Q", _mobile(215), _LEH),),
        branches=(Branch(1, _LEH),),
        email="growers@zanskar-apricot.example",
        mobile=_mobile(113),
    ),
    Firm(
        key="hindi",
        iec="ZZZPT0114P",
        name="काशी सिल्क वस्त्र",
        pan="ZZZPT0114P",
        constitution="proprietorship",
        office=_VARANASI,
        people=(FirmPerson("सीमा त्रिपाठी", "proprietor", "ZZZPT0114P", _mobile(114), _VARANASI),),
        branches=(Branch(1, _VARANASI),),
        email="seema@kashi-silk.example",
        mobile=_mobile(114),
    ),
)

# The firms by IEC, in the order in which the sandbox lists them.
FIRMS: dict[str, Firm] = {firm.iec: firm for firm in _FIRMS}


def firm(iec: str) -> Firm:
    """The firm with this IEC; `KeyError` when the cast has none."""
    return FIRMS[iec]


def firm_by_key(key: str) -> Firm:
    """The firm with this short name, such as `spices`; `KeyError` when the cast has none."""
    return {entry.key: entry for entry in _FIRMS}[key]
