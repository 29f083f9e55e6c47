"""Lots by month of earning and age: what entered each, and by which door it left."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

# Redeemed was used; expired lapsed; removed was taken back, corrected or moved to another lot.
Door = Literal["issued", "redeemed", "expired", "removed"]


def month_number(day: dt.date) -> int:
    """Return the number of a month, so that months can be subtracted.

    Examples
    --------
    >>> month_number(dt.date(2026, 1, 31)) - month_number(dt.date(2025, 11, 1))
    2
    """
    return day.year * 12 + day.month - 1


def first_day(month: int) -> dt.date:
    """Return the first day of the month with this number.

    >>> first_day(month_number(dt.date(2026, 12, 24)))
    datetime.date(2026, 12, 1)
    """
    return dt.date(month // 12, month % 12 + 1, 1)


class Cohort(NamedTuple):
    """Lots that were earned in one month, end in one month and are worth the same.

    Parameters
    ----------
    earned
        Number of the month in which they were earned.
    expires
        Number of the month in which they end; None when they never do.
    unit_value
        Minor units of money for one unit; None when nobody said.
    """

    earned: int
    expires: int | None = None
    unit_value: Decimal | None = None


@dataclass(frozen=True)
class Movement:
    """So much of a cohort passed a door in a month; what was given back counts below zero."""

    cohort: Cohort
    month: int
    door: Door
    amount: int


@dataclass
class Cell:
    """What happened to a cohort at one age, in units."""

    issued: int = 0
    redeemed: int = 0
    expired: int = 0
    removed: int = 0

    @property
    def change(self) -> int:
        """Return by how much the open units grew."""
        return self.issued - self.redeemed - self.expired - self.removed


@dataclass(frozen=True)
class LotTable:
    """Everything that happened to lots, as a triangle of cohort and age in months.

    Examples
    --------
    >>> march = Cohort(earned=24_302)
    >>> table = LotTable.of(
    ...     [Movement(march, 24_302, "issued", 100), Movement(march, 24_304, "redeemed", 30)]
    ... )
    >>> table.open_at(24_303), table.open_at(24_304)
    ({Cohort(earned=24302, expires=None, unit_value=None): 100}, {Cohort(earned=24302, expires=None, unit_value=None): 70})
    """

    cells: Mapping[Cohort, Mapping[int, Cell]] = field(default_factory=dict)

    @classmethod
    def of(cls, movements: Iterable[Movement]) -> LotTable:
        """Return the table of movements in any order.

        Raises
        ------
        ValueError
            When something happened to a cohort before it was earned.
        """
        cells: defaultdict[Cohort, defaultdict[int, Cell]] = defaultdict(lambda: defaultdict(Cell))
        for movement in movements:
            age = movement.month - movement.cohort.earned
            if age < 0:
                raise ValueError("A lot cannot move before the month in which it was earned.")
            cell = cells[movement.cohort][age]
            setattr(cell, movement.door, getattr(cell, movement.door) + movement.amount)
        return cls({cohort: dict(ages) for cohort, ages in cells.items()})

    def open_at(self, month: int) -> dict[Cohort, int]:
        """Return the open units of each cohort at the end of a month; cohorts without any are left out."""
        found = {
            cohort: sum(cell.change for age, cell in ages.items() if cohort.earned + age <= month)
            for cohort, ages in self.cells.items()
        }
        return {cohort: amount for cohort, amount in found.items() if amount}

    def exposures(self, until: int) -> Iterator[Exposure]:
        """Yield each month of earning and age up to a month: units at risk, and the doors they took."""
        merged: defaultdict[int, defaultdict[int, Cell]] = defaultdict(lambda: defaultdict(Cell))
        for cohort, ages in self.cells.items():
            for age, cell in ages.items():
                into = merged[cohort.earned][age]
                into.issued += cell.issued
                into.redeemed += cell.redeemed
                into.expired += cell.expired
                into.removed += cell.removed
        for earned in sorted(merged):
            unmoved, opening = Cell(), 0
            for age in range(until - earned + 1):
                cell = merged[earned].get(age, unmoved)
                yield Exposure(
                    earned, age, opening + cell.issued, cell.redeemed, cell.expired, cell.removed
                )
                opening += cell.change

    def redeemed_between(self, after: int, until: int, *, earned_by: int) -> int:
        """Return what lots earned by one month redeemed in the months after another, up to a third."""
        return sum(
            cell.redeemed
            for cohort, ages in self.cells.items()
            if cohort.earned <= earned_by
            for age, cell in ages.items()
            if after < cohort.earned + age <= until
        )


class Exposure(NamedTuple):
    """The units of one month of earning that could leave at one age, and how many did."""

    earned: int
    age: int
    at_risk: int
    redeemed: int
    expired: int
    removed: int

    @property
    def month(self) -> int:
        """Return the number of the calendar month in which this happened."""
        return self.earned + self.age
