"""Customer lifetime value as profit: the same at the shop's contribution margin."""

from dataclasses import replace

from kohorte.language import Text
from kohorte.metrics.customer_lifetime_value import METRIC as LIFETIME_VALUE
from kohorte.metrics.lifetime import lifetime_value

METRIC = replace(
    LIFETIME_VALUE,
    slug="customer_lifetime_profit",
    rank=130,
    name=Text(de="Customer Lifetime Value als Gewinn", en="Customer lifetime value as profit"),
    sentence=Text(
        de="So viel Gewinn bringt ein aktiver Kunde noch, wenn alles bleibt, wie es ist.",
        en="What profit an active customer still brings if all stays as it is.",
    ),
    formula=Text(
        de="Customer Lifetime Value × Marge", en="customer lifetime value × contribution margin"
    ),
    needs=frozenset({"amounts", "margin"}),
    estimate=lifetime_value(as_profit=True),
)
