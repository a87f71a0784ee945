"""Every "no" of this room: its code, what happened, and what to do."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_noop as _

from udgam.rules.lints import replaced_certificate_is_named
from udgam.rules.reasons import all_reasons
from udgam.rules.refusals import Reason, Refused


class IssueRefused(Refused):
    """Something in the issuing cycle was refused; nothing was issued by it."""

    reasons: ClassVar = {
        "post.not_asked": Reason(
            _("For certificate {number} no print by post was asked for."),
            _("Give the print to the exporter, or ask the exporter to apply for it with the next certificate."),
        ),
        "post.in_future": Reason(_("The day of sending lies in the future."), _("Enter the day on which it was sent.")),
        "post.before_issue": Reason(
            _("The certificate was issued on {date}; its print cannot have been sent before."),
            _("Enter the day on which it was sent."),
        ),
        "issuance.nothing_chosen": Reason(
            _("No application was chosen."), _("Tick at least one application in the list.")
        ),
        "issuance.too_many": Reason(
            _("At most {limit} certificates can be signed in one go."), _("Choose fewer; sign the others afterwards.")
        ),
        # The words of the lint for a number that does not fit, so that nobody learns here which numbers of others exist.
        "issuance.replaced_unknown": replaced_certificate_is_named.LINT.reason,
        "issuance.no_post": Reason(_("You hold no post at present."), _("Ask the administrator of your agency.")),
        "issuance.no_token": Reason(
            _("No token is enrolled for you."),
            _("Show your token to the administrator of your agency to have it enrolled."),
        ),
        "issuance.not_approved": Reason(
            _("The application is no longer approved and waiting to be signed."),
            _("Load the list again: it may have been issued or sent back meanwhile."),
        ),
        "issuance.being_signed": Reason(
            _("{name} opened this certificate for signing at {time}."),
            _("Let {name} finish. Half an hour after it was opened, somebody else can take it over."),
        ),
        "issuance.being_completed": Reason(
            _("This certificate is already certified; the platform is completing it."),
            _("Nothing needs to be done. Its page shows when it is issued."),
        ),
        "issuance.other_token": Reason(
            _("This token is not the one that the prepared certificates name."),
            _("Use the token with which you signed in, or sign in with this one and open the list again."),
        ),
        "issuance.token_not_yours": Reason(_("This token is not enrolled for you."), _("Use your own enrolled token.")),
        "issuance.other_day": Reason(
            _("This certificate was prepared for {date}, and that day is over in India."),
            _("Open the list to sign again: it is then prepared with the new date."),
        ),
        "issuance.clock_differs": Reason(
            _("The clock of this PC differs from the platform's: it says {claimed}."),
            _("Set the clock of the PC, then sign again."),
        ),
        "issuance.moved_on": Reason(
            _("This certificate has moved on meanwhile: somebody signed, or it was taken back."),
            _("Load the page again to see its present state."),
        ),
        "issuance.not_expected": Reason(
            _("The platform did not ask for this signature."), _("Open the signing page again and sign what it shows.")
        ),
        "issuance.unreadable": Reason(
            _("What the token's program sent cannot be read."),
            _("Start the signing agent again. If it happens again, tell the help desk."),
        ),
        "issuance.too_many_signed": Reason(
            _("Everything in this list is signed or no longer waits."), _("Open the list to sign again.")
        ),
        "issuance.seal_not_configured": Reason(
            _("The office has no seal key."),
            _(
                "The operator names one in the settings, or the agency’s administrator on the page “Seal of the office”."
            ),
        ),
        "issuance.seal_file_in_production": Reason(
            _("The seal key of the office lies in a file, which only a sandbox may use."),
            _("The operator installs the key in a key store and names it as pkcs11:…"),
        ),
        "issuance.seal_address": Reason(
            _("The address of the seal key cannot be understood: {detail}."),
            _("The operator corrects it; the manual for operators shows the form."),
        ),
        "seal.not_pkcs11": Reason(
            _("This is not the address of a key in a key store."),
            _("Write it as pkcs11:…; the manual for operators shows the form."),
        ),
        "seal.pin_inside": Reason(
            _("The address holds the PIN itself."),
            _("Put the PIN into a file on the server and name the file; change this PIN, since it was typed here."),
        ),
        "seal.module_not_allowed": Reason(
            _("The operator has not allowed this module of a key store."),
            _("The operator names it in the settings of the installation."),
        ),
        "seal.file_not_allowed": Reason(
            _("The files of PIN and certificates must stand in the folder {folder}."),
            _("The operator puts them there."),
        ),
        "seal.no_proof_key": Reason(
            _("The address names no key for codes and credentials, without which nothing can be issued."),
            _("Add x-proof-object and x-proof-public; the manual for operators shows the form."),
        ),
        "seal.too_many_trials": Reason(
            _("Too many keys were tried."),
            _("Wait until tomorrow, or ask the operator, who sees on the server what is wrong with the key."),
        ),
        "seal.trial_failed": Reason(
            _("The key’s trial signature does not belong to its certificate."),
            _("Name the file with the certificate that was issued for this key."),
        ),
        "seal.organisation_differs": Reason(
            _("The certificate names the organisation “{found}”, not {name}."),
            _("Use a seal issued to the agency, or have the other name accepted first."),
        ),
        "issuance.key_not_usable": Reason(
            _("The key {key} was revoked, or belongs to another office."),
            _("The operator installs a new key for this office; the manual for operators says how."),
        ),
        "issuance.register_address": Reason(
            _("The keys of the register cannot be opened: {detail}."),
            _("The operator corrects the setting; the manual for operators shows the form."),
        ),
        "register.ahead": Reason(
            _("The published log holds {published} entries, and the database knows of {known} only."),
            _(
                "The database was restored from an older copy. Nothing is published until the operator has put the newer "
                "entries back; the manual for operators says how."
            ),
        ),
        "register.differs": Reason(
            _("The published log is not the one that the database tells of, at {size} entries."),
            _(
                "Keep the published files as they are and tell the operator; the manual for operators says how to go on."
            ),
        ),
        "register.key_revoked": Reason(
            _("The register's key {key} was revoked, and the services still sign with it."),
            _("The operator installs the new key and starts the services again; the manual for operators says how."),
        ),
        "register.key_in_use": Reason(
            _("The register still signs with the key {key}, or the settings still name it."),
            _("Install the new key first and start the services again, then revoke the old one."),
        ),
        "register.unknown_key": Reason(
            _("The register has never used the key {key}."),
            _("The command udgam register keys names every one."),
        ),
        "issuance.own_check": Reason(
            _("Our own check of the finished file failed at “{step}”: {detail}"),
            _("Nothing was issued. Tell the operator."),
        ),
        "issuance.file_differs": Reason(
            _("The file read back is not the file that was made."), _("Nothing was issued. Tell the operator.")
        ),
        "storage.missing": Reason(
            _("A file of this certificate is missing in the platform’s store."),
            _("Nothing needs to be signed again. Tell the operator, who brings the file back from a backup."),
        ),
        "storage.unusable": Reason(
            _("The platform’s store of files cannot be used at present."),
            _("Nothing needs to be signed again. Tell the operator if it lasts."),
        ),
        "outside.silent": Reason(
            _("A service on which the platform depends does not answer."),
            _("Nothing needs to be signed again. Tell the operator if it lasts."),
        ),
        "resealing.unknown_key": Reason(
            _("No office has ever signed with the key {key}."),
            _("Give the SHA-256 of a seal, or the id of a key of codes, as the trust list names it."),
        ),
        "resealing.unknown_reason": Reason(
            _("That is none of the reasons for revoking a key."), _("Choose one of those that the command lists.")
        ),
        "extract.not_issued": Reason(
            _("An extract is made only of a certificate that counts."),
            _("Make one of the certificate that took its place."),
        ),
        "resealing.still_in_use": Reason(
            _("The office still signs with the key {key}."),
            _("Install a new key under the office's address first and start the services again."),
        ),
        "resealing.not_logged": Reason(
            _("No proof from the log shows when this certificate was issued, so a new seal could not show it either."),
            _("Publish the register and run the command again."),
        ),
        "resealing.begun_already": Reason(
            _("The key {key} is revoked already, and everything that it signed is signed anew."),
            _("Nothing needs to be done."),
        ),
        "alarm.note_missing": Reason(_("Closing an alarm needs a note."), _("Write what you found and what was done.")),
        "alarm.closed": Reason(_("This alarm is closed already."), _("Load the page again.")),
        "request.one_waits": Reason(
            _("A request about this certificate waits for the office already."),
            _("Wait for its answer, or withdraw it first."),
        ),
        "request.decided": Reason(
            _("This request is no longer waiting."), _("Load the page again to see what became of it.")
        ),
        "request.not_yours": Reason(
            _("Only somebody of the firm to which the certificate was issued can ask for this."),
            _("Ask the exporter who applied for it."),
        ),
        "request.answer_missing": Reason(
            _("A refusal needs its reason."), _("Write what stands against it; the exporter reads it.")
        ),
        **{code: reason for code, reason in all_reasons().items() if code.startswith(("duty.", "ending.", "outage."))},
    }


def code_of(error: Refused | OSError) -> str:
    """The stable code of what stands in the way: that of the refusal, or ours for what the system could not do."""
    if isinstance(error, Refused):
        return error.code
    if isinstance(error, FileNotFoundError):
        return "storage.missing"
    return "outside.silent" if isinstance(error, (ConnectionError, TimeoutError)) else "storage.unusable"
