from __future__ import annotations

import datetime as dt
import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from django.apps import apps
from django.db import connection
from test_order_recorded import ORDER  # type: ignore[import-not-found]

from importing import imported, looked, numbers, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import NotFound, Refused
from stammkunde.features.imports import services
from stammkunde.features.imports.models import File
from stammkunde.flows import (
    customer_erased,
    customers_merged,
    import_published,
    nightly,
    order_recorded,
)
from stammkunde.records.consent import services as consent
from stammkunde.records.customers import searching
from stammkunde.records.customers.models import Customer, Key, Tombstone
from stammkunde.records.orders.models import Order
from stammkunde.records.orders.rules import Said
from stores_and_cast import Cast, Store, make_cast  # type: ignore[import-not-found]

HEAD = "Bestellnummer;Datum;Kundennummer;E-Mail;Name;Betrag;Telefon"
LINE = "{};05.01.2026 10:00;{};{};{};{};{}".format
FILE = rows(
    LINE("A1", "K4711", "anna@example.com", "Anna Ahorn", "10,00", "+49 171 2345678"),
    LINE("A2", "K4712", "Anna.Ahorn@example.org", "A. Ahorn", "20,00", ""),
    LINE("A3", "K18", "ben@example.com", "Ben Birke", "30,00", ""),
    LINE("A4", "", "anna@example.com", "Ahorn, Anna", "40,00", ""),
    head=HEAD,
)
# What must be found nowhere afterwards.
WORDS = ("anna", "ahorn", "k4711", "k4712", "2345678", "confirmed-by-anna")


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    return tmp_path / "data"


def known_person(cast: Cast) -> Customer:
    """Let Anna be known by two numbers, with a consent, a changed order and a file that waits."""
    imported(cast.cheese, FILE)
    imported(cast.cheese, FILE.replace("40,00", "45,00"))
    anna, other = (Customer.objects.get(number=number) for number in ("K4711", "K4712"))
    customers_merged.merge(cast.cheese, kept_id=anna.pk, gone_id=other.pk, actor=COMMAND)
    consent.record(
        cast.cheese, anna.pk, purpose="marketing", channel="email", state="given",
        address="anna@example.com", wording="Ja", source="form",
        proof={"link": "confirmed-by-anna@example.com"}, actor=COMMAND,
    )  # fmt: skip
    waiting = looked(cast.cheese, FILE.replace("10,00", "11,00"))
    services.answer(waiting, {"words.x": "Anna Ahorn"}, actor=COMMAND)
    return anna


def workbook(*, notes: str = "") -> io.BytesIO:
    """Return an Excel file of two orders, and a second sheet that nobody reads."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"default_date_format": "dd.mm.yyyy hh:mm"}) as book:
        sheet, other = book.add_worksheet("Bestellungen"), book.add_worksheet("Notizen")
        day = dt.datetime(2026, 1, 5, 10)  # noqa: DTZ001  # a spreadsheet knows no zones
        lines = [
            ["Bestellnummer", "Datum", "Kundennummer", "E-Mail", "Name", "Betrag", "Status"],
            ["A1", day, 4711, "anna@example.com", "Anna Ahorn", 10.25, "bezahlt"],
            ["A2", day, 18, "ben@example.com", "Ben Birke", 30.5, "bezahlt"],
        ]
        for place, line in enumerate(lines):
            sheet.write_row(place, 0, line)
        other.write(0, 0, notes)
    content.seek(0)
    return content


def texts_in_store() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                yield from ((table, str(cell).lower()) for cell in row if cell is not None)


def traces(folder: Path) -> list[tuple[str, str]]:
    found = [(table, word) for table, text in texts_in_store() for word in WORDS if word in text]
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            found += [(str(path), word) for word in WORDS if word.encode() in content]
    return found


class TestErasing:
    def test_afterwards_no_table_file_or_log_holds_the_person(
        self, own_store: Store, data: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        cast = make_cast()
        anna = known_person(cast)
        before = numbers(cast.cheese)
        assert traces(data)

        customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)

        assert traces(data) == []
        assert not [record for record in caplog.messages if "ahorn" in record.lower()]
        if own_store.address.startswith("sqlite"):
            file = Path(own_store.address.removeprefix("sqlite:///"))
            for each in file.parent.glob(f"{file.name}*"):
                content = each.read_bytes().lower()
                assert [word for word in WORDS if word.encode() in content] == []
        assert numbers(cast.cheese) == before
        assert Customer.objects.get(number="K18").name == "Ben Birke"
        assert Event.objects.get(name="customer.erased").object_id == str(anna.pk)

    def test_after_the_night_not_even_pieces_of_the_name_are_in_the_file(
        self, own_store: Store
    ) -> None:
        if not own_store.address.startswith("sqlite"):
            nightly.let_go()
            return
        cast = make_cast()
        imported(cast.cheese, FILE.replace("Anna Ahorn", "Xqzjk Vwyqx"))
        anna = Customer.objects.get(number="K4711")
        file = Path(own_store.address.removeprefix("sqlite:///"))

        def pieces() -> set[bytes]:
            connection.close()
            held = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
            return {piece for piece in (b"xqz", b"qzj", b"vwy", b"yqx") if piece in held}

        assert pieces()
        customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)
        assert pieces()

        nightly.let_go()

        assert pieces() == set()
        assert Customer.objects.filter(searching.matching(cast.cheese.pk, "birke")).exists()

    def test_every_table_is_looked_into(self, own_store: Store) -> None:
        with connection.cursor() as cursor:
            names = set(connection.introspection.table_names(cursor))
        assert {model._meta.db_table for model in apps.get_models()} <= names


@pytest.mark.django_db
class TestAfterwards:
    def test_an_old_file_does_not_bring_the_person_back(self, cast: Cast) -> None:
        anna = known_person(cast)
        before = numbers(cast.cheese)
        customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)

        again = imported(cast.cheese, FILE + "\r\n")

        assert again.counts["new"] == {}
        assert not Key.objects.filter(value__contains="anna").exists()
        assert not Customer.objects.filter(name__contains="Ahorn").exists()
        assert numbers(cast.cheese)["orders"] == before["orders"]
        imported(cast.cheese, FILE.replace("A1;", "Z1;"), source="market")
        assert Order.objects.get(external_id="Z1").customer is None

    def test_who_comes_back_later_is_somebody_new(self, cast: Cast) -> None:
        anna = known_person(cast)
        customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)
        at = Tombstone.objects.first().erased_at  # type: ignore[union-attr]  # there is one
        said = Said(number="N1", placed_at=at.replace(year=at.year + 1), amount_minor=100,
                    email="anna@example.com")  # fmt: skip
        order_recorded.record(cast.cheese, said, actor=COMMAND)
        order_recorded.record(
            cast.cheese, replace(ORDER, number="N0", email="anna@example.com"), actor=COMMAND
        )

        new = Customer.objects.get(email="anna@example.com")
        assert new.pk != anna.pk
        assert Order.objects.get(external_id="N0").customer is None
        imported(cast.cheese, FILE + "\r\n")
        assert Order.objects.get(external_id="A4").customer_id == anna.pk

    def test_it_is_erased_once(self, cast: Cast) -> None:
        anna = known_person(cast)
        customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)
        with pytest.raises(Refused) as refused:
            customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)
        assert refused.value.name == "customer.is_erased"

    def test_another_shop_can_neither_export_nor_erase(self, cast: Cast) -> None:
        anna = known_person(cast)
        for verb in (customer_erased.export, customer_erased.erase):
            with pytest.raises(NotFound):
                verb(cast.tea, anna.pk, actor=COMMAND)
        assert Customer.objects.get(pk=anna.pk).name == "Anna Ahorn"

    def test_of_a_workbook_the_table_stays_without_the_person(self, cast: Cast, data: Path) -> None:
        received = [("orders.xlsx", workbook(notes="Anna Ahorn wants her money back"))]
        import_ = services.look(services.receive(cast.cheese, received, actor=COMMAND).import_)
        begun = services.start_publishing(import_, actor=COMMAND, despite_questions=True)
        import_published.run(begun, actor=COMMAND)
        before = numbers(cast.cheese)
        anna = Customer.objects.get(number="4711")

        counts = customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)

        assert (counts["files_redacted"], counts["files_dropped"]) == (1, 0)
        file = File.objects.get()
        assert not [path for path, word in traces(data) if "/files/" in path or word == "ahorn"]
        with duckdb.connect() as engine:
            kept = engine.execute(
                f"SELECT Kundennummer, Betrag, typeof(Datum) FROM read_parquet('{data / file.path}')"
            ).fetchall()
        assert [(float(number), float(amount)) for number, amount, _type in kept] == [(18, 30.5)]
        assert numbers(cast.cheese) == before

    def test_a_file_that_cannot_be_read_is_dropped_whole(self, cast: Cast, data: Path) -> None:
        import_ = imported(cast.cheese, FILE)
        import_.understood["files"][0]["delimiter"] = None
        import_.save()
        (data / File.objects.get().path).write_bytes(b"PK\x03\x04 but no workbook, Anna Ahorn")
        anna = Customer.objects.get(number="K4711")

        counts = customer_erased.erase(cast.cheese, anna.pk, actor=COMMAND)

        assert (counts["files_redacted"], counts["files_dropped"]) == (0, 1)
        assert File.objects.get().dropped_at is not None

    def test_a_second_erasure_finds_the_table_that_the_first_one_left(self, cast: Cast) -> None:
        received = [("orders.xlsx", workbook())]
        import_ = services.look(services.receive(cast.cheese, received, actor=COMMAND).import_)
        begun = services.start_publishing(import_, actor=COMMAND, despite_questions=True)
        import_published.run(begun, actor=COMMAND)
        done = [
            customer_erased.erase(
                cast.cheese, Customer.objects.get(number=number).pk, actor=COMMAND
            )["files_redacted"]
            for number in ("4711", "18")
        ]

        assert done == [1, 1]


@pytest.mark.django_db
def test_an_export_holds_everything_and_is_readable(cast: Cast) -> None:
    anna = known_person(cast)

    found = customer_erased.export(cast.cheese, anna.pk, actor=COMMAND)

    assert json.loads(json.dumps(found)) == found
    assert {key["value"] for key in found["person"]["known_by"]} >= {"K4711", "K4712"}
    assert [order["external_id"] for order in found["orders"]["orders"]] == ["A1", "A2", "A4"]
    assert found["consent"]["facts"][0]["words"] == "Ja"
    assert len(found["imports"]["files"]) == 3
    assert [each.title for each in customer_erased.sections(found)] == [
        "person", "orders", "consent", "imports", "forecast", "points",
    ]  # fmt: skip
    assert "ben" not in json.dumps(found).lower()
    assert Event.objects.get(name="customer.exported").data == {}
