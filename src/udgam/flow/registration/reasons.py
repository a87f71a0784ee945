"""Every "no" of registration, and how any reason code is shown: what is wrong, and what to do, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from udgam.rules.binding import is_encryption_twin
from udgam.rules.reasons import WORDS, all_reasons
from udgam.rules.refusals import Reason, Refused

REASONS: Mapping[str, Reason] = {
    "register.unavailable": Reason(
        _("The IEC register has not answered since {since}."),
        _("Your attempt is kept. Try again in a few minutes, or come back later with the same token and IEC."),
    ),
    "register.iec_unknown": Reason(
        _("The IEC register has no record of {iec}."),
        _("Compare the IEC with your IEC certificate, and mind zeros in front. A new IEC may take a day to appear."),
    ),
    "registration.already_registered": Reason(
        _("The IEC {iec} is already registered."),
        _(
            "Sign in with the IEC as user name. If the password is lost, use “Forgot password”; if the e-mail "
            "address changed, use “Update e-mail”."
        ),
    ),
    "registration.not_registered": Reason(
        _("The IEC {iec} is not registered here."), _("Check the IEC, or register the firm first.")
    ),
    "registration.attempt_closed": Reason(
        _("This attempt has ended."), _("Begin again with the token. What you typed before may have to be typed again.")
    ),
    "registration.record_changed": Reason(
        _("The IEC record changed while you were registering."),
        _("Look through the steps again; what is still right has been kept."),
    ),
    "registration.token_in_use": Reason(
        _("This token is already enrolled with another account."), _("Use a token of your own for this firm.")
    ),
    "token.not_trusted": Reason(
        _("This certificate was issued by {issuer}, whom this site does not trust."),
        _(
            "Use a class 3 certificate from an authority licensed by the Controller of Certifying Authorities. If yours "
            "is one, tell the help desk the name of the issuer."
        ),
    ),
    "contact.missing_in_record": Reason(
        _("The IEC record gives no mobile number and e-mail address to compare with."),
        _("Have both entered in the IEC at DGFT, then come back and insert the token again."),
    ),
    "contact.mobile_differs": Reason(
        _("This is not the mobile number of the IEC record, which is {hint}."),
        _("Enter that number. If it is no longer yours, update the IEC at DGFT first and come back."),
    ),
    "contact.email_differs": Reason(
        _("This is not the e-mail address of the IEC record, which is {hint}."),
        _("Enter that address. If it is no longer yours, update the IEC at DGFT first and come back."),
    ),
    "contact.email_is_present": Reason(
        _("This is the e-mail address that is already in use here."),
        _("If you want another one, update the IEC at DGFT first, then come back."),
    ),
    "code.wrong": Reason(
        _("This code is not right. Attempts left: {left}."), _("Compare it with the newest message we sent.")
    ),
    "code.none": Reason(_("No code is waiting for this address."), _("Ask for a new code.")),
    "code.expired": Reason(_("This code is older than ten minutes."), _("Ask for a new code.")),
    "code.exhausted": Reason(_("The code was typed wrongly too often."), _("Ask for a new code.")),
    "code.too_soon": Reason(
        _("A code was sent only a moment ago."), _("Wait {seconds} seconds before you ask for another one.")
    ),
    "code.too_many": Reason(
        _("Too many codes were sent to this address."), _("Wait {minutes} minutes before you ask for another one.")
    ),
    "form.spent": Reason(
        _("This form was already sent."), _("Look at the page as it is now; if the step is still open, send it again.")
    ),
    "form.stale": Reason(_("This form was open for too long or came from another page."), _("Send it again.")),
    "declaration.not_agreed": Reason(
        _("You have not agreed to the declaration."), _("Read it to the end and tick “I agree”.")
    ),
    "declaration.version_differs": Reason(
        _("The declaration was renewed while the page was open."), _("Read the new text and agree to it.")
    ),
    "branch.gstin_or_sez": Reason(
        _("Neither a GSTIN nor “Is in SEZ” is given for this branch."),
        _("Enter the GSTIN of this branch, or tick “Is in SEZ” and choose the State."),
    ),
    "branch.gstin_and_sez": Reason(
        _("Both a GSTIN and “Is in SEZ” are given for this branch."), _("Keep one of the two.")
    ),
    "branch.sez_state_missing": Reason(_("The State of the SEZ is missing."), _("Choose the State.")),
    "filing.no_branch_ready": Reason(
        _("No branch of the firm has a GSTIN or is marked as lying in an SEZ."),
        _("Open “My IEC details” and complete at least one branch."),
    ),
    "filing.consent_withdrawn": Reason(
        _("The firm has withdrawn its agreement to the declaration."),
        _("Agree to the declaration again under “My IEC details” to file applications."),
    ),
    "filing.no_token": Reason(
        _("No valid token is enrolled for this firm."),
        _("Sign in with the token of a person listed in the IEC record."),
    ),
    "people.not_signatory": Reason(
        _("Your account may draft for {firm}, but not sign."),
        _("Ask a signatory of the firm to sign. Your draft is saved and visible to them."),
    ),
    "people.invited_already": Reason(
        _("An invitation to this address is still open."),
        _("Send it again or withdraw it on the page “People of the firm”."),
    ),
    "people.belongs_already": Reason(
        _("This person acts for the firm already."), _("Change the role on the page “People of the firm”.")
    ),
    "people.too_many": Reason(
        _("A firm can have at most {limit} people and open invitations."),
        _("End what is no longer needed, then invite again."),
    ),
    "people.invited_too_many": Reason(
        _("The firm has invited {limit} people within 24 hours."),
        _("Wait until tomorrow. Send an open invitation again instead of withdrawing it and inviting anew."),
    ),
    "people.sent_too_often": Reason(
        _("This invitation was sent {limit} times, or only a moment ago."),
        _("Wait a few minutes. If it does not arrive, compare the address, withdraw the invitation and invite again."),
    ),
    "people.invitation_closed": Reason(
        _("This invitation is no longer open."),
        _("Ask the firm to invite you again. Each link works once, for a week."),
    ),
    "people.sign_in_first": Reason(
        _("There is an account with this address already."),
        _("Sign in with it, then open the link of the invitation again."),
    ),
    "people.invitation_of_another": Reason(
        _("This invitation was sent to another address than that of your account."),
        _("Sign out and sign in with the account that was invited."),
    ),
    "people.acts_for_another_firm": Reason(
        _("This account acts for another firm already."),
        _("Only customs brokers act for several firms. Use another e-mail address, or leave the other firm first."),
    ),
    "people.address_of_staff": Reason(
        _("This address belongs to an account that cannot act for a firm."), _("Use another e-mail address.")
    ),
    "people.last_signatory": Reason(
        _("The firm would be left without a signatory."), _("Let another signatory join first.")
    ),
    "people.changed_meanwhile": Reason(
        _("Somebody has changed this meanwhile."), _("Look at the page as it is now; nothing more was changed.")
    ),
    "people.not_a_signatory_role": Reason(
        _("Only signatories add a token; drafters and brokers need none."),
        _("Ask a signatory of the firm to change your role."),
    ),
    "keys.too_many": Reason(
        _("A firm can have at most {limit} keys for programs that work."), _("Revoke one that is no longer used.")
    ),
    "near_miss.decided": Reason(
        _("Somebody else has decided this already."), _("Look at the decision; it is not changed.")
    ),
    "near_miss.no_evidence": Reason(
        _("A decision that opens a near miss needs evidence."),
        _("Upload a document, or describe in at least 40 characters what you saw and where."),
    ),
}


# Refusals whose own sentences speak to engineers, and the reason that says the same to the holder of a token.
_PLAINER: Mapping[str, str] = {
    "path.policy_missing": "certificate.not_class_3",
    "path.issuer_unknown": "token.not_trusted",
    "token.document_signer": "certificate.document_signer",
}


class RegistrationRefused(Refused):
    """Registration or a change of a firm's details is refused; nothing was changed."""

    reasons: ClassVar[Mapping[str, Reason]] = REASONS


class TokenRefused(RegistrationRefused):
    """A token may not act for the firm; the reasons are the binding table's."""

    reasons: ClassVar = {**REASONS, **all_reasons()}


@dataclass(frozen=True)
class Shown:
    """The two sentences of a refusal in the reader's language."""

    code: str
    message: str
    advice: str

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


def text_of(code: str, params: Mapping[str, str] | None = None) -> Shown:
    """The translated sentences for a reason code of this room or of the rules. Raises `KeyError` for an unknown code."""
    reason = REASONS.get(code) or all_reasons()[code]
    return _shown(code, reason, params or {})


def text_of_refusal(refused: Refused) -> Shown:
    """The translated sentences of a refusal that was raised, whichever room it came from."""
    plainer = _PLAINER.get(refused.code)
    if refused.code == "token.key_usage":
        only_encrypts = is_encryption_twin(
            frozenset(part.strip() for part in refused.params.get("usage", "").split(","))
        )
        plainer = "certificate.encryption_twin" if only_encrypts else "certificate.cannot_sign"
    if plainer:
        return text_of(plainer, refused.params)
    return _shown(refused.code, type(refused).reasons[refused.code], refused.params)


def _shown(code: str, reason: Reason, params: Mapping[str, str]) -> Shown:
    # Some values are words of the rules themselves ("e-mail and mobile"); they are translated like the sentence around them.
    filled = {name: gettext(value) if value in WORDS.values() else value for name, value in params.items()}
    return Shown(code, gettext(reason.message).format_map(filled), gettext(reason.advice).format_map(filled))
