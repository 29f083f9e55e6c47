"""How other tools define metrics that we have too, and what they count as orders.

A definition is a chain of ways to calculate: theirs first, each following one replacing one part of
it, until only ours is left.
"""

from __future__ import annotations

from kohorte import metrics
from kohorte.bridge import ways
from kohorte.bridge.ways import Definition, Way
from kohorte.errors import UnknownNameError
from kohorte.language import Text
from kohorte.metrics.metric import census

_SHOPIFY = Text(de="Shopify", en="Shopify")
_WOOCOMMERCE = Text(de="WooCommerce", en="WooCommerce")
_SHOPIFY_COUNTS = (
    "cancelled", "unpaid", "exchange", "staff", "business", "by_rule", "fully_refunded",
)  # fmt: skip
_WOOCOMMERCE_COUNTS = ("test", "exchange", "staff", "business", "by_rule", "fully_refunded")
_OF_WOOCOMMERCE = Text(
    de="WooCommerce, „Analytics and Sales Reports“, Begriffe; ohne die Status `pending`, `failed` und "
    "`cancelled`, wie es voreingestellt ist",
    en="WooCommerce, “Analytics and Sales Reports”, definition of terms; without the statuses "
    "`pending`, `failed` and `cancelled`, as is its default",
)

DEFINITIONS: dict[tuple[str, str], Definition] = {
    ("shopify", "returning_customer_rate"): Definition(
        tool=_SHOPIFY,
        metric="returning_customer_rate",
        formula=Text(
            de="Kunden des Zeitraums mit mehr als einer Bestellung, wann auch immer / Kunden des "
            "Zeitraums × 100; der Wert steigt mit dem Tag, an dem man hinsieht",
            en="customers of the period with more than one order, whenever it was / customers of "
            "the period × 100; the value grows with the day on which one looks",
        ),
        source=Text(
            de="Shopify-Analysen: Anteil der Kunden mit mehr als einer Bestellung an denen, die im "
            "gewählten Zeitraum bestellt haben",
            en="Shopify analytics: customers with more than one order out of those who placed an "
            "order within the selected date range",
        ),
        ways=(ways.AT_ANY_TIME,),
        counts=_SHOPIFY_COUNTS,
        forgets_unpaid=False,
        separates=True,
    ),
    ("shopify", "average_order_value"): Definition(
        tool=_SHOPIFY,
        metric="average_order_value",
        formula=Text(
            de="(Bruttoumsatz − Rabatte) / Bestellungen; ohne Steuern und Versand, ohne alles, was "
            "sich nach der Bestellung änderte",
            en="(gross sales − discounts) / orders; without taxes and postage, without anything "
            "that changed after the order",
        ),
        source=Text(
            de="Shopify-Changelog, 9. Januar 2023; auch stornierte und unbezahlte Bestellungen zählen",
            en="Shopify changelog, 9 January 2023; cancelled and unpaid orders count as well",
        ),
        ways=(
            ways.GROSS,
            Way("unidentified", ways.UNIDENTIFIED, ways.AFTER_REFUNDS, ways.mean("amount_minor")),
        ),
        counts=_SHOPIFY_COUNTS,
        forgets_unpaid=False,
        goods=True,
    ),
    ("woocommerce", "revenue"): Definition(
        tool=_WOOCOMMERCE,
        metric="revenue",
        formula=Text(
            de="Nettoumsatz: Bruttoumsatz − Erstattungen − Gutscheine; eine Erstattung zählt an "
            "ihrem eigenen Tag",
            en="net sales: gross sales − returns − coupons; a refund counts on its own day",
        ),
        source=_OF_WOOCOMMERCE,
        ways=(
            Way(
                "refund_days", ways.BOOKED_LATER, ways.REFUNDS_WHEN_PAID_BACK, census("amount_minor")
            ),
            Way("unidentified", ways.UNIDENTIFIED, ways.AFTER_REFUNDS, census("amount_minor")),
        ),
        counts=_WOOCOMMERCE_COUNTS,
        forgets_unpaid=False,
        goods=True,
    ),
    ("woocommerce", "orders"): Definition(
        tool=_WOOCOMMERCE,
        metric="orders",
        formula=Text(de="neue Bestellungen des Zeitraums", en="new orders of the period"),
        source=_OF_WOOCOMMERCE,
        ways=(Way("unidentified", ways.UNIDENTIFIED, ways.AFTER_REFUNDS, census("n")),),
        counts=_WOOCOMMERCE_COUNTS,
        forgets_unpaid=False,
    ),
    ("woocommerce", "average_order_value"): Definition(
        tool=_WOOCOMMERCE,
        metric="average_order_value",
        formula=Text(de="Nettoumsatz / Bestellungen", en="net sales / orders"),
        source=_OF_WOOCOMMERCE,
        ways=(
            Way("refund_days", ways.BOOKED_LATER, ways.REFUNDS_WHEN_PAID_BACK, ways.mean("amount_minor")),
            Way("unidentified", ways.UNIDENTIFIED, ways.AFTER_REFUNDS, ways.mean("amount_minor")),
        ),
        counts=_WOOCOMMERCE_COUNTS,
        forgets_unpaid=False,
        goods=True,
    ),
    ("textbook", "customer_retention_rate"): Definition(
        tool=Text(de="Lehrbuch", en="Textbook"),
        metric="customer_retention_rate",
        formula=Text(
            de="(aktive Kunden am Ende − neu gewonnene) / aktive Kunden am Anfang × 100; wer fort "
            "war und zurückkam, ist dabei, und so kann der Wert über 100 liegen",
            en="(customers active at the end − gained) / customers active at the start × 100; who "
            "had been gone and came back is in it, so that it can pass 100",
        ),
        source=Text(
            de="Die übliche Formel (E − N) / S ohne Mengen",
            en="The usual formula (E − N) / S without sets",
        ),
        ways=(ways.REACTIVATED,),
    ),
}  # fmt: skip


def get(tool: str, metric: str) -> Definition:
    """Return a tool's definition of a metric; what does not exist is answered with what does.

    >>> get("shopify", "average_order_value").tool.render("en")
    'Shopify'
    """
    metrics.get(metric)
    tools = {known for known, _ in DEFINITIONS}
    if tool not in tools:
        raise UnknownNameError(
            "There is no tool “{name}”. There are: {names}.",
            name=tool,
            names=", ".join(sorted(tools)),
        )
    if (tool, metric) not in DEFINITIONS:
        raise UnknownNameError(
            "No definition of {metric} by {tool} is known. Known are: {names}.",
            metric=metric,
            tool=tool,
            names=", ".join(slug for known, slug in DEFINITIONS if known == tool),
        )
    return DEFINITIONS[tool, metric]
