-- de: Jede Ausgabe mit dem ersten und dem letzten Tag, für den sie gilt; sind beide vertauscht, gilt der frühere als der erste.
-- en: Every expense with the first and the last day it is for; if the two are swapped, the earlier one is the first.
SELECT
  CAST(LEAST(starts_on, ends_on) - DATE '1970-01-01' AS INTEGER) AS starts_day,
  CAST(GREATEST(starts_on, ends_on) - DATE '1970-01-01' AS INTEGER) AS ends_day,
  purpose,
  channel,
  amount_minor
FROM spend
