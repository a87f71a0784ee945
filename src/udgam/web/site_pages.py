"""The texts of the site as data: one row per page with its address, title, place in the site and date of the last review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

GROUPS: dict[str, StrOrPromise] = {
    "help": _("Help and manuals"),
    "site": _("About this site"),
    "policies": _("Policies"),
}


@dataclass(frozen=True, kw_only=True)
class SitePage:
    """One page of the site that belongs to no room. ``name`` is its URL name and names its template."""

    name: str
    path: str
    title: StrOrPromise
    about: StrOrPromise
    group: str
    parent: str = ""
    reviewed: date = date(2026, 11, 22)
    # Pages with a view of their own are in the list for the site map and for their headings only.
    own_view: bool = False

    @property
    def template(self) -> str:
        """The template that holds the page's text."""
        return f"site/pages/{self.name.replace('-', '_')}.html"


PAGES: Sequence[SitePage] = (
    SitePage(name="help", path="help/", title=_("Help"), about=_("Help desk, manuals and answers."), group="help"),
    SitePage(
        name="faq",
        path="help/questions/",
        title=_("Frequently asked questions"),
        about=_("What went wrong, why, and what to do."),
        group="help",
        parent="help",
        own_view=True,
    ),
    SitePage(
        name="manual-register",
        path="help/register/",
        title=_("How to register"),
        about=_("Registering a firm, step by step."),
        group="help",
        parent="help",
    ),
    SitePage(
        name="manual-apply",
        path="help/apply/",
        title=_("How to apply"),
        about=_("From the form to the issued certificate."),
        group="help",
        parent="help",
    ),
    SitePage(
        name="manual-verify",
        path="help/verify/",
        title=_("How to verify a certificate"),
        about=_("By number, by QR code, or with the PDF."),
        group="help",
        parent="help",
    ),
    SitePage(
        name="manual-old-portal",
        path="help/old-portal/",
        title=_("If you come from the old portal"),
        about=_("What replaces Java and the list of excepted sites."),
        group="help",
        parent="help",
    ),
    SitePage(
        name="agent",
        path="agent/",
        title=_("The signing agent"),
        about=_("The small program that talks to your token."),
        group="help",
        parent="help",
        own_view=True,
    ),
    SitePage(
        name="screen-reader",
        path="help/screen-reader/",
        title=_("Screen reader access"),
        about=_("Reading and using this site with a screen reader."),
        group="help",
        parent="help",
    ),
    SitePage(
        name="about",
        path="about/",
        title=_("About this service"),
        about=_("What it does and for whom."),
        group="site",
    ),
    SitePage(
        name="contact",
        path="contact/",
        title=_("Contact"),
        about=_("Office, help desk, grievance officer, web information manager."),
        group="site",
    ),
    SitePage(
        name="feedback",
        path="feedback/",
        title=pgettext_lazy("to the office", "Feedback"),
        about=_("Tell us what is wrong or could be better."),
        group="site",
        parent="contact",
        own_view=True,
    ),
    SitePage(
        name="notices",
        path="notices/",
        title=_("Notices"),
        about=_("What is new and what changes."),
        group="site",
        own_view=True,
    ),
    SitePage(
        name="notices-archive",
        path="notices/archive/",
        title=_("Archive of notices"),
        about=_("Notices that no longer apply."),
        group="site",
        parent="notices",
        own_view=True,
    ),
    SitePage(
        name="site-map",
        path="site-map/",
        title=_("Site map"),
        about=_("Every page that is open to all."),
        group="site",
        own_view=True,
    ),
    SitePage(
        name="privacy",
        path="policies/privacy/",
        title=_("Privacy policy"),
        about=_("Which personal data is kept, why and how long; your rights."),
        group="policies",
    ),
    SitePage(
        name="terms",
        path="policies/terms/",
        title=_("Terms of use"),
        about=_("What you and the office can rely on."),
        group="policies",
    ),
    SitePage(
        name="accessibility",
        path="policies/accessibility/",
        title=_("Accessibility statement"),
        about=_("Which standards the site meets and how to report a barrier."),
        group="policies",
    ),
    SitePage(
        name="copyright",
        path="policies/copyright/",
        title=_("Copyright policy"),
        about=_("What may be copied and how."),
        group="policies",
    ),
    SitePage(
        name="hyperlinking",
        path="policies/links/",
        title=_("Hyperlinking policy"),
        about=_("Links to other sites and links to this one."),
        group="policies",
    ),
    SitePage(
        name="security-policy",
        path="policies/security/",
        title=_("Security policy"),
        about=_("How the service is protected and how to report a weakness."),
        group="policies",
    ),
    SitePage(
        name="content-policy",
        path="policies/content/",
        title=_("Content policies"),
        about=_("Who writes, checks, reviews and archives what stands here."),
        group="policies",
    ),
)
_BY_NAME = {page.name: page for page in PAGES}


def site_page(name: str) -> SitePage:
    """The page of that name; raises ``KeyError`` for a name that is not in the list."""
    return _BY_NAME[name]


def parents_of(page: SitePage) -> list[SitePage]:
    """The pages above, outermost first."""
    above: list[SitePage] = []
    while page.parent:
        page = _BY_NAME[page.parent]
        above.insert(0, page)
    return above
