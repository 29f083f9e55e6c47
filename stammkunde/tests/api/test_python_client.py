"""The Python module that every installation hands out, against a live server on loopback; the pages' examples run."""

from __future__ import annotations

import importlib.util
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.request import urlopen

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from api.test_numbers import CHEESE, work
from importing import imported, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.shops import services as shops
from stammkunde.core.shops.models import Shop
from stammkunde.insights import snapshots
from stores_and_cast import make_cast  # type: ignore[import-not-found]

DOCS = Path(__file__).parents[3] / "docs"


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_message(self, *_: Any) -> None:
        pass


@dataclass
class Served:
    """A shop with numbers, at an address, with a token; and the module as it is handed out."""

    shop: Shop
    address: str
    token: str
    module: ModuleType

    def asking(self, **options: Any) -> Any:
        return self.module.Stammkunde(self.address, self.token, **options)


@pytest.fixture
def served(own_store: object, settings: Any, tmp_path: Path) -> Iterator[Served]:
    settings.DATA = tmp_path / "data"
    shop = make_cast().cheese
    imported(shop, CHEESE)
    snapshots.refresh(shop)
    _token, text = shops.make_token(
        shop, "Notebook", permissions=("metrics.read", "customers.read"), days=1, actor=COMMAND
    )
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, connections_override={})
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield Served(shop, address, text, _handed_out(address, tmp_path))
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        sys.modules.pop("stammkunde_client", None)


def _handed_out(address: str, folder: Path) -> ModuleType:
    """Return the module as somebody has it who saved the file."""
    path = folder / "stammkunde_client.py"
    with urlopen(f"{address}/api/v1/stammkunde_client.py") as answer:  # noqa: S310 - ours
        path.write_bytes(answer.read())
    spec = importlib.util.spec_from_file_location("stammkunde_client", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["stammkunde_client"] = module
    spec.loader.exec_module(module)
    return module


def test_it_waits_pages_and_tells_what_cannot_be(served: Served) -> None:
    pauses: list[float] = []

    def meanwhile(seconds: float) -> None:
        pauses.append(seconds)
        work()

    shop = served.asking(sleep=meanwhile)
    values = shop.series("revenue", where="orders >= 2")
    assert [(row["period"], row["value"]) for row in values] == [
        ("2026-01", 10.0),
        ("2026-02", 20.0),
    ]
    assert pauses == [1.0]
    assert shop.snapshot()["orders"] == 4
    assert len(shop.metrics()) > 40
    assert "SELECT" in shop.sql("revenue")

    served.module.PAGE = 1  # type: ignore[attr-defined]  # of the module
    assert [row["order_id"] for row in shop.orders_behind("revenue")] == ["A1", "A2", "A3"]
    with pytest.raises(served.module.Problem) as problem:
        served.asking(language="de").series("revenue", where="luck = 1")
    assert (problem.value.status, problem.value.name) == (422, "condition.unreadable")
    assert "ist nicht bekannt" in problem.value.detail
    assert problem.value.errors[0]["parameter"] == "where"


def test_a_list_is_begun_anew_when_its_numbers_are(served: Served) -> None:
    shop = served.asking(sleep=lambda _seconds: work())
    assert len(shop.orders_behind("revenue")) == 3
    served.module.PAGE = 1  # type: ignore[attr-defined]  # of the module
    pages = shop.pages("/metrics/revenue/orders")
    assert next(pages)["order_id"] == "A1"

    imported(served.shop, rows("A9;11.02.2026 10:00;17;anna@example.com;Anna;1,00;bezahlt;Brie;1"))
    snapshots.refresh(served.shop)
    with pytest.raises(served.module.Problem, match=r"cursor\.outdated"):
        list(pages)
    assert len(shop.orders_behind("revenue")) == 4


def test_it_does_not_wait_for_ever_and_tells_nobody_the_token(served: Served) -> None:
    with pytest.raises(TimeoutError):
        served.asking(wait_seconds=3, sleep=lambda _seconds: None).due(where="orders > 5")
    with pytest.raises(ValueError, match="https"):
        served.module.Stammkunde("http://shop.example", served.token)
    with pytest.raises(served.module.Problem) as problem:
        served.module.Stammkunde(served.address, "skt_wrong").rfm()
    assert problem.value.status == 401


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_the_pages_show_runs(
    served: Served, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (DOCS / language / "how-to" / "numbers-for-programs.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 3
    known: dict[str, Any] = {}

    def meanwhile(_seconds: float) -> None:
        work()
        work("insights.forecast")

    for block in blocks:
        said = block.replace("https://shop.example", served.address).replace("skt_…", served.token)
        # What waits for the worker has it at hand.
        said = said.replace(f'token="{served.token}"', f'token="{served.token}", sleep=meanwhile')
        exec(compile(said, "page", "exec"), known | {"meanwhile": meanwhile}, known)  # noqa: S102

    assert "2026-01 0.0" in capsys.readouterr().out
    assert [row["value"] for row in known["loyal"]] == [30.0]
    assert known["behind"][0]["order_id"] == "A1"
    assert {row["group"] for row in known["first_products"]} == {"Gouda"}
    assert known["cohorts"]
    assert known["curve"]
    assert known["overdue"] == []
    assert [row["months"] for row in known["ahead"]] == [12, 24, 36]
    assert len(known["expected"]) == 2
