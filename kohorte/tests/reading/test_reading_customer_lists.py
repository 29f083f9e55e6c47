"""Lists of customers beside the orders: countries, groups, and rules by which orders are left out."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing

import pytest
import xlsxwriter

import kohorte
from kohorte import reading
from kohorte.errors import ReadError
from kohorte.reading import ReadOptions, Rule, unread
from kohorte.settings import Settings

ORDERS = (
    "Bestellnummer;Kundennummer;E-Mail;Bestelldatum;Betrag\n"
    "B-1;17;anna@example.com;05.01.2024;50,00\n"
    "B-2;18;ben@example.com;06.01.2024;60,00\n"
    "B-3;17;anna@example.com;07.02.2024;20,00\n"
    "B-4;;cleo@example.com;08.02.2024;20,00\n"
)
HEADER = ["Kundennummer", "E-Mail", "Land", "Kundengruppe"]
PEOPLE = [
    [17, "anna@example.com", "Österreich", "Händler"],
    [18, "ben@example.com", "Deutschland", "Privat"],
    [19, "cleo@example.com", "Schweiz", "Mitarbeiter"],
    [20, "dora@example.com", "Schweiz", "Privat"],
]
DEALERS = (Rule.parse("business:Kundengruppe=Händler"), Rule.parse("staff:Kundengruppe=Mitarbeit*"))


def german(rows=PEOPLE, header=HEADER):
    return "\n".join(";".join(map(str, each)) for each in [header, *rows]) + "\n"


def text(folder):
    path = folder / "kunden.csv"
    path.write_text(german(), encoding="cp1252")
    return path


def excel(folder):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content)
    sheet = book.add_worksheet("Kunden")
    for number, row in enumerate([HEADER, *PEOPLE]):
        sheet.write_row(number, 0, row)
    book.close()
    path = folder / "kunden.xlsx"
    path.write_bytes(content.getvalue())
    return path


def json_lines(folder):
    path = folder / "customers.jsonl"
    path.write_text("\n".join(json.dumps(dict(zip(HEADER, each, strict=True))) for each in PEOPLE))
    return path


def database(folder):
    path = folder / "shop.db"
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute('CREATE TABLE customers (id, email, land, "Kundengruppe", created_at)')
        opened.executemany(
            "INSERT INTO customers VALUES (?, ?, ?, ?, '2023-01-01')", [tuple(p) for p in PEOPLE]
        )
    return f"sqlite:///{path}?table=customers"


def read(shop, *places, **options):
    shop.reading = reading.read(
        places, connection=shop.connection, settings=Settings(), options=ReadOptions(**options)
    )
    return shop.reading


def states(shop):
    return shop.rows("SELECT order_id, state FROM orders ORDER BY order_id")


@pytest.mark.parametrize("written", [text, excel, json_lines, database])
def test_customers_are_read_in_every_format(shop, written):
    read(shop, shop.file(ORDERS), written(shop.folder), exclude=DEALERS)

    assert shop.rows("SELECT customer_id, country FROM customers ORDER BY customer_id") == [
        ("17", "Österreich"),
        ("18", "Deutschland"),
        ("cleo@example.com", "Schweiz"),
    ]
    assert states(shop) == [
        ("B-1", "business"),
        ("B-2", "counted"),
        ("B-3", "business"),
        ("B-4", "staff"),
    ]
    assert shop.reading.rows_read == 4
    assert [
        remark for remark in shop.remarks() if remark.startswith(("This is a list", "The rule"))
    ] == [
        "This is a list of customers; 3 of them have orders here, and their country was taken from "
        "it where the orders do not tell it.",
        "The rule “business:Kundengruppe=Händler” fits 1 customer of this list with 2 orders.",
        "The rule “staff:Kundengruppe=Mitarbeit*” fits 1 customer of this list with 1 order.",
    ]


def test_without_a_rule_groups_are_told_and_everybody_counts(shop):
    read(shop, shop.file(ORDERS), text(shop.folder))

    assert {state for _, state in states(shop)} == {"counted"}
    assert shop.remarks()[-1] == (
        "“Kundengruppe” tells groups: Privat (2), Händler (1), Mitarbeiter (1). “Händler” sounds "
        'like business customers; leave their orders out with --exclude "business:Kundengruppe='
        'Händler".'
    )


def test_the_rule_of_the_remark_works(shop):
    read(shop, shop.file(ORDERS), text(shop.folder))
    rule = shop.remarks()[-1].split('"')[1]

    read(shop, shop.file(ORDERS), text(shop.folder), exclude=(Rule.parse(rule),))

    assert [order for order, state in states(shop) if state == "business"] == ["B-1", "B-3"]


@pytest.mark.parametrize(
    ("header", "groups", "told"),
    [
        ("customer_group", ["Retail", "Retail", "Wholesale"], "“Wholesale” sounds like business"),
        ("Kundentyp", ["Privat", "Privat", "Personal"], "“Personal” sounds like staff"),
        (
            "Customer Tags",
            ["vip, B2B", "b, vip", "vip"],
            '--exclude "business:Customer Tags=*B2B*"',
        ),
        ("Kundengruppe", ["A", "A", "B"], '--exclude "by_rule:Kundengruppe=B"'),
    ],
)
def test_what_a_group_sounds_like_is_told(shop, header, groups, told):
    rows = [[*person[:3], group] for person, group in zip(PEOPLE, groups, strict=False)]

    read(shop, shop.file(ORDERS), shop.file(german(rows, [*HEADER[:3], header]), "k.csv"))

    assert told in shop.remarks()[-1]


@pytest.mark.parametrize("groups", [["A", "A", "A"], ["A", "B", "C"], ["", "", ""]])
def test_columns_that_tell_no_groups_are_passed_over(shop, groups):
    rows = [[*person[:3], group] for person, group in zip(PEOPLE, groups, strict=False)]

    read(shop, shop.file(ORDERS), shop.file(german(rows), "k.csv"))

    assert not any("tells groups" in remark for remark in shop.remarks())


def test_at_most_eight_groups_are_listed(shop):
    rows = [[n, f"p{n}@example.com", "DE", f"Gruppe {n % 10}"] for n in range(40)]
    rows.append([99, "z@example.com", "DE", "Zwischenhändler"])

    read(shop, shop.file(ORDERS), shop.file(german(rows), "k.csv"))

    told = next(remark for remark in shop.remarks() if "tells groups" in remark)
    assert told.count("(") == 8
    assert "Zwischenhändler (1) …" in told


def test_groups_in_a_file_of_orders_are_told_as_well(shop):
    orders = (
        "Bestellnummer;Kundennummer;Bestelldatum;Betrag;Kundengruppe\n"
        "B-1;17;05.01.2024;50,00;Privat\nB-2;18;06.01.2024;60,00;Gewerbe\n"
        "B-3;17;07.01.2024;60,00;Privat\n"
    )
    read(shop, shop.file(orders))
    assert any("“Gewerbe” sounds like business customers" in each for each in shop.remarks())

    read(shop, shop.file(orders), exclude=(Rule("business", "Kundengruppe", "gewerbe"),))
    assert states(shop) == [("B-1", "counted"), ("B-2", "business"), ("B-3", "counted")]
    assert not any("tells groups" in remark for remark in shop.remarks())


def test_a_rule_may_name_a_meaning_that_only_the_list_has(shop):
    orders = "Bestellnummer;Kundennummer;Bestelldatum\nB-1;17;05.01.2024\nB-2;18;06.01.2024\n"

    read(shop, shop.file(orders), text(shop.folder), exclude=(Rule("staff", "email", "ben@*"),))

    assert states(shop) == [("B-1", "counted"), ("B-2", "staff")]


def test_the_first_rule_that_fits_gives_the_reason(shop):
    rules = (Rule("staff", "E-Mail", "anna@*"), Rule("business", "Kundengruppe", "Händler"))

    read(shop, shop.file(ORDERS), text(shop.folder), exclude=rules)

    assert dict(states(shop))["B-1"] == "staff"


def test_a_rule_without_a_column_is_refused(shop):
    with pytest.raises(ReadError) as caught:
        read(shop, shop.file(ORDERS), text(shop.folder), exclude=(Rule("staff", "Gruppe", "x"),))

    assert caught.value.render("en") == (
        "The rule “staff:Gruppe=x” names the column “Gruppe”, which none of the files has. Their "
        "columns are: Bestellnummer, Kundennummer, E-Mail, Bestelldatum, Betrag; Kundennummer, "
        "E-Mail, Land, Kundengruppe."
    )
    assert shop.tables() == set()


def test_a_list_of_strangers_is_told(shop):
    rows = [[117, "x@example.com", "DE", "A"], [118, "y@example.com", "DE", "A"]]

    read(shop, shop.file(ORDERS), shop.file(german(rows), "k.csv"))

    assert any("none of them has orders here" in remark for remark in shop.remarks())


def test_a_header_that_the_orders_have_means_the_same(shop):
    orders = shop.file(ORDERS.replace("Kundennummer", "Wer"))
    people = shop.file(german([PEOPLE[0]], ["Wer", "Post", "Land", "Kundengruppe"]), "k.csv")

    read(shop, orders, people, columns={"customer_id": "Wer"})

    assert shop.row("SELECT country FROM customers WHERE customer_id = '17'") == ("Österreich",)


def test_metrics_do_without_customers_that_a_rule_leaves_out(shop):
    options = ReadOptions(exclude=DEALERS)

    with kohorte.read(shop.file(ORDERS), text(shop.folder), options=options) as history:
        (orders,) = history.metric("orders", grain="all", segment="all")

    assert orders.value == 1


def test_rows_of_a_list_that_cannot_be_read_are_listed(shop):
    people = shop.file(
        "Kundennummer;E-Mail;Land\n17;anna@example.com;AT\n18;ben@example.com;DE;Wien;1\n",
        "kunden.csv",
    )
    shop.read(shop.file(ORDERS), people, skip_bad_rows=True)

    assert shop.rows("SELECT reason, file, line FROM excluded_rows") == [
        ("unreadable_row", "kunden.csv", 3)
    ]
    assert shop.rows(f"SELECT line, cell, why FROM {unread.TABLE}") == [
        (3, "18;ben@example.com;DE;Wien;1", "shape")
    ]
    assert "Rows that cannot be read were left out: 1." in shop.remarks()
    assert shop.reading.files[1].rows == 2


def test_finished_tables_refuse_rules(shop):
    path = shop.folder / "orders.parquet"
    shop.rows(
        "COPY (SELECT 'B-1' AS order_id, '17' AS customer_id, TIMESTAMP '2024-01-05' AS placed_at) "
        f"TO '{path}'"
    )

    with pytest.raises(
        ReadError, match=r"orders\.parquet holds finished tables, which rules leave"
    ):
        read(shop, path, exclude=DEALERS)
