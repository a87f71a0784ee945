"""The fictional certificate authority of the sandbox: tokens, revocation, OCSP and time stamps."""

from udgam.sandbox.authority.profile import Key
from udgam.sandbox.authority.register import UnknownCertificate
from udgam.sandbox.authority.service import AuthorityHandle, start
from udgam.sandbox.authority.tokens import SEAL_PIN, LoadedToken, load_seal, load_token
from udgam.sandbox.authority.tree import END_USERS, LICENSED, ROOT, STRANGER, Authority
from udgam.sandbox.authority.trust_folder import write_crls, write_trust

__all__ = [
    "END_USERS",
    "LICENSED",
    "ROOT",
    "SEAL_PIN",
    "STRANGER",
    "Authority",
    "AuthorityHandle",
    "Key",
    "LoadedToken",
    "UnknownCertificate",
    "load_seal",
    "load_token",
    "start",
    "write_crls",
    "write_trust",
]
