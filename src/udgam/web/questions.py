"""Questions people really asked of such services, each answered: what happened, why, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question. ``id`` is the anchor on the page; ``link`` is the URL name of the page that helps on.

    ``known_as`` holds the messages, in English as they stood there, by which earlier portals and their helpers told of the same fault:
    people search for the words that they saw.
    """

    id: str
    question: StrOrPromise
    happened: StrOrPromise
    why: StrOrPromise
    todo: StrOrPromise
    link: str = ""
    link_text: StrOrPromise = ""
    known_as: tuple[str, ...] = ()


class _Link(TypedDict):
    link: str
    link_text: StrOrPromise


_CHECK = _Link(link="registration:check-token", link_text=_("Check my token"))
_AGENT = _Link(link="agent", link_text=_("Get the signing agent"))

QUESTIONS: Sequence[Question] = (
    Question(
        id="token-not-seen",
        question=_("“No token found”, although it is inserted"),
        happened=_("The signing agent runs, but it sees no token."),
        why=_("The token's driver is missing or of the wrong kind, or another program holds the token."),
        todo=_(
            "Install the driver of your token in the 64-bit version, pull the token out and insert it again. Close other "
            "signing programs. If the driver lies in an unusual place, name it to the agent."
        ),
        **_CHECK,
        known_as=(
            "Please Insert Dongel",
            "Your DSC is not inserted",
        ),
    ),
    Question(
        id="agent-not-running",
        question=_("“The signing agent did not answer”"),
        happened=_("The page opened the agent's window, and nothing answered in time."),
        why=_("The agent is not installed, not started, or it listens on another port."),
        todo=_("Start the agent and leave it open, then press the button again. What you typed is still there."),
        **_AGENT,
        known_as=(
            "DSC Token is not connected",
            "Not Found",
        ),
    ),
    Question(
        id="popup-blocked",
        question=_("The agent's window does not open"),
        happened=_("Your browser kept the window from opening."),
        why=_("Pop-up windows are blocked for this site."),
        todo=_("Allow pop-ups for this site in the address bar, then press the button again."),
    ),
    Question(
        id="expired",
        question=_("“The certificate has expired”"),
        happened=_("The certificate you chose is past its date."),
        why=_(
            "The token holds an old certificate, perhaps beside a new one, or the certificate was not renewed in time."
        ),
        todo=_(
            "Choose the certificate with the later date in the agent's window. If there is none, get a new one from a "
            "licensed certifying authority; here you need not register again."
        ),
        **_CHECK,
        known_as=("Expired Certificate",),
    ),
    Question(
        id="iec-not-matched",
        question=_("“This token does not belong to the IEC”"),
        happened=_("The token works, but it may not act for the IEC you typed."),
        why=_(
            "The certificate carries another IEC, or the PAN or firm name in it differs from the IEC record, or its holder is "
            "not listed there as director, partner or proprietor."
        ),
        todo=_(
            "Read the reason on the page: it names both sides. Insert the right token, or have the IEC record or the "
            "certificate corrected."
        ),
        **_CHECK,
        known_as=("IEC Not Matched, Kindly Insert Correct Token",),
    ),
    Question(
        id="name-differs",
        question=_("My name is written a little differently on the token"),
        happened=_("The page shows both names and refuses."),
        why=_("Names must agree but for case, spaces, punctuation, titles and the order of words."),
        todo=_(
            "Have one of the two corrected. If that is not possible, ask the help desk: the administrator can look at your "
            "papers and record a decision."
        ),
        link="contact",
        link_text=_("Contact"),
    ),
    Question(
        id="encryption-certificate",
        question=_("Why is a certificate on my token not offered?"),
        happened=_("The agent lists fewer certificates than another program."),
        why=_("Certificates for encryption cannot sign. They often have the same name as the one for signing."),
        todo=_("Choose the one that is offered. If none is, the token holds no signing certificate of class 3."),
        **_CHECK,
    ),
    Question(
        id="pin-locked",
        question=_("The PIN is locked"),
        happened=_("The token refuses every PIN."),
        why=_("A wrong PIN was typed too often. The token locks itself; no site can do that or undo it."),
        todo=_(
            "Unlock it with the program of the token's maker and its administrator PIN, or ask the seller of the token. "
            "If it cannot be unlocked, you need a new certificate."
        ),
    ),
    Question(
        id="mobile-email",
        question=_("My mobile number or e-mail address is not accepted"),
        happened=_("What you typed differs from the IEC record."),
        why=_("Codes and the password go only to the number and the address that DGFT holds for the IEC."),
        todo=_("Update the IEC with DGFT first, then try again; the record is fetched anew."),
        known_as=("Mobile number or e-mail in incorrect format",),
    ),
    Question(
        id="branches-missing",
        question=_("Branches or directors are missing"),
        happened=_("The page shows fewer branches or persons than the firm has."),
        why=_("The page shows what the IEC record holds. It may be old if the IEC register could not be reached."),
        todo=_(
            "Look at the date of the record on the page. Fetch it again under “My IEC details”; if something is still "
            "missing, update the IEC with DGFT."
        ),
    ),
    Question(
        id="register-down",
        question=_("“The IEC register cannot be reached”"),
        happened=_("The register of DGFT does not answer at the moment."),
        why=_("It is maintained or out of order. That is outside this service."),
        todo=_("Nothing is lost. Your attempt is kept; come back to it later with the same token."),
    ),
    Question(
        id="office-list",
        question=_("My office is not in the list"),
        happened=_("The list of issuing offices is short or empty."),
        why=_("Only offices that are authorised for the chosen kind of certificate are offered."),
        todo=_("The page says so when there is none. You need not register again; ask the agency or the help desk."),
        link="contact",
        link_text=_("Contact"),
    ),
    Question(
        id="session",
        question=_("Something failed while I was uploading, and I was signed out"),
        happened=_("Your session ended before the file arrived."),
        why=_("For your safety a session ends when nothing happens for a while. You are warned before."),
        todo=_("Sign in again and open the draft: everything saved so far is there. Upload the file again."),
        known_as=("I am in Error",),
    ),
    Question(
        id="java",
        question=_("“Unable to launch the application”: do I need Java?"),
        happened=_("You followed an old manual."),
        why=_("The old portal signed with a Java program. This service does not."),
        todo=_("Use the signing agent. Java and the list of excepted sites can go."),
        link="manual-old-portal",
        link_text=_("If you come from the old portal"),
        known_as=("Unable to launch application",),
    ),
    Question(
        id="no-password",
        question=_("The mail with the password did not come"),
        happened=_("You registered, but no mail arrived."),
        why=_("It may lie among unwanted mail, or the mailbox is full. The password works for 72 hours only."),
        todo=_("Ask for a new one on the last page of registration, or use “Forgot password?” at the sign-in."),
        link="accounts:forgot",
        link_text=_("Forgot password?"),
    ),
    Question(
        id="lost-both",
        question=_("We lost both the mobile number and the e-mail address of our IEC"),
        happened=_("Neither code can reach you."),
        why=_("Both stand in the IEC record, which only DGFT can change."),
        todo=_("Ask DGFT to change them in the IEC record. Then change the address here with your token."),
        link="registration:update-email",
        link_text=_("Letters go to an old e-mail address"),
    ),
    Question(
        id="customs-reject",
        question=_("Customs abroad could not check my certificate"),
        happened=_("The QR code or the number gave no result."),
        why=_("The number was mistyped, the network failed, or the officer looked on another site."),
        todo=_(
            "Send them the PDF: it proves itself, without a network. On this site the number is checked at “Verify "
            "certificate”. A failed look-up does not make a certificate void."
        ),
        link="manual-verify",
        link_text=_("How to verify a certificate"),
    ),
)
