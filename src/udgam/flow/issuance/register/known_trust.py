"""The trust list as the rows tell it, built once in a process and again when one of its rows changes.

Every check of a certificate asks for it, and an installation has thousands of officers and offices that seldom change.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from udgam.flow.issuance.register import rows
from udgam.flow.issuance.register.trust_list import current_trust_list, list_keys
from udgam.parties.agencies.models import Officer
from udgam.signing.proof.trust_folder import IssuerEntry, issuers_of
from udgam.signing.proof.trust_list import RegisterPin, TrustList

# PostgreSQL gives a row another version (xmin) and another place (ctid) with each change of it. Of officers the list has posts, names
# and tokens; their other rows change with every sign-in.
_STATE = """
SELECT
  (SELECT md5(string_agg(concat(one.xmin, one.ctid), ' ' ORDER BY one.ctid)) FROM agencies_agency one),
  (SELECT md5(string_agg(concat(one.xmin, one.ctid), ' ' ORDER BY one.ctid)) FROM agencies_office one),
  (SELECT md5(string_agg(concat(one.xmin, one.ctid), ' ' ORDER BY one.ctid)) FROM agencies_authorisation one),
  (SELECT md5(string_agg(concat(one.xmin, one.ctid), ' ' ORDER BY one.ctid)) FROM issuance_issuerkey one),
  (SELECT md5(string_agg(concat(one.xmin, one.ctid), ' ' ORDER BY one.ctid)) FROM issuance_usedseal one),
  (SELECT md5(string_agg(concat(one.xmin, one.ctid), ' ' ORDER BY one.ctid)) FROM issuance_registerkey one),
  (SELECT md5(string_agg(concat(one.xmin, one.ctid, person.name), ' ' ORDER BY one.ctid))
     FROM agencies_officer one JOIN accounts_person person ON person.id = one.person_id WHERE one.role = %(signatory)s),
  (SELECT md5(string_agg(concat(one.xmin, one.ctid), ' ' ORDER BY one.ctid))
     FROM accounts_enrolledtoken one WHERE one.person_id IN (SELECT person_id FROM agencies_officer WHERE role = %(signatory)s)),
  (SELECT concat(version, ' ', at, ' ', until) FROM issuance_edition WHERE name = %(edition)s)
"""


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
        cursor.execute(_STATE, {"signatory": Officer.Role.SIGNATORY, "edition": rows.TRUST_LIST})
        found: tuple[object, ...] = cursor.fetchone()
    return found
