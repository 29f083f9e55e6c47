-- de: Je Zeitraum und Vertragskunde der Monatsbetrag am Anfang und am Ende. Am Anfang zählt, was vorher begann und noch nicht geendet hat; ein Wechsel am ersten Tag gehört schon zum Zeitraum.
-- en: Per period and contract customer the monthly amount at the start and at the end. At the start counts what began before and has not ended; a change on the first day belongs to the period already.
SELECT
  p.period,
  s.customer_id,
  CAST(SUM(
    CASE
      WHEN s.starts_day < p.starts_day AND COALESCE(s.ends_day, p.starts_day) >= p.starts_day
      THEN s.monthly_minor ELSE 0
    END
  ) AS BIGINT) AS before_minor,
  CAST(SUM(
    CASE
      WHEN s.starts_day < p.ends_day AND COALESCE(s.ends_day, p.ends_day) >= p.ends_day
      THEN s.monthly_minor ELSE 0
    END
  ) AS BIGINT) AS after_minor
FROM periods AS p
JOIN dated_subscriptions AS s
  ON s.starts_day < p.ends_day AND COALESCE(s.ends_day, p.starts_day) >= p.starts_day
GROUP BY p.period, s.customer_id
