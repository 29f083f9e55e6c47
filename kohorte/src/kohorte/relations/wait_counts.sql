-- de: Wie viele Kunden von einem Kauftag an so viele Tage warteten: bis der nächste Kauftag kam (`came`), oder ohne ihn bis zum Ende der Daten (`waiting`). `nth` sagt, der wievielte Kauftag es war; 4 steht für den vierten und alle weiteren. Wer kam und wer wartet, steht in getrennten Zeilen.
-- en: How many customers waited so many days from a purchase day on: until the next purchase day came (`came`), or without it until the end of the data (`waiting`). `nth` says which purchase day it was; 4 stands for the fourth and all later ones. Those who came and those who wait stand in rows of their own.
SELECT day, LEAST(nth, 4) AS nth, next_day - day AS days, COUNT(*) AS came, 0 AS waiting
FROM purchases
WHERE next_day > day
GROUP BY day, LEAST(nth, 4), next_day - day
UNION ALL
SELECT day, LEAST(nth, 4), $history_end - 1 - day, 0, COUNT(*)
FROM purchases
WHERE next_day IS NULL
GROUP BY day, LEAST(nth, 4)
