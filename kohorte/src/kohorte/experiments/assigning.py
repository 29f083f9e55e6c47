"""Who gets what: arms by a salted hash, the same for ever, in every engine, without a table.

A customer's place in a trial is the first 60 bits of sha256("salt|customer") modulo a million. Whoever
knows salt and customer can reckon it anew, so an assignment needs no memory; another salt mixes
customers anew, so trials do not share their luck. Shares may grow: who is within the first 10 % is
within the first 20 %.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from kohorte.errors import SettingError

PLACES = 1_000_000
_DIGITS = 15
CONTROL = "control"


def place(salt: str, customer_id: str) -> int:
    """Return a customer's place among a million, evenly spread and fixed for ever.

    Examples
    --------
    >>> place("spring", "42"), place("autumn", "42")
    (971258, 988853)
    """
    digest = hashlib.sha256(f"{salt}|{customer_id}".encode()).hexdigest()
    return int(digest[:_DIGITS], 16) % PLACES


def place_sql(salt: str, column: str = "customer_id") -> str:
    """Return the same place as DuckDB's SQL over a column of ids.

    Examples
    --------
    >>> import duckdb
    >>> duckdb.sql(f"SELECT {place_sql('spring', 'id')} FROM (SELECT '42' AS id)").fetchall()
    [(971258,)]
    """
    prefix = salt.replace("'", "''")
    return f"CAST('0x' || left(sha256('{prefix}|' || {column}), {_DIGITS}) AS BIGINT) % {PLACES}"


@dataclass(frozen=True)
class Allocation:
    """The arms of a trial and their shares of those who take part.

    Parameters
    ----------
    salt
        Mixes the customers; every trial has its own.
    shares
        Arms with their percentages in the order in which places are given out: control first, so that
        it may be widened. What is left of 100 takes no part.

    Raises
    ------
    SettingError
        Shares are not between 0 and 100 percent, or an arm is named twice.

    Examples
    --------
    >>> trial = Allocation("spring", (("control", 10), ("mail", 90)))
    >>> trial.arm("42"), trial.arm("43")
    ('mail', 'mail')
    """

    salt: str
    shares: tuple[tuple[str, float], ...]

    def __post_init__(self) -> None:
        names = [name for name, _share in self.shares]
        if len(set(names)) != len(names) or not names:
            raise SettingError("Every arm of a trial needs a name of its own.")
        given = [share for _name, share in self.shares]
        if any(share < 0 for share in given) or not 0 < sum(given) <= 100 + 1e-9:
            raise SettingError("The shares of a trial's arms lie between 0 and 100 % together.")

    def arm(self, customer_id: str) -> str | None:
        """Return a customer's arm; None for whoever takes no part."""
        return self._at(place(self.salt, customer_id))

    def sql(self, column: str = "customer_id") -> str:
        """Return the arm as DuckDB's SQL over a column of ids."""
        cases = " ".join(
            f"WHEN place < {end} THEN '{name.replace(chr(39), chr(39) * 2)}'"
            for name, end in self._ends()
        )
        return f"(SELECT CASE {cases} END FROM (SELECT {place_sql(self.salt, column)} AS place))"

    def _at(self, found: int) -> str | None:
        return next((name for name, end in self._ends() if found < end), None)

    def _ends(self) -> list[tuple[str, int]]:
        ends, reached = [], 0.0
        for name, share in self.shares:
            reached += share
            ends.append((name, round(reached * PLACES / 100)))
        return ends


@dataclass(frozen=True)
class Nested:
    """Trials inside one another: who is held back by an outer one takes no part in the inner ones.

    The outermost is the universal control group, which gets nothing of anything and so tells what
    all measures together bring. It is drawn anew once a year; its salt holds the year.

    Examples
    --------
    >>> nested = Nested((universal(2026, percent=5), Allocation("spring", (("control", 50), ("mail", 50)))))
    >>> {nested.arm(str(number)) for number in range(200)} == {"universal control", "control", "mail"}
    True
    """

    trials: Sequence[Allocation]

    def arm(self, customer_id: str) -> str | None:
        """Return what holds a customer back, or else the arm of the innermost trial."""
        for outer in self.trials[:-1]:
            held = outer.arm(customer_id)
            if held is not None:
                return held
        return self.trials[-1].arm(customer_id)


def universal(year: int, *, percent: float) -> Allocation:
    """Return the universal control group of a year.

    Raises
    ------
    SettingError
        It is larger than a fifth of all customers.
    """
    if not 0 < percent <= 20:
        raise SettingError("A universal control group is at most 20 % of all customers.")
    return Allocation(f"universal:{year}", (("universal control", percent),))
