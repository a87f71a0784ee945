"""The other proofs on the page: the signed code as it is printed, and the files that are attached beside the content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from udgam.signing.proof import names
from udgam.signing.sealing.code import LINK_CODE_MM, SIGNED_CODE_MM, draw_code


@dataclass(frozen=True)
class Proofs:
    """What the office's key signed about the content: the text of the signed code and the credential, with the trade data beside them."""

    code: str
    credential: str
    trade_data: bytes


def code_values(proofs: Proofs | None, *, number: str) -> dict[str, Any]:
    """The values that the page prints of the codes, and the files that it attaches."""
    if proofs is None:
        return {"code": None, "code_alt": "", "code_mm": SIGNED_CODE_MM, "qr_mm": LINK_CODE_MM, "attached": []}
    return {
        "code": draw_code(proofs.code),
        "code_alt": f"QR code with the signed data of certificate {number}; it can be checked without any site",
        "code_mm": SIGNED_CODE_MM,
        "qr_mm": LINK_CODE_MM,
        "attached": [
            _file(
                names.CODE_ATTACHMENT,
                proofs.code,
                "text/plain",
                "The text of the signed QR code on this page (COSE, base45)",
            ),
            _file(
                names.CREDENTIAL_ATTACHMENT,
                proofs.credential,
                "application/vc+jwt",
                "This certificate as a W3C Verifiable Credential",
            ),
            _file(
                names.TRADE_DATA_ATTACHMENT,
                proofs.trade_data.decode(),
                "application/json",
                "The content in the terms of UN/CEFACT (BSP Preferential CoO)",
                "alternative",
            ),
        ],
    }


def _file(name: str, data: str, media_type: str, description: str, relationship: str = "supplement") -> dict[str, str]:
    return {
        "name": name,
        "data": data,
        "media_type": media_type,
        "description": description,
        "relationship": relationship,
    }
