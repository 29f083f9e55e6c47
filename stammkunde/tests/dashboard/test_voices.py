"""The statistics of surveys on the page of voices: what is said, what is withheld, and what is never kept."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.conftest import SignIn
from dashboard.test_predictions import text
from foretelling import shop_of  # type: ignore[import-not-found, unused-ignore]
from importing import imported  # type: ignore[import-not-found, unused-ignore]
from stammkunde.core.jobs.worker import Worker
from stammkunde.insights import codec, everyday, questions, snapshots
from stammkunde.insights.models import Answer
from stammkunde.insights.questions import Question
from stores_and_cast import Cast  # type: ignore[import-not-found, unused-ignore]

PAGE = "/kaesehaus/voices/"
pytestmark = pytest.mark.django_db
WORDS = ("Der Versand war langsam", "Der Gouda schmeckt wunderbar")


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA = tmp_path / "data"

    def only_measurable(history: Any, _before: Any) -> Any:
        question = Question("measurable")
        yield everyday.Part("measurable", question, questions.answer(history, question))

    # What else a snapshot holds is not looked at here; no other test has these shops.
    monkeypatch.setattr(everyday, "standing", only_measurable)


def answers(customers: int = 120) -> str:
    """Return the answers of all customers: who recommends the shop is also satisfied."""
    chance = random.Random(3)  # noqa: S311 - a sample, not a secret
    lines = ["Kundennummer;Datum;Frage;Wert;Antwort"]
    for customer in range(1, customers + 1):
        score = min(10, max(0, round(chance.gauss(7.5, 2))))
        day = f"{1 + customer % 28:02}.{1 + customer % 3:02}.2025"
        wrote = WORDS[score > 7] if customer % 2 else ""
        lines.append(f"{customer};{day};NPS;{score};{wrote}")
        lines.append(f"{customer};{day};CSAT;{max(1, round(score / 2))};")
    return "\r\n".join(lines) + "\r\n"


def shown(browser: Client, cast: Cast, page: str = PAGE) -> str:
    """Look at the page until what it asks for is there."""
    snapshots.refresh(cast.cheese)
    while "being computed" in (said := str(text(browser.get(page)))):
        assert Worker().drain(), said
    return said


def test_answers_are_told_with_how_sure_they_are(as_: SignIn, cast: Cast) -> None:
    imported(cast.cheese, shop_of(120, seed=78))
    imported(cast.cheese, {"umfrage.csv": answers()})
    browser = as_(cast.sven)
    said = shown(browser, cast)

    assert "NPS: " in said
    assert "from 120 answers, range" in said
    assert "Weighed to all customers it is" in said
    assert "Who answered, and who did not" in said
    assert "Together they explain" in said
    assert "CSAT" in said
    assert "As it is, the score is sure to ±" in said
    assert "Leave 90 days between two surveys of this kind" in said
    # Too few came again or wrote: it says so, and no more.
    assert "Fewer than 50 of those who answered came again, or did not" in said
    assert "It takes 300 comments with a score at least" in said
    kept = codec.unpack(Answer.objects.get(question="survey").result)
    assert not any(words in str(kept) for words in WORDS)

    german = shown(as_(cast.sven, language="de"), cast, f"{PAGE}?rate=50")
    assert "Von 100 Gefragten antworten" in german
    assert "Auf alle Kunden gewichtet sind es" in german
    assert 'id="rate" value="15"' in browser.get(f"{PAGE}?rate=0").content.decode()


def test_without_answers_the_page_says_what_to_do(as_: SignIn, cast: Cast) -> None:
    imported(cast.cheese, shop_of(30, seed=79))
    said = shown(as_(cast.olga), cast)

    assert "What the answers tell" not in said
    assert "Nobody has said anything yet" in said
