"""Shops that strain a forecast, from their file to the command: a result or a named reason, never a traceback."""

from __future__ import annotations

import datetime as dt
import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kohorte.cli import app

Row = tuple[str, dt.datetime, int]
START = dt.datetime(2023, 1, 1, 12)  # noqa: DTZ001 – as files write it


def at(day: float) -> dt.datetime:
    return START + dt.timedelta(days=day)


def chance() -> random.Random:
    return random.Random(7)  # noqa: S311 – made-up data


def thousands() -> Iterator[Row]:
    """Two customers who buy every day for years, beside ordinary ones."""
    yield from (("busy", at(day), 5) for day in range(700))
    yield from (("busier", at(day / 2), 5) for day in range(1400))
    yield from ordinary()


def ordinary() -> Iterator[Row]:
    some = chance()
    for number in range(200):
        day = some.uniform(0, 300)
        while day < 1100:
            yield f"c{number}", at(day), some.randrange(10, 90)
            day += some.expovariate(1 / 80) + 1
            if some.random() < 0.25:
                break


def mostly_once() -> Iterator[Row]:
    some = chance()
    for number in range(1500):
        day = some.uniform(0, 600)
        for _ in range(1 if some.random() < 0.91 else 3):
            yield f"c{number}", at(day), 20
            day += some.uniform(1, 60)


def no_churn() -> Iterator[Row]:
    for number in range(150):
        yield from ((f"c{number}", at(number % 20 + 30 * month), 20) for month in range(24))


def everyone_dies() -> Iterator[Row]:
    some = chance()
    for number in range(400):
        yield from ((f"c{number}", at(5 * k), 20) for k in range(1 + some.randrange(5)))
    yield "late", at(900), 20


def sixty() -> Iterator[Row]:
    yield from (row for row in ordinary() if int(row[0][1:]) < 60)


def one() -> Iterator[Row]:
    yield from (("anna", at(40 * k), 30) for k in range(12))


def one_order() -> Iterator[Row]:
    yield "anna", at(0), 30


def identical() -> Iterator[Row]:
    yield from ((f"c{number}", at(0), 20) for number in range(200))
    yield from ((f"c{number}", at(0), 20) for number in range(100))


def of_the_future() -> Iterator[Row]:
    yield from ordinary()
    yield "c1", at(20_000), 20


SHOPS: dict[str, Callable[[], Iterator[Row]]] = {
    each.__name__: each
    for each in (
        thousands, mostly_once, no_churn, everyone_dies, sixty, one, one_order, identical,
        of_the_future,
    )
}  # fmt: skip
COMMANDS = (
    ("clv", "--json"),
    ("clv", "--occasions", "quarter", "--json"),
    ("clv", "--contracts", "month"),
    ("replenishment", "--json"),
    ("recommend", "--json"),
)


def file(shop: str, folder: Path) -> Path:
    rows = ["order_id,customer_id,date,product_id,quantity,unit_price"]
    rows += [
        f"o{number},{customer},{moment:%Y-%m-%d %H:%M},p{number % 4},1,{amount}.00"
        for number, (customer, moment, amount) in enumerate(SHOPS[shop]())
    ]
    path = folder / f"{shop}.csv"
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("shop", SHOPS)
def test_every_shop_gets_an_answer_or_a_reason(
    shop: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = file(shop, tmp_path)
    for words in COMMANDS:
        asked = [words[0], str(path), *words[1:], "--currency", "EUR", "--rows", "lines"]
        monkeypatch.setattr("sys.argv", ["kohorte", *asked, "--language", "de"])
        monkeypatch.setattr("sys.stdin", io.StringIO())
        with pytest.raises(SystemExit) as ended:
            app.run()
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        if ended.value.code:
            assert ended.value.code == 2, words
            assert said.err.strip().endswith("."), (words, said.err)
        elif "--json" in words:
            json.loads(said.out)
