"""GST codes of the States and Union territories, with their English and Hindi names.

Codes as used in GST registration numbers since 1 July 2017; 38 was added for Ladakh in 2019.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "01": ("Jammu and Kashmir", "जम्मू और कश्मीर"),
        "02": ("Himachal Pradesh", "हिमाचल प्रदेश"),
        "03": ("Punjab", "पंजाब"),
        "04": ("Chandigarh", "चंडीगढ़"),
        "05": ("Uttarakhand", "उत्तराखंड"),
        "06": ("Haryana", "हरियाणा"),
        "07": ("Delhi", "दिल्ली"),
        "08": ("Rajasthan", "राजस्थान"),
        "09": ("Uttar Pradesh", "उत्तर प्रदेश"),
        "10": ("Bihar", "बिहार"),
        "11": ("Sikkim", "सिक्किम"),
        "12": ("Arunachal Pradesh", "अरुणाचल प्रदेश"),
        "13": ("Nagaland", "नागालैंड"),
        "14": ("Manipur", "मणिपुर"),
        "15": ("Mizoram", "मिज़ोरम"),
        "16": ("Tripura", "त्रिपुरा"),
        "17": ("Meghalaya", "मेघालय"),
        "18": ("Assam", "असम"),
        "19": ("West Bengal", "पश्चिम बंगाल"),
        "20": ("Jharkhand", "झारखंड"),
        "21": ("Odisha", "ओडिशा"),
        "22": ("Chhattisgarh", "छत्तीसगढ़"),
        "23": ("Madhya Pradesh", "मध्य प्रदेश"),
        "24": ("Gujarat", "गुजरात"),
        "25": ("Daman and Diu", "दमन और दीव"),
        "26": ("Dadra and Nagar Haveli and Daman and Diu", "दादरा और नगर हवेली तथा दमन और दीव"),
        "27": ("Maharashtra", "महाराष्ट्र"),
        "28": ("Andhra Pradesh (before Telangana)", "आंध्र प्रदेश (तेलंगाना से पहले)"),
        "29": ("Karnataka", "कर्नाटक"),
        "30": ("Goa", "गोवा"),
        "31": ("Lakshadweep", "लक्षद्वीप"),
        "32": ("Kerala", "केरल"),
        "33": ("Tamil Nadu", "तमिलनाडु"),
        "34": ("Puducherry", "पुदुच्चेरी"),
        "35": ("Andaman and Nicobar Islands", "अंडमान और निकोबार द्वीपसमूह"),
        "36": ("Telangana", "तेलंगाना"),
        "37": ("Andhra Pradesh", "आंध्र प्रदेश"),
        "38": ("Ladakh", "लद्दाख"),
        "96": ("Other country", "अन्य देश"),
        "97": ("Other territory", "अन्य क्षेत्र"),
        "99": ("Centre jurisdiction", "केंद्रीय अधिकार क्षेत्र"),
    }
)

# What a drop-down of States offers: those that exist today, by English name.
STATES_TO_CHOOSE: tuple[str, ...] = tuple(
    sorted((code for code in STATES if code not in {"25", "28", "96", "97", "99"}), key=lambda code: STATES[code][0])
)

# Older names and spellings met in registers.
_ALIASES = {
    "nct of delhi": "07",
    "new delhi": "07",
    "delhi nct": "07",
    "orissa": "21",
    "uttaranchal": "05",
    "pondicherry": "34",
    "chattisgarh": "22",
    "jammu kashmir": "01",
    "daman diu": "25",
    "dadra nagar haveli": "26",
    "dadra nagar haveli daman diu": "26",
    "andaman nicobar": "35",
    "telengana": "36",
    "tamilnadu": "33",
    "maharastra": "27",
    "bengal": "19",
}


def _fold(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(
        sign if unicodedata.category(sign)[0] in "LMN" else "" if unicodedata.category(sign) == "Cf" else " "
        for sign in folded
    )
    return " ".join(word for word in kept.split() if word not in ("and", "the", "और", "तथा"))


def _index() -> dict[str, str]:
    index = {_fold(name): code for name, code in _ALIASES.items()}
    for code, names in STATES.items():
        for name in names:
            index[_fold(name)] = code
    for code in ("34", "35", "31", "04", "26", "38", "01", "07"):
        index[_fold(f"{STATES[code][0]} UT")] = code
    index["andaman nicobar island"] = "35"
    return index


_BY_NAME = _index()


def state_code_of(name: str) -> str | None:
    """The GST code of a State named in English or Hindi, in a current or an older spelling; None when it is none."""
    return _BY_NAME.get(_fold(name))
