"""The surveys that a history holds beside its orders."""

from __future__ import annotations

import numpy as np

from kohorte import periods
from kohorte.history import History
from kohorte.surveys.answers import Answers, Asked
from kohorte.surveys.files import TABLE
from kohorte.surveys.scales import Scale
from kohorte.surveys.scores import QUESTIONS, Question

_SCALES = """
SELECT lowest, highest, count(*) AS n
FROM valid_responses
WHERE question = $question AND lowest = floor(lowest) AND highest = floor(highest)
GROUP BY lowest, highest
ORDER BY n DESC, lowest, highest
"""
_ROWS = """
SELECT v.response_id, v.customer_id, v.day, v.score, v.weight, d.answer
FROM valid_responses AS v
JOIN dated_responses AS d ON d.response_id = v.response_id
WHERE v.question = $question AND v.lowest = $lowest AND v.highest = $highest
  AND v.score = floor(v.score)
ORDER BY v.day, v.response_id
"""


def load(history: History, question: Question) -> Answers | None:
    """Return the answers to one question on the scale that most of them are on; None without any.

    The engine keeps `survey_rows` of them.

    Examples
    --------
    >>> responses = [dict(response_id=str(n), answered_at="2026-01-05", question="nps", score=n) for n in range(11)]
    >>> with History.from_records(orders=[], responses=responses) as history:
    ...     found = load(history, "nps")
    >>> found.first.n, found.first.scale.highest
    (11, 10)
    """
    scales = history.engine.rows(_SCALES, {"question": question})
    if not scales:
        return None
    ends = {name: scales[0][name] for name in ("lowest", "highest")}
    rows = history.engine.rows(_ROWS, {"question": question, **ends})
    if not rows:
        return None
    history.engine.write(
        TABLE,
        "SELECT row_number() OVER (ORDER BY day, response_id) - 1 AS place, customer_id, "
        f"NULL::VARCHAR AS email, DATE '1970-01-01' + day AS day FROM ({_ROWS}) AS told",
        {"question": question, **ends},
    )
    weights = np.array([float(row["weight"]) for row in rows])
    asked = Asked(
        question,
        question.upper(),
        Scale(int(ends["lowest"]), int(ends["highest"])),
        np.array([float(row["score"]) for row in rows]),
        sum(int(one["n"]) for one in scales) - len(rows),
    )
    return Answers(
        name=question,
        asked=(asked,),
        weights=weights if (weights != weights[0]).any() else None,
        days=[periods.from_day_number(row["day"]) for row in rows],
        comments=[row["answer"] for row in rows],
    )


def every(history: History) -> list[Question]:
    """Return the questions that the history holds answers to."""
    if "responses" in history.lacking:
        return []
    rows = history.engine.rows("SELECT DISTINCT question FROM valid_responses")
    asked = {row["question"] for row in rows}
    return [question for question in QUESTIONS if question in asked]
