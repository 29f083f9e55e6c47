-- de: Je Zeitraum, in dem die Pausen begannen, die Kaplan–Meier-Kurve bis zum nächsten Kauftag: nach der ersten Bestellung (`first`; über das Jahr und die Frist r hinaus zählt alles als ein Tag) und nach jedem Kauftag (`every`). Je Tag: wie viele noch warteten (`at_risk`), bei wie vielen er kam (`came`), der Logarithmus des Anteils, der noch wartet (`log_left`; leer, sobald niemand mehr wartet), und Greenwoods Summe (`variance`). `turnover` summiert `came` / `at_risk`², woraus der Beitrag jedes Kunden folgt.
-- en: Per period in which the pauses began, the Kaplan–Meier curve to the next purchase day: after the first order (`first`; beyond the year and the window r all counts as one day) and after every purchase day (`every`). Per day: how many still waited (`at_risk`), for how many it came (`came`), the logarithm of the share that still waits (`log_left`; empty once nobody does), and Greenwood's sum (`variance`). `turnover` sums `came` / `at_risk`², from which each customer's part follows.
WITH counted AS (
  SELECT
    c.period,
    'first' AS kind,
    LEAST(w.days, GREATEST(365, $repeat_days) + 1) AS days,
    SUM(w.came) AS came,
    SUM(w.came + w.waiting) AS ended
  FROM wait_counts AS w
  JOIN calendar AS c ON c.day = w.day
  WHERE w.nth = 1
  GROUP BY c.period, LEAST(w.days, GREATEST(365, $repeat_days) + 1)
  UNION ALL
  SELECT c.period, 'every', w.days, SUM(w.came), SUM(w.came + w.waiting)
  FROM wait_counts AS w
  JOIN calendar AS c ON c.day = w.day
  GROUP BY c.period, w.days
), watched AS (
  SELECT
    period,
    kind,
    days,
    CAST(came AS DOUBLE) AS came,
    CAST(
      SUM(ended) OVER (PARTITION BY period, kind ORDER BY days DESC) AS DOUBLE
    ) AS at_risk
  FROM counted
)
SELECT
  period,
  kind,
  days,
  at_risk,
  came,
  CASE
    WHEN came < at_risk
    THEN SUM(CASE WHEN came < at_risk THEN LN(1 - came / at_risk) ELSE 0 END) OVER so_far
  END AS log_left,
  SUM(CASE WHEN came < at_risk THEN came / (at_risk * (at_risk - came)) ELSE 0 END) OVER so_far
    AS variance,
  SUM(came / (at_risk * at_risk)) OVER so_far AS turnover
FROM watched
WINDOW so_far AS (PARTITION BY period, kind ORDER BY days)
