from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from importing import (  # type: ignore[import-not-found]
    FILE,
    imported,
    looked,
    numbers,
    received,
    rows,
    undone,
)
from stammkunde.core.audit.models import Event
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.jobs.models import Job
from stammkunde.features.imports import files, planning, queries, services, staging
from stammkunde.features.imports.models import Import
from stammkunde.flows import import_published
from stammkunde.records.customers.models import Customer, Key
from stammkunde.records.orders.models import Order, OrderLine, Version
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    return tmp_path / "data"


class TestReceiving:
    def test_files_are_kept_as_they_came(self, cast: Cast, data: Path) -> None:
        import_ = received(cast.cheese, FILE)

        (file,) = import_.files.all()
        assert files.path(file).read_bytes() == FILE.encode("cp1252")
        assert (file.name, file.size) == ("orders.csv", len(FILE.encode("cp1252")))
        assert import_.state == "uploaded"
        assert Event.objects.get(name="import.received").data == {"files": 1, "bytes": file.size}

    def test_the_same_bytes_again_say_so_and_change_nothing(self, cast: Cast, data: Path) -> None:
        first = imported(cast.cheese, FILE)
        again = services.receive(
            cast.cheese, [("other.csv", io.BytesIO(FILE.encode("cp1252")))], actor=COMMAND
        )

        assert again.is_again
        assert again.import_ == first
        assert Import.objects.count() == 1
        assert len(list((data / "imports" / str(cast.cheese.pk)).iterdir())) == 1

    def test_another_shop_may_have_the_same_bytes(self, cast: Cast) -> None:
        received(cast.cheese, FILE)
        received(cast.tea, FILE)
        assert Import.objects.count() == 2

    @pytest.mark.parametrize(
        ("uploads", "name"),
        [
            ([], "import.files"),
            ([("a.csv", b"")], "import.empty"),
            ([("a.csv", b"x")] * 21, "import.files"),
        ],
    )
    def test_what_cannot_be_is_refused_and_leaves_nothing(
        self, cast: Cast, data: Path, uploads: list[tuple[str, bytes]], name: str
    ) -> None:
        with pytest.raises(Refused) as refused:
            services.receive(
                cast.cheese, [(n, io.BytesIO(content)) for n, content in uploads], actor=COMMAND
            )

        assert refused.value.name == name
        assert not Import.objects.exists()
        assert not [path for path in data.rglob("*") if path.is_file()]

    def test_a_name_does_not_lead_out_of_the_folder(self, cast: Cast, data: Path) -> None:
        import_ = received(cast.cheese, {"../../../evil.csv": FILE})
        assert files.path(import_.files.get()).is_relative_to(data / "imports")

    def test_another_shop_does_not_see_it(self, cast: Cast) -> None:
        import_ = received(cast.cheese, FILE)
        with pytest.raises(NotFound):
            queries.one(cast.tea, import_.pk)


class TestLooking:
    def test_what_was_understood_is_told_and_nothing_is_recorded(self, cast: Cast) -> None:
        import_ = looked(cast.cheese, FILE)

        told = import_.understood
        assert (told["counts"]["orders"], told["states"]) == (4, {"cancelled": 1, "counted": 3})
        guesses = {each["meaning"]: each["column"] for each in told["files"][0]["guesses"]}
        assert guesses["customer_id"] == "Kundennummer"
        assert (told["first_on"], told["last_on"]) == ("2026-01-05", "2026-02-28")
        assert not Order.objects.exists()
        assert not Customer.objects.exists()

    def test_a_file_of_days_spans_the_days_it_names(self, cast: Cast) -> None:
        both = "A1;05.01.2026;17;;;10,00;bezahlt;Brie;1", "A2;28.02.2026;17;;;10,00;bezahlt;Brie;1"
        told = looked(cast.cheese, rows(*both)).understood

        assert (told["first_on"], told["last_on"]) == ("2026-01-05", "2026-02-28")

    def test_a_file_that_is_no_table_says_why_in_both_languages(self, cast: Cast) -> None:
        import_ = looked(cast.cheese, {"a.csv": "Ort;Farbe\r\nBonn;rot\r\n"})

        assert import_.state == "failed"
        assert set(import_.fault) == {"de", "en"}
        with pytest.raises(Refused) as refused:
            services.start_publishing(import_, actor=COMMAND)
        assert refused.value.name == "import.state"

    def test_an_answer_is_kept_and_remembered_for_the_next_file_of_the_layout(
        self, cast: Cast
    ) -> None:
        first = looked(cast.cheese, FILE)
        asked = services.open_questions(first)
        with pytest.raises(Refused) as refused:
            services.start_publishing(first, actor=COMMAND)
        assert refused.value.name == "import.has_questions"

        answers = {each["option"]: each["choices"][0]["value"] for each in asked}
        services.answer(first, answers, actor=COMMAND)
        assert services.look(first).state == "previewed"
        later = looked(cast.cheese, rows("A9;05.03.2026 10:00;17;;;10,00;bezahlt;Brie;1"))

        assert later.state == "previewed"
        assert later.understood["is_remembered"]
        assert looked(cast.tea, FILE).state == "questions"

    def test_an_answer_that_cannot_be_is_refused(self, cast: Cast) -> None:
        import_ = looked(cast.cheese, FILE)
        for option, value in (("taxes", "perhaps"), ("nothing", "1"), ("columns", "x")):
            with pytest.raises(Refused):
                services.answer(import_, {option: value}, actor=COMMAND)
        import_.refresh_from_db()
        assert import_.said == {}

    def test_a_file_in_another_currency_is_refused(self, cast: Cast) -> None:
        import_ = looked(cast.cheese, FILE.replace("0,00;", "0,00 £;"))
        with pytest.raises(Refused) as refused:
            services.start_publishing(import_, actor=COMMAND, despite_questions=True)
        assert refused.value.name == "import.other_currency"


class TestPlanning:
    def test_the_dry_run_tells_what_would_change_and_changes_nothing(self, cast: Cast) -> None:
        imported(cast.cheese, FILE)
        before = _all(Order)
        import_ = looked(
            cast.cheese,
            FILE.replace("20,00", "25,00")
            + "A5;09.03.2026 11:00;19;dora@example.com;Dora Distel;50,00;bezahlt;Brie;2\r\n",
        )

        found = planning.plan(import_, actor=COMMAND)

        assert found["kinds"] == {"orders": {"new": 1, "changed": 1, "same": 3}}
        assert found["differences"] == [
            {"number": "A2", "changed": {"amount_minor": [2000, 2500]}, "has_other_lines": False}
        ]
        assert _all(Order) == before

    def test_rows_that_do_not_count_are_told_with_place_and_reason(self, cast: Cast) -> None:
        import_ = looked(cast.cheese, rows("A1;05.01.2026 10:00;;;;10,00;bezahlt;Brie;1"))

        found = list(planning.left_out(import_, language="de"))

        assert found == [
            ("Datei", "Zeile", "Grund", "Spalte", "Dort steht", "Was nicht stimmt"),
            ("orders.csv", 2, "Ohne Kunden", "", "", ""),
        ]


class TestPublishing:
    def test_rows_arrive_with_their_file_and_line(self, cast: Cast) -> None:
        import_ = imported(cast.cheese, FILE)

        order = Order.objects.get(external_id="A2")
        assert (order.amount_minor, order.state, order.line) == (2000, "counted", 3)
        assert order.file == import_.files.get().pk
        assert order.placed_at.isoformat() == "2026-01-09T10:00:00+00:00"
        assert order.customer is not None
        assert (order.customer.name, order.customer.email) == ("Anna Ahorn", "anna@example.com")
        assert [(line.product, line.quantity) for line in order.lines.all()] == [("Brie", 2)]
        assert import_.state == "published"
        assert import_.counts["new"]["orders"] == 4

    def test_customers_know_their_orders(self, cast: Cast) -> None:
        imported(cast.cheese, FILE)

        anna = Customer.objects.get(number="17")
        assert (anna.orders, anna.revenue_minor) == (2, 3000)
        assert (str(anna.first_order_on), str(anna.last_order_on)) == ("2026-01-05", "2026-01-09")
        cleo = Customer.objects.get(email="cleo@example.com")
        assert (cleo.orders, cleo.last_order_on) == (0, None)

    def test_the_job_is_written_with_the_state(self, cast: Cast) -> None:
        import_ = looked(cast.cheese, FILE)
        for _ in range(2):
            services.start_publishing(import_, actor=COMMAND, despite_questions=True)

        (job,) = Job.objects.filter(name="imports.publish")
        assert (job.args, job.shop_id) == ({"import": import_.pk}, cast.cheese.pk)

    def test_one_import_of_a_shop_at_a_time(self, cast: Cast) -> None:
        first, second = looked(cast.cheese, FILE), looked(cast.cheese, FILE.replace("Brie", "Edam"))
        services.start_publishing(first, actor=COMMAND, despite_questions=True)

        with pytest.raises(Refused) as refused:
            services.start_publishing(second, actor=COMMAND, despite_questions=True)
        assert refused.value.name == "import.is_busy"

    def test_the_same_rows_in_another_file_change_nothing(self, cast: Cast) -> None:
        imported(cast.cheese, FILE)
        before = list(Order.objects.order_by("id").values())

        again = imported(cast.cheese, FILE + "\r\n")

        assert again.counts["same"] == {"orders": 4}
        assert (again.counts["new"], again.counts["changed"]) == ({}, {})
        assert list(Order.objects.order_by("id").values()) == before
        assert not Version.objects.exists()

    def test_a_changed_order_keeps_what_it_was(self, cast: Cast) -> None:
        first = imported(cast.cheese, FILE)
        second = imported(cast.cheese, FILE.replace("20,00", "25,00"))

        order = Order.objects.get(external_id="A2")
        assert (order.amount_minor, order.made_by, order.changed_by) == (2500, first.pk, second.pk)
        version = Version.objects.get()
        assert (version.row_id, version.import_id) == (order.pk, second.pk)
        assert version.before["amount_minor"] == 2000
        assert second.counts["changed"] == {"orders": 1}
        assert Customer.objects.get(number="17").revenue_minor == 3500

    def test_two_channels_may_use_the_same_numbers(self, cast: Cast) -> None:
        imported(cast.cheese, rows("A1;05.01.2026 10:00;17;;;10,00;bezahlt;Brie;1"))
        imported(
            cast.cheese, rows("A1;06.01.2026 10:00;17;;;20,00;bezahlt;Brie;1"), source="market"
        )

        assert Order.objects.filter(external_id="A1").count() == 2
        assert Key.objects.filter(value="17").count() == 2
        assert numbers(cast.cheese) == {"customers": 2.0, "orders": 2.0, "revenue": 30.0}

    def test_a_shop_is_not_touched_by_the_import_of_another(self, cast: Cast) -> None:
        imported(cast.cheese, FILE)
        imported(cast.tea, FILE.replace("10,00", "99,00"))

        assert numbers(cast.cheese) == {"customers": 2.0, "orders": 3.0, "revenue": 60.0}
        assert numbers(cast.tea) == {"customers": 2.0, "orders": 3.0, "revenue": 149.0}


class TestHalfDone:
    def test_rows_of_an_unfinished_import_do_not_count(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        imported(cast.cheese, FILE)
        before = numbers(cast.cheese)
        more = rows(
            "A2;09.01.2026 11:00;17;anna@example.com;Anna Ahorn;999,00;bezahlt;Brie;2",
            "A5;09.03.2026 11:00;19;dora@example.com;Dora Distel;50,00;bezahlt;Brie;2",
        )
        begun = services.start_publishing(
            looked(cast.cheese, more), actor=COMMAND, despite_questions=True
        )
        with monkeypatch.context() as patch:
            patch.setattr(import_published, "_let_count", _power_cut)
            with pytest.raises(PowerCut):
                import_published.run(begun, actor=COMMAND)

        assert Order.objects.get(external_id="A2").amount_minor == 99900
        assert numbers(cast.cheese) == before

        import_published.run(begun, actor=COMMAND)
        assert numbers(cast.cheese) == {"customers": 3.0, "orders": 4.0, "revenue": 1089.0}


class PowerCut(Exception):
    pass


def _power_cut(*_: object) -> None:
    raise PowerCut


class TestUndoing:
    def test_what_was_before_is_again(self, cast: Cast) -> None:
        first = imported(cast.cheese, FILE)
        orders, lines = _all(Order), _all(OrderLine, "id")
        second = imported(
            cast.cheese,
            FILE.replace("20,00", "25,00").replace("Brie", "Edam")
            + "A5;09.03.2026 11:00;19;dora@example.com;Dora Distel;50,00;bezahlt;Brie;2\r\n",
        )
        assert numbers(cast.cheese)["revenue"] == 115.0

        assert undone(second).state == "undone"

        assert _all(Order) == orders
        assert sorted(map(str, _all(OrderLine, "id"))) == sorted(map(str, lines))
        assert numbers(cast.cheese) == {"customers": 2.0, "orders": 3.0, "revenue": 60.0}
        assert not Customer.objects.filter(number="19").exists()
        assert Customer.objects.get(number="17").revenue_minor == 3000
        undone(first)
        for table in (Order, OrderLine, Customer, Key):
            assert not table.objects.exists()  # type: ignore[attr-defined]

    def test_an_import_on_which_another_builds_says_which(self, cast: Cast) -> None:
        first = imported(cast.cheese, FILE)
        second = imported(cast.cheese, FILE.replace("20,00", "25,00"))

        with pytest.raises(Refused) as refused:
            undone(first)

        assert refused.value.name == "import.is_built_upon"
        assert str(second.pk) in str(refused.value)
        assert numbers(cast.cheese)["revenue"] == 65.0

    def test_after_undoing_the_same_bytes_may_come_again(self, cast: Cast) -> None:
        undone(imported(cast.cheese, FILE))
        assert imported(cast.cheese, FILE).counts["new"]["orders"] == 4


def _all(model: Any, *without: str) -> list[dict[str, Any]]:
    rows = [dict(row) for row in model.objects.order_by("id").values()]
    return [{key: value for key, value in row.items() if key not in without} for row in rows]


@pytest.mark.django_db
def test_people_laid_out_in_parts_are_the_same(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(cast.cheese, FILE)
    monkeypatch.setattr(staging, "PEOPLE_ROWS", 1)
    imported(cast.tea, FILE)

    known = [
        sorted(
            Key.objects.filter(shop=shop).values_list(
                "kind", "value", "customer__name", "is_shared"
            )
        )
        for shop in (cast.cheese, cast.tea)
    ]
    assert known[0] == known[1]
    assert len(known[0]) >= 5
