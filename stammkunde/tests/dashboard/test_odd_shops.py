"""Every page of numbers in shops that are not like others: tiny, very old, far away, with other money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_numbers import text, work
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops import services as shops
from stammkunde.flows import order_recorded
from stammkunde.records.orders.rules import Said
from stores_and_cast import Cast  # type: ignore[import-not-found]

SHOP = "/kaesehaus"
PAGES = (
    "", "metrics/", "metrics/revenue/", "metrics/revenue/?grain=day",
    "metrics/customer_retention_rate/", "cohorts/", "cohorts/?measure=revenue&age=rolling",
    "rfm/", "pauses/", "pauses/?by=country", "groups/", "products/", "channels/", "voices/",
    "service/", "due/", "cohorts/?measure=margin",
)  # fmt: skip


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def order(number: str, at: dt.datetime, *, amount_minor: int = 1000, customer: str = "17") -> Said:
    return Said(number=number, placed_at=at, amount_minor=amount_minor, customer_number=customer)


def opened(as_: SignIn, cast: Cast, *orders: Said, **decisions: object) -> Client:
    """Return Olga's browser in a shop of these decisions with these orders, all computed."""
    shop = shops.change(cast.cheese, actor=COMMAND, **decisions) if decisions else cast.cheese
    for each in orders:
        order_recorded.record(shop, each, actor=COMMAND)
    work()
    return as_(cast.olga)


def every_page(browser: Client, pages: Sequence[str] = PAGES) -> dict[str, str]:
    """Return what every page says, once what it asks for is computed."""
    for page in pages:
        browser.get(f"{SHOP}/{page}")
    work()
    found = {page: text(browser.get(f"{SHOP}/{page}")) for page in pages}
    for page, said in found.items():
        assert "being computed" not in said, page
        for nonsense in ("nan", "None", "inf", "%(", "{", "1970"):
            assert nonsense not in said, (page, nonsense)
    return found


@pytest.mark.django_db
class TestSmall:
    def test_an_empty_shop_says_on_every_page_how_to_begin(self, as_: SignIn, cast: Cast) -> None:
        for page, said in every_page(opened(as_, cast)).items():
            assert "Import orders" in said, page

    def test_one_order_of_one_customer(self, as_: SignIn, cast: Cast) -> None:
        at = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)
        found = every_page(opened(as_, cast, order("1", at)))
        assert "€10.00" in found["metrics/revenue/"]
        assert "Nobody is on this list" in found["due/"]
        assert "Customers at the end of 5 Jan 2026" in found["rfm/"]

    def test_one_customer_more_than_one_is_no_good_news(self, as_: SignIn, cast: Cast) -> None:
        days = [(2025, 1, 1, "1"), (2025, 2, 3, "2"), (2025, 2, 4, "3"), (2025, 3, 4, "3")]
        orders = (
            order(str(number), dt.datetime(*day, tzinfo=dt.UTC), customer=who)
            for number, (*day, who) in enumerate(days)
        )
        browser = opened(as_, cast, *orders)
        page = browser.get(f"{SHOP}/metrics/new_customers/?period=2025-02&compare=before")
        assert "1 more than in January 2025, within chance" in text(page)
        assert "is-good" not in page.content.decode()
        page = browser.get(f"{SHOP}/metrics/revenue/?period=2025-02&compare=before")
        assert "100.0% more than in January 2025, within chance" in text(page)
        assert "is-good" not in page.content.decode()


@pytest.mark.django_db
class TestTime:
    def test_ten_years_and_an_order_of_the_future(self, as_: SignIn, cast: Cast) -> None:
        days = [dt.datetime(year, 6, 1, tzinfo=dt.UTC) for year in range(2018, 2029)]
        found = every_page(opened(as_, cast, *(order(str(at.year), at) for at in days)))
        assert "Data until 1 Jun 2028" in found[""]
        assert "Jun 18" in found["cohorts/"]

    def test_a_shop_in_auckland_has_days_of_its_own(self, as_: SignIn, cast: Cast) -> None:
        late = dt.datetime(2025, 12, 31, 11, 30, tzinfo=dt.UTC)
        found = every_page(opened(as_, cast, order("1", late), zone="Pacific/Auckland"))
        assert "Data until 1 Jan 2026" in found[""]
        assert "Jan 26" in found["cohorts/"]
        assert "1 Jan 2026 €10.00" in found["metrics/revenue/?grain=day"]

    def test_nights_in_which_clocks_are_changed(self, as_: SignIn, cast: Cast) -> None:
        spring = [dt.datetime(2025, 3, 30, hour, 30, tzinfo=dt.UTC) for hour in (0, 1)]
        autumn = [dt.datetime(2025, 10, 26, hour, 30, tzinfo=dt.UTC) for hour in (0, 1)]
        midnight = [dt.datetime(2025, 10, 25, 21, 59, tzinfo=dt.UTC)]
        moments = enumerate((*spring, *autumn, *midnight))
        browser = opened(as_, cast, *(order(str(n), at) for n, at in moments))
        for day, count in (("2025-03-30", "2"), ("2025-10-25", "1"), ("2025-10-26", "2")):
            said = text(browser.get(f"{SHOP}/metrics/orders/?grain=day&period={day}"))
            assert f"{int(day[-2:])} {'Mar' if '-03-' in day else 'Oct'} 2025 {count} " in said


@pytest.mark.django_db
class TestMoney:
    @pytest.mark.parametrize(
        ("currency", "amount_minor", "written"),
        [("JPY", 1234, "¥1,234"), ("KWD", 1234, "KWD 1.234")],
    )
    def test_amounts_have_the_digits_of_their_currency(
        self, as_: SignIn, cast: Cast, currency: str, amount_minor: int, written: str
    ) -> None:
        at = dt.datetime(2025, 3, 3, 12, tzinfo=dt.UTC)
        said = order("1", at, amount_minor=amount_minor)
        browser = opened(as_, cast, said, currency=currency)
        found = every_page(browser, ("", "metrics/revenue/", "cohorts/?measure=revenue", "rfm/"))
        assert written in found["metrics/revenue/"]
        page = f"{SHOP}/metrics/revenue/customers/?grain=all"
        browser.get(page)
        work()
        assert written in text(browser.get(page))
