"""Exact amounts: fractions of whole numbers, rounded once and half away from zero."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import duckdb
from hypothesis import example, given
from hypothesis import strategies as st

from kohorte.reading.amounts import exact, oss
from kohorte.reading.amounts.exact import Exact

CONNECTION = duckdb.connect()
amounts = st.decimals(min_value=-99_999_999, max_value=99_999_999, places=6)


@example(amount=Decimal("0.005"), percent=Decimal(0))
@example(amount=Decimal("-0.005"), percent=Decimal(0))
@given(amount=amounts, percent=st.decimals(min_value=0, max_value=99, places=2))
def test_net_and_taxes_are_gross_and_the_net_is_rounded_once(amount, percent):
    part = oss.net_part(percent)
    net = Exact(
        first=f"{amount}::DECIMAL(38,9)", times=str(part.numerator), over=str(part.denominator)
    )
    gross = Exact(first=f"{amount}::DECIMAL(38,9)")
    found = CONNECTION.execute(
        f"SELECT {exact.minor(net, unit='100')}, {exact.minor(gross, unit='100')}"
    ).fetchone()

    assert found is not None
    exactly = Decimal(part.numerator) * amount * 100 / Decimal(part.denominator)
    assert found[0] == int(exactly.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    taxes = (amount * 100 - exactly).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    assert abs(found[0] + int(taxes) - found[1]) <= 1


@example(amount=Decimal("0.015"), rate=Decimal(3))
@given(
    amount=st.decimals(min_value=-99_999_999, max_value=99_999_999, places=6),
    rate=st.decimals(min_value=Decimal("0.0001"), max_value=20_000, places=4),
)
def test_a_conversion_is_rounded_once_and_half_away_from_zero(amount, rate):
    part = 1 / Fraction(rate)
    query = exact.minor(
        Exact(first=f"{amount}::DECIMAL(38,9)"),
        unit="100",
        above=str(part.numerator),
        below=str(part.denominator),
    )
    found = CONNECTION.execute(f"SELECT {query}").fetchone()

    exactly = Fraction(amount) * 100 / Fraction(rate)
    rounded = (abs(exactly) + Fraction(1, 2)).__floor__()
    assert found == (rounded if exactly >= 0 else -rounded,)
    assert (
        abs(Decimal(rounded) - (abs(amount) * 100 / rate).quantize(Decimal(1), ROUND_HALF_UP)) <= 1
    )
