"""Put a certificate of this release into the archive: `python -m tests.archive.make_certificate 0.2.0`.

Done once for each release. What is in the archive is never made again: later releases must go on verifying it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.signing.proof.made import make
from tests.signing.sealing.office import make_office

ARCHIVE = Path(__file__).parent / "certificates"


def main(release: str) -> None:
    """Write the certificate in all its forms and the trust folder that a stranger would have been given with it."""
    folder = ARCHIVE / release
    folder.mkdir(parents=True)
    made = make(make_office(), folder / "trust", items=3)
    (folder / "certificate.pdf").write_bytes(made.pdf)
    (folder / "certificate-archived.pdf").write_bytes(made.archived(2))
    (folder / "credential.jwt").write_text(made.credential)
    (folder / "credential-in-parts.jwt").write_text(made.partial)
    (folder / "code.txt").write_text(made.code + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
