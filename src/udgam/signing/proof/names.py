"""The fixed names inside a certificate file. Issued files carry them for ever, so nothing here may ever change."""

from __future__ import annotations

# The two signature fields, in the order in which they are filled.
OFFICER_FIELD = "Officer"
SEAL_FIELD = "Seal"

# The attachments: the content itself, and the officer's detached signature of it.
CONTENT_ATTACHMENT = "content.json"
CERTIFICATION_ATTACHMENT = "content.p7s"
# What the office's key signed about the content, and the content in the terms of UN/CEFACT.
CODE_ATTACHMENT = "code.txt"
CREDENTIAL_ATTACHMENT = "credential.jwt"
TRADE_DATA_ATTACHMENT = "certificate.unece.json"

# Time stamps over the whole file that came later: the field's name is this word and a number, from 1.
ARCHIVE_FIELD = "Archive"

# The log's proof of the issue among the evidence (ISO 32000-2, 12.8.4.3; the name is a second-class one, annex E).
LOG_PROOF = "/UDGM_LogProof"

# The document title that Typst writes into the metadata is this phrase followed by the certificate number.
TITLE_SEPARATOR = " · "

# What a file may weigh before anybody looks inside. A certificate with 200 items is below half a megabyte.
MAX_PDF_BYTES = 25 * 1024 * 1024
MAX_CONTENT_BYTES = 4 * 1024 * 1024
