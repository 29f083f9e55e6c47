"""Files beside the orders in every format, beside finished tables, and real answers with weights."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

import kohorte
from kohorte.errors import ReadError
from kohorte.reading import ReadOptions

ORDERS = "Bestellnummer;Kundennummer;Bestelldatum;Betrag\nB-1;K1;25.01.2026;20,00\n"
REAL = Path(__file__).parents[1] / "beside" / "data" / "sfo_nps.parquet"


def parquet(shop, select, name):
    path = shop.folder / name
    shop.connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def written_as_json(shop):
    rows = [{"Ticket ID": 1, "Created at": "2026-01-05 10:00", "Customer ID": "K1"}]
    return shop.file(json.dumps(rows), "t.json")


def written_as_json_lines(shop):
    return shop.file(
        '{"Ticket ID":1,"Created at":"2026-01-05T10:00:00Z","Customer ID":"K1"}\n', "t"
    )


def written_as_parquet(shop):
    return parquet(
        shop,
        'SELECT 1 AS "Ticket ID", TIMESTAMP \'2026-01-05 10:00\' AS "Created at", '
        "'K1' AS \"Customer ID\"",
        "t.parquet",
    )


def written_as_a_table(shop):
    path = shop.folder / "t.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE t (ticket_id INTEGER, created_at TEXT, customer_id TEXT)")
        database.execute("INSERT INTO t VALUES (1, '2026-01-05 10:00', 'K1')")
    database.close()
    return f"sqlite:///{path}?table=t"


@pytest.mark.parametrize(
    "write",
    [written_as_json, written_as_json_lines, written_as_parquet, written_as_a_table],
    ids=lambda write: write.__name__,
)
def test_requests_are_read_from_every_format(shop, write):
    file = write(shop)

    shop.read(shop.file(ORDERS), file)

    assert shop.rows("SELECT ticket_id, customer_id, opened_at::VARCHAR FROM tickets") == [
        ("1", "K1", "2026-01-05 10:00:00")
    ]


def test_a_table_written_by_kohorte_is_read_back_whole(shop):
    records = {
        "leads": [
            {
                "lead_id": "1",
                "created_at": "2026-01-05 10:00:00",
                "channel": None,
                "qualified": True,
                "customer_id": "K1",
            }
        ],
        "spend": [
            {
                "starts_on": "2026-01-01",
                "ends_on": "2026-01-31",
                "purpose": "sales",
                "channel": "fair",
                "amount_minor": 123,
            }
        ],
    }
    files = []
    with kohorte.History.from_records(orders=[], **records) as history:
        for name in records:
            path = shop.folder / f"{name}.parquet"
            history.engine.connection.execute(f"COPY {name} TO '{path}' (FORMAT parquet)")
            files.append(path)

    reading = shop.read(shop.file(ORDERS), *files, zone="Europe/Berlin", currency="EUR")

    assert shop.row("SELECT lead_id, created_at::VARCHAR, qualified FROM leads") == (
        "1",
        "2026-01-05 10:00:00",
        True,
    )
    assert shop.row("SELECT ends_on::VARCHAR, purpose, amount_minor FROM spend") == (
        "2026-01-31",
        "sales",
        123,
    )
    assert [file.questions for file in reading.files[1:]] == [(), ()]


class TestBesideFinishedTables:
    def orders(self, shop):
        return parquet(
            shop,
            "SELECT 'B-1' AS order_id, 'K1' AS customer_id, TIMESTAMP '2026-01-25' AS placed_at, "
            "'EUR' AS currency, 2000::BIGINT AS amount_minor",
            "orders.parquet",
        )

    def test_files_of_any_sort_are_read(self, shop):
        spend = shop.file("Monat;Zweck;Betrag (EUR)\n2026-01;Neukunden;90,00\n", "x.csv")
        referrals = shop.file("order_id,referrer_id\n#b-1,k1\n", "y.csv")

        reading = shop.read(self.orders(shop), spend, referrals)

        assert shop.row("SELECT amount_minor FROM spend") == (9000,)
        assert shop.row("SELECT order_id, referrer_id FROM referrals") == ("B-1", "K1")
        assert [file.layout for file in reading.files] == ["canonical", "spend", "referrals"]

    def test_orders_of_another_sort_are_refused_and_nothing_is_left(self, shop):
        with pytest.raises(ReadError, match="holds finished tables"):
            shop.read(self.orders(shop), shop.file(ORDERS))
        assert shop.tables() == set()

    def test_a_bad_row_leaves_nothing_behind(self, shop):
        bad = shop.file(
            "Monat;Zweck;Betrag\n2026-01;Neukunden;viel\n2026-01;Neukunden;1\n", "x.csv"
        )

        with pytest.raises(ReadError, match=r"Line 2 of x\.csv"):
            shop.read(self.orders(shop), bad)
        assert shop.tables() == set()


def test_answers_saved_by_a_mapping_are_taken_by_files_of_other_dialects(shop):
    orders = shop.file(ORDERS)
    ads = shop.file("Day,Campaign,Cost,Clicks\n2026-01-05,Brand,9.50,3\n", "ads.csv")
    first = shop.read(orders, ads, currency="EUR")
    said = ReadOptions(words={"purpose.ads.csv": "retention"}, currency="EUR")
    kept = shop.file(first.mapping_with(said).to_toml(), "mapping.toml")

    options = ReadOptions.from_mapping(kept)
    kohorte.reading.read(
        [orders, ads],
        connection=shop.connection,
        settings=kohorte.Settings(),
        options=options,
    )

    assert shop.row("SELECT starts_on::VARCHAR, purpose, amount_minor FROM spend") == (
        "2026-01-05",
        "retention",
        950,
    )


@pytest.mark.parametrize(
    ("year", "n", "score", "weighted"),
    [("2017", 2_746, 39.84, 40.40), ("2018", 2_650, 30.98, 35.11)],
)
def test_real_answers_with_weights_and_a_code_for_no_answer(shop, year, n, score, weighted):
    shop.connection.execute(
        f'COPY (SELECT year AS "Survey date", score AS "NPS", weight FROM \'{REAL}\') '
        f"TO '{shop.folder}/sfo.csv' (HEADER)"
    )
    orders = shop.file(ORDERS.replace("2026", "2019") + "B-2;K1;31.12.2016;9,00\n")

    with kohorte.read(orders, shop.folder / "sfo.csv") as history:
        rows = {
            row.segment: row
            for row in history.metric("net_promoter_score", grain="year")
            if row.period == year
        }
        assert history.reading is not None
        remarks = [one.render("en") for one in history.reading.files[1].remarks]

    assert rows["all"].n == n
    assert round(rows["all"].value or 0, 2) == score
    assert round(rows["weighted"].value or 0, 2) == weighted
    assert any("outside the scale from 0 to 10" in text and "(11)" in text for text in remarks)
