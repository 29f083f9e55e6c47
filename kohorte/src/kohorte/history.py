"""A shop's order history, ready to be asked: the front door of the library."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from kohorte import bridge, currencies, tables
from kohorte.changing import Changing
from kohorte.engine import Engine
from kohorte.errors import SettingError, UnknownNameError
from kohorte.periods import Span
from kohorte.results import Grain
from kohorte.settings import Settings
from kohorte.yardsticks import Bridge

if TYPE_CHECKING:
    from kohorte.reading import Progress, ReadOptions


class History(Changing):
    """The counted orders of one shop with its settings.

    Parameters
    ----------
    engine
        Holds the canonical tables (see `kohorte.tables`); the history closes it.
    settings
        The shop's decisions.
    currency, exponent
        Currency of all amounts and the digits of its minor unit (EUR 2, JPY 0, KWD 3).
    lacking
        What the data do not hold: `amounts`, `units`.
    reading
        How the files were understood, if it came from files.

    Examples
    --------
    >>> orders = [
    ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
    ...     dict(order_id="2", customer_id="anna", placed_at="2026-01-09"),
    ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-09"),
    ... ]
    >>> with History.from_records(orders=orders) as history:
    ...     [row.value for row in history.metric("repeat_purchase_rate", grain="all")]
    [50.0]
    """

    _again: bridge.Reread | None = None

    @classmethod
    def from_records(
        cls,
        *,
        orders: Sequence[Mapping[str, Any]],
        refunds: Sequence[Mapping[str, Any]] = (),
        currency: str | None = None,
        exponent: int | None = None,
        settings: Settings | None = None,
        **beside: Sequence[Mapping[str, Any]],
    ) -> Self:
        """Return a history of plain records with the columns of `orders` and `refunds`.

        Ids are kept as text; the exponent follows from the currency unless given. Records of the
        other tables of `kohorte.tables` are given by their names, such as `spend` or `responses`.

        Raises
        ------
        TableError
            A record does not hold what the table promises.
        """
        engine = Engine()
        with engine.closed_on_error():
            for table in tables.TABLES.values():
                tables.create(engine.connection, table)
            stated = [{"state": "counted", **order} for order in orders]
            tables.create(engine.connection, tables.ORDERS, stated)
            tables.create(engine.connection, tables.REFUNDS, refunds)
            for name, records in beside.items():
                tables.create(engine.connection, _table(name), records)
            tables.check(engine.connection)
            lacking = {
                name
                for name, column in (("amounts", "amount_minor"), ("units", "units"))
                if all(order.get(column) is None for order in orders)
            }
            return cls(
                engine,
                settings=settings or Settings(),
                currency=currency,
                exponent=currencies.exponent(currency) if exponent is None else exponent,
                lacking=frozenset(lacking),
            )

    @classmethod
    def from_files(
        cls,
        *paths: str | Path,
        settings: Settings | None = None,
        options: ReadOptions | None = None,
        progress: Progress | None = None,
        today: dt.date | None = None,
        keep_people: bool = False,
    ) -> Self:
        """Return the history that a shop's files hold; several files are joined.

        No order lies behind `today`, which may tell day from month where nothing else does. With
        `keep_people` the engine keeps by which numbers and addresses customers go, so that files
        read later can name them either way.
        """
        from kohorte import reading

        settings = settings or Settings()
        engine = Engine()
        with engine.closed_on_error():
            found = reading.read(
                paths,
                connection=engine.connection,
                settings=settings,
                options=options or reading.ReadOptions(),
                progress=progress or reading.silent,
                today=today,
                keep_people=keep_people,
            )
            present = {"amounts": found.has_amounts, "units": found.has_units}
            history = cls(
                engine,
                settings=settings,
                currency=found.currency,
                exponent=found.exponent,
                lacking=frozenset(name for name, there in present.items() if not there),
                reading=found,
            )

        def again(**changed: Any) -> History:
            read = dataclasses.replace(options or reading.ReadOptions(), **changed)
            return cls.from_files(
                *paths, settings=settings, options=read, progress=progress, today=today
            )

        history._again = again
        return history

    def bridge(
        self,
        slug: str,
        *,
        to: str,
        grain: Grain = "all",
        period: str = "all",
        theirs: float | None = None,
        assumed: bridge.Assumed | None = None,
    ) -> Bridge:
        """Return the way from another tool's number to ours, in steps that add up.

        Parameters
        ----------
        to
            The tool: `shopify`, `woocommerce` or `textbook`; see `bridge.DEFINITIONS`.
        theirs
            What the tool shows, to see how much of it these data explain.
        assumed
            Its time zone, its days, and the day on which it was looked at, where they are not ours.

        Raises
        ------
        UnknownNameError
            There is no such tool, or it has no such metric.
        SettingError
            Only some customers are counted; then what the tool counts is not known.

        Examples
        --------
        >>> orders = [
        ...     dict(order_id="1", customer_id="anna", placed_at="2026-01-05"),
        ...     dict(order_id="2", customer_id="anna", placed_at="2026-02-09"),
        ...     dict(order_id="3", customer_id="ben", placed_at="2026-01-31"),
        ... ]
        >>> with History.from_records(orders=orders) as history:
        ...     found = history.bridge(
        ...         "returning_customer_rate", to="shopify", grain="month", period="2026-01"
        ...     )
        >>> found.theirs, [step.amount for step in found.steps], found.ours
        (50.0, [0.0, -50.0], 0.0)
        """
        definition = bridge.get(to, slug)
        if self.narrowed:
            raise SettingError("A bridge is about all customers. Leave --where out.")
        found = self.period(grain, period)
        return bridge.build(
            self,
            definition,
            days=Span(found.starts_on, found.ends_on),
            grain=grain,
            assumed=assumed or bridge.Assumed(),
            told=theirs,
            reread=self._again,
        )


def _table(name: str) -> tables.Table:
    """Return the table that records are given for; those of the orders have arguments of their own."""
    known = {key: table for key, table in tables.EVERY.items() if key not in ("orders", "refunds")}
    if name not in known:
        raise UnknownNameError(
            "There is no table “{name}”. There are: {names}.", name=name, names=", ".join(known)
        )
    return known[name]


read = History.from_files
