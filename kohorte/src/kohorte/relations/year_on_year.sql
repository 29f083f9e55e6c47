-- de: Je Zeitraum, was die Kunden aus `revenue_by_year` zusammen jetzt umsetzten (`kept`) und höchstens so viel wie ein Jahr zuvor (`gross`), die Quadrate davon und die Produkte mit dem Umsatz von damals.
-- en: Per period what the customers of `revenue_by_year` together spent now (`kept`) and at most as much as a year before (`gross`), the squares of these and the products with the revenue of then.
SELECT
  period,
  SUM(after_minor) AS kept,
  SUM(LEAST(before_minor, after_minor)) AS gross,
  SUM(CAST(after_minor AS DOUBLE) * after_minor) AS kept_squared,
  SUM(POWER(CAST(LEAST(before_minor, after_minor) AS DOUBLE), 2)) AS gross_squared,
  SUM(CAST(before_minor AS DOUBLE) * after_minor) AS kept_times,
  SUM(CAST(before_minor AS DOUBLE) * LEAST(before_minor, after_minor)) AS gross_times
FROM revenue_by_year
GROUP BY period
