"""Erasing somebody at the very moment in which something else reads, writes or joins them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from test_customer_erased import FILE, traces  # type: ignore[import-not-found]

from core.test_races import at_once
from importing import imported, looked, received  # type: ignore[import-not-found]
from stammkunde.core import turns
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import NotFound
from stammkunde.core.jobs.models import Job
from stammkunde.features.imports import cutting, services
from stammkunde.features.imports import privacy as imports
from stammkunde.flows import customer_erased, customers_merged, import_published
from stammkunde.records.customers.models import Customer, Key, Merge
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    return tmp_path / "data"


def erase_anna(cast: Cast) -> object:
    for anna in Customer.objects.filter(shop=cast.cheese, name__contains="Ahorn"):
        customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)
    return None


class TestReadingFilesMeanwhile:
    def test_what_was_read_before_is_read_again_without_the_person(
        self, own_store: Store, data: Path
    ) -> None:
        cast = make_cast()
        imported(cast.cheese, FILE)
        waiting = looked(cast.cheese, FILE.replace("10,00", "11,00"))
        steps: list[int] = []

        def tell(step: int) -> None:
            steps.append(step)
            if steps.count(2) == 1:
                erase_anna(cast)

        services.look(waiting, tell=tell)

        assert waiting.state == "questions"
        assert steps.count(2) == 2
        assert [path for path, _word in traces(data)] == []

    def test_a_file_that_nobody_understood_yet_is_read_without_the_person(
        self, own_store: Store, data: Path
    ) -> None:
        cast = make_cast()
        imported(cast.cheese, FILE)
        waiting = received(cast.cheese, FILE.replace("10,00", "11,00"))
        steps: list[int] = []

        def tell(step: int) -> None:
            steps.append(step)
            if step and not Customer.objects.exclude(erased_at=None).exists():
                erase_anna(cast)

        services.look(waiting, tell=tell)

        assert [path for path, _word in traces(data)] == []

    def test_one_that_cannot_be_cut_is_gone_with_what_was_read_of_it(
        self, own_store: Store, data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cutting, "cut", lambda *_given: False)
        cast = make_cast()
        imported(cast.cheese, FILE)
        waiting = received(cast.cheese, FILE.replace("10,00", "11,00"))

        with pytest.raises(NotFound):
            services.look(waiting, tell=lambda step: erase_anna(cast) if step else None)

        assert [path for path, _word in traces(data)] == []


@pytest.mark.django_db
class TestImportsThatWait:
    def test_one_whose_rows_named_the_person_is_read_again_by_itself(self, cast: Cast) -> None:
        imported(cast.cheese, FILE)
        waiting = looked(cast.cheese, FILE.replace("10,00", "11,00"))

        erase_anna(cast)

        waiting.refresh_from_db()
        assert waiting.state == "uploaded"
        assert Job.objects.filter(key=f"import:{waiting.pk}:look").exists()

    def test_one_whose_file_had_to_go_says_so(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cutting, "cut", lambda *_given: False)
        imported(cast.cheese, FILE)
        waiting = received(cast.cheese, FILE.replace("10,00", "11,00"))

        erase_anna(cast)

        waiting.refresh_from_db()
        assert waiting.state == "failed"
        assert waiting.fault["de"].startswith("Eine Person wurde gelöscht")
        assert waiting.fault["en"].startswith("Somebody was erased")


def test_a_publication_that_begins_waits_until_the_person_is_forgotten(own_store: Store) -> None:
    cast = make_cast()
    imported(cast.cheese, FILE)
    waiting = looked(cast.cheese, FILE.replace("10,00", "11,00"))
    began = threading.Event()

    def publish() -> object:
        began.wait()
        found = services.start_publishing(waiting, actor=COMMAND, despite_questions=True)
        return import_published.run(found, actor=COMMAND)

    def erase() -> object:
        with transaction.atomic():
            turns.take(cast.cheese.pk)
            began.set()
            return erase_anna(cast)

    found = at_once(publish, erase)

    assert found == ["import.state", None]
    assert not Key.objects.filter(value__contains="anna").exists()


def test_a_person_is_not_erased_while_an_import_is_published(own_store: Store) -> None:
    cast = make_cast()
    imported(cast.cheese, FILE)
    waiting = looked(cast.cheese, FILE.replace("10,00", "11,00"))
    services.start_publishing(waiting, actor=COMMAND, despite_questions=True)

    assert at_once(lambda: erase_anna(cast)) == ["import.is_busy"]
    assert Key.objects.filter(value="anna@example.com").exists()


def test_while_files_are_searched_others_write(
    own_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    imported(cast.cheese, FILE)
    redact, written = imports.redact, []

    def slowly(person: Any, **tell: Any) -> dict[str, int]:
        def write() -> None:
            with transaction.atomic():
                turns.take(cast.cheese.pk)
                written.append(Customer.objects.create(shop=cast.cheese, name="Dora Dattel"))

        at_once(write)
        return redact(person, **tell)

    monkeypatch.setattr(imports, "redact", slowly)
    erase_anna(cast)

    assert len(written) >= 1
    assert not Key.objects.filter(value="anna@example.com").exists()


def test_after_a_crash_behind_the_files_what_was_read_of_them_goes_as_well(
    own_store: Store, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    imported(cast.cheese, FILE)
    looked(cast.cheese, FILE.replace("10,00", "11,00"))
    with monkeypatch.context() as broken:
        broken.setattr(customer_erased, "_forget", lambda *_given, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            erase_anna(cast)

    erase_anna(cast)

    assert [path for path, _word in traces(data)] == []


def test_whoever_is_joined_while_files_are_searched_is_searched_for_as_well(
    own_store: Store, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast()
    imported(cast.cheese, FILE.replace("A. Ahorn", "Anne Neuname"))
    anna, other = (Customer.objects.get(number=number) for number in ("K4711", "K4712"))
    redact, searched = imports.redact, []

    def joining(person: Any, **tell: Any) -> dict[str, int]:
        searched.append(person.words)
        if len(searched) == 1:
            customers_merged.merge(cast.cheese, kept_id=anna.pk, gone_id=other.pk, actor=COMMAND)
        return redact(person, **tell)

    monkeypatch.setattr(imports, "redact", joining)
    customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)

    assert len(searched) == 2
    assert [path for path, _word in traces(data)] == []


def test_two_who_join_two_customers_the_other_way_round_do_it_once(own_store: Store) -> None:
    cast = make_cast()
    imported(cast.cheese, FILE)
    one, other = Customer.objects.filter(number__in=("K4711", "K18"))

    def joined(kept: Customer, gone: Customer) -> str:
        customers_merged.merge(cast.cheese, kept_id=kept.pk, gone_id=gone.pk, actor=COMMAND)
        return "joined"

    found = at_once(*[lambda: joined(one, other), lambda: joined(other, one)] * 3)

    assert sorted(map(str, found)) == ["customer.is_same"] * 5 + ["joined"]
    assert Merge.objects.count() == 1


def test_joining_and_erasing_at_once_leave_nobody_half_forgotten(own_store: Store) -> None:
    cast = make_cast()
    imported(cast.cheese, FILE)
    anna, other = (Customer.objects.get(number=number) for number in ("K4711", "K4712"))

    at_once(
        lambda: customers_merged.merge(
            cast.cheese, kept_id=other.pk, gone_id=anna.pk, actor=COMMAND
        ),
        lambda: customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND),
    )

    assert not Key.objects.filter(value="anna@example.com").exists()
    kept = Customer.objects.filter(shop=cast.cheese, merged_into=None, erased_at=None)
    assert all(Key.objects.filter(customer=each).exists() for each in kept)


def test_a_turn_is_taken_within_a_transaction(own_store: Store) -> None:
    with pytest.raises(RuntimeError):
        turns.take(1)
    assert not connection.in_atomic_block
