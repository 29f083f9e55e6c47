"""What goes into the store by columns is what single rows would be, to the cell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db.models import Model

from importing import FILE, imported, rows  # type: ignore[import-not-found]
from stammkunde.features.imports import admitting, publishing
from stammkunde.records.customers.models import Customer, Key, Tie
from stammkunde.records.orders.models import Lead, Order, OrderLine, Product, Refund, Ticket
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
# What belongs to one shop, import or moment.
OWN = {
    "id",
    "shop_id",
    "file",
    "made_by",
    "changed_by",
    "recorded_at",
    "changed_at",
    "since",
    "created_at",
}
NUMBERS = {"key_id", "customer_id", "one_id", "other_id", "order_id"}
FILES = {
    "orders.csv": FILE
    + "A5;03.03.2026 09:00;17;anna@example.com;Anna Ahorn;-10,00;bezahlt;Gouda;-1\r\n"
    + "A6;03.03.2026 09:00;;info@example.com;Büro;12,50;bezahlt;Brie;1\r\n"
    + 'A6;03.03.2026 09:00;;info@example.com;Büro;7,50;bezahlt;"Käse; ""jung""";2\r\n'
    + "A7;04.03.2026 09:00;19;anna@example.com;Anna Zwei;5,00;offen;;1\r\n"
    + "A8;05.03.2026 09:00;;;;5,00;bezahlt;Feta;1\r\n",
    "products.csv": "Artikelnummer;Artikel;Kategorie;Einkaufspreis\r\nG-1;Gouda;;3,25\r\n",
    "leads.csv": "Lead-ID;Datum;E-Mail;Kanal;Qualifiziert\r\nL1;01.01.2026;anna@example.com;Messe;ja\r\n",
}


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


@contextmanager
def one_by_one() -> Iterator[None]:
    """Let nothing go by columns."""
    with (
        mock.patch.object(admitting.fresh, "admit", return_value=iter(())),
        mock.patch.object(publishing.writing, "ids", return_value={"some": 1}),
    ):
        yield


def told(model: type[Model], shop_id: int) -> list[Any]:
    """Return the rows of a table with what they point to told by name."""
    keys = {key.pk: (key.kind, key.value) for key in Key.objects.all()}
    people = {each.pk: (each.number, each.email) for each in Customer.objects.all()}
    orders = dict(Order.objects.values_list("id", "external_id"))
    names = {
        "key_id": keys,
        "one_id": keys,
        "other_id": keys,
        "customer_id": people,
        "order_id": orders,
    }
    of_shop = {"order__shop_id": shop_id} if model is OrderLine else {"shop_id": shop_id}
    return sorted(
        (
            sorted(
                (name, names[name].get(cell) if name in names else cell)
                for name, cell in row.items()
                if name not in OWN
            )
            for row in model._default_manager.filter(**of_shop).values()
        ),
        key=repr,
    )


def test_a_first_import_by_columns_is_the_same_to_the_cell(cast: Cast) -> None:
    imported(cast.cheese, FILES)
    with one_by_one():
        imported(cast.tea, FILES)

    for model in (Order, OrderLine, Refund, Product, Lead, Ticket, Key, Tie, Customer):
        by_columns = told(model, cast.cheese.pk)
        assert by_columns == told(model, cast.tea.pk), model.__name__
    assert Order.objects.filter(shop=cast.cheese).count() >= 7
    assert Tie.objects.filter(shop=cast.cheese).count() == 3


def test_what_comes_later_finds_people_that_were_made_by_columns(cast: Cast) -> None:
    imported(cast.cheese, FILE)
    before = Customer.objects.count()
    imported(
        cast.cheese,
        rows(
            "B1;05.05.2026 10:00;17;;;10,00;bezahlt;Gouda;1",
            "B2;05.05.2026 10:00;99;cleo@example.com;Cleo Clematis;10,00;bezahlt;Gouda;1",
            "B3;05.05.2026 10:00;50;neu@example.com;Nele Neu;10,00;bezahlt;Gouda;1",
        ),
    )

    owner = dict(Order.objects.values_list("external_id", "customer__email"))
    assert owner["B1"] == "anna@example.com"
    assert owner["B2"] == owner["A4"] == "cleo@example.com"
    assert owner["B3"] == "neu@example.com"
    assert Customer.objects.count() == before + 1
