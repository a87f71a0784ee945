"""Paths from a certificate to a pinned anchor."""

from __future__ import annotations

from udgam.signing.trust.paths.validation import SIGN_IN_USAGE, SIGNATURE_USAGE, ValidatedPath, validate_path

__all__ = ["SIGNATURE_USAGE", "SIGN_IN_USAGE", "ValidatedPath", "validate_path"]
