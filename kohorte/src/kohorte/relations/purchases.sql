-- de: Jede gezählte Bestellung eines bekannten Kunden mit dessen erstem Kauftag und den Tagen seiner Bestellung davor und danach. Zwei Bestellungen an einem Tag haben denselben Tag als Nachbarn. Der wievielte Kauftag es ist, steht dabei.
-- en: Every counted order of a known customer with the customer's first purchase day and the days of the order before and after it. Two orders on one day have that day as their neighbor. Which purchase day it is stands beside it.
SELECT
  customer_id,
  day,
  revenue_minor,
  CAST(units AS DOUBLE) AS units,
  FIRST_VALUE(day) OVER along AS first_day,
  LAG(day) OVER along AS previous_day,
  LEAD(day) OVER along AS next_day,
  CAST(DENSE_RANK() OVER along AS INTEGER) AS nth
FROM counted_orders
WHERE customer_id IS NOT NULL
WINDOW along AS (PARTITION BY customer_id ORDER BY day)
