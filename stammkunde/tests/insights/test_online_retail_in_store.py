"""The figures of part one, through the front door of the product, on both stores."""

from __future__ import annotations

import html
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from kohorte import History, demo, summary
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.people.models import Person
from stammkunde.core.shops import services as shops
from stammkunde.core.shops.models import Membership, Shop
from stammkunde.features.imports import services
from stammkunde.flows import import_published
from stammkunde.flows import jobs as _registered  # noqa: F401
from stammkunde.insights import history, snapshots
from stores_and_cast import Store  # type: ignore[import-not-found]

pytestmark = pytest.mark.slow


def value(found: History, slug: str, grain: Any = "all", period: str = "all") -> float:
    rows = found.metric(slug, grain=grain, segment="all")
    (row,) = [row for row in rows if row.period == period]
    return round(row.value or 0, 2)


def go(shop: Shop, paths: list[Path]) -> dict[str, Any]:
    with ExitStack() as opened:
        uploads = [(path.name, opened.enter_context(path.open("rb"))) for path in paths]
        import_ = services.look(services.receive(shop, uploads, actor=COMMAND).import_)
    begun = services.start_publishing(import_, actor=COMMAND, despite_questions=True)
    return import_published.run(begun, actor=COMMAND).counts


def test_two_years_go_through_import_and_store(
    own_store: Store, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path / "data"
    shop = shops.found("UCI", owner=None, actor=COMMAND, currency="GBP", zone="UTC")
    paths = demo.write_online_retail(tmp_path / "files")
    go(shop, paths)

    with history.history(shop) as found:
        counts = summary.summarize(found).counts
        assert (counts.lines, counts.customers, counts.orders) == (791_044, 5_878, 36_969)
        assert counts.revenue == pytest.approx(17_431_533.16, abs=0.005)
        assert value(found, "customer_retention_rate", "month", "2011-11") == 63.60
        assert value(found, "average_order_value") == 471.52
        assert value(found, "repeat_purchase_rate") == 72.39

    assert go(shop, paths[1:])["new"] == {}
    the_pages_say_so(shop, settings)


def the_pages_say_so(shop: Shop, settings: Any) -> None:
    """Read the figures from the pages themselves, as somebody who looks at them does."""
    settings.ALLOWED_HOSTS = ["testserver"]
    snapshots.refresh(shop)
    olga = Person.objects.create_user("olga@example.com", name="Olga", language="en")
    Membership.objects.create(shop=shop, person=olga, role="owner")
    browser = Client()
    browser.force_login(olga)

    def shown(address: str) -> str:
        page = browser.get(f"/{shop.slug}/{address}").content.decode()
        (found,) = re.findall(r'<p class="value" data-metric="[a-z_]+">([^<]+)</p>', page)
        return html.unescape(found)

    assert shown("metrics/customer_retention_rate/?grain=month&period=2011-11") == "63.6%"
    assert shown("metrics/average_order_value/?grain=all") == "£471.52"
    assert shown("metrics/repeat_purchase_rate/?grain=all") == "72.4%"
    assert shown("metrics/customers/?grain=all") == "5,878"
    assert shown("metrics/orders/?grain=all") == "36,969"
    overview = html.unescape(browser.get(f"/{shop.slug}/").content.decode())
    assert "All time: £471.52" in overview
    assert '<p class="value">63.6%</p>' in overview
