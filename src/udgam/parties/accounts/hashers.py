"""Password hashing as OWASP's Password Storage Cheat Sheet asks of Argon2id: 19 MiB, two passes, one lane."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2(Argon2PasswordHasher):
    """Argon2id at about a tenth of the cost of Django's default, which matters when many sign in at once."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
