"""Where vendors put their PKCS#11 modules.

Names were gathered from public documentation and public source code of signing programs; none but OpenSC and SoftHSM was
tried on this project's machines. A module elsewhere is named with `--module` or in `UDGAM_AGENT_MODULE`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_LINUX_FOLDERS = ("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib")
_LINUX_NAMES = (
    "libcastle_v2.so.1.0.0",  # ePass2003 and HYP2003
    "libcastle.so.1.0.0",
    "libeps2003csp11.so",
    "WatchData/ProxKey/lib/libwdpkcs_SignatureP11.so",  # ProxKey
    "libwdpkcs_SignatureP11.so",
    "libeTPkcs11.so",  # eToken
    "libeToken.so",
    "libIDPrimePKCS11.so",
    "libcryptoid_pkcs11.so",  # mToken CryptoID
    "opensc-pkcs11.so",  # OpenSC last: vendors' own modules know their tokens better
)
_MACOS = (
    "/usr/local/lib/libcastle_v2.1.0.0.dylib",
    "/usr/local/lib/libcastle.1.0.0.dylib",
    "/usr/local/lib/libeps2003csp11.dylib",
    "/usr/local/lib/wdProxKeyUsbKeyTool/libwdpkcs_Proxkey.dylib",
    "/usr/local/lib/libwdpkcs_SignatureP11.dylib",
    "/usr/local/lib/libeTPkcs11.dylib",
    "/Library/Frameworks/eToken.framework/Versions/A/libeToken.dylib",
    "/Applications/CryptoIDATools.app/Contents/MacOS/libcryptoid_pkcs11.dylib",
    "/Library/OpenSC/lib/opensc-pkcs11.so",
)
_WINDOWS_NAMES = (
    "eps2003csp11v2.dll",  # ePass2003 and HYP2003
    "eps2003csp11.dll",
    "SignatureP11.dll",  # ProxKey
    "wdpkcs.dll",
    "CryptoIDA_pkcs11.dll",  # mToken CryptoID
    "TRUSTKEYP11.dll",  # TrustKey
    "eTPKCS11.dll",  # eToken
    "IDPrimePKCS1164.dll",
)


def known_places(platform: str = sys.platform) -> list[str]:
    """Return every place worth looking at on this kind of system, in the order in which they are tried."""
    if platform == "win32":
        system = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"
        programs = Path(os.environ.get("PROGRAMFILES", r"C:\Program Files"))
        opensc = programs / "OpenSC Project" / "OpenSC" / "pkcs11" / "opensc-pkcs11.dll"
        return [*(str(system / name) for name in _WINDOWS_NAMES), str(opensc)]
    if platform == "darwin":
        return list(_MACOS)
    return [f"{folder}/{name}" for name in _LINUX_NAMES for folder in _LINUX_FOLDERS]


def modules_to_try(named: list[str]) -> list[str]:
    """Return the modules to load: those the user named, or else those found in the known places, each file once."""
    from_environment = [part for part in os.environ.get("UDGAM_AGENT_MODULE", "").split(os.pathsep) if part]
    chosen = [*named, *from_environment]
    if chosen:
        return list(dict.fromkeys(chosen))
    found: dict[str, str] = {}
    for place in known_places():
        path = Path(place)
        if path.is_file():
            found.setdefault(str(path.resolve()), place)
    return list(found.values())
