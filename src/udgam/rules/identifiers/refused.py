"""Every way in which an identifier can be refused."""

from __future__ import annotations

import unicodedata

from udgam.rules.refusals import Reason, Refused

REASONS = {
    "iec.empty": Reason("The IEC is missing.", "Enter the ten characters of your Importer-Exporter Code."),
    "iec.length": Reason(
        "An IEC has ten characters; this has {length}.", "Enter the IEC as it stands on your IEC certificate."
    ),
    "iec.leading_zero_lost": Reason(
        "This IEC has only nine digits; spreadsheets often drop the zero in front.",
        "If your IEC certificate shows a zero in front, enter it with that zero.",
    ),
    "iec.form": Reason(
        "An IEC is either ten digits or a PAN.",
        "Enter the IEC as it stands on your IEC certificate, without other signs.",
    ),
    "pan.empty": Reason("The PAN is missing.", "Enter the ten characters of the PAN."),
    "pan.length": Reason("A PAN has ten characters; this has {length}.", "Enter the PAN as it stands on the PAN card."),
    "pan.form": Reason(
        "A PAN has five letters, four digits and a letter.", "Enter the PAN as it stands on the PAN card."
    ),
    "pan.holder_type": Reason(
        "The fourth letter of a PAN names the kind of holder; “{letter}” is none.",
        "Check the fourth letter of the PAN.",
    ),
    "pan.serial": Reason("The four digits of a PAN are never 0000.", "Check the digits of the PAN."),
    "gstin.empty": Reason(
        "The GSTIN is missing.", "Enter the GSTIN of this branch, or tick “Is in SEZ” and choose the State."
    ),
    "gstin.length": Reason(
        "A GSTIN has fifteen characters; this has {length}.", "Enter the GSTIN as it stands on the GST registration."
    ),
    "gstin.form": Reason(
        "This does not have the form of a GSTIN: two digits, the PAN, one sign, the letter Z and a check character.",
        "Enter the GSTIN as it stands on the GST registration.",
    ),
    "gstin.uin": Reason(
        "This is a unique identity number of an embassy or a body of the United Nations, not the GSTIN of a business.",
        "Enter the GSTIN of the branch.",
    ),
    "gstin.non_resident": Reason(
        "This is the number of a taxable person outside India.", "Enter the GSTIN of the branch in India."
    ),
    "gstin.tds": Reason(
        "This number is for tax deducted at source (TDS) only.",
        "Enter the GSTIN under which the branch supplies its goods.",
    ),
    "gstin.tcs": Reason(
        "This number is for tax collected at source (TCS) only.",
        "Enter the GSTIN under which the branch supplies its goods.",
    ),
    "gstin.kind": Reason(
        "The fourteenth character of a taxpayer's GSTIN is Z; this has “{character}”.",
        "Enter the GSTIN under which the branch supplies its goods.",
    ),
    "gstin.check_character": Reason(
        "The last character of the GSTIN does not fit the others, so one of them is mistyped.",
        "Compare the GSTIN character by character with the GST registration.",
    ),
    "gstin.state_unknown": Reason(
        "A GSTIN begins with the code of a State; {state} is none.", "Check the first two digits of the GSTIN."
    ),
    "gstin.pan_differs": Reason(
        "The GSTIN belongs to another PAN than the one in your IEC record.",
        "Enter a GSTIN of this firm. Its third to twelfth characters are the firm's PAN.",
    ),
    "gstin.state_differs": Reason(
        "The GSTIN is of {gstin_state}, but this branch is in {branch_state}.",
        "Enter the GSTIN of the State in which the branch is. If the branch's State is wrong, update the IEC first.",
    ),
    "aeo.form": Reason(
        "An AEO number has ten to twenty letters and digits.",
        "Enter the number as it stands on the AEO certificate, or leave the field empty.",
    ),
    "aeo.pan_differs": Reason(
        "AEO numbers usually begin with IN and the firm's PAN; this one does not.",
        "Check the number against the AEO certificate.",
    ),
    "article.empty": Reason(
        "The number of the article is missing.", "Enter it as it stands on the receipt of the carrier."
    ),
    "article.form": Reason(
        "The number of an article has six to thirty letters and digits.",
        "Enter it as it stands on the receipt of the carrier.",
    ),
    "article.check_digit": Reason(
        "The check digit of this article number does not fit the others, so one of them is mistyped.",
        "Compare it with the receipt of the carrier.",
    ),
    "mobile.form": Reason(
        "A mobile number in India has ten digits and begins with 6, 7, 8 or 9.", "Enter the ten digits."
    ),
    "email.form": Reason("This is not an e-mail address.", "Enter it like naam@example.in."),
}


class IdentifierRefused(Refused):
    """The text is not an identifier of the wanted kind, or does not belong to the firm."""

    reasons = REASONS


def compact(text: str) -> str:
    """Fold what people add when they copy an identifier: case, spaces, hyphens, full-width signs."""
    folded = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in folded if not sign.isspace() and sign not in "-‐‑‒–\u200b\u2060\ufeff").upper()
