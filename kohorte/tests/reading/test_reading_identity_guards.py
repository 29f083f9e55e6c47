"""Addresses and numbers that join nobody, and what then becomes of their orders."""

from __future__ import annotations

import pytest

from kohorte.reading.persons.identity import SHARED_MAX

HEADER = "order_id,customer_id,email,date,amount\n"
BY_ORDER = "SELECT order_id, customer_id FROM orders ORDER BY order_id::INTEGER"
LEFT_OUT = "SELECT order_id, reason, customer_id FROM excluded_rows ORDER BY order_id::INTEGER"


def orders(shop, *rows: tuple[str, str], **options):
    """Read orders numbered from 1, a day and an euro each, of a number and an address."""
    options.setdefault("columns", {"email": "email"})
    lines = [
        f"{place},{number},{email},2024-01-{place:02},{place}.00"
        for place, (number, email) in enumerate(rows, start=1)
    ]
    shop.text(HEADER + "\n".join(lines) + "\n", **options)
    return [customer for _, customer in shop.rows(BY_ORDER)]


@pytest.mark.parametrize("address", ["info@example.com", "Einkauf+kita@example.com"])
def test_the_address_of_an_office_joins_no_numbers_and_is_a_guest_of_its_own(shop, address):
    found = orders(shop, ("7", address), ("8", address), ("", address), ("", address))

    assert found == ["7", "8", address.lower(), address.lower()]
    assert shop.rows("FROM identities") == []
    name = address.lower().split("@")[0].split("+")[0]
    assert (
        f"E-mail addresses that several people may use, and that join no customers: 1 ({name}@)."
        in shop.remarks()
    )


def test_an_address_made_up_for_a_form_is_nobody(shop):
    found = orders(shop, ("7", "noreply@example.com"), ("", "kasse@example.com"), ("", ""))

    assert found == ["7", None, None]
    assert shop.rows(LEFT_OUT) == [("2", "no_customer", None), ("3", "no_customer", None)]
    assert shop.rows("FROM customers") == [("7", None)]
    assert (
        "Rows under an address that is nobody's, such as noreply@ or kasse@: 2, the first in line "
        "2. Without a customer number they have no customer." in shop.remarks()
    )


def test_buyers_of_marketplaces_among_the_shops_own_have_no_customer(shop):
    alias = "x1y2z3@marketplace.amazon.de"
    found = orders(shop, ("7", "anna@example.com"), ("8", alias), ("", alias), ("9", alias))

    assert found == ["7", "8", None, "9"]
    assert shop.rows(LEFT_OUT) == [("3", "marketplace", None)]
    assert any(
        remark.startswith("Rows under an address that hides a marketplace's buyer: 3, the first")
        for remark in shop.remarks()
    )


def test_what_is_no_address_is_no_customer(shop):
    found = orders(shop, ("7", "anna at example"), ("", "anna at example"), ("", "a@example.com"))

    assert found == ["7", None, "a@example.com"]
    assert (
        "Rows whose e-mail address is none: 2, the first in line 2. Without a customer number they "
        "have no customer." in shop.remarks()
    )


@pytest.mark.parametrize(("numbers", "customers"), [(SHARED_MAX, 1), (SHARED_MAX + 1, 6)])
def test_an_address_of_more_numbers_than_a_person_has_joins_none(shop, numbers, customers):
    rows = [(f"K{number}", "anna@example.com") for number in range(numbers)]
    found = orders(shop, *rows, ("", "anna@example.com"))

    assert len(set(found[:-1])) == customers
    assert found[-1] == ("K0" if customers == 1 else "anna@example.com")
    told = [
        remark for remark in shop.remarks() if "more than 5 customer numbers: 1, one with" in remark
    ]
    assert len(told) == (customers > 1)


def test_a_number_of_more_addresses_than_a_person_has_joins_none(shop):
    addresses = [f"guest{place}@example.com" for place in range(SHARED_MAX + 1)]
    found = orders(
        shop, *(("999", each) for each in addresses), ("7", addresses[0]), ("", addresses[1])
    )

    assert found == ["999"] * 6 + ["7", addresses[1]]
    assert (
        "Customer numbers with more than 5 e-mail addresses: 1, 999 with 6. They join no customers: "
        "perhaps such a number stands for all guests." in shop.remarks()
    )


def test_texts_that_stand_for_addresses_join_like_them(shop):
    found = orders(shop, ("7", "9F86D0"), ("8", "9f86d0"), ("", "9F86D0"), ("", "60303a"))

    assert found == ["7", "7", "7", "60303a"]
    assert (
        "The column “email” holds no e-mail addresses; equal texts in it count as one customer."
        in shop.remarks()
    )


def test_a_number_that_is_an_address_is_one(shop):
    shop.text(
        "order_id,customer_id,date\n1,Anna@example.com,2024-01-01\n2,anna@example.com,2024-01-02\n"
        "3,K@7,2024-01-03\n4,17850.0,2024-01-04\n5,noreply@example.com,2024-01-05\n"
    )

    assert [customer for _, customer in shop.rows(BY_ORDER)] == [
        "anna@example.com",
        "anna@example.com",
        "K@7",
        "17850",
        None,
    ]


def test_an_order_takes_its_number_from_any_of_its_rows(shop):
    shop.text(
        "order_id,customer_id,email,date,quantity,unit_price\n1,,info@example.com,2024-01-01,1,2\n"
        "1,K7,info@example.com,2024-01-01,1,3\n2,,info@example.com,2024-01-02,1,4\n",
        rows="lines",
    )

    assert shop.rows(BY_ORDER) == [("1", "K7"), ("2", "info@example.com")]


def test_nothing_is_joined_where_files_tell_numbers_or_addresses_only(shop):
    numbers = shop.file("order_id,customer_id,date\n1,7,2024-01-01\n", "numbers.csv")
    addresses = shop.file("order_id,email,date\n2,anna@example.com,2024-01-02\n", "addresses.csv")
    shop.read(numbers, addresses)

    assert [customer for _, customer in shop.rows(BY_ORDER)] == ["7", "anna@example.com"]
    assert shop.rows("FROM identities") == []
    assert not any("join" in remark for remark in shop.remarks())
