"""Random edits of random shops: the steps add up, and only what was edited has a step."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import kohorte
import product
import strategies
from kohorte import restatement
from kohorte.errors import KohorteError
from oracle import orders

SLUGS = ("revenue", "orders", "returning_customer_rate", "average_order_value")
KINDS = ("gone", "late", "days", "states", "refunds", "amounts", "customers", "newer")


def edit(
    shop: strategies.Shop, kind: str, chosen: Sequence[orders.Order]
) -> tuple[list[orders.Order], list[orders.Refund]]:
    """Return the shop's orders and refunds after one kind of edit of the chosen orders."""
    kept, refunds = list(shop.recorded), list(shop.refunds)
    first, last = (
        min(order.placed_at for order in kept),
        max(order.placed_at for order in kept),
    )
    for number, order in enumerate(chosen, start=1):
        at = kept.index(order)
        match kind:
            case "gone":
                del kept[at]
            case "late":
                kept.append(dataclasses.replace(order, order_id=900 + number, placed_at=first))
            case "newer":
                later = last + dt.timedelta(days=number)
                kept.append(dataclasses.replace(order, order_id=900 + number, placed_at=later))
            case "days":
                kept[at] = dataclasses.replace(order, placed_at=order.placed_at - 2 * orders.DAY)
            case "states":
                other = "cancelled" if order.state == "counted" else "counted"
                kept[at] = dataclasses.replace(order, state=other)
            case "amounts" if order.amount_minor is not None:
                kept[at] = dataclasses.replace(order, amount_minor=order.amount_minor + 77)
            case "customers":
                kept[at] = dataclasses.replace(order, customer_id=kept[0].customer_id)
            case "refunds":
                refunds.append(
                    orders.Refund(900 + number, order.order_id, None, order.placed_at, number)
                )
    return kept, refunds


@given(
    shop=strategies.shops(min_orders=6, spans=(40,), bounded=False),
    kind=st.sampled_from(KINDS),
    data=st.data(),
)
@strategies.examples(10)
def test_an_edit_has_one_step_and_the_steps_add_up(
    shop: strategies.Shop, kind: str, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, 2))
    chosen = data.draw(
        st.lists(st.sampled_from(shop.recorded), min_size=count, max_size=count, unique=True)
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with product.history(shop) as before:
            keep(before, folder)
        kept, refunds = edit(shop, kind, chosen)
        with product.history(shop, recorded=kept, refunds=refunds) as after:
            require_explained(after, folder, kind)


def keep(history: kohorte.History, folder: Path) -> None:
    rows = [row for slug in SLUGS for row in history.metric(slug, segment="all")]
    said = [dataclasses.asdict(row) | {"reason": None} for row in rows]
    (folder / "metrics.json").write_text(json.dumps({"rows": said}, default=str), "utf-8")
    restatement.save(history, folder / restatement.FILE)


def require_explained(history: kohorte.History, folder: Path, kind: str) -> None:
    now = {row.period: row for row in history.metric("orders", segment="all")}
    for slug in SLUGS:
        for period, row in now.items():
            try:
                found = restatement.explain(history, folder, slug, grain="month", period=period)
            except KohorteError:
                continue
            assert {step.slug for step in found.steps} <= {kind}, (slug, period)
            assert abs(found.before + sum(s.amount for s in found.steps) - found.after) < 1e-6
            if slug == "orders":
                assert found.after == row.value
