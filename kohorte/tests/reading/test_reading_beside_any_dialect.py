"""Any of the tables beside the orders, written in any dialect, is read back the same."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from kohorte import reading
from kohorte.reading import ReadOptions
from kohorte.settings import Settings

ORDERS = "order_id,customer_id,date,amount\nB-1,K1,2024-01-31,1.00\n"
# A day above 12 tells day from month, and an amount the decimal mark.
TELLING = dt.datetime.fromisoformat("2024-01-31T10:20")
DAYS: dict[str, Callable[[dt.datetime], str]] = {
    "iso": lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    "iso T": lambda at: f"{at:%Y-%m-%dT%H:%M}",
    "points": lambda at: f"{at:%d.%m.%Y %H:%M}",
    "strokes": lambda at: f"{at:%d/%m/%Y %H:%M}",
    "american": lambda at: f"{at:%m/%d/%Y %I:%M %p}",
    "seconds": lambda at: str(int(at.replace(tzinfo=dt.UTC).timestamp())),
}


@dataclass(frozen=True)
class Fact:
    """A column: its headers in German and English, and what its cells are."""

    german: str
    english: str
    kind: str


TABLES: dict[str, dict[str, Fact]] = {
    "products": {
        "product_id": Fact("Artikelnummer", "SKU", "id"),
        "product": Fact("Artikelname", "Product name", "text"),
        "unit_cost": Fact("Einkaufspreis", "Cost price", "cost"),
    },
    "subscriptions": {
        "subscription_id": Fact("Vertragsnummer", "Subscription ID", "id"),
        "customer_id": Fact("Kundennummer", "Customer ID", "id"),
        "starts_at": Fact("Vertragsbeginn", "Contract start", "instant"),
        "ends_at": Fact("Beendet am", "Ended at", "perhaps"),
        "monthly_minor": Fact("Monatsbetrag", "Monthly amount", "money"),
    },
    "responses": {
        "response_id": Fact("Antwortnummer", "Response ID", "id"),
        "answered_at": Fact("Beantwortet am", "Answered at", "instant"),
        "question": Fact("Frage", "Question", "question"),
        "score": Fact("Wert", "Score", "score"),
        "answer": Fact("Kommentar", "Comment", "text"),
    },
    "spend": {
        "starts_on": Fact("Von", "From", "day"),
        "purpose": Fact("Zweck", "Purpose", "purpose"),
        "channel": Fact("Kanal", "Channel", "text"),
        "amount_minor": Fact("Ausgaben", "Spend", "money"),
    },
    "leads": {
        "lead_id": Fact("Interessentennummer", "Lead ID", "id"),
        "created_at": Fact("Erstellt am", "Created at", "instant"),
        "channel": Fact("Kanal", "Channel", "text"),
        "qualified": Fact("Qualifiziert", "Qualified", "flag"),
    },
    "tickets": {
        "ticket_id": Fact("Ticketnummer", "Ticket ID", "id"),
        "customer_id": Fact("Kundennummer", "Customer ID", "id"),
        "opened_at": Fact("Eingang", "Opened at", "instant"),
        "solved_at": Fact("Gelöst am", "Solved at", "perhaps"),
        "reason": Fact("Grund", "Reason", "text"),
    },
    "referrals": {
        "order_id": Fact("Bestellnummer", "Order number", "id"),
        "referrer_id": Fact("Empfohlen von", "Referred by", "id"),
    },
    "returns": {
        "return_id": Fact("Retourennummer", "Return number", "id"),
        "order_id": Fact("Bestellnummer", "Order number", "id"),
        "returned_at": Fact("Rückgabedatum", "Return date", "instant"),
        "reason": Fact("Rücksendegrund", "Return reason", "text"),
    },
}
WORDS = {
    "purpose": {
        "acquisition": ("Neukunden", "acquisition"),
        "retention": ("Bestandskunden", "Retention"),
        "sales": ("Vertrieb", "sales"),
        "service": ("Kundenservice", "Support"),
    },
    "question": {
        "nps": ("Weiterempfehlung", "NPS"),
        "csat": ("Zufriedenheit", "CSAT"),
        "ces": ("Mühe", "effort"),
    },
    "flag": {True: ("ja", "yes"), False: ("nein", "no")},
}


@dataclass(frozen=True)
class Dialect:
    """How a table is written."""

    german: bool
    days: str
    mark: str
    currency: str
    delimiter: str
    encoding: str
    quoting: int

    def cell(self, value: Any, kind: str) -> str:
        if value is None:
            return ""
        match kind:
            case "instant" | "perhaps" | "day":
                return DAYS[self.days](value)
            case "money":
                text = f"{Decimal(value) / 100:.2f}".replace(".", self.mark)
                return self.currency.format(text)
            case "cost":
                return f"{value:.2f}".replace(".", self.mark)
            case "purpose" | "question" | "flag":
                return WORDS[kind][value][0 if self.german else 1]
        return str(value)

    def content(self, facts: dict[str, Fact], rows: list[dict[str, Any]]) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, quoting=self.quoting)
        writer.writerow(fact.german if self.german else fact.english for fact in facts.values())
        for row in rows:
            writer.writerow(self.cell(row[name], fact.kind) for name, fact in facts.items())
        return text.getvalue().encode(self.encoding)


DIALECTS = st.builds(
    Dialect,
    german=st.booleans(),
    days=st.sampled_from(sorted(DAYS)),
    mark=st.sampled_from(",."),
    currency=st.sampled_from(("{}", "{} €", "€ {}", "{} EUR")),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "utf-16")),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
)
MOMENTS = st.datetimes(*map(dt.datetime.fromisoformat, ("2003-01-01", "2038-01-01"))).map(
    lambda at: at.replace(second=0, microsecond=0)
)
TEXTS = st.text(st.sampled_from("abzäöß,;|\"' "), min_size=1, max_size=9).map(str.strip)
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS.filter(lambda text: text.lower() not in ("", "na", "nan")).map(
        lambda t: f"w {t}"
    ),
    "instant": MOMENTS,
    "day": MOMENTS,
    "perhaps": st.one_of(st.none(), MOMENTS),
    "money": st.integers(0, 10**9),
    "cost": st.integers(1, 10**6).map(lambda cents: Decimal(cents) / 100),
    "score": st.integers(0, 5),
    "purpose": st.sampled_from(sorted(WORDS["purpose"])),
    "question": st.sampled_from(sorted(WORDS["question"])),
    "flag": st.booleans(),
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    name = draw(st.sampled_from(sorted(TABLES)))
    facts = TABLES[name]
    rows = [
        {key: draw(CELLS[fact.kind]) for key, fact in facts.items() if fact.kind != "id"}
        for _ in range(draw(st.integers(1, 8)))
    ]
    rows.append({key: _telling(fact.kind) for key, fact in facts.items() if fact.kind != "id"})
    for number, row in enumerate(rows):
        row |= {key: f"{key[0]}-{number}" for key, fact in facts.items() if fact.kind == "id"}
    return name, rows


def _telling(kind: str) -> Any:
    usual = {"money": 1234, "cost": Decimal("12.34"), "score": 5, "flag": True, "text": "w"}
    first = {"purpose": "sales", "question": "nps"}
    return {**usual, **first}.get(kind, TELLING)


def expected(row: dict[str, Any], facts: dict[str, Fact]) -> tuple[Any, ...]:
    return tuple(
        row[name].date() if fact.kind == "day" else row[name] for name, fact in facts.items()
    )


def check(folder: Path, table: tuple[str, list[dict[str, Any]]], dialect: Dialect) -> None:
    name, rows = table
    facts = TABLES[name]
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "x.csv").write_bytes(dialect.content(facts, rows))

    with duckdb.connect() as connection:
        found = reading.read(
            [folder / "orders.csv", folder / "x.csv"],
            connection=connection,
            settings=Settings(),
            options=ReadOptions(currency="EUR"),
        )
        read = connection.execute(f"SELECT {', '.join(facts)} FROM {name}").fetchall()

    assert found.files[1].layout == name
    assert read == [expected(row, facts) for row in rows]


@settings(
    max_examples=strategies.count(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(table=tables(), dialect=DIALECTS)
def test_any_table_in_any_dialect_reads_the_same(tmp_path, table, dialect):
    check(tmp_path, table, dialect)


@pytest.mark.soak
@settings(
    max_examples=strategies.count(200),
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(table=tables(), dialect=DIALECTS)
def test_many_tables_in_many_dialects_read_the_same(tmp_path, table, dialect):
    check(tmp_path, table, dialect)
