"""Made-up purchases of products with a known rhythm, to try and to test things on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from kohorte.models.arrays import Array
from kohorte.replenishment.gaps import Gaps

START = dt.date(2024, 1, 1)


def records(
    days: Sequence[float],
    *,
    customers: int,
    length: int,
    spread: float = 0.2,
    growth: float = 1.0,
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """Return orders and lines of products that last so many days per piece.

    Parameters
    ----------
    days
        Of each product how long a piece lasts in the middle.
    length
        So many days are watched.
    spread
        Standard deviation of ln days, once between customers and once between purchases.
    growth
        How much longer twice as many pieces last: 2 to this power.

    Examples
    --------
    >>> orders, lines = records([30.0], customers=2, length=90)
    >>> len(orders), lines[0]["product_id"]
    (4, 'product-0')
    """
    chance = np.random.default_rng(5)
    orders: list[dict[str, object]] = []
    lines: list[dict[str, object]] = []
    for product, usual in enumerate(days):
        for customer in range(customers):
            own = usual * np.exp(chance.normal(0, spread))
            day = float(chance.integers(0, 30))
            purchase = 0
            while day < length:
                quantity = int(chance.integers(1, 3))
                order = f"{product}-{customer}-{purchase}"
                placed = START + dt.timedelta(days=round(day))
                orders.append(
                    {"order_id": order, "customer_id": str(customer), "placed_at": placed}
                )
                lines.append(
                    {
                        "order_id": order,
                        "line_number": 1,
                        "product_id": f"product-{product}",
                        "quantity": quantity,
                    }
                )
                purchase += 1
                day += max(1.0, own * quantity**growth * np.exp(chance.normal(0, spread)))
    return orders, lines


def gaps(days: Sequence[float], *, customers: int, purchases: int) -> Gaps:
    """Return gaps of products of which everybody buys one piece at a time.

    >>> found = gaps([30.0], customers=3, purchases=4)
    >>> len(found), found.pairs["gaps"].tolist()
    (3, [3.0, 3.0, 3.0])
    """
    chance = np.random.default_rng(6)
    finished = purchases - 1
    logs = np.stack(
        [
            np.log(usual)
            + chance.normal(0, 0.2, (customers, 1))
            + chance.normal(0, 0.2, (customers, finished))
            for usual in days
        ]
    ).reshape(-1, finished)
    nothing: Array = np.zeros(len(logs))
    return Gaps(
        START,
        tuple(f"product-{place}" for place in range(len(days))),
        (None,) * len(days),
        (None,) * len(days),
        np.full(len(days), customers * finished),
        np.full(len(days), customers),
        np.full(len(days), customers),
        np.array([str(n) for n in range(customers)] * len(days), dtype=object),
        np.repeat(np.arange(len(days)), customers),
        {
            "days": nothing + purchases,
            "gaps": nothing + finished,
            "gap": logs.sum(axis=1),
            "gap_gap": (logs**2).sum(axis=1),
            "size": nothing,
            "size_size": nothing,
            "size_gap": nothing,
            "last_day": nothing,
            "last_quantity": nothing + 1,
            "last_gap": np.exp(logs[:, -1]),
        },
        0,
    )
