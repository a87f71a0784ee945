"""The sandbox's mailbox: where mail and text messages of the platform end, and where one can read them."""

from udgam.sandbox.mailbox.service import SMS_KEY, MailboxHandle, start
from udgam.sandbox.mailbox.store import Message, Store

__all__ = ["SMS_KEY", "MailboxHandle", "Message", "Store", "start"]
