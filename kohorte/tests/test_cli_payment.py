"""Orders that are not paid yet on the command line: the time to pay, and the two switches."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from test_cli import kohorte

UNPAID = (
    "Bestellung;Kunde;Datum;Betrag;Bezahlt am\n"
    "1;a;2024-01-05;10,00;\n2;b;2024-01-06;20,00;07.01.2024\n"
    "3;c;2024-03-01;40,00;\n4;d;2024-03-02;80,00;\n5;e;2024-03-03;160,00;04.03.2024\n"
)


@pytest.mark.parametrize(
    ("options", "left_out"),
    [
        ((), {"unpaid": 1}),
        (("--payment-days", "1"), {"unpaid": 2}),
        (("--count", "unpaid"), {}),
        (("--leave-out", "open"), {"unpaid": 1, "open": 2}),
    ],
)
def test_open_orders_count_until_the_time_to_pay_is_over(
    tmp_path: Path, options: tuple[str, ...], left_out: dict[str, int]
) -> None:
    (tmp_path / "orders.csv").write_text(UNPAID, encoding="utf-8")

    done = kohorte("check", "orders.csv", "--language", "en", *options, folder=tmp_path)

    assert done.returncode == 0, done.stderr
    listed = re.findall(r"(\d+) rows? left out: .*\[(unpaid|open)\]", done.stdout)
    assert {reason: int(rows) for rows, reason in listed} == left_out
