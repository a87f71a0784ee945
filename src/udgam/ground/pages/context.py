"""What every template may use: the office's facts from the settings and the way back after a change of language."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from udgam.ground.pages.languages import in_language


def site(request: HttpRequest) -> dict[str, Any]:
    """Facts about this installation. No query is made."""
    return {
        "site_owner": in_language(settings.SITE_OWNER, settings.SITE_OWNER_HINDI),
        "site_last_reviewed": date.fromisoformat(settings.SITE_LAST_REVIEWED),
        "help_desk": {
            "email": settings.HELP_DESK_EMAIL,
            "phone": settings.HELP_DESK_PHONE,
            "hours": settings.HELP_DESK_HOURS,
        },
        "grievance": {
            "name": in_language(settings.GRIEVANCE_OFFICER_NAME, settings.GRIEVANCE_OFFICER_NAME_HINDI),
            "email": settings.GRIEVANCE_OFFICER_EMAIL,
        },
        "web_information_manager": in_language(
            settings.WEB_INFORMATION_MANAGER, settings.WEB_INFORMATION_MANAGER_HINDI
        ),
        "office_address": in_language(settings.OFFICE_ADDRESS, settings.OFFICE_ADDRESS_HINDI),
        "emblem_text": in_language(settings.EMBLEM_TEXTS["en"], settings.EMBLEM_TEXTS["hi"])
        if settings.EMBLEM_FILE
        else "",
        "owner_url": settings.OWNER_URL,
        "national_portal_link": settings.NATIONAL_PORTAL_LINK,
        "sandbox": settings.SANDBOX,
        "mailbox_url": getattr(settings, "MAILBOX_URL", "") if settings.SANDBOX else "",
        "agent_url": settings.AGENT_URL,
        "agent_wait_seconds": settings.AGENT_WAIT_SECONDS,
        "site_origin": settings.SITE_ORIGIN,
        "session_seconds": settings.SESSION_COOKIE_AGE,
        "page_address": request.get_full_path() if request.method == "GET" else request.path,
    }
