"""What can be reached from every page of a shop, in the words of its people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stammkunde.core.shops.rules import Permission


@dataclass(frozen=True)
class Tab:
    """A page of a section.

    Parameters
    ----------
    page
        The name of its address. Pages below it are named after it: `people_invite` belongs to `people`.
    """

    label: str | Promise
    page: str
    permission: Permission

    def holds(self, page: str) -> bool:
        """Return whether a page is this one or below it."""
        return page == self.page or page.startswith(f"{self.page}_")


@dataclass(frozen=True)
class Section:
    """An item of the navigation: one page, or several side by side."""

    label: str | Promise
    icon: str
    tabs: tuple[Tab, ...]


SECTIONS: tuple[Section, ...] = (
    Section(_("Overview"), "overview", (Tab(_("Overview"), "overview", "shop.read"),)),
    Section(_("Customers"), "customers", (Tab(_("Customers"), "customers", "customers.read"),)),
    Section(
        _("Metrics"),
        "metrics",
        (
            Tab(_("All metrics"), "metrics", "metrics.read"),
            Tab(_("Cohorts"), "cohorts", "metrics.read"),
            Tab(_("RFM"), "rfm", "metrics.read"),
            Tab(_("Pauses"), "waits", "metrics.read"),
            Tab(_("Groups"), "groups", "metrics.read"),
            Tab(_("Voices and service"), "voices", "metrics.read"),
            Tab(_("Due"), "due", "customers.read"),
        ),
    ),
    Section(
        _("Reports"),
        "reports",
        (
            Tab(_("Monthly report"), "monthly", "metrics.read"),
            Tab(_("Targets"), "targets", "metrics.read"),
            Tab(_("Annotations"), "annotations", "metrics.read"),
            Tab(_("Scheduled exports"), "outputs", "metrics.read"),
        ),
    ),
    Section(
        _("Data"),
        "data",
        (
            Tab(_("Imports"), "imports", "data.import"),
            Tab(_("Figures by hand"), "figures", "data.import"),
        ),
    ),
    Section(
        _("Settings"),
        "settings",
        (
            Tab(_("Shop"), "settings", "shop.read"),
            Tab(_("Team"), "people", "people.manage"),
            Tab(_("API keys"), "tokens", "tokens.manage"),
            Tab(_("Data retention"), "retention", "customers.erase"),
            Tab(_("Jobs"), "jobs", "jobs.manage"),
            Tab(_("Activity log"), "audit", "audit.read"),
        ),
    ),
)


@dataclass(frozen=True)
class Link:
    """An item as one person sees it on one page."""

    label: str | Promise
    url: str
    is_current: bool
    icon: str = ""


@dataclass(frozen=True)
class Navigation:
    """The items that a person may use, and the tabs of the section they are in."""

    sections: tuple[Link, ...]
    tabs: tuple[Link, ...]
    section: Link | None


def build(
    shop: str, page: str, may: Mapping[Permission, bool], sections: Iterable[Section] = SECTIONS
) -> Navigation:
    """Return the navigation of a shop for somebody who is on a page."""
    found: list[Link] = []
    tabs: tuple[Link, ...] = ()
    for section in sections:
        allowed = [tab for tab in section.tabs if may[tab.permission]]
        if not allowed:
            continue
        links = tuple(
            Link(tab.label, reverse(tab.page, args=[shop]), tab.holds(page)) for tab in allowed
        )
        is_current = any(link.is_current for link in links)
        tabs = links if is_current and len(links) > 1 else tabs
        found.append(Link(section.label, links[0].url, is_current, section.icon))
    current = next((link for link in found if link.is_current), None)
    return Navigation(tuple(found), tabs, current)
