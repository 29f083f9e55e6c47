"""An amount that is missing is not zero."""

from __future__ import annotations

from pathlib import Path

import pytest

import kohorte
from kohorte.errors import ReadError

PARTLY = "order id,customer,date,total\n1,anna,2024-01-05,20.00\n2,ben,2024-01-06,\n3,ben,2024-02-06,10.00\n"
WITHOUT = "order id,customer,date\n8,anna,2024-03-05\n9,cleo,2024-03-06\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_an_order_without_an_amount_among_others_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        kohorte.read(write(tmp_path, "orders.csv", PARTLY))
    assert caught.value.render("en") == (
        "The order in line 3 of orders.csv has no amount, while others have one (such orders: 1). "
        "Fill it in, or leave such orders out with --skip-bad-rows."
    )
    assert caught.value.render("de").startswith(
        "Die Bestellung in Zeile 3 von orders.csv hat keinen Betrag"
    )


def test_a_file_without_amounts_beside_one_with_them_is_refused(tmp_path: Path) -> None:
    full = PARTLY.replace("2024-01-06,", "2024-01-06,5")
    files = (write(tmp_path, "full.csv", full), write(tmp_path, "bare.csv", WITHOUT))
    with pytest.raises(ReadError, match=r"line 2 of bare\.csv has no amount.*orders: 2"):
        kohorte.read(*files)


def test_such_orders_are_left_out_and_listed_on_request(tmp_path: Path) -> None:
    options = kohorte.ReadOptions(skip_bad_rows=True)
    with kohorte.read(write(tmp_path, "orders.csv", PARTLY), options=options) as history:
        report = kohorte.summarize(history)
        value = history.metric("average_order_value", grain="all", segment="all")[0].value
    assert value == 15.0
    (left_out,) = report.exclusions
    assert (left_out.reason, left_out.rows, left_out.orders) == ("unreadable_row", 1, 1)


def test_a_file_without_any_amounts_gives_counts_alone(tmp_path: Path) -> None:
    with kohorte.read(write(tmp_path, "bare.csv", WITHOUT)) as history:
        assert "amounts" in history.lacking
