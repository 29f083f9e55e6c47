"""Cancellation rate: orders that were cancelled."""

from kohorte.language import Text
from kohorte.metrics import order_shares
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="cancellation_rate",
    rank=510,
    chapter="returns",
    name=Text(
        de="Stornoquote",
        en="Cancellation rate",
    ),
    sentence=Text(
        de="So viele der Bestellungen wurden storniert.",
        en="How many of the orders were cancelled.",
    ),
    formula=Text(
        de="stornierte Bestellungen / gezählte und stornierte Bestellungen × 100",
        en="cancelled orders / counted and cancelled orders × 100",
    ),
    denominator=Text(
        de="gezählte und stornierte Bestellungen",
        en="counted and cancelled orders",
    ),
    unit="percent",
    direction="down",
    needs=frozenset({"cancellations"}),
    censoring=Text(
        de="Bestellungen aus den letzten Tagen können noch storniert werden. Leer vor dem Zeitraum der ersten Stornierung, denn dort fehlen vielleicht nur die Daten.",
        en="Orders of the last days may still be cancelled. Empty before the period of the first cancellation, where perhaps only the data are missing.",
    ),
    source=Text(
        de="Storniert ist, was der Status der Bestellung oder die Tabelle der Retouren so nennt. Spanne nach Wilson mit Kunden als Klumpen (Korn & Graubard 1998)",
        en="Cancelled is what the state of the order or the table of returns calls so. Wilson's range with customers as clusters (Korn & Graubard 1998)",
    ),
    select=order_shares.select("order_cancellations"),
    estimate=order_shares.share(before="no_cancellations_yet"),
    behind=order_shares.behind("order_cancellations"),
    orders_from="period",
    absent="nobody",
    undefined="nobody",
)
