"""The log's proof of the issue inside the file: put there when a certificate is sealed again or stamped later, so that it needs no other.

It lies in the document security store under a name of our own. Like all evidence in a file it counts for nothing until it is proved: by
the keys of the log in the checker's own trust list.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject

from udgam.signing.proof import names
from udgam.signing.proof.file import UNREADABLE, SignedFile, entry
from udgam.signing.proof.log import LogRefused
from udgam.signing.proof.published import proof_path
from udgam.signing.proof.trust_folder import TrustFolder

_LONGEST = 128 * 1024


def with_enclosed(trust: TrustFolder, file: SignedFile) -> TrustFolder:
    """The trust folder with the proof that the file brings, where it holds or the folder itself has one that does. What cannot be
    read counts for nothing here; whether the file may be as it is, is asked by its own steps."""
    try:
        return _with_enclosed(trust, file)
    except (*UNREADABLE, LogRefused):
        return trust


def _with_enclosed(trust: TrustFolder, file: SignedFile) -> TrustFolder:
    store, register = entry(file.reader.root, "/DSS"), trust.register
    content = file.attachment(names.CONTENT_ATTACHMENT)
    if register is None or content is None or not isinstance(store, DictionaryObject):
        return trust
    enclosed = entry(store, names.LOG_PROOF)
    if not isinstance(enclosed, StreamObject) or len(enclosed.data) > _LONGEST:
        return trust
    digest = hashlib.sha256(content.data).hexdigest()
    read = replace(register, enclosed={proof_path(digest, "issued"): bytes(enclosed.data)})
    read.proof_of(digest, "issued")
    return replace(trust, register=read)
