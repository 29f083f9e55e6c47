-- de: Wie viele Käufer eines Zeitraums auch `lag` Zeiträume später kauften; bei `lag` 0 alle Käufer.
-- en: How many buyers of a period also bought `lag` periods later; with `lag` 0 all buyers.
SELECT a.period, b.period - a.period AS lag, SUM(a.customers) AS customers
FROM mask_periods AS a
JOIN mask_periods AS b ON b.mask = a.mask AND b.period >= a.period
GROUP BY a.period, b.period - a.period
