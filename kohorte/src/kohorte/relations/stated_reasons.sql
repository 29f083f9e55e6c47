-- de: Jeder Anlass, zu dem ein Grund genannt werden kann, in den Tagen der Daten: Antworten auf die Frage, warum jemand geht (`leaving`), beendete Verträge (`contract_end`), Retouren (`return`), Stornierungen (`cancellation`) und Anfragen (`ticket`). `customer` ist der Kunde, dem er gehört, sonst der Anlass selbst; der Grund ist leer, wo keiner dabeisteht.
-- en: Every occasion on which a reason can be stated, in the days of the data: answers to the question why somebody leaves (`leaving`), contracts ended (`contract_end`), returns (`return`), cancellations (`cancellation`) and requests (`ticket`). `customer` is the customer it belongs to, else the occasion itself; the reason is empty where none is given.
SELECT kind, customer, day, NULLIF(TRIM(reason), '') AS reason
FROM (
  SELECT 'leaving' AS kind, COALESCE(CAST(customer_id AS VARCHAR), 'answer ' || response_id) AS customer, day, answer AS reason
  FROM dated_responses
  WHERE question = 'leaving'
  UNION ALL
  SELECT 'contract_end', CAST(s.customer_id AS VARCHAR), s.ends_day, s.reason
  FROM dated_subscriptions AS s
  WHERE NOT EXISTS (
    SELECT 1
    FROM dated_subscriptions AS n
    WHERE
      n.subscription_id = s.subscription_id
      AND n.starts_day > s.starts_day AND n.starts_day <= s.ends_day + $renewal_days
  )
  UNION ALL
  SELECT r.kind, COALESCE(CAST(o.customer_id AS VARCHAR), 'order ' || r.order_id), r.day, r.reason
  FROM dated_returns AS r
  JOIN orders AS o ON CAST(o.order_id AS VARCHAR) = r.order_id
  UNION ALL
  SELECT 'ticket', COALESCE(CAST(customer_id AS VARCHAR), 'request ' || ticket_id), day, reason
  FROM dated_tickets
) AS occasions
WHERE day >= $history_start AND day < $history_end
