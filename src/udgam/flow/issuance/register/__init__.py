"""The register: signed files that any web server can carry, made from rows, and made again from them at any time."""
