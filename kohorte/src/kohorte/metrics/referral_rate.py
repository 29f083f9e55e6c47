"""Referral rate: referred purchases of all purchases."""

from kohorte.language import Text
from kohorte.metrics import order_shares
from kohorte.metrics.metric import Metric

METRIC = Metric(
    slug="referral_rate",
    rank=410,
    chapter="growth",
    name=Text(
        de="Empfehlungsrate",
        en="Referral rate",
    ),
    sentence=Text(
        de="So viele der Käufe gehen auf eine Empfehlung zurück.",
        en="How many of the purchases go back to a referral.",
    ),
    formula=Text(
        de="empfohlene Bestellungen / alle Bestellungen bekannter Kunden × 100; wer sich selbst empfiehlt, zählt nicht als empfohlen",
        en="referred orders / all orders of known customers × 100; who refers themselves does not count as referred",
    ),
    denominator=Text(
        de="Bestellungen bekannter Kunden",
        en="orders of known customers",
    ),
    unit="percent",
    direction="up",
    needs=frozenset({"referrals"}),
    censoring=Text(
        de="Leer vor dem Zeitraum der ersten Empfehlung: Ob es vorher keine gab oder nur keine Daten, ist nicht bekannt.",
        en="Empty before the period of the first referral: whether there were none before or only no data is not known.",
    ),
    source=Text(
        de="Käufe durch Käufe; Anteile an Kunden haben andere Namen. Spanne nach Wilson mit Kunden als Klumpen (Korn & Graubard 1998)",
        en="Purchases over purchases; shares of customers have other names. Wilson's range with customers as clusters (Korn & Graubard 1998)",
    ),
    select=order_shares.select("order_referrals"),
    estimate=order_shares.share(before="no_referrals_yet"),
    behind=order_shares.behind("order_referrals"),
    orders_from="period",
    absent="nobody",
    undefined="nobody",
)
