"""Put a certificate of today's code into the archive: `python -m tests.archive.make_certificate udgam.certificate-3`.

Done once for each edition of the content's format, and for a release that writes files otherwise. What is in the archive is never made
again: later code must go on verifying it.

The maker is the office of the tests (`tests.signing.sealing.office`), with a public-key infrastructure of its own and a fixed clock, and
not `udgam sample`: a sample is made by a sandbox of the hour, for an address on its own machine, and could not be made twice alike. Every
step from the content to the sealed file runs through the functions that issue.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.signing.proof.made import make
from tests.signing.sealing.office import make_office

ARCHIVE = Path(__file__).parent / "certificates"


def main(edition: str) -> None:
    """Write the certificate in all its forms and the trust folder that a stranger would have been given with it."""
    folder = ARCHIVE / edition
    folder.mkdir(parents=True)
    made = make(make_office(), folder / "trust", items=3)
    (folder / "certificate.pdf").write_bytes(made.pdf)
    (folder / "certificate-archived.pdf").write_bytes(made.archived(2))
    (folder / "credential.jwt").write_text(made.credential)
    (folder / "credential-in-parts.jwt").write_text(made.partial)
    (folder / "code.txt").write_text(made.code + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
