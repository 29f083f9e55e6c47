-- de: Je Tag, an dem jemand zum ersten Mal bestellte: wie viele es waren (`gained`), und wie viele davon binnen der Frist ein zweites Mal bestellten.
-- en: Per day on which somebody ordered for the first time: how many these were (`gained`), and how many of them ordered a second time within the window.
SELECT
  day,
  COUNT(*) AS gained,
  COUNT(*) FILTER (WHERE next_day <= day + $repeat_days) AS repeated
FROM purchases
WHERE previous_day IS NULL
GROUP BY day
