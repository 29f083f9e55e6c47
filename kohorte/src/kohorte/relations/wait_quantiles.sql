-- de: Je Zeitraum, in dem die Pausen begannen, nach wie vielen Tagen die Hälfte (`all`), drei von vier (`p75`) und neun von zehn (`p90`) vorbei sind, nach Kaplan–Meier; leer, wo das in der beobachteten Zeit nicht erreicht ist.
-- en: Per period in which the pauses began, after how many days half (`all`), three of four (`p75`) and nine of ten (`p90`) are over, by Kaplan–Meier; empty where that is not reached in the time observed.
SELECT
  c.period,
  q.segment,
  q.share,
  MAX(c.at_risk) AS n,
  MIN(CASE WHEN c.log_left IS NULL OR 1 - EXP(c.log_left) >= q.share - 1e-12 THEN c.days END) AS days
FROM wait_curves AS c
CROSS JOIN (
  SELECT 'all' AS segment, CAST(0.5 AS DOUBLE) AS share
  UNION ALL SELECT 'p75', 0.75
  UNION ALL SELECT 'p90', 0.9
) AS q
WHERE c.kind = 'every'
GROUP BY c.period, q.segment, q.share
