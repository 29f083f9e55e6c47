-- de: Je Kunde, wann die nächste Bestellung zu erwarten ist. `usual_days` und `late_days`: nach so vielen Tagen hat die Hälfte, haben vier von fünf derer wieder bestellt, die binnen w Tagen wiederkommen; nach ebenso vielen Kauftagen, sofern daraus mindestens 30 Pausen bekannt sind (sonst nach allen), oder nach den eigenen Pausen, wenn es sechs sind. `due_day` und `late_day` sind dasselbe, wenn man weiß, dass der Kunde bis heute nicht kam; `chance` ist der Anteil derer, die nach so langem Warten noch binnen der w Tage kamen.
-- en: Per customer when the next order is to be expected. `usual_days` and `late_days`: after so many days half, and four of five, of those who come back within w days have ordered again; after as many purchase days, if at least 30 pauses are known of these (of all otherwise), or by the customer's own pauses if there are six. `due_day` and `late_day` are the same given that the customer has not come until today; `chance` is the share of those who after so long a wait still came within the w days.
WITH laws AS (
  SELECT
    e.nth,
    e.returned,
    MIN(CASE WHEN l.returned >= 0.5 * e.returned - 1e-12 THEN l.days END) AS usual_days,
    MIN(CASE WHEN l.returned >= 0.8 * e.returned - 1e-12 THEN l.days END) AS late_days
  FROM (
    SELECT nth, MAX(returned) AS returned
    FROM pause_laws
    GROUP BY nth
    HAVING SUM(came) >= CASE WHEN nth = 0 THEN 1 ELSE 30 END
  ) AS e
  JOIN pause_laws AS l ON l.nth = e.nth
  GROUP BY e.nth, e.returned
), people AS (
  SELECT
    w.customer_id,
    w.day AS last_day,
    w.days AS elapsed_days,
    w.nth AS purchase_days,
    COALESCE(l.nth, 0) AS law
  FROM order_waits AS w
  LEFT JOIN laws AS l ON l.nth = LEAST(w.nth, 4)
  WHERE NOT w.came
), waited AS (
  SELECT x.law, x.elapsed_days, COALESCE(MAX(l.returned), 0) AS returned
  FROM (SELECT DISTINCT law, elapsed_days FROM people WHERE elapsed_days < $active_days) AS x
  LEFT JOIN pause_laws AS l ON l.nth = x.law AND l.days <= x.elapsed_days
  GROUP BY x.law, x.elapsed_days
), expected AS (
  SELECT
    x.law,
    x.elapsed_days,
    (e.returned - x.returned) / (1 - x.returned) AS chance,
    MIN(CASE WHEN l.returned >= (x.returned + e.returned) * 0.5 - 1e-12 THEN l.days END) AS due_days,
    MIN(CASE WHEN l.returned >= x.returned * 0.2 + e.returned * 0.8 - 1e-12 THEN l.days END)
      AS late_days
  FROM waited AS x
  JOIN laws AS e ON e.nth = x.law AND e.returned > x.returned
  JOIN pause_laws AS l ON l.nth = x.law AND l.days > x.elapsed_days
  GROUP BY x.law, x.elapsed_days, e.returned, x.returned
), own AS (
  SELECT
    o.customer_id,
    MAX(CASE WHEN o.place = CEIL(o.pauses * 0.5) THEN o.days END) AS usual_days,
    MAX(CASE WHEN o.place = CEIL(o.pauses * 0.8) THEN o.days END) AS late_days,
    COUNT(*) FILTER (WHERE o.days > p.elapsed_days) AS longer
  FROM own_pauses AS o
  JOIN people AS p ON p.customer_id = o.customer_id
  GROUP BY o.customer_id
), own_expected AS (
  SELECT
    o.customer_id,
    MAX(CASE WHEN p.place = p.pauses - o.longer + CEIL(o.longer * 0.5) THEN p.days END) AS due_days,
    MAX(CASE WHEN p.place = p.pauses - o.longer + CEIL(o.longer * 0.8) THEN p.days END) AS late_days
  FROM own AS o
  JOIN own_pauses AS p ON p.customer_id = o.customer_id
  WHERE o.longer > 0
  GROUP BY o.customer_id
)
SELECT
  p.customer_id,
  p.last_day,
  p.elapsed_days,
  p.purchase_days,
  CASE WHEN o.customer_id IS NULL THEN 'shop' ELSE 'own' END AS basis,
  COALESCE(o.usual_days, l.usual_days) AS usual_days,
  COALESCE(o.late_days, l.late_days) AS late_days,
  p.last_day + COALESCE(f.due_days, e.due_days) AS due_day,
  p.last_day + COALESCE(f.late_days, e.late_days) AS late_day,
  COALESCE(e.chance, CASE WHEN p.elapsed_days < $active_days THEN 0 END) AS chance,
  CASE
    WHEN p.elapsed_days > COALESCE(o.late_days, l.late_days)
    THEN CASE WHEN p.elapsed_days >= $active_days THEN 'lapsed' ELSE 'overdue' END
    WHEN p.elapsed_days > COALESCE(o.usual_days, l.usual_days) THEN 'due'
    ELSE 'not_due'
  END AS status
FROM people AS p
JOIN laws AS l ON l.nth = p.law
LEFT JOIN expected AS e ON e.law = p.law AND e.elapsed_days = p.elapsed_days
LEFT JOIN own AS o ON o.customer_id = p.customer_id
LEFT JOIN own_expected AS f ON f.customer_id = p.customer_id
