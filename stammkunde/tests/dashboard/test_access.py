"""Every page × every role × another shop × nobody, from the addresses themselves: none can be forgotten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from dashboard.conftest import SignIn
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.jobs.models import Job
from stammkunde.core.people.models import Person
from stammkunde.core.shops import rules, services
from stammkunde.core.shops.models import Shop
from stammkunde.features.imports.models import Import
from stammkunde.features.views.models import View
from stammkunde.insights.annotations import services as notes
from stammkunde.insights.monthly import services as monthly
from stammkunde.insights.outputs import services as outputs
from stammkunde.insights.outputs.models import File
from stammkunde.insights.sql.models import Query
from stammkunde.insights.targets import services as targets
from stammkunde.insights.targets.models import Target
from stammkunde.insights.trials.models import Trial
from stammkunde.ledger import services as ledger
from stammkunde.ledger.commands import Adjust, Earn, EarnedLine, Owner
from stammkunde.ledger.models import Proposal
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

# Whoever comes may open these: they let somebody in, and say nothing about anybody.
OPEN = {
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "invitation",
    "unsubscribe",
    "language",
    "mfa_authenticate",
}
# What a page of a shop is about, by its name in the address. A new page adds its own.
THINGS: dict[str, Callable[[Shop], object]] = {
    "person": lambda shop: shop.memberships.get(role="owner").person_id,
    "invitation": lambda shop: _invitation(shop),
    "token": lambda shop: (
        services.make_token(shop, "Key", permissions={"metrics.read"}, days=1, actor=COMMAND)[0].pk
    ),
    "hint": lambda _shop: "checklist",
    "job": lambda shop: (
        Job.objects.create(shop=shop, name="jobs.forget", attempts_max=1, actor_kind="command").pk
    ),
    "number": lambda shop: (
        Import.objects.create(shop=shop, state="previewed", digest="0", actor_kind="command").pk
    ),
    "target": lambda shop: (
        targets.add(
            shop,
            metric="orders",
            grain="month",
            value=9.0,
            since=dt.date(2026, 1, Target.objects.filter(shop=shop).count() + 1),
            until=dt.date(2026, 1, Target.objects.filter(shop=shop).count() + 1),
            actor=COMMAND,
        ).pk
    ),
    "annotation": lambda shop: (
        notes.add(shop, starts_on=dt.date(2026, 1, 1), text="Relaunch", actor=COMMAND).pk
    ),
    "delivery": lambda shop: (
        monthly.keep(shop, dt.date(2026, 1, 1), {}, [shop.memberships.get(role="owner").person])
        .deliveries.get()
        .pk
    ),
    "output": lambda shop: outputs.add(shop, name="Numbers", actor=COMMAND).pk,
    "file": lambda shop: (
        File.objects.create(
            schedule=outputs.add(shop, name="Numbers", actor=COMMAND),
            due_on=dt.date(2026, 1, 1),
            state="failed",
        ).pk
    ),
    "trial": lambda shop: Trial.objects.create(shop=shop, name="Mail", file_name="a.csv").pk,
    "month": lambda _shop: "2026-02",
    "customer": lambda shop: Customer.objects.create(shop=shop).pk,
    "other": lambda shop: Customer.objects.create(shop=shop).pk,
    "merge": lambda _shop: 1,
    "query": lambda shop: Query.objects.create(shop=shop, person=_owner(shop), text="SELECT 1").pk,
    "view": lambda shop: _view(shop),
    "table": lambda _shop: "orders",
    "kind": lambda _shop: "csv",
    "slug": lambda _shop: "customer_retention_rate",
    "cohort": lambda _shop: "2026-01",
    "what": lambda _shop: "champions",
    "part": lambda _shop: "value",
    "unit": lambda shop: _unit(shop),
    "owner_kind": lambda _shop: "campaign",
    "owner": lambda _shop: "spring",
    "proposal": lambda shop: _proposal(shop),
}
# These are the same in every shop.
NOBODYS = {
    "hint",
    "kind",
    "table",
    "slug",
    "cohort",
    "what",
    "part",
    "month",
    "owner_kind",
    "owner",
}
# These exist only once something was left out, or joined.
LATER = {
    "customers_part",
    "monthly_mail",
    "outputs_file",
    "monthly_report",
    "overview_report",
    "overview_report_table",
    "trials_file",
    "imports_left_out",
    "imports_left_out_file",
    # A query is that of whoever asked it, and its file comes with its answer.
    "queries_query",
    "queries_cancel",
    "queries_forget",
    "queries_file",
}


@dataclass(frozen=True)
class Page:
    """An address that something answers."""

    name: str
    parameters: tuple[str, ...]
    view: Any

    @property
    def things(self) -> tuple[str, ...]:
        return tuple(name for name in self.parameters if name != "shop")


def pages(patterns: Any = None) -> Iterator[Page]:
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name:
                continue  # an interface for programs has tests of its own
            yield from pages(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            parameters = (*pattern.pattern.converters, *pattern.pattern.regex.groupindex)
            yield Page(str(pattern.name), tuple(dict.fromkeys(parameters)), pattern.callback)


def _unit(shop: Shop) -> str:
    """Return a unit that only this shop has, with an account in it."""
    code = f"points-{shop.pk}"
    ledger.open_unit(shop.pk, code, kind="points", name="Points", actor=COMMAND, four_eyes_above=0)
    ledger.earn_one(
        Earn(
            shop_id=shop.pk, unit=code, key="first", owner=Owner("campaign", "spring"),
            effective_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), lines=(EarnedLine("budget", 100),),
        )
    )  # fmt: skip
    return code


def _proposal(shop: Shop) -> int:
    posted = ledger.adjust_one(
        Adjust(
            shop_id=shop.pk, unit=_unit(shop), key=f"adjust-{Proposal.objects.count()}",
            effective_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC), owner=Owner("campaign", "spring"),
            amount=5, reason="a test", by="person:0",
        )
    )  # fmt: skip
    return posted.proposal_id or 0


def _invitation(shop: Shop) -> int:
    services.invite(shop, "new@example.com", role="support", actor=COMMAND, by=None)
    return shop.invitations.get().pk


def _owner(shop: Shop) -> Person:
    return shop.memberships.get(role="owner").person


def _view(shop: Shop) -> int:
    count = View.objects.count()
    made = View.objects.create(
        shop=shop, person=_owner(shop), name=f"View {count}", page="explore", is_shared=True
    )
    return made.pk


OF_SHOPS = [page for page in pages() if "shop" in page.parameters]
OTHERS = [page for page in pages() if "shop" not in page.parameters]


def address(page: Page, shop: Shop, *, things_of: Shop | None = None) -> str:
    things = {name: THINGS[name](things_of or shop) for name in page.things}
    return reverse(page.name, kwargs={"shop": shop.slug, **things})


def test_every_page_of_a_shop_asks_for_a_permission() -> None:
    assert {page.name for page in OF_SHOPS if not hasattr(page.view, "permission")} == set()


def test_what_a_page_is_about_has_an_example() -> None:
    assert {name for page in OF_SHOPS for name in page.things} <= THINGS.keys()


@pytest.mark.django_db
def test_who_may_is_let_in_and_everybody_else_is_not(as_: SignIn, cast: Cast) -> None:
    roles = {"owner": cast.olga, "marketer": cast.mara, "analyst": cast.anton, "support": cast.sven}
    browsers = {role: as_(person) for role, person in roles.items()}
    stranger, nobody = as_(cast.tina), Client()
    found, wanted = {}, {}
    for page in OF_SHOPS:
        url = address(page, cast.cheese)
        for role, browser in browsers.items():
            status = browser.get(url).status_code
            is_in = status in {200, 302, 405} or (page.name in LATER and status == 404)
            found[page.name, role] = "in" if is_in else status
            wanted[page.name, role] = "in" if rules.may(role, page.view.permission) else 403  # type: ignore[arg-type]
        found[page.name, "another"] = stranger.get(url).status_code, stranger.post(url).status_code
        wanted[page.name, "another"] = 404, 404
        found[page.name, "nobody"] = nobody.get(url).headers.get("Location", "").split("?")[0]
        wanted[page.name, "nobody"] = reverse("account_login")

    assert found == wanted


@pytest.mark.django_db
def test_what_belongs_to_another_shop_does_not_exist(as_: SignIn, cast: Cast) -> None:
    browser = as_(cast.olga)
    found = {}
    for page in OF_SHOPS:
        if set(page.things) - NOBODYS:
            url = address(page, cast.cheese, things_of=cast.tea)
            # A page that only takes orders leads away whoever just opens it, whatever its number.
            opened = browser.get(url).status_code
            found[page.name] = opened in {302, 404, 405}, browser.post(url).status_code

    assert len(found) > 5
    assert set(found.values()) == {(True, 404)}, found


@pytest.mark.django_db
def test_pages_without_a_shop_are_for_those_who_signed_in_or_named_here(
    as_: SignIn, cast: Cast
) -> None:
    browser, nobody = as_(cast.sven), Client()
    found = {}
    for page in OTHERS:
        url = reverse(page.name, args=["x"] * len(page.things))
        answer = nobody.get(url)
        is_sent_away = answer.headers.get("Location", "").startswith(reverse("account_login"))
        found[page.name] = page.name in OPEN or is_sent_away
        assert browser.get(url).status_code < 500, page.name

    assert set(found.values()) == {True}, found


def test_no_shop_can_take_the_place_of_a_page() -> None:
    first = {pattern.pattern._route.split("/")[0] for pattern in _leading()}

    assert first - {""} <= rules.RESERVED


def _leading() -> Iterator[Any]:
    for pattern in get_resolver().url_patterns:
        inside = [pattern, *getattr(pattern, "url_patterns", [])]
        route = getattr(pattern.pattern, "_route", "")
        for each in inside if not route else [pattern]:
            if not getattr(each.pattern, "_route", "<").startswith("<"):
                yield each
