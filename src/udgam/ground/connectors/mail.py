"""Hand a mail to the mail server."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import BadHeaderError

from udgam.ground.connectors.circuit import CircuitBreaker
from udgam.ground.connectors.failures import HandOverRefused, Unreachable

# RFC 5321 section 4.2.1: 5xx answers are for good; these three are about us or the moment, not about the recipient.
_NOT_ABOUT_THE_RECIPIENT = {530, 534, 535, 554}
breaker = CircuitBreaker("The mail server", counts=Unreachable)


def send_mail(*, to: str, subject: str, body: str, reference: str, attachment: tuple[str, bytes] | None = None) -> None:
    """Send one mail. ``reference`` becomes the Message-ID, so that a mail sent twice is seen as one.

    ``attachment`` is a file's name, whose ending tells the kind, and its bytes.

    Raises ``Unreachable`` (try again), ``CircuitOpen`` (later), ``HandOverRefused`` (this address is refused for good).
    """
    sender: str = settings.DEFAULT_FROM_EMAIL
    domain = sender.rpartition("@")[2].rstrip("> ") or "localhost"
    mail = EmailMessage(
        subject=subject,
        body=body,
        from_email=sender,
        to=[to],
        # RFC 3834: an out-of-office answer must not answer us.
        headers={"Message-ID": f"<{reference}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=get_connection(fail_silently=False),
    )
    if attachment is not None:
        mail.attach(*attachment)
    with breaker.guard():
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _ in error.recipients.values()}
            if codes and all(500 <= code < 600 and code not in _NOT_ABOUT_THE_RECIPIENT for code in codes):
                raise HandOverRefused("The mail server refuses the recipient.") from error
            raise Unreachable("The mail server cannot take the recipient now.") from error
        except BadHeaderError as error:
            raise HandOverRefused("The mail has a header with a line break.") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"The mail server cannot be used: {type(error).__name__}.") from error


def try_mail_server() -> None:
    """Open a connection with the account of the settings and close it; nothing is sent. Raises ``Unreachable``."""
    carrier = get_connection(fail_silently=False)
    try:
        carrier.open()
        carrier.close()
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(f"The mail server cannot be used: {error}") from error
