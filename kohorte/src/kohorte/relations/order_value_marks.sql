-- de: Je Zeitraum der Median der Bestellwerte, von zwei mittleren die Mitte; die Werte, bei denen das kleinste Zehntel endet und das größte beginnt (`lowest_minor`, `highest_minor`), und der Mittelwert aller Bestellungen dazwischen (`trimmed_minor`).
-- en: Per period the median of the order values, of two middle ones the one between; the values at which the smallest tenth ends and the largest begins (`lowest_minor`, `highest_minor`), and the mean of all orders between them (`trimmed_minor`).
SELECT
  period,
  n,
  CAST(
    MAX(CASE WHEN mark = 'middle' AND before < CEIL(n / 2) AND until >= CEIL(n / 2) THEN revenue_minor END)
    + MAX(CASE WHEN mark = 'middle' AND before < FLOOR(n / 2) + 1 AND until >= FLOOR(n / 2) + 1 THEN revenue_minor END)
    AS DOUBLE
  ) / 2 AS median_minor,
  MAX(CASE WHEN mark = 'low' AND before < FLOOR(n / 10) + 1 AND until >= FLOOR(n / 10) + 1 THEN revenue_minor END)
    AS lowest_minor,
  MAX(CASE WHEN mark = 'high' AND before < CEIL(n - n / 10) AND until >= CEIL(n - n / 10) THEN revenue_minor END)
    AS highest_minor,
  (
    MAX(
      CASE
        WHEN mark = 'high' AND before < CEIL(n - n / 10) AND until >= CEIL(n - n / 10)
        THEN below_minor + (n - n / 10 - before) * revenue_minor
      END
    )
    - MAX(
      CASE
        WHEN mark = 'low' AND before < FLOOR(n / 10) + 1 AND until >= FLOOR(n / 10) + 1
        THEN below_minor + (n / 10 - before) * revenue_minor
      END
    )
  ) / (n - n / 5) AS trimmed_minor
FROM order_value_ranks
GROUP BY period, n
