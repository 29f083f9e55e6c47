-- de: Wie viele Kunden dieselben Zeiträume haben, und wie viele davon mehr als einmal kauften.
-- en: How many customers share the same periods, and how many of them bought more than once.
SELECT mask, COUNT(*) AS customers, COUNT(*) FILTER (WHERE orders >= 2) AS repeaters
FROM activity_masks
GROUP BY mask
