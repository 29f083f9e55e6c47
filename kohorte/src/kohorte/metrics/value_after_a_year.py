"""Value after a year: what new customers have brought by then."""

from kohorte.language import Text
from kohorte.metrics.metric import Metric, mean

METRIC = Metric(
    slug="value_after_a_year",
    rank=115,
    chapter="value",
    name=Text(
        de="Kundenwert nach einem Jahr",
        en="Value after a year",
    ),
    sentence=Text(
        de="So viel hat ein neuer Kunde in seinem ersten Jahr eingebracht.",
        en="What a new customer has brought in the first year.",
    ),
    formula=Text(
        de="Umsatz der 365 Tage ab der ersten Bestellung / neue Kunden, deren erste Bestellung mindestens 365 Tage alt ist; der Zeitraum ist der der ersten Bestellung",
        en="revenue of the 365 days from the first order / new customers whose first order is at least 365 days old; the period is that of the first order",
    ),
    denominator=Text(
        de="neue Kunden, deren erstes Jahr vorbei ist",
        en="new customers whose first year is over",
    ),
    unit="money",
    direction="up",
    needs=frozenset({"amounts"}),
    censoring=Text(
        de="Jüngere Kunden zählen nicht mit; ein Zeitraum mit solchen gilt als unfertig. Am Anfang der Daten ist mancher nicht neu, dessen frühere Käufe fehlen.",
        en="Younger customers are not counted; a period that has some is marked as unfinished. Where the data begin, some are not new whose earlier purchases are missing.",
    ),
    source=Text(
        de="Tatsächlicher Wert in festem Alter; nichts wird vorhergesagt",
        en="Actual value at a fixed age; nothing is predicted",
    ),
    select="""
SELECT
  c.period,
  'all' AS segment,
  COALESCE(SUM(f.customers) FILTER (WHERE f.day + 364 < $history_end), 0) AS n,
  SUM(f.revenue_minor) FILTER (WHERE f.day + 364 < $history_end) AS revenue,
  SUM(f.revenue_squared) FILTER (WHERE f.day + 364 < $history_end) AS revenue_squared,
  MAX(f.day) + 364 < $history_end AS complete
FROM first_years AS f
JOIN calendar AS c ON c.day = f.day
GROUP BY c.period
""",
    estimate=mean("revenue", squares="revenue_squared"),
    behind="""
SELECT customer_id, first_year_minor AS numerator, 1 AS denominator
FROM customer_totals
WHERE
  first_day >= $starts_day AND first_day < $ends_day AND first_day + 364 < $history_end
""",
    orders_from="year",
    absent="nobody_new",
    undefined="year_not_over",
)
