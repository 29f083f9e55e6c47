-- de: Jede Bestellung mit dem Grund, aus dem sie nicht zählt, soweit ihn Erstattungen nicht geben: storniert, Test, nach der Zahlungsfrist noch unbezahlt, Personal, Geschäftskunde, ohne Wert oder außerhalb des gewählten Zeitraums.
-- en: Every order with the reason why it does not count, as far as refunds do not give it: cancelled, test, still unpaid after the time to pay, staff, business customer, without value or outside the chosen range.
SELECT
  order_id,
  customer_id,
  day,
  amount_minor,
  units,
  state,
  CASE
    WHEN state = 'open' AND day < $unpaid_before_day THEN 'unpaid'
    WHEN state <> 'counted' AND POSITION('|' || state || '|' IN $counted_reasons) = 0 THEN state
    WHEN day NOT BETWEEN $since_day AND $until_day THEN 'outside_range'
    WHEN amount_minor = 0 AND POSITION('|zero_value|' IN $left_out_reasons) > 0 THEN 'zero_value'
  END AS reason
FROM dated_orders
