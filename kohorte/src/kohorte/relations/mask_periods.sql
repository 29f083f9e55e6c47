-- de: Die Zeiträume jeder Maske, je einer in einer Zeile.
-- en: The periods of each mask, one per row.
SELECT m.mask, p.period, m.customers
FROM mask_counts AS m
JOIN periods AS p ON ((m.mask >> p.period) & 1) = 1
