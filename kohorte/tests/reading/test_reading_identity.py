"""Who is one customer: guests and accounts across files, and what joins nobody."""

from __future__ import annotations

import pytest

ACCOUNTS = """Bestellnummer;Kundennummer;E-Mail;Bestelldatum;Betrag;Land
1;20;anna@example.com;05.01.2024;10,00;DE
2;7;Anna@Example.com;06.01.2024;20,00;AT
3;30;ben@example.com;07.01.2024;30,00;DE
4;30;b.beispiel@example.com;08.01.2024;40,00;
5;40;;09.01.2024;50,00;DE
"""
GUESTS = """Order;Email;Date;Total
G1;Anna Beispiel <ANNA@example.com>;2023-12-24;1.00
G2;b.beispiel@example.com;2024-02-01;2.00
G3;cleo@example.com;2024-02-02;3.00
G4;mailto:cleo@example.com;2024-02-03;4.00
G5;c@bücher.example.com;2024-02-04;5.00
"""
BY_ORDER = "SELECT order_id, customer_id FROM orders ORDER BY order_id"


@pytest.fixture
def two(shop):
    return shop.file(ACCOUNTS, "accounts.csv"), shop.file(GUESTS, "guests.csv")


def test_an_address_joins_numbers_and_guests_across_files(shop, two):
    shop.read(*two)

    assert shop.rows(BY_ORDER) == [
        ("1", "20"),
        ("2", "20"),
        ("3", "30"),
        ("4", "30"),
        ("5", "40"),
        ("G1", "20"),
        ("G2", "30"),
        ("G3", "cleo@example.com"),
        ("G4", "cleo@example.com"),
        ("G5", "c@xn--bcher-kva.example.com"),
    ]
    assert shop.rows("FROM customers") == [
        ("20", "AT"),
        ("30", "DE"),
        ("40", "DE"),
        ("c@xn--bcher-kva.example.com", None),
        ("cleo@example.com", None),
    ]


def test_the_number_of_the_first_order_stays_whatever_comes_first_in_the_files(shop, two):
    shop.read(*reversed(two))

    assert shop.rows("SELECT DISTINCT customer_id FROM orders ORDER BY 1") == [
        ("20",),
        ("30",),
        ("40",),
        ("c@xn--bcher-kva.example.com",),
        ("cleo@example.com",),
    ]


def test_joined_customers_are_listed_with_what_the_files_call_them(shop, two):
    shop.read(*two)

    assert shop.rows("FROM identities") == [
        ("20", "20", "customer number"),
        ("20", "7", "same address"),
        ("20", "Anna@Example.com", "same address"),
        ("30", "30", "customer number"),
        ("30", "ben@example.com", "customer number"),
        ("30", "b.beispiel@example.com", "same address"),
    ]


def test_remarks_tell_who_was_joined(shop, two):
    shop.read(*two)

    assert shop.reading.files[0].remarks == ()
    assert shop.remarks()[-3:] == [
        "50.00% of the orders bear an e-mail address but no customer number.",
        "Orders without a customer number that were given to the customer with the same e-mail "
        "address: 2.",
        "2 customer numbers share e-mail addresses and count as 1. `kohorte check "
        "--identities` lists them; --separate-accounts leaves them apart.",
    ]


def test_accounts_may_be_left_apart_and_guests_still_find_the_only_one(shop, two):
    shop.read(*two, separate_accounts=True)

    found = dict(shop.rows(BY_ORDER))
    assert [found[order] for order in ("1", "2", "G1", "G2")] == [
        "20",
        "7",
        "anna@example.com",
        "30",
    ]
    assert shop.rows("SELECT DISTINCT customer_id FROM identities") == [("30",)]
    assert "Customer numbers that share an e-mail address and were left apart: 2." in shop.remarks()


def test_a_long_chain_of_numbers_and_addresses_is_one_customer(shop):
    rows = [
        f"{n};K{n // 2};a{(n + 1) // 2}@example.com;2024-01-{1 + n % 28:02}\n" for n in range(200)
    ]
    shop.text("order_id;customer_id;email;date\n" + "".join(reversed(rows)))

    assert shop.rows("SELECT DISTINCT customer_id FROM orders") == [("K0",)]
    assert shop.row("SELECT count(*), count(DISTINCT key) FROM identities") == (201, 201)


def test_refunds_and_rows_left_out_bear_the_joined_customer(shop):
    accounts = shop.file(
        "Bestellnummer;Kundennummer;E-Mail;Bestelldatum;Betrag;Erstattet;Status\n"
        "1;20;anna@example.com;05.01.2024;10,00;;bezahlt\n"
        "2;7;anna@example.com;06.01.2024;20,00;5,00;bezahlt\n"
        "2;7;anna@example.com;06.01.2024;20,00;5,00;bezahlt\n"
        "3;;anna@example.com;07.01.2024;-9,00;;bezahlt\n"
    )
    shop.read(accounts, rows="orders")

    assert shop.rows("SELECT customer_id, amount_minor FROM refunds ORDER BY ALL") == [
        ("20", 500),
        ("20", 900),
    ]
    assert shop.rows("SELECT reason, customer_id FROM excluded_rows ORDER BY line") == [
        ("seen_twice", "20"),
        ("refund", "20"),
    ]


def test_a_list_of_customers_connects_numbers_and_addresses(shop):
    orders = shop.file("order_id,customer_id,date\n1,gid7,2024-01-01\n", "orders.csv")
    guests = shop.file("order_id,email,date\n2,anna@example.com,2024-01-02\n", "guests.csv")
    people = shop.file(
        "Customer ID,First Name,Last Name,Email,Total Spent,Total Orders,Country Code\n"
        "gid7,Anna,Beispiel,Anna@example.com,1,1,DE\n"
        "gid8,Ben,Beispiel,ben@example.com,1,1,AT\n",
        "customers.csv",
    )
    shop.read(orders, guests, people)

    assert shop.rows(BY_ORDER) == [("1", "gid7"), ("2", "gid7")]
    assert shop.rows("FROM customers") == [("gid7", "DE")]
    assert shop.rows("SELECT key, rule FROM identities") == [
        ("gid7", "customer number"),
        ("Anna@example.com", "same address"),
    ]


def test_a_list_finds_customers_by_an_address_that_they_never_order_under(shop):
    orders = shop.file(
        "order_id,customer_id,email,date\n1,7,anna@example.com,2024-01-01\n", "orders.csv"
    )
    people = shop.file(
        "First Name,Last Name,Email,Total Spent,Total Orders,Country Code\n"
        "Anna,Beispiel,ANNA@example.com,1,1,DE\n",
        "customers.csv",
    )
    shop.read(orders, people)

    assert shop.rows("FROM customers") == [("7", "DE")]


def test_reading_again_forgets_who_was_joined_before(shop, two):
    shop.read(*two)
    shop.read(two[1])

    assert shop.rows("FROM identities") == []
    assert {name for name in shop.tables() if name.startswith("kohorte_")} == set()
