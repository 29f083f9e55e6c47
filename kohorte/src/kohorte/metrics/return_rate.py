"""Return rate: orders of which something came back."""

from kohorte.language import Text
from kohorte.metrics import order_shares
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="return_rate",
    rank=500,
    chapter="returns",
    name=Text(
        de="Retourenquote",
        en="Return rate",
    ),
    sentence=Text(
        de="Von so vielen Bestellungen kommt etwas zurück.",
        en="Of how many orders something comes back.",
    ),
    formula=Text(
        de="Bestellungen mit einer Retoure binnen d Tagen / Bestellungen, die mindestens d Tage alt sind, × 100; d = 30, wenn nicht anders eingestellt",
        en="orders with a return within d days / orders that are at least d days old × 100; d = 30 unless set",
    ),
    denominator=Text(
        de="Bestellungen, deren Rückgabefrist vorbei ist",
        en="orders whose time to return is over",
    ),
    unit="percent",
    direction="down",
    needs=frozenset({"returns"}),
    censoring=Text(
        de="Jüngere Bestellungen zählen nicht mit; ein Zeitraum mit solchen gilt als unfertig. Leer vor dem Zeitraum der ersten Retoure, denn dort fehlen vielleicht nur die Daten.",
        en="Younger orders are not counted; a period that has some is marked as unfinished. Empty before the period of the first return, where perhaps only the data are missing.",
    ),
    source=Text(
        de="Voll erstattete Bestellungen zählen hier mit, denn auch sie kamen zurück. Spanne nach Wilson mit Kunden als Klumpen (Korn & Graubard 1998)",
        en="Fully refunded orders count here, for they came back as well. Wilson's range with customers as clusters (Korn & Graubard 1998)",
    ),
    select=order_shares.select("order_returns"),
    estimate=order_shares.share(before="no_returns_yet"),
    behind=order_shares.behind("order_returns"),
    orders_from="period",
    absent="nobody",
    undefined="too_fresh",
)
