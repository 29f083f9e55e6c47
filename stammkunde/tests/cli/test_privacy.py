"""`stammkunde export` and `stammkunde erase`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from running import Run, run  # type: ignore[import-not-found]  # noqa: F401

from importing import FILE, imported  # type: ignore[import-not-found]
from stammkunde.core.audit.models import Event
from stammkunde.faces import personal_words
from stammkunde.records.customers.models import Customer
from stammkunde.records.orders import rules
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(cast: Cast, settings: Any, tmp_path: Path) -> Customer:
    settings.DATA = tmp_path
    imported(cast.cheese, FILE)
    return Customer.objects.get(shop=cast.cheese, number="17")


@pytest.mark.parametrize("named", ["anna@example.com", "ANNA@example.com", "17", "#{id}"])
def test_everything_of_a_customer_is_written(run: Run, anna: Customer, named: str) -> None:  # noqa: F811
    answer = run("export", "kaesehaus", named.format(id=anna.pk))

    assert answer.code == 0, answer.complained
    assert json.loads(answer.said)["person"]["name"] == "Anna Ahorn"
    assert Event.objects.get(name="customer.exported").actor_kind == "command"


def test_a_page_to_read_is_written_to_a_file(run: Run, anna: Customer, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "anna.html"

    run("export", "kaesehaus", "17", "--output", str(path))

    assert "Anna Ahorn" in path.read_text(encoding="utf-8")


def test_the_page_says_everything_in_the_words_of_its_reader(
    run: Run,  # noqa: F811
    anna: Customer,
    tmp_path: Path,
) -> None:
    path = tmp_path / "anna.html"

    run("export", "kaesehaus", "17", "--output", str(path), language="de")

    page = path.read_text(encoding="utf-8").replace("\xa0", " ")
    for words_ in ("Bestellungen", "Zeitpunkt der Bestellung", "10,00 €", "E-Mail-Adresse"):
        assert words_ in page, words_
    assert "5. Jan. 2026, 10:00" in page
    text = re.sub(r"(?s)<style>.*?</style>|<[^>]+>", "|", page)
    assert not re.search(r"\b(?:placed|external|minor|known|since|state|counted)\b", text.lower())


def test_every_field_of_an_export_has_words() -> None:
    kinds = (*rules.OF_PERSONS, rules.RETURNS)
    fields = {name for kind in kinds for name in (*kind.columns, "external_id", "source")}
    kept = {*fields, *rules.LINES, *(kind.name for kind in kinds), "lines"}

    assert kept - personal_words.LABELS.keys() == set()


@pytest.mark.parametrize("named", ["nobody@example.com", "#999999999", "#x"])
def test_who_is_not_known_is_one_sentence(run: Run, anna: Customer, named: str) -> None:  # noqa: F811
    answer = run("export", "kaesehaus", named)

    assert (answer.code, answer.complained) == (2, "There is no such customer.\n")


def test_a_customer_of_another_shop_is_not_known(run: Run, anna: Customer) -> None:  # noqa: F811
    assert run("export", "teekontor", f"#{anna.pk}").code == 2
    assert run("erase", "teekontor", "17", "--yes").code == 2
    assert Customer.objects.get(pk=anna.pk).erased_at is None


def test_erasing_asks_first(
    run: Run,  # noqa: F811
    anna: Customer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_words: str, **_options: object) -> None:
        raise typer.Abort

    monkeypatch.setattr(typer, "confirm", refuse)

    assert run("erase", "kaesehaus", "17").code == 130
    assert Customer.objects.get(pk=anna.pk).erased_at is None

    assert run("erase", "kaesehaus", "17", "--yes").code == 0
    assert Customer.objects.get(pk=anna.pk).erased_at is not None
