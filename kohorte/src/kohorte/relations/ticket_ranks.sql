-- de: Je Zeitraum die Stunden bis zur ersten Antwort und bis zur Lösung jeder Anfrage, der Größe nach; offene gelten als die längsten. Was ohne bekannte Antwort gelöst ist, hat keinen Rang unter den Antworten.
-- en: Per period the hours until the first answer and until the solution of each request, by length; open ones count as the longest. What is solved without a known answer has no rank among the answers.
SELECT
  c.period,
  w.kind,
  w.hours,
  ROW_NUMBER() OVER (PARTITION BY c.period, w.kind ORDER BY w.hours IS NULL, w.hours) AS place,
  COUNT(*) OVER (PARTITION BY c.period, w.kind) AS n
FROM (
  SELECT day, 'answer' AS kind, answer_hours AS hours
  FROM dated_tickets
  WHERE answer_hours IS NOT NULL OR solution_hours IS NULL
  UNION ALL
  SELECT day, 'solution', solution_hours
  FROM dated_tickets
) AS w
JOIN calendar AS c ON c.day = w.day
