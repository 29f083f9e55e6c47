from __future__ import annotations

import json

import pytest

from kohorte.errors import ReadError
from kohorte.reading.source import LINE_BYTES_MAX

ORDERS = [
    {"order_id": "007", "customer_id": 17850, "date": "2024-01-05T10:30:00Z", "amount": 19.9},
    {"order_id": "8", "customer_id": 13047, "date": "2024-02-06T00:00:00Z", "amount": "1234.50"},
]
READ = [("007", "17850", 1990), ("8", "13047", 123450)]


def lines(*records: object) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def orders(shop):
    return shop.rows("SELECT order_id, customer_id, amount_minor FROM orders ORDER BY order_id")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("orders.jsonl", lines(*ORDERS)),
        ("orders.ndjson", lines(*ORDERS).replace("\n", "\r\n")),
        ("orders.json", json.dumps(ORDERS, indent=2)),
        ("orders.txt", "\ufeff" + lines(*ORDERS).rstrip("\n")),
    ],
)
def test_objects_by_line_or_in_one_list_are_rows(shop, name, content):
    shop.read(shop.file(content, name))

    assert orders(shop) == READ
    assert shop.reading.rows_read == 2
    assert shop.reading.files[0].delimiter is None


def test_members_of_objects_are_columns_and_lists_are_told(shop):
    nested = [
        {
            "id": 1,
            "customer": {"id": "a", "tags": ["x"]},
            "created_at": "2024-01-05",
            "items": [{}],
        },
        {"id": 2, "customer": {"id": "b"}, "created_at": "2024-01-06", "late": True},
    ]
    shop.read(shop.file(lines(*nested), "orders.jsonl"), columns={"customer_id": "customer.id"})

    assert shop.rows("SELECT order_id, customer_id FROM orders ORDER BY order_id") == [
        ("1", "a"),
        ("2", "b"),
    ]
    assert (
        "Columns with lists or objects inside, which were not read: customer.tags, items."
        in shop.remarks()
    )


def test_texts_stay_as_they_are_written(shop):
    """03.04.2024, 1.234,50 and 00042 are the shop's, not the engine's idea of them."""
    record = {"Beleg": "00042", "Kunde": "a", "Datum": "13.04.2024", "Summe": "1.234,50"}

    shop.read(shop.file(lines(record), "orders.jsonl"))

    assert shop.row("SELECT order_id, placed_at::DATE::VARCHAR, amount_minor FROM orders") == (
        "00042",
        "2024-04-13",
        123450,
    )


BAD = [
    (
        "a line cut short",
        lines(ORDERS[0]) + '{"order_id": \n',
        "Line 2 of orders.jsonl is no JSON that can be read. Export it again, one object a line.",
    ),
    (
        "no value",
        lines(ORDERS[0]) + '{"order_id": }\n' + lines(ORDERS[1]),
        "Line 2 of orders.jsonl is no JSON that can be read. Export it again, one object a line.",
    ),
    (
        "something among the objects",
        lines(ORDERS[0], 5),
        "The file orders.jsonl is no JSON table. It takes one object a line, or one list of "
        "objects.",
    ),
    (
        "a list without objects",
        "[[1, 2]]",
        "The file orders.jsonl is a JSON file without a table. Save the table as CSV, Excel or "
        "Parquet and try again.",
    ),
    (
        "an endless object",
        '{"order_id": "' + "x" * (9 * LINE_BYTES_MAX),
        "An object in orders.jsonl is longer than 2,000,000 bytes, far more than anyone needs.",
    ),
    (
        "objects without an end",
        '{"a":' * 500,
        "Line 1 of orders.jsonl is no JSON that can be read. Export it again, one object a line.",
    ),
    (
        "too many columns",
        lines({f"column {number}": 1 for number in range(2_001)}),
        "The objects in orders.jsonl have more than 2,000 different members. Export it with "
        "the same members in each object.",
    ),
]


@pytest.mark.parametrize(
    ("content", "sentence"), [pytest.param(*bad[1:], id=bad[0]) for bad in BAD]
)
def test_json_that_cannot_be_read_says_why_in_one_sentence(shop, content, sentence):
    with pytest.raises(ReadError) as refused:
        shop.read(shop.file(content, "orders.jsonl"))

    assert str(refused.value) == sentence
    assert refused.value.render("de") != sentence
    assert shop.tables() == set()
