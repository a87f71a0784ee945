"""Every "no" of this room: its code, what happened, and what to do."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from udgam.rules.refusals import Answer, Reason, Refused


class AccountRefused(Refused):
    """Something about an account, a password, a nonce or an enrolled token was refused."""

    reasons: ClassVar = {
        "account.username_taken": Reason(
            _("Somebody is already registered with the user name {username}."),
            _("Sign in with it. If the password is lost, use the link for a forgotten password."),
        ),
        "account.password_too_often": Reason(
            _("A one-time password was sent a short time ago."),
            _("Look in the mailbox of the registered address, also under unwanted mail, and ask again later."),
        ),
        "account.password_chosen": Reason(
            _("This account already has a password of its own."),
            _("Use the link for a forgotten password on the sign-in page."),
        ),
        "account.closed": Reason(
            _("This account is closed."), _("Ask the help desk, or the administrator of your agency.")
        ),
        "account.erased_already": Reason(_("This account has been erased already."), _("There is nothing more to do.")),
        "account.erasure_waits": Reason(
            _("The account cannot be erased now."), _("Finish what is named below, then ask again.")
        ),
        "nonce.unknown": Reason(
            _("The answer of the token does not belong to this page."),
            _("Press the button for the token again, on this page and in this browser."),
        ),
        "nonce.used": Reason(
            _("This answer of the token was used already."), _("Press the button for the token again.")
        ),
        "nonce.expired": Reason(
            _("More than five minutes passed before the token answered."), _("Press the button for the token again.")
        ),
        "token.enrolled_already": Reason(
            _("This token is already enrolled for this account."), _("Nothing needs to be done.")
        ),
        "token.enrolled_elsewhere": Reason(
            _("This token belongs to another account."),
            _("Use your own token. If this is your own, ask the help desk."),
        ),
        "token.not_enrolled": Reason(
            _("This token is not known here."),
            _("Register first, or insert the token you registered with."),
        ),
        "token.retired": Reason(
            _("This token was retired and no longer opens the door."), _("Use your present token.")
        ),
        "token.of_another_person": Reason(
            _("This token is not one of yours."), _("Insert the token that is enrolled for your account.")
        ),
        "token.needed": Reason(
            _("The e-mail address of this account was changed less than a week ago."),
            _("Show the token of the account together with the new password."),
        ),
        "token.missing": Reason(
            _("The token has not answered."), _("Press the button for the token and enter the PIN in its window.")
        ),
        "sign_in.wrong": Reason(
            _("The user name or the password is not right."),
            _("Check both, or use the link for a forgotten password."),
        ),
        "sign_in.wrong_with_token": Reason(
            _("The user name, the password and the token do not belong together."),
            _("Check all three. Only the door of your own role opens for you."),
        ),
        "sign_in.wrong_door": Reason(
            _("This account has another door."), _("Go to the start page and choose the door of your role.")
        ),
        "sign_in.held_back": Reason(
            _("Too many wrong passwords came from here, so this way in rests for a while."),
            _("Wait until {until}, or sign in with the token at once."),
        ),
        "sign_in.held_back_with_token": Reason(
            _("Too many wrong passwords came from here, so this way in rests for a while."), _("Wait until {until}.")
        ),
        "sign_in.password_expired": Reason(
            _("This one-time password is more than 72 hours old."),
            _("Use the link for a forgotten password to choose one of your own."),
        ),
        "reset.unusable": Reason(
            _("This link was used already, was replaced by a newer one, or is more than an hour old."),
            _("Ask for a new link."),
        ),
    }


class Told(NamedTuple):
    """The two sentences of a refusal in the language of the page."""

    message: str
    advice: str


def words_of(refused: Refused) -> Told:
    """The refusal in the present language, with its values filled in."""
    reason = refused.reasons[refused.code]
    return _fill(reason, refused.params)


def words_of_answer(answer: Answer) -> Told:
    """A policy's "no" in the present language. Its English sentences stand in where no template is known."""
    from udgam.rules.reasons import all_reasons

    reason = all_reasons().get(answer.reason or "")
    return _fill(reason, answer.params) if reason else Told(gettext(answer.message), gettext(answer.advice))


def _fill(reason: Reason, params: object) -> Told:
    values = dict(params)  # type: ignore[call-overload]
    return Told(gettext(reason.message).format_map(values), gettext(reason.advice).format_map(values))
