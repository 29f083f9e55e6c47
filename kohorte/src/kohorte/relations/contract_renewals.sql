-- de: Jeder Vertrag, dessen vereinbarte Laufzeit endet, mit dem Tag und ob er weiterlief: ohne Unterbrechung, oder mit einer neuen Laufzeit binnen der Frist. Ob die Frist schon vorbei ist, steht dabei.
-- en: Every contract whose agreed term ends, with the day and whether it went on: without a break, or by a new term within the time allowed. Whether that time is over stands beside it.
SELECT
  s.subscription_id,
  s.customer_id,
  s.due_day,
  MAX(
    CASE
      WHEN COALESCE(s.ends_day, s.due_day + 1) > s.due_day OR n.starts_day IS NOT NULL THEN 1
      ELSE 0
    END
  ) AS renewed,
  MAX(CASE WHEN s.due_day + $renewal_days < $history_end THEN 1 ELSE 0 END) AS matured
FROM dated_subscriptions AS s
LEFT JOIN dated_subscriptions AS n
  ON n.subscription_id = s.subscription_id
  AND n.starts_day > s.starts_day
  AND n.starts_day BETWEEN s.due_day AND s.due_day + $renewal_days
WHERE s.due_day IS NOT NULL
GROUP BY s.subscription_id, s.customer_id, s.due_day
