"""Templates: what they show, the reader reads, in both languages and without a question."""

from __future__ import annotations

from pathlib import Path

import pytest

import kohorte
from kohorte import tables, templates
from kohorte.errors import ReadError, UnknownNameError
from kohorte.language import LANGUAGES, Language
from kohorte.reading import Rule


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    chosen: Language = request.param
    return chosen


def saved(table: str, language: Language, folder: Path, *, encoding: str = "utf-8-sig") -> Path:
    path = folder / f"{table}.csv"
    path.write_text(templates.write(table, language=language), encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_the_orders_are_read_back_as_they_stand(
    language: Language, encoding: str, tmp_path: Path
) -> None:
    path = saved("orders", language, tmp_path, encoding=encoding)
    with kohorte.read(path) as history:
        rows = history.engine.connection.execute(
            "SELECT order_id, customer_id, strftime(placed_at, '%Y-%m-%d %H:%M'), currency, "
            "amount_minor, units::INTEGER, state FROM orders ORDER BY order_id"
        ).fetchall()
        refunds = history.engine.connection.execute(
            "SELECT order_id, amount_minor FROM refunds WHERE amount_minor > 0"
        ).fetchall()
        assert history.reading is not None
        (file,) = history.reading.files
    assert rows == [
        ("B-1001", "anna@example.com", "2026-01-15 09:30", "EUR", 1990, 1, "counted"),
        ("B-1002", "ben@example.com", "2026-01-28 17:05", "EUR", 124900, 3, "counted"),
        ("B-1003", "anna@example.com", "2026-02-20 11:45", "EUR", 3550, 2, "cancelled"),
    ]
    assert refunds == [("B-1002", 4900)]
    assert len(file.guesses) == len(templates.TEMPLATES["orders"].fields)
    assert all(guess.score > 0.9 for guess in file.guesses)


def test_the_order_lines_are_read_back_as_they_stand(language: Language, tmp_path: Path) -> None:
    with kohorte.read(saved("order_lines", language, tmp_path)) as history:
        rows = history.engine.connection.execute(
            "SELECT order_id, line_number, product_id, quantity::INTEGER, amount_minor "
            "FROM order_lines ORDER BY order_id, line_number"
        ).fetchall()
    assert rows == [
        ("B-1001", 1, "T-7", 2, 1500),
        ("B-1001", 2, "K-2", 1, 2490),
        ("B-1002", 1, "T-7", 6, 4500),
    ]


def test_refunds_and_customers_are_read_back_beside_the_orders(
    language: Language, tmp_path: Path
) -> None:
    names = ("orders", "refunds", "customers")
    with kohorte.read(*(saved(name, language, tmp_path) for name in names)) as history:
        (revenue,) = history.metric("revenue", grain="all", segment="all")
        refunds = history.engine.connection.execute(
            "SELECT refund_id, order_id, customer_id, strftime(refunded_at, '%Y-%m-%d %H:%M'), "
            "amount_minor FROM refunds ORDER BY refund_id"
        ).fetchall()
        customers = history.engine.connection.execute(
            "SELECT customer_id, country FROM customers ORDER BY customer_id"
        ).fetchall()
        assert history.reading is not None
        files = history.reading.files
    assert refunds == [
        ("R-1", "B-1002", "ben@example.com", "2026-02-03 08:00", 4900),
        ("R-2", "B-1001", "anna@example.com", "2026-02-17 15:20", 550),
        ("R-3", None, "cleo@example.com", "2026-03-01 10:10", 700),
    ]
    assert revenue.value == 19.90 - 5.50 + 1249.00 - 49.00
    assert customers == [("anna@example.com", "DE"), ("ben@example.com", "AT")]
    assert [len(file.guesses) for file in files] == [10, 5, 2]
    assert all(guess.score > 0.9 for file in files for guess in file.guesses)
    assert not any(question.option.startswith("kinds") for question in history.reading.questions)


def test_a_list_of_customers_fills_in_the_country(language: Language, tmp_path: Path) -> None:
    lines = saved("order_lines", language, tmp_path)
    with kohorte.read(lines, saved("customers", language, tmp_path)) as history:
        customers = history.engine.connection.execute(
            "SELECT customer_id, country FROM customers ORDER BY customer_id"
        ).fetchall()
    assert customers == [("anna@example.com", "DE"), ("ben@example.com", "AT")]


def test_the_rule_that_a_comment_names_works(language: Language, tmp_path: Path) -> None:
    comment = templates.TEMPLATES["customers"].fields[-1].meaning.render(language)
    rule = Rule.parse(comment.split("--exclude")[1].strip(" `'"))
    places = [saved(name, language, tmp_path) for name in ("order_lines", "customers")]
    with kohorte.read(*places, options=kohorte.ReadOptions(exclude=(rule,))) as history:
        states = history.engine.connection.execute(
            "SELECT order_id, state FROM orders ORDER BY order_id"
        ).fetchall()
    assert states == [("B-1001", "counted"), ("B-1002", "business")]


@pytest.mark.parametrize("table", ["refunds", "customers"])
def test_refunds_and_customers_alone_are_never_counted_as_orders(
    table: str, language: Language, tmp_path: Path
) -> None:
    with pytest.raises(ReadError, match="and holds no orders"):
        kohorte.read(saved(table, language, tmp_path))


@pytest.mark.parametrize("table", templates.TEMPLATES)
def test_every_column_is_explained_in_a_comment(table: str, language: Language) -> None:
    lines = templates.write(table, language=language).splitlines()
    comments = [line for line in lines if line.startswith("#")]
    template = templates.TEMPLATES[table]
    header, *rows = lines[len(comments) :]
    assert len(rows) == 3
    assert header.split(templates.DELIMITERS[language]) == [
        field.header.render(language) for field in template.fields
    ]
    for field in template.fields:
        explained = f"# {field.header.render(language)}: {field.meaning.render(language)}"
        assert explained in comments
    assert not any('"' in line for line in comments)


def test_every_table_that_people_bring_has_a_template() -> None:
    assert {*templates.TEMPLATES, "excluded_rows", "identities"} == set(tables.EVERY)
    for template in templates.TEMPLATES.values():
        for field in template.fields:
            assert field.column in {None, *(column.name for column in field.table.columns)}


@pytest.mark.parametrize("table", ["excluded_rows", "unfug", ""])
def test_an_unknown_table_is_answered_with_the_known_ones(table: str) -> None:
    with pytest.raises(UnknownNameError, match="orders, order_lines, refunds, customers"):
        templates.write(table, language="en")


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("# Kunden\n#\nKunde;Datum\nanna;2026-01-15\nben;2026-01-16\n", 2),
        ("#;Kunde;Datum\n1;anna;2026-01-15\n2;ben;2026-01-16\n", 2),
        ("# a, b; c\n# d\n\nKunde;Datum;Betrag\nanna;2026-01-15;1,50\n", 1),
    ],
)
def test_lines_with_a_hash_above_the_header_are_comments(
    text: str, orders: int, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    with kohorte.read(path) as history:
        (row,) = history.metric("orders", grain="all", segment="all")
    assert row.value == orders


def test_a_fault_below_comments_is_named_with_its_own_line(tmp_path: Path) -> None:
    text = templates.write("orders", language="de").replace("20.02.2026", "31.02.2026")
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    line = next(n for n, row in enumerate(text.splitlines(), start=1) if "31.02." in row)
    with pytest.raises(ReadError) as caught:
        kohorte.read(path)
    assert str(line) in caught.value.render("en")
