-- de: Wie viele Kunden von einem Kauftag an so viele Tage warteten: bis der nächste Kauftag kam (`came`), oder ohne ihn bis zum Ende der Daten (`waiting`). `nth` sagt, der wievielte Kauftag es war; 4 steht für den vierten und alle weiteren.
-- en: How many customers waited so many days from a purchase day on: until the next purchase day came (`came`), or without it until the end of the data (`waiting`). `nth` says which purchase day it was; 4 stands for the fourth and all later ones.
SELECT
  day,
  LEAST(nth, 4) AS nth,
  days,
  COUNT(*) FILTER (WHERE came) AS came,
  COUNT(*) FILTER (WHERE NOT came) AS waiting
FROM order_waits
GROUP BY day, LEAST(nth, 4), days
