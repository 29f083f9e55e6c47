"""`kohorte recommend`: what to offer to a customer, what goes with a product."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kohorte.cli import aligned, listing, options, progress
from kohorte.language import Language, Sentence, number, translate

if TYPE_CHECKING:
    from kohorte.recommendations.recommend import Recommendations
    from kohorte.recommendations.trial import Rule, Trial
    from kohorte.results import Listing


@options.with_shop
def recommend(
    *,
    files: options.Files,
    customer: Annotated[
        str | None, typer.Option("--customer", help="What to offer to this customer, by number.")
    ] = None,
    product: Annotated[
        str | None,
        typer.Option("--product", help="What goes with this product, by number or name."),
    ] = None,
    half_life: Annotated[
        float | None,
        typer.Option(
            "--half-life",
            min=1,
            help="After so many days a purchase says half as much; all say the same unless given.",
        ),
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, max=100, help="So many products.")] = 10,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write those of every customer to a CSV.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    shop: options.Shop,
) -> None:
    """Recommend products by what was bought, beside how well that was foretold before."""
    spoken = shop.spoken
    with (
        progress.bar(spoken) as tell,
        options.history(files, shop, progress=tell) as history,
    ):
        from kohorte.recommendations import recommend as recommending

        found = recommending.of(history, half_life_days=half_life)
    if out is not None:
        count = listing.save(found.listing(most=most), out)
        typer.echo(listing.saved(count, out).render(spoken), err=as_json)
    offered = found.listing(customer=customer, most=most) if customer is not None else None
    beside = found.beside(product, most=most) if product is not None else None
    if as_json:
        record = _record(found, offered, beside, spoken)
        typer.echo(json.dumps(record, ensure_ascii=False, allow_nan=False, indent=2))
        return
    for line in _lines(found, offered, beside, spoken):
        typer.echo(line)


def _lines(
    found: Recommendations, offered: Listing | None, beside: Listing | None, spoken: Language
) -> Iterator[str]:
    if found.trial is not None:
        yield from _trial(found.trial, spoken)
    elif found.untested is not None:
        yield found.untested.render(spoken)
        yield translate("So what sold most of late is offered.", spoken)
    if offered is not None:
        yield ""
        yield from aligned.lines(_offered(offered, spoken))
    if beside is not None:
        yield ""
        yield from aligned.lines(_beside(beside, spoken))
        yield translate(
            "Together: customers who bought both. Lift: how many times as many as chance explains. "
            "G²: how sure that is; 10.8 is one in a thousand by chance.",
            spoken,
        )
    if offered is None and beside is None:
        yield ""
        yield translate(
            "--customer tells what to offer to one, --product what goes with one, --out writes those "
            "of every customer.",
            spoken,
        )


def _trial(held: Trial, spoken: Language) -> Iterator[str]:
    values = {"days": held.days, "n": held.customers, "k": held.k}
    yield Sentence(
        "Held to the last {days} days: {n} {n:customer|customers} who bought something new, {k} "
        "products for each.",
        values,
    ).render(spoken)
    words = ("hit", "range", "recall", "NDCG", "products shown", "ahead of what sells")
    head = ["", *(translate(word, spoken) for word in words)]
    yield from aligned.lines([head, *(_rule(rule, spoken) for rule in held.rules)])
    yield translate(
        "Hit: share of customers with at least one product bought. Recall: share of what could be "
        "hit. NDCG: the same, early ones count more. All in percent.",
        spoken,
    )
    if held.best in ("recent", "popular"):
        yield translate(
            "Nothing did better than what sells by more than chance; so that is offered.", spoken
        )


def _rule(rule: Rule, spoken: Language) -> list[str]:
    def said(value: float) -> str:
        return number(value, spoken, digits=1)

    ahead = ""
    if rule.ahead_low is not None and rule.ahead_high is not None:
        ahead = f"{said(rule.ahead_low)} … {said(rule.ahead_high)}"
    return [
        rule.name.render(spoken),
        said(rule.hit_percent),
        f"{said(rule.hit_low)} … {said(rule.hit_high)}",
        said(rule.recall_percent),
        said(rule.ndcg_percent),
        said(rule.coverage_percent),
        ahead,
    ]


def _offered(rows: Listing, spoken: Language) -> list[list[str]]:
    found: tuple[tuple[Any, ...], ...] = rows.rows
    head = [translate(word, spoken) for word in ("Product", "Because of", "Score")]
    because = translate("it sells", spoken)
    return [
        head,
        *(
            [str(row[3] or row[2]), str(row[5] or because), number(row[4], spoken, digits=2)]
            for row in found
        ),
    ]


def _beside(rows: Listing, spoken: Language) -> list[list[str]]:
    found: tuple[tuple[Any, ...], ...] = rows.rows
    words = ("Product", "Together", "by chance", "Lift", "G²", "Next basket")
    return [
        [translate(word, spoken) for word in words],
        *(
            [
                str(row[1] or row[0]), number(row[2], spoken), number(row[3], spoken, digits=1),
                number(row[4], spoken, digits=1), number(row[5], spoken), number(row[8], spoken),
            ]
            for row in found
        ),
    ]  # fmt: skip


def _record(
    found: Recommendations, offered: Listing | None, beside: Listing | None, spoken: Language
) -> dict[str, Any]:
    held = found.trial
    return {
        "best": found.best,
        "validation": None
        if held is None
        else {
            "days": held.days,
            "customers": held.customers,
            "k": held.k,
            "rules": [{**vars(rule), "name": rule.name.render(spoken)} for rule in held.rules],
        },
        "untested": found.untested.render(spoken) if found.untested else None,
        "customer": _records(offered),
        "product": _records(beside),
    }


def _records(rows: Listing | None) -> list[dict[str, Any]] | None:
    if rows is None:
        return None
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]
