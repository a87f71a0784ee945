"""Words of secret messages at rest: one-time codes, passwords and links, which nobody may read in the outbox or in a backup.

Fernet (AES-128-CBC with HMAC-SHA256) under a key of the settings, or one derived from the secret key. The words can be read only
by the process that hands the message over, and only until then: afterwards they are erased.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"udgam messages: secret words at rest, 1"


class WordsUnreadable(Exception):
    """The words were closed under a key that this installation no longer has."""


def close(words: str) -> str:
    """The words as they may lie in the outbox."""
    return _keys().encrypt(words.encode()).decode()


def open_words(closed: str) -> str:
    """The words again. Raises ``WordsUnreadable`` under another key, and when anything was changed."""
    try:
        return _keys().decrypt(closed.encode()).decode()
    except (InvalidToken, UnicodeError) as error:
        raise WordsUnreadable from error


def _keys() -> MultiFernet:
    """The present key first, then those that may still close what waits."""
    fallbacks = [str(key) for key in settings.SECRET_KEY_FALLBACKS]
    secrets = settings.MESSAGE_KEYS or [settings.SECRET_KEY, *fallbacks]
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
    return urlsafe_b64encode(key)
