"""Templates of the tables beside the orders: read back, they give exactly the rows they show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import kohorte
from kohorte import metrics, tables, templates
from kohorte.language import LANGUAGES, Language
from kohorte.metrics import evaluate

READ: dict[str, tuple[Any, ...]] = {
    "products": (
        "SELECT product_id, category, unit_cost::DOUBLE FROM products",
        [("T-7", "Geschirr", 2.8), ("K-2", "Geschirr", 11.35), ("S-1", "Deko", None)],
        [("T-7", "Tableware", 2.8), ("K-2", "Tableware", 11.35), ("S-1", "Decoration", None)],
    ),
    "subscriptions": (
        "SELECT subscription_id, customer_id, starts_at::DATE::VARCHAR, due_at::DATE::VARCHAR, "
        "ends_at::DATE::VARCHAR, monthly_minor FROM subscriptions",
        [
            ("V-1", "anna@example.com", "2025-01-01", "2025-12-31", "2025-12-31", 990),
            ("V-2", "ben@example.com", "2025-01-15", "2026-01-14", "2026-01-15", 1900),
            ("V-2", "ben@example.com", "2026-01-15", None, None, 2400),
        ],
    ),
    "responses": (
        "SELECT response_id, customer_id, answered_at::VARCHAR, question, score::INTEGER, "
        "lowest::INTEGER, highest::INTEGER, ticket_id FROM responses",
        [
            ("A-1", "anna@example.com", "2026-01-25 10:00:00", "nps", 9, 0, 10, None),
            ("A-2", "ben@example.com", "2026-02-02 21:30:00", "csat", 4, 1, 5, "T-2"),
            ("A-3", None, "2026-03-03 07:45:00", "leaving", None, None, None, None),
        ],
    ),
    "spend": (
        "SELECT starts_on::VARCHAR, ends_on::VARCHAR, purpose, amount_minor FROM spend",
        [
            ("2026-01-01", "2026-01-31", "acquisition", 125050),
            ("2026-01-01", "2026-03-31", "retention", 9000),
            ("2026-02-15", "2026-02-15", "service", 40000),
        ],
    ),
    "leads": (
        "SELECT lead_id, created_at::VARCHAR, qualified, customer_id FROM leads",
        [
            ("L-1", "2026-01-10 08:15:00", True, "anna@example.com"),
            ("L-2", "2026-01-11 19:40:00", False, None),
            ("L-3", "2026-02-02 13:00:00", True, "cleo@example.com"),
        ],
    ),
    "tickets": (
        "SELECT ticket_id, customer_id, opened_at::VARCHAR, answered_at::VARCHAR, "
        "solved_at::VARCHAR, contacts FROM tickets",
        [
            (
                "T-1",
                "anna@example.com",
                "2026-01-16 09:00:00",
                "2026-01-16 09:40:00",
                "2026-01-16 09:40:00",
                1,
            ),
            (
                "T-2",
                "ben@example.com",
                "2026-01-30 14:10:00",
                "2026-01-31 08:05:00",
                "2026-02-02 16:20:00",
                2,
            ),
            ("T-3", "dora@example.com", "2026-02-21 18:55:00", None, None, None),
        ],
    ),
    "referrals": (
        "SELECT order_id, referrer_id FROM referrals",
        [
            ("B-1001", "ben@example.com"),
            ("B-1002", "anna@example.com"),
            ("B-1003", "ben@example.com"),
        ],
    ),
    "returns": (
        "SELECT return_id, order_id, product_id, quantity::INTEGER, returned_at::DATE::VARCHAR, kind "
        "FROM returns",
        [
            ("R-1", "B-1001", "T-7", 1, "2026-01-22", "return"),
            ("R-2", "B-1002", "T-7", 2, "2026-02-04", "return"),
            ("R-3", "B-1002", None, None, "2026-01-29", "cancellation"),
        ],
    ),
    "deliveries": (
        "SELECT delivery_id, order_id, shipped_at::DATE::VARCHAR, delivered_at::DATE::VARCHAR, "
        "promised_at::DATE::VARCHAR FROM deliveries",
        [
            ("S-1", "B-1001", "2026-01-16", "2026-01-18", "2026-01-19"),
            ("S-2", "B-1002", "2026-01-30", "2026-02-02", "2026-02-01"),
            ("S-3", "B-1002", "2026-01-31", None, None),
        ],
    ),
}


def saved(table: str, language: Language, folder: Path) -> Path:
    path = folder / f"{table}.csv"
    path.write_text(templates.write(table, language=language), encoding="utf-8-sig")
    return path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", READ)
def test_a_template_is_read_back_as_it_stands(
    table: str, language: Language, tmp_path: Path
) -> None:
    query, *rows = READ[table]
    orders = saved("orders", language, tmp_path)
    with kohorte.read(orders, saved(table, language, tmp_path)) as history:
        found = history.engine.connection.execute(query).fetchall()
        assert history.reading is not None
        file = history.reading.files[1]
    assert found == (rows[-1] if language == "en" else rows[0])
    assert file.layout == table
    assert file.questions == ()
    assert len(file.guesses) == len(templates.TEMPLATES[table].fields)
    assert all(guess.score >= 0.5 for guess in file.guesses)


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_all_templates_no_metric_asks_for_a_table(language: Language, tmp_path: Path) -> None:
    files = [saved(table, language, tmp_path) for table in ("orders", *READ)]
    with kohorte.read(*files) as history:
        assert not history.lacking & set(tables.BESIDE)


# Deliveries are facts of orders that drivers ask about, and no metric.
@pytest.mark.parametrize("table", sorted(tables.BESIDE.keys() - {"deliveries"}))
def test_a_metric_without_its_table_names_the_template(table: str) -> None:
    order = {"order_id": "1", "customer_id": "a", "placed_at": "2026-01-05", "amount_minor": 100}
    need = {"products": "costs"}.get(table, table)
    slugs = [slug for slug, metric in metrics.every().items() if need in metric.needs]
    assert slugs
    with kohorte.History.from_records(orders=[order]) as history:
        for slug in slugs:
            reasons = {row.reason.msgid for row in history.metric(slug, grain="all") if row.reason}
            assert f"`kohorte template {table}` shows how." in evaluate.MISSING[need]
            assert any("`kohorte template " in reason for reason in reasons)
    assert table in templates.TEMPLATES
