-- de: Je Zeitraum und Quantil, wie ähnlich sich Pausen desselben Kunden sind, aus einer Probe: um welchen Faktor die Kurve an dieser Stelle stärker streut, als sie es bei lauter verschiedenen Kunden täte (`alike`). Der Beitrag einer Pause ist `1 / at_risk`, wenn sie bis dahin endete, weniger der bis zu ihrem Ende oder der Stelle erwarteten Summe (`turnover`).
-- en: Per period and quantile how much pauses of one customer are alike, from a sample: how many times as much the curve varies at that place as it would with all customers different (`alike`). The part of a pause is `1 / at_risk` if it ended by then, less the sum expected up to its end or the place (`turnover`).
WITH pauses AS MATERIALIZED (
  SELECT
    p.customer_id,
    p.weight,
    q.period,
    q.segment,
    p.next_day IS NOT NULL AND p.next_day - p.day <= q.days AS ended,
    LEAST(COALESCE(p.next_day, $history_end - 1) - p.day, q.days) AS days
  FROM sampled_purchases AS p
  JOIN calendar AS c ON c.day = p.day
  JOIN wait_quantiles AS q ON q.period = c.period AND q.days IS NOT NULL
  WHERE p.next_day > p.day OR p.next_day IS NULL
), parts AS (
  SELECT
    p.customer_id,
    p.weight,
    p.period,
    p.segment,
    COUNT(*) AS pauses,
    SUM(CASE WHEN p.ended THEN 1 / w.at_risk - w.turnover ELSE -w.turnover END) AS part,
    SUM(
      CASE
        WHEN p.ended THEN (1 / w.at_risk - w.turnover) * (1 / w.at_risk - w.turnover)
        ELSE w.turnover * w.turnover
      END
    ) AS part_squared
  FROM pauses AS p
  JOIN wait_curves AS w ON w.period = p.period AND w.kind = 'every' AND w.days = p.days
  GROUP BY p.customer_id, p.weight, p.period, p.segment
)
SELECT
  period,
  segment,
  COUNT(*) AS customers,
  SUM(pauses) AS pauses,
  CASE
    WHEN SUM(weight * part_squared) * SUM(weight * pauses) > 1e-9
    THEN GREATEST(1, SUM(weight * part * part) / SUM(weight * part_squared))
    ELSE 1
  END AS alike
FROM parts
GROUP BY period, segment
