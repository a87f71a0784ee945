"""The services outside that an installation needs: IEC register, mail and text messages."""

from __future__ import annotations

from django.conf import settings

from udgam.ground.connectors.failures import ConnectorFailed
from udgam.ground.connectors.http import open_client
from udgam.ground.connectors.mail import try_mail_server
from udgam.ground.connectors.scanner import Infected, ScannerUnavailable, scan
from udgam.web.doctor.findings import Finding


def iec_register() -> Finding:
    """The IEC details service can be reached."""
    address = settings.IEC_REGISTER_URL
    if not address or address == "import-only":
        return Finding(
            "IEC register",
            "warning",
            "records come from imported files only",
            "python -m udgam.web.manage import_iec FILE",
        )
    headers = {"X-APISETU-APIKEY": settings.IEC_REGISTER_KEY, "X-APISETU-CLIENTID": settings.IEC_REGISTER_CLIENT}
    try:
        with open_client() as client:
            answer = client.get(f"{address}/iec/0000000000", headers=headers)
    except ConnectorFailed as failure:
        return Finding("IEC register", "fail", str(failure), "Check UDGAM_IEC_REGISTER_URL and the firewall.")
    if answer.status in {401, 403}:
        return Finding(
            "IEC register",
            "fail",
            f"it refuses our key (status {answer.status})",
            "Check UDGAM_IEC_REGISTER_KEY and _CLIENT.",
        )
    return Finding(
        "IEC register",
        "ok" if answer.status < 500 else "fail",
        f"answers with status {answer.status}",
        "Ask its operator.",
    )


def mail() -> Finding:
    """The mail server takes a connection."""
    try:
        try_mail_server()
    except ConnectorFailed as failure:
        return Finding(
            "Mail",
            "fail",
            f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}: {failure}",
            "Check UDGAM_MAIL_HOST and its account.",
        )
    return Finding("Mail", "ok", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT} takes connections")


def virus_scanner() -> Finding:
    """The virus scanner answers, where one is set; else no file can be uploaded."""
    advice = "Check UDGAM_CLAMD_ADDRESS and that clamd runs. Until then every upload is refused."
    try:
        scanned = scan(b"udgam doctor")
    except (ScannerUnavailable, Infected) as failure:
        return Finding("Virus scanner", "fail", str(failure), advice)
    if not scanned:
        return Finding("Virus scanner", "ok", "none is set; files are taken apart and looked at, but not scanned")
    return Finding("Virus scanner", "ok", f"{settings.CLAMD_ADDRESS} answers")


def text_messages() -> Finding:
    """The text message gateway can be reached. Nothing is sent: a GET asks for no message."""
    try:
        with open_client() as client:
            answer = client.get(
                settings.TEXT_MESSAGE_URL, headers={"Authorization": f"Bearer {settings.TEXT_MESSAGE_KEY}"}
            )
    except ConnectorFailed as failure:
        return Finding("Text messages", "fail", str(failure), "Check UDGAM_TEXT_MESSAGE_URL and the firewall.")
    if answer.status in {401, 403}:
        return Finding(
            "Text messages",
            "fail",
            f"the gateway refuses our key (status {answer.status})",
            "Check UDGAM_TEXT_MESSAGE_KEY.",
        )
    return Finding(
        "Text messages",
        "ok" if answer.status < 500 else "fail",
        f"the gateway answers with status {answer.status}",
        "Ask its operator.",
    )
