"""Every way in which a certificate can be refused for a firm or an agency, and what the person can do."""

from __future__ import annotations

from udgam.rules.refusals import Reason

_ASK_FOR_HELP = "If both names mean the same person, ask the help desk to have an administrator look at the evidence."

REASONS = {
    # The kind of certificate.
    "certificate.document_signer": Reason(
        "This certificate is a document signer: it belongs to a machine, not to a person.",
        "Use the class 3 signature certificate of a person on a USB token.",
    ),
    "certificate.encryption_twin": Reason(
        "This is the encryption certificate of the token; it cannot sign.",
        "Choose the signature certificate. It has the same name but another serial number.",
    ),
    "certificate.cannot_sign": Reason(
        "The key usage of this certificate does not allow signatures.",
        "Choose the signature certificate on the token, or ask the authority that issued it.",
    ),
    "certificate.not_class_3": Reason(
        "This certificate is not of class 3.",
        "Get a class 3 signature certificate from a licensed certifying authority.",
    ),
    # The IEC and its record.
    "binding.record_of_other_iec": Reason(
        "The record that was fetched is of another IEC.", "Fetch the record of your IEC again."
    ),
    "binding.iec_inactive": Reason(
        "The IEC {iec} is not active at the register.", "Have the IEC activated at DGFT, then come back."
    ),
    "binding.iec_differs": Reason(
        "The token carries the IEC {found}, not {iec}.", "Insert the token of this firm, or enter the IEC of the token."
    ),
    "binding.iec_ambiguous": Reason(
        "The certificate carries several different IECs ({found}).",
        "Ask the authority that issued the certificate for one with a single IEC.",
    ),
    # The person.
    "binding.holder_unnamed": Reason(
        "The certificate names no holder.", "Ask the authority that issued it for a certificate with your name."
    ),
    "binding.holder_not_listed": Reason(
        "{holder} is not among the directors, partners or proprietors in the IEC record.",
        "Use the token of a listed person, or have the person added to the IEC at DGFT first.",
    ),
    "binding.holder_near_miss": Reason(
        "The certificate says {in_certificate}, the IEC record says {in_record}. The names are close but not the same.",
        "Have one of them corrected so that both agree. " + _ASK_FOR_HELP,
    ),
    "binding.pan_unknown": Reason(
        "The IEC record gives no PAN to compare with the token.",
        "Have the PAN of the IEC recorded at DGFT, then come back.",
    ),
    "binding.pan_missing_in_certificate": Reason(
        "The certificate carries no sign of the holder's PAN.",
        "Ask the authority that issued it for a certificate bound to your PAN.",
    ),
    "binding.pan_differs": Reason(
        "The certificate is bound to another PAN than the proprietor's.", "Insert the proprietor's own token."
    ),
    "binding.director_not_provable": Reason(
        "The IEC record does not give {holder}'s PAN, so a personal token cannot prove that this is the person listed.",
        "Use an organisation token of the firm or a token that carries the IEC.",
    ),
    "binding.director_pan_differs": Reason(
        "The certificate is bound to another PAN than the one recorded for {holder}.",
        "Insert that person's own token, or have the record corrected at DGFT.",
    ),
    # The organisation.
    "binding.organisation_token_for_proprietorship": Reason(
        "This is an organisation's token, but the firm is a proprietorship.",
        "Use the proprietor's personal token or a token that carries the IEC.",
    ),
    "binding.name_as_per_pan_unknown": Reason(
        "The IEC record does not give the firm's name as per PAN to compare with the token.",
        "Have it recorded at DGFT, or use a token that carries the IEC.",
    ),
    "binding.organisation_differs": Reason(
        "The token belongs to {in_certificate}, but the firm's name as per PAN is {in_record}.",
        "Insert the token of this firm.",
    ),
    "binding.organisation_near_miss": Reason(
        "The certificate says {in_certificate}, the firm's name as per PAN is {in_record}. "
        "The names are close but not the same.",
        "Have one of them corrected so that both agree. "
        "If both mean the same firm, ask the help desk to have an administrator look at the evidence.",
    ),
    # Officers and administrators.
    "officer.organisation_missing": Reason(
        "This is a personal token; an officer signs with a token of the agency.",
        "Use a token issued to you as a person of {agency}.",
    ),
    "officer.organisation_differs": Reason(
        "The token belongs to {in_certificate}, not to {agency}.", "Use a token issued to you as a person of {agency}."
    ),
    "officer.holder_differs": Reason(
        "The token is of {in_certificate}, but this account is of {in_record}.", "Insert your own token."
    ),
    "officer.holder_near_miss": Reason(
        "The certificate says {in_certificate}, the account says {in_record}. The names are close but not the same.",
        "Ask the agency's administrator to write the account's name as the certificate has it.",
    ),
    "officer.not_enrolled": Reason(
        "This certificate is not enrolled for this account.", "Ask the administrator of your agency to enrol it."
    ),
    "administrator.not_enrolled": Reason(
        "This certificate is not enrolled for this account.", "Ask another administrator to enrol it."
    ),
}
