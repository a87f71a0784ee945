"""Put a certificate of this release into the archive: `python -m tests.archive.make_certificate 0.1.0`.

Done once for each release. What is in the archive is never made again: later releases must go on verifying it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.signing.sealing import samples
from tests.signing.sealing.office import make_office

ARCHIVE = Path(__file__).parent / "certificates"


def main(release: str) -> None:
    """Write the certificate and the trust folder that a stranger would have been given with it."""
    folder = ARCHIVE / release
    folder.mkdir(parents=True)
    office = make_office()
    trust = office.write_trust(folder / "trust")
    content = office.content(items=3, exporter=samples.HINDI_EXPORTER)
    (folder / "certificate.pdf").write_bytes(office.issue(content, evidence=office.evidence(trust)))


if __name__ == "__main__":
    main(sys.argv[1])
