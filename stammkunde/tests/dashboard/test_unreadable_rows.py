"""Rows that cannot be read: asked about on the page of the import, left out on a click, and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard.conftest import SignIn
from dashboard.test_imports import ANSWERS, PAGES, said, send, work
from importing import FILE, imported, looked, rows  # type: ignore[import-not-found]
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import Refused
from stammkunde.features.imports import planning, services
from stammkunde.features.imports.models import Import, Mapping
from stammkunde.records.orders.models import Order
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db
BAD_DAY = "A8;31.02.2026 10:00;17;;;10,00;bezahlt;Brie;1"
TOO_WIDE = "A9;05.03.2026 10:00;17;;;10,00;bezahlt;Brie;1;zu viel"
FORMULA = "A7;05.03.2026 10:00;17;;;=1+1;bezahlt;Brie;1"
BUTTON = "Leave such rows out and go on"


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def with_bad(*bad: str) -> str:
    return FILE + "".join(f"{row}\r\n" for row in bad)


def skipping(cast: Cast, text: str | dict[str, str]) -> Import:
    """Let a file be read without the rows that cannot be read."""
    refused = looked(cast.cheese, text)
    assert refused.fault["of_rows"], refused.fault
    return services.look(services.skip_bad_rows(refused, True, actor=COMMAND))


def test_one_click_leaves_them_out_and_another_takes_it_back(as_: SignIn, cast: Cast) -> None:
    client = as_(cast.mara)
    page = send(client, ("orders.csv", with_bad(BAD_DAY)))["Location"]
    work()
    refused = said(client.get(page))
    assert "Line 6 of orders.csv: “31.02.2026 10:00” in the column “Datum” is not a date" in refused
    assert BUTTON in refused
    assert "--skip-bad-rows" not in refused

    client.post(f"{page}rows/", {"skip": "1"})
    work()
    left_out = "1 row cannot be read and is left out, as you decided."
    assert left_out in said(client.get(page))
    listed = said(client.get(f"{page}left-out/?reason=unreadable_row"))
    assert "Row unreadable Column “Datum”: “31.02.2026 10:00” – This is not a date." in listed

    client.post(f"{page}rows/", {"skip": "0"})
    work()
    assert BUTTON in said(client.get(page))

    client.post(f"{page}rows/", {"skip": "1"})
    services.answer(Import.objects.get(), ANSWERS, actor=COMMAND)
    work()
    client.post(f"{page}publish/")
    work()
    published = said(client.get(page))
    assert left_out in published
    assert "Leave no row out after all" not in published
    assert "1 unreadable, left out" in said(client.get(PAGES))
    assert Order.objects.count() == 4
    assert Event.objects.get(name="import.published").data["counts"]["skipped"] == 1


def test_the_next_file_is_asked_about_anew(cast: Cast) -> None:
    import_ = skipping(cast, with_bad(BAD_DAY))
    services.look(services.answer(import_, ANSWERS, actor=COMMAND))
    assert Mapping.objects.get().said == ANSWERS

    following = looked(cast.cheese, with_bad(BAD_DAY, BAD_DAY))
    assert following.fault["of_rows"]
    assert following.state == "failed"


def test_each_row_stands_in_the_file_with_its_cell_and_what_is_wrong(
    as_: SignIn, cast: Cast
) -> None:
    import_ = skipping(cast, with_bad(FORMULA, BAD_DAY, TOO_WIDE))

    answer = as_(cast.olga).get(f"{PAGES}{import_.pk}/left-out.csv?reason=unreadable_row")
    _head, *lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]

    assert lines == [
        "orders.csv,6,Row unreadable,Betrag,'=1+1,This is a formula whose value the file does not hold.",
        "orders.csv,7,Row unreadable,Datum,31.02.2026 10:00,This is not a date.",
        f'orders.csv,8,Row unreadable,,"{TOO_WIDE}","The row has too many or too few cells, or a quotation '
        'mark is not closed."',
    ]


def test_files_without_orders_lose_such_rows_as_well(cast: Cast) -> None:
    imported(cast.cheese, FILE)
    spend = "Monat;Kanal;Zweck;Betrag\r\n2026-01;Suche;Neukunden;100,00\r\n2026-02;Suche;Neukunden;viel\r\n"

    import_ = skipping(cast, {"spend.csv": spend})

    assert import_.understood["counts"]["spend"] == 1
    assert list(planning.left_out(import_, language="de"))[1:] == [
        ("spend.csv", 3, "Zeile nicht lesbar", "Betrag", "viel",
         "Das ist keine Zahl, oder sie ist zu groß.")
    ]  # fmt: skip


def test_an_order_without_an_amount_says_so(cast: Cast) -> None:
    import_ = skipping(cast, with_bad("A8;05.03.2026 10:00;17;;;;bezahlt;Brie;1"))

    ((*_place, why),) = list(planning.left_out(import_, language="en"))[1:]
    assert why == "The order has no amount, while others have one."


def test_where_no_row_can_be_read_nothing_is_offered(as_: SignIn, cast: Cast) -> None:
    refused = looked(cast.cheese, rows(BAD_DAY, BAD_DAY))
    import_ = services.look(services.skip_bad_rows(refused, True, actor=COMMAND))

    page = said(as_(cast.olga).get(f"{PAGES}{import_.pk}/"))
    assert import_.state == "failed"
    assert BUTTON not in page
    assert "Leave no row out after all" in page


def test_what_is_published_stays_as_it_is(cast: Cast) -> None:
    import_ = imported(cast.cheese, FILE)
    with pytest.raises(Refused) as refused:
        services.skip_bad_rows(import_, True, actor=COMMAND)
    assert refused.value.name == "import.state"
