"""Exports of known systems beside the orders: every cell where it belongs, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

import strategies

FIXTURES = Path(__file__).parent / "fixtures" / "beside"
ORDERS = (
    "Bestellnummer;E-Mail;Kundennummer;Bestelldatum;Betrag\n"
    "B-1;anna@example.com;K1;05.01.2026;20,00\n"
    "B-2;ben@example.com;K2;25.01.2026;30,00\n"
)

# File → table, the columns of interest, and its rows; days as they are written in ISO.
EXPECTED = {
    "google_ads_de.csv": (
        "spend",
        "starts_on, ends_on, purpose, channel, amount_minor",
        [
            ("2026-01-05", "2026-01-05", "acquisition", "Marke", 123450),
            ("2026-01-06", "2026-01-06", "acquisition", "Marke", 8025),
        ],
    ),
    "google_ads_months.csv": (
        "spend",
        "starts_on, ends_on, purpose, channel, amount_minor",
        [
            ("2026-01-01", "2026-01-31", "acquisition", "Brand", 123450),
            ("2026-02-01", "2026-02-28", "acquisition", "Brand", 8025),
        ],
    ),
    "meta_ads_de.csv": (
        "spend",
        "starts_on, ends_on, purpose, channel, amount_minor",
        [
            ("2026-01-01", "2026-01-31", "acquisition", "Winter", 31040),
            ("2026-02-01", "2026-02-28", "acquisition", "Frühling", 9960),
        ],
    ),
    "meta_ads_en.csv": (
        "spend",
        "starts_on, ends_on, amount_minor",
        [("2026-01-01", "2026-01-01", 1040), ("2026-01-02", "2026-01-02", 960)],
    ),
    "zendesk_tickets.csv": (
        "tickets",
        "ticket_id, customer_id, opened_at, answered_at, solved_at, contacts, channel, reason",
        [
            (
                "11",
                "K1",
                "2026-01-07 10:00:00",
                "2026-01-07 10:30:00",
                "2026-01-08 10:00:00",
                1,
                "Mail",
                "Question",
            ),
            (
                "12",
                "K2",
                "2026-01-09 08:00:00",
                "2026-01-09 10:00:00",
                "2026-01-12 08:00:00",
                2,
                "Web form",
                "Incident",
            ),
            ("14", "cleo@example.com", "2026-01-10 09:00:00", None, None, 1, "Mail", "Question"),
        ],
    ),
    "freshdesk_tickets.csv": (
        "tickets",
        "ticket_id, customer_id, opened_at, answered_at, solved_at, contacts, channel, reason",
        [
            (
                "301",
                "K1",
                "2026-01-07 10:00:00",
                "2026-01-07 10:30:00",
                "2026-01-08 10:00:00",
                1,
                "Email",
                "Question",
            ),
            (
                "302",
                "K2",
                "2026-01-09 08:00:00",
                "2026-01-09 09:00:00",
                None,
                3,
                "Portal",
                "Problem",
            ),
        ],
    ),
    "otrs_tickets.csv": (
        "tickets",
        "ticket_id, customer_id, opened_at, answered_at, solved_at, contacts, reason",
        [
            (
                "2026010710000011",
                "K1",
                "2026-01-07 10:00:00",
                "2026-01-07 10:30:00",
                "2026-01-08 10:00:00",
                None,
                "Bestellungen",
            ),
            (
                "2026010910000012",
                "K2",
                "2026-01-09 08:00:00",
                "2026-01-09 09:00:00",
                None,
                None,
                "Reklamation",
            ),
        ],
    ),
    "delighted_responses.csv": (
        "responses",
        "response_id, customer_id, answered_at, question, score::INTEGER, highest::INTEGER, answer",
        [
            ("900", "K1", "2026-01-20 10:00:00", "nps", 10, 10, "Great"),
            ("901", "K2", "2026-01-21 10:00:00", "nps", 6, 10, None),
            ("902", "cleo@example.com", "2026-02-22 10:00:00", "nps", 8, 10, "Fine"),
        ],
    ),
    "typeform_responses.csv": (
        "responses",
        "response_id, customer_id, answered_at, question, score::INTEGER, highest::INTEGER",
        [
            ("x", "K1", "2026-01-20 10:00:00", "nps", 9, 10),
            ("x 2", "K1", "2026-01-20 10:00:00", "csat", 5, 5),
            ("x 3", "K1", "2026-01-20 10:00:00", "ces", 6, 7),
            ("y", "K2", "2026-01-21 10:00:00", "nps", 3, 10),
            ("y 2", "K2", "2026-01-21 10:00:00", "csat", 2, 5),
        ],
    ),
    "google_forms_de.csv": (
        "responses",
        "customer_id, question, score::INTEGER, lowest::INTEGER, highest::INTEGER, answer",
        [
            ("K1", "nps", 9, 0, 10, None),
            ("K1", "csat", 5, 1, 5, None),
            ("K2", "nps", 3, 0, 10, None),
            ("K2", "csat", 2, 1, 5, None),
            ("K2", "leaving", None, None, None, "Zu teuer"),
        ],
    ),
    "trustpilot_reviews.csv": (
        "responses",
        "response_id, customer_id, answered_at, question, score::INTEGER, highest::INTEGER, answer",
        [
            ("B-1", "K1", "2026-01-20 10:00:00", "csat", 5, 5, "Very good"),
            ("B-2", "K2", "2026-01-21 10:00:00", "csat", 2, 5, "Took long"),
        ],
    ),
    "hubspot_contacts.csv": (
        "leads",
        "lead_id, created_at, channel, qualified, customer_id",
        [
            ("51", "2026-01-02 09:00:00", "Organic Search", True, "K1"),
            ("52", "2026-01-03 09:00:00", "Paid Search", False, "dora@example.com"),
            ("53", "2026-01-13 09:00:00", "Paid Social", True, "eva@example.com"),
        ],
    ),
    "salesforce_leads.csv": (
        "leads",
        "lead_id, created_at, channel, qualified, customer_id",
        [
            ("00Q1", "2026-01-02 00:00:00", "Web", True, "K1"),
            ("00Q2", "2026-01-13 00:00:00", "Trade Show", False, "dora@example.com"),
        ],
    ),
    "referralcandy_referrals.csv": ("referrals", "order_id, referrer_id", [("B-2", "K1")]),
    "shopify_products.csv": (
        "products",
        "product_id, product, category, unit_cost::VARCHAR",
        [("T-7", "Cup", "Tableware", "2.800000"), ("K-2", "Pot", "Tableware", "11.350000")],
    ),
    "jtl_artikel.csv": (
        "products",
        "product_id, product, category, unit_cost::VARCHAR",
        [("T-7", "Tasse", "Geschirr", "2.800000"), ("K-2", "Kanne", "Geschirr", "11.350000")],
    ),
    "stripe_subscriptions.csv": (
        "subscriptions",
        "subscription_id, customer_id, starts_at, due_at, ends_at, monthly_minor",
        [
            ("sub_1", "K1", "2026-01-01 10:00:00", "2026-03-01 10:00:00", None, 1980),
            (
                "sub_2",
                "K2",
                "2025-01-01 10:00:00",
                "2026-01-01 10:00:00",
                "2026-01-01 10:00:00",
                1000,
            ),
        ],
    ),
    "woocommerce_subscriptions.csv": (
        "subscriptions",
        "subscription_id, customer_id, starts_at, due_at, ends_at, monthly_minor",
        [
            ("71", "K1", "2026-01-01 00:00:00", "2026-03-01 00:00:00", None, 1900),
            ("72", "K2", "2025-01-01 00:00:00", None, "2026-01-01 00:00:00", 1000),
        ],
    ),
    "retourenportal.csv": (
        "returns",
        "return_id, order_id, product_id, quantity::INTEGER, returned_at, kind, reason",
        [
            ("R-1", "B-1", "T-7", 1, "2026-01-09 00:00:00", "return", "zu klein"),
            ("R-1 2", "B-1", "K-2", 1, "2026-01-09 00:00:00", "return", "defekt"),
            ("R-2", "B-2", "T-7", 2, "2026-01-29 00:00:00", "return", "gefällt nicht"),
        ],
    ),
    "shopify_returns.csv": (
        "returns",
        "return_id, order_id, product_id, quantity::INTEGER, returned_at, reason",
        [("#B-1-R1", "B-1", "T-7", 1, "2026-01-09 10:00:00", "SIZE_TOO_SMALL")],
    ),
}


def plain(value):
    return value if value is None or isinstance(value, str | int) else str(value)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_export_fills_its_table(shop, name):
    table, columns, rows = EXPECTED[name]

    shop.read(shop.file(ORDERS), FIXTURES / name, currency="EUR")

    found = shop.rows(f"SELECT {columns} FROM {table}")
    assert [tuple(map(plain, row)) for row in found] == rows


def test_every_export_has_its_expected_rows():
    assert {path.name for path in FIXTURES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", strategies.some(list(EXPECTED)))
def test_an_export_is_known_without_its_name(shop, name):
    renamed = shop.file((FIXTURES / name).read_bytes(), "x.csv")

    reading = shop.read(shop.file(ORDERS), renamed, currency="EUR")

    assert reading.files[1].layout == EXPECTED[name][0]
    assert not any(question.option.startswith("kinds") for question in reading.questions)


def test_all_exports_are_read_together(shop):
    files = [FIXTURES / name for name in EXPECTED]

    reading = shop.read(shop.file(ORDERS), *files, currency="EUR")

    assert {path.name for path in map(Path, (file.path for file in reading.files[1:]))} == set(
        EXPECTED
    )
    assert shop.row("SELECT count(*), sum(amount_minor) FROM spend") == (8, 305950)
    assert shop.row("SELECT count(*) FROM tickets") == (7,)
    assert shop.row("SELECT count(DISTINCT ticket_id) FROM tickets") == (7,)


def test_ratings_of_requests_are_answers_where_no_survey_is_there(shop):
    shop.read(shop.file(ORDERS), FIXTURES / "zendesk_tickets.csv", currency="EUR")

    assert shop.rows(
        "SELECT customer_id, question, score::INTEGER, lowest::INTEGER, highest::INTEGER, ticket_id "
        "FROM responses"
    ) == [("K1", "csat", 1, 0, 1, "11"), ("K2", "csat", 0, 0, 1, "12")]

    shop.read(
        shop.file(ORDERS),
        FIXTURES / "zendesk_tickets.csv",
        FIXTURES / "delighted_responses.csv",
        currency="EUR",
    )

    assert shop.rows("SELECT DISTINCT question FROM responses") == [("nps",)]


def test_refunds_that_tell_why_something_came_back_are_returns_as_well(shop):
    refunds = shop.file(
        "Retourennummer;Bestellnummer;Retourendatum;Retourengrund;Erstattungsbetrag\n"
        "R-1;B-1;09.01.2026;zu klein;5,00\n",
        "x.csv",
    )

    shop.read(shop.file(ORDERS), refunds, currency="EUR")

    assert shop.row("SELECT order_id, amount_minor FROM refunds") == ("B-1", 500)
    assert shop.row("SELECT return_id, order_id, reason FROM returns") == ("R-1", "B-1", "zu klein")
