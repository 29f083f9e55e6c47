"""What can be reached from every page of a shop, in the words of its people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stammkunde.core.shops import rules
from stammkunde.core.shops.rules import Permission, Role

# What is chosen on one page of numbers is chosen on the next one as well: period, comparison, condition.
CARRIED = ("grain", "period", "compare", "where")
# In another shop as well, where the same periods and values need not exist.
CARRIED_AWAY = ("grain", "compare", "measure", "age", "by")


@dataclass(frozen=True)
class Tab:
    """A page of a section.

    Parameters
    ----------
    page
        The name of its address. Pages below it are named after it: `people_invite` belongs to `people`.
    of_numbers
        Whether its address chooses periods and customers, which then go along to the next such page.
    alone
        Whether pages that are named after it are tabs of their own.
    """

    label: str | Promise
    page: str
    permission: Permission
    of_numbers: bool = False
    alone: bool = False

    def holds(self, page: str) -> bool:
        """Return whether a page is this one or below it."""
        return page == self.page or (not self.alone and page.startswith(f"{self.page}_"))


@dataclass(frozen=True)
class Section:
    """An item of the navigation: one page, or several side by side."""

    label: str | Promise
    icon: str
    tabs: tuple[Tab, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        _("Overview"), "overview", (Tab(_("Overview"), "overview", "shop.read", of_numbers=True),)
    ),
    Section(_("Customers"), "customers", (Tab(_("Customers"), "customers", "customers.read"),)),
    Section(
        _("Metrics"),
        "metrics",
        (
            Tab(_("All metrics"), "metrics", "metrics.read", of_numbers=True),
            Tab(_("Cohorts"), "cohorts", "metrics.read", of_numbers=True),
            Tab(_("RFM"), "rfm", "metrics.read", of_numbers=True),
            Tab(_("Pauses"), "waits", "metrics.read", of_numbers=True),
            Tab(_("Groups"), "groups", "metrics.read", of_numbers=True),
            Tab(_("Products"), "products", "metrics.read", of_numbers=True),
            Tab(_("Channels"), "channels", "metrics.read", of_numbers=True),
            Tab(_("Voices"), "voices", "metrics.read", of_numbers=True),
            Tab(_("Service"), "service", "metrics.read", of_numbers=True),
        ),
    ),
    Section(
        _("Predictions"),
        "predictions",
        (
            Tab(_("Overview"), "predictions", "metrics.read", alone=True),
            Tab(_("Value"), "predictions_value", "metrics.read"),
            Tab(_("Map"), "predictions_grid", "metrics.read"),
            Tab(_("Due"), "due", "customers.read", of_numbers=True),
            Tab(_("Drivers"), "predictions_drivers", "metrics.read"),
            Tab(_("Track record"), "predictions_record", "metrics.read"),
        ),
    ),
    Section(
        _("Trials"),
        "trials",
        (
            Tab(_("Results"), "trials", "metrics.read"),
            Tab(_("Plan"), "trial_plan", "metrics.read"),
        ),
    ),
    Section(
        _("Loyalty"),
        "loyalty",
        (
            Tab(_("Accounts"), "ledger_accounts", "ledger.read"),
            Tab(_("Roll-forward"), "ledger_rolling", "ledger.read"),
            Tab(_("Liability"), "ledger_liability", "ledger.read"),
            Tab(_("Corrections"), "ledger_proposals", "ledger.read"),
            Tab(_("Audit"), "ledger_audit", "ledger.read"),
            Tab(pgettext_lazy("ledger", "Units"), "ledger_units", "ledger.read"),
        ),
    ),
    Section(
        _("Explore"),
        "explore",
        (
            Tab(_("Put together"), "explore", "metrics.read"),
            Tab(_("Saved views"), "views", "metrics.read"),
            Tab(_("SQL"), "queries", "sql.ask"),
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
    shop: str,
    page: str,
    may: Mapping[Permission, bool],
    sections: Iterable[Section] = SECTIONS,
    *,
    asked: Mapping[str, str] | None = None,
) -> Navigation:
    """Return the navigation of a shop for somebody who is on a page.

    Parameters
    ----------
    asked
        What the address of the page chooses.
    """
    found: list[Link] = []
    tabs: tuple[Link, ...] = ()
    here = tab_of(page)
    carried = _chosen(asked or {}, CARRIED) if here and here.of_numbers else ""
    for section in sections:
        allowed = [tab for tab in section.tabs if may[tab.permission]]
        if not allowed:
            continue
        links = tuple(
            Link(
                tab.label,
                reverse(tab.page, args=[shop]) + (carried if tab.of_numbers else ""),
                tab.holds(page),
            )
            for tab in allowed
        )
        is_current = any(link.is_current for link in links)
        tabs = links if is_current and len(links) > 1 else tabs
        found.append(Link(section.label, links[0].url, is_current, section.icon))
    current = next((link for link in found if link.is_current), None)
    return Navigation(tuple(found), tabs, current)


def tab_of(page: str) -> Tab | None:
    """Return the tab that a page is, or lies below."""
    return next((tab for section in SECTIONS for tab in section.tabs if tab.holds(page)), None)


def elsewhere(shop: str, role: Role, page: str, asked: Mapping[str, str]) -> str:
    """Return where somebody who is on a page goes on in another shop: the same page, if they may."""
    tab = tab_of(page)
    if tab is None or not rules.may(role, tab.permission):
        return reverse("overview", args=[shop])
    return reverse(tab.page, args=[shop]) + _chosen(asked, CARRIED_AWAY)


def _chosen(asked: Mapping[str, str], names: Iterable[str]) -> str:
    found = {name: asked[name] for name in names if asked.get(name)}
    return f"?{urlencode(found)}" if found else ""
