from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kohorte.errors import ReadError
from kohorte.reading import MEANINGS, ReadOptions


def test_a_mapping_file_says_what_options_say(tmp_path):
    options = ReadOptions(
        columns={"date": 'Tag "A"', "customer_id": "Käufer\\Nr"},
        rows="lines",
        date_format="dd.mm.yyyy",
        decimal=",",
        delimiter="\t",
        encoding="cp1252",
        currency="EUR",
        skip_bad_rows=True,
    )
    path = tmp_path / "mapping.toml"
    path.write_text(options.to_toml(), encoding="utf-8")

    assert ReadOptions.from_mapping(path) == options


@given(
    columns=st.dictionaries(
        st.sampled_from(MEANINGS), st.text(st.characters(exclude_categories=("Cs",)))
    )
)
def test_any_header_survives_the_mapping_file(tmp_path_factory, columns):
    path = tmp_path_factory.mktemp("mapping") / "mapping.toml"
    path.write_bytes(ReadOptions(columns=columns).to_toml().encode())

    assert ReadOptions.from_mapping(path).columns == columns


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "currencies = 'EUR'",
            "names “currencies”, which does not exist. Known are: accounts_per_address, columns, currency, ",
        ),
        ("skip_bad_rows = 'yes'", "gives “skip_bad_rows” a value of the wrong type."),
        ("columns = 'date'", "gives “columns” a value of the wrong type."),
        ("= ?", "cannot be read ("),
    ],
)
def test_a_mapping_file_that_cannot_be(tmp_path, content, sentence):
    path = tmp_path / "mapping.toml"
    path.write_text(content)

    with pytest.raises(ReadError) as refused:
        ReadOptions.from_mapping(path)

    assert sentence in str(refused.value)


def test_a_meaning_that_does_not_exist():
    with pytest.raises(ReadError) as refused:
        ReadOptions(columns={"buyer": "Name"})

    assert str(refused.value).startswith(
        "“buyer” is not a meaning of a column. Known are: order_id,"
    )


def test_what_was_understood_reads_the_same_file_the_same_way(shop):
    path = shop.file(
        "Beleg;Käufer;Tag;Summe;Anzahl\n1;a;03.04.2024 10:00;1.234;2\n2;b;05.06.2024 11:00;2.345;1\n"
    )
    shop.read(path, columns={"customer_id": "Käufer"}, currency="EUR")
    first = shop.rows("FROM orders")
    understood = shop.reading.mapping

    assert understood == ReadOptions(
        columns={
            "order_id": "Beleg",
            "customer_id": "Käufer",
            "date": "Tag",
            "amount": "Summe",
            "quantity": "Anzahl",
        },
        rows="orders",
        date_format="%d.%m.%Y %H:%M",
        decimal=",",
        delimiter=";",
        encoding="utf-8",
        currency="EUR",
    )
    mapping = shop.folder / "mapping.toml"
    mapping.write_text(understood.to_toml(), encoding="utf-8")
    from kohorte import reading
    from kohorte.settings import Settings

    reading.read(
        [path],
        connection=shop.connection,
        settings=Settings(),
        options=ReadOptions.from_mapping(mapping),
    )
    assert shop.rows("FROM orders") == first


def test_each_guess_says_why(shop):
    shop.text("Beleg;Kunde;wann;Summe\n1;a;03.04.2024;1,50\n")

    assert [
        (guess.meaning, guess.column, guess.score, guess.reason.render("en"))
        for guess in shop.reading.files[0].guesses
    ] == [
        ("order_id", "Beleg", 0.8, "The header says “Beleg” and the cells fit."),
        ("customer_id", "Kunde", 1.0, "The header says “Kunde” and the cells fit."),
        ("date", "wann", 0.55, "The cells look like dates."),
        ("amount", "Summe", 1.0, "The header says “Summe” and the cells fit."),
    ]


def test_a_column_that_was_named_is_taken_whatever_it_holds(shop):
    shop.text("id,customer,date,shipped\n1,a,2024-01-05,2024-02-05\n", columns={"date": "shipped"})

    assert shop.row("SELECT placed_at::DATE::VARCHAR FROM orders") == ("2024-02-05",)
    assert ("date", "shipped", 1.0, "You said so.") in [
        (guess.meaning, guess.column, guess.score, guess.reason.render("en"))
        for guess in shop.reading.files[0].guesses
    ]
