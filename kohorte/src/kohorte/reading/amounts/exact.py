"""Exact amounts in SQL: sums of products over a whole number, rounded once to minor units.

Decimals of the engine have 38 digits and cannot be divided without leaving the decimals. Taxes and
currencies are fractions, so the division is done with whole numbers: an amount is a whole number
of billionths, and what is left of the division decides, half away from zero.
"""

from __future__ import annotations

from dataclasses import dataclass

LARGEST = "999999999999999"
# Amounts have at most nine digits behind the point: a quantity's three and a price's six.
SCALE = "1000000000::HUGEINT"


@dataclass(frozen=True, kw_only=True)
class Exact:
    """A number as SQL: (`first` × `times` − `second` × `by`) ÷ `over`.

    `first` and `second` are decimals, the others whole numbers.
    """

    first: str
    times: str = "1"
    second: str | None = None
    by: str = "1"
    over: str = "1"

    @property
    def is_plain(self) -> bool:
        """Whether it is just `first`."""
        return self.second is None and self.times == "1" and self.over == "1"


def whole(amount: str) -> str:
    """Return the SQL of an amount in billionths, a whole number."""
    return f"(({amount}) * 1000000000)::HUGEINT"


def minor(value: Exact, *, unit: str, above: str = "1", below: str = "1") -> str:
    """Return the SQL of minor units, rounded half away from zero; NULL where too large.

    Parameters
    ----------
    unit
        Minor units in a major one: 100 for cents.
    above, below
        The fraction by which another currency is converted.
    """
    if value.is_plain and above == below == "1" and unit.isdigit():
        # Decimals of 18 digits take a hundredth of the time, and nearly all amounts fit.
        narrow = f"TRY_CAST({value.first} AS DECIMAL(18,9))"
        short, long = (
            f"(({number})::DECIMAL({digits},{len(unit) - 1}) * {unit})::BIGINT"
            for number, digits in ((narrow, 18), (value.first, 38))
        )
        return f"CASE WHEN abs({value.first}) <= {LARGEST} THEN coalesce({short}, {long}) END"
    numerator = f"{_numerator(value)} * ({above}) * ({unit})"
    return f"try({_rounded(numerator, f'({value.over}) * ({below}) * {SCALE}')}::BIGINT)"


def converted(amount: str, *, above: str, below: str, digits: int) -> str:
    """Return the SQL of an amount times a fraction as a decimal with so many digits."""
    unit = "1" + "0" * digits
    numerator = f"{whole(amount)} * ({above}) * {unit}::HUGEINT"
    rounded = _rounded(numerator, f"({below}) * {SCALE}")
    step = f"0.{'0' * (digits - 1)}1"
    return f"try({rounded}::DECIMAL({38 - digits},0) * {step})"


def _numerator(value: Exact) -> str:
    first = f"{whole(value.first)} * ({value.times})"
    if value.second is None:
        return first
    return f"({first} - {whole(value.second)} * ({value.by}))"


def _rounded(numerator: str, denominator: str) -> str:
    """Return the SQL of a division of whole numbers, half away from zero."""
    n, d = f"({numerator})", f"({denominator})"
    return f"(sign({n}) * sign({d}) * ((2 * abs({n}) + abs({d})) // (2 * abs({d}))))"
