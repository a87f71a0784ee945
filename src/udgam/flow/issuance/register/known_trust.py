"""The trust list as the rows tell it, built once in a process and again when one of its rows changes.

Every check of a certificate asks for it, and an installation has thousands of officers and offices that seldom change.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from udgam.flow.issuance.models import Edition, IssuerKey, RegisterKey, UsedSeal
from udgam.flow.issuance.register import rows
from udgam.flow.issuance.register.trust_list import current_trust_list, list_keys
from udgam.parties.accounts.models import EnrolledToken, Person
from udgam.parties.agencies.models import Agency, Authorisation, Office, Officer
from udgam.signing.proof.trust_folder import IssuerEntry, issuers_of
from udgam.signing.proof.trust_list import RegisterPin, TrustList

# PostgreSQL gives a row another version (xmin) and another place (ctid) with each change of it.
_VERSIONS = "SELECT md5(string_agg(concat(one.xmin, one.ctid), ' ' ORDER BY one.ctid)) FROM {table} one"
_WHOLE = (Agency, Office, Authorisation, IssuerKey, UsedSeal, RegisterKey)
_SIGNATORIES = f"SELECT person_id FROM {Officer._meta.db_table} WHERE role = '{Officer.Role.SIGNATORY}'"
_PARTS = (
    *(_VERSIONS.format(table=model._meta.db_table) for model in _WHOLE),
    # Of officers the list has posts, names and tokens; their other rows change with every sign-in.
    f"{_VERSIONS.format(table=Officer._meta.db_table)} WHERE one.role = '{Officer.Role.SIGNATORY}'",
    f"SELECT md5(string_agg(concat(id, name), ' ' ORDER BY id)) FROM {Person._meta.db_table} WHERE id IN ({_SIGNATORIES})",
    f"{_VERSIONS.format(table=EnrolledToken._meta.db_table)} WHERE one.person_id IN ({_SIGNATORIES})",
    f"SELECT concat(version, ' ', at, ' ', until) FROM {Edition._meta.db_table} WHERE name = '{rows.TRUST_LIST}'",
)
_STATE = f"SELECT {', '.join(f'({part})' for part in _PARTS)}"


@dataclass(frozen=True)
class KnownTrust:
    """The list dated as its edition, the keys that may sign it, and its agencies as the check of a file looks at them."""

    listed: TrustList
    pin: RegisterPin
    issuers: tuple[IssuerEntry, ...]


_lock = threading.Lock()
_known: dict[str, tuple[tuple[object, ...], KnownTrust]] = {}


def known_trust() -> KnownTrust:
    """What our own checker believes of the register at this moment: one statement, if nothing changed since the last call."""
    state = (settings.ISSUER_DID, settings.REGISTER_SITE, *_state())
    with _lock:
        kept = _known.get(connection.alias)
    if kept is not None and kept[0] == state:
        return kept[1]
    listed = current_trust_list()
    found = KnownTrust(listed, RegisterPin(issuer=settings.ISSUER_DID, keys=list_keys()), issuers_of(listed))
    # Rows that changed while we read may stand in the list already; the state of before then makes the next call read again.
    with _lock:
        _known[connection.alias] = (state, found)
    return found


def _state() -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        found: tuple[object, ...] = cursor.fetchone()
    return found
