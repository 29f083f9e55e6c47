"""Rules of the shop leave out its staff, business customers and tests."""

from __future__ import annotations

import pytest

from kohorte.errors import ReadError
from kohorte.reading import ReadOptions, Rule

ORDERS = """Order ID,E-Mail,Customer Group,Order Date,Total,Tags
1,anna@example.com,Retail,2024-01-01,10.00,
2,BOB@Staff.example.com,Retail,2024-01-02,20.00,vip
3,carl@example.com,Wholesale,2024-01-03,30.00,"vip, b2b_customer"
4,dora@example.com,retail,2024-01-04,40.00,100%_own
"""
LINES = """Order ID,Customer,Order Date,SKU,Quantity,Unit Price,Tags
1,anna,2024-01-01,A,1,10.00,staff
1,anna,2024-01-01,B,1,5.00,
2,ben,2024-01-02,A,1,10.00,
"""


def states(shop, *rules: str, text: str = ORDERS) -> dict[str, str]:
    shop.text(text, exclude=tuple(Rule.parse(rule) for rule in rules))
    return dict(shop.rows("SELECT order_id, state FROM orders"))


@pytest.mark.parametrize(
    ("rule", "left_out"),
    [
        ("staff:E-Mail=*@staff.example.com", {"2": "staff"}),
        ("staff:email=bob@staff.example.com", {"2": "staff"}),
        ("business: customer group = WHOLESALE", {"3": "business"}),
        ("business:Tags=*b2b_*", {"3": "business"}),
        ("by_rule:Tags=*", {"2": "by_rule", "3": "by_rule", "4": "by_rule"}),
        ("test:Tags=100%_own", {"4": "test"}),
        ("test:Tags=100_*", {}),
        ("test:Tags=*'; DROP TABLE orders; --", {}),
    ],
)
def test_a_rule_leaves_out_the_orders_that_it_names(shop, rule, left_out):
    counted = dict.fromkeys("1234", "counted")
    assert states(shop, rule) == counted | left_out


def test_the_first_rule_that_fits_gives_the_reason(shop):
    found = states(shop, "staff:email=bob@*", "business:email=*")
    assert found == {"1": "business", "2": "staff", "3": "business", "4": "business"}


def test_a_rule_on_one_line_holds_for_the_whole_order(shop):
    assert states(shop, "staff:Tags=staff", text=LINES) == {"1": "staff", "2": "counted"}
    assert shop.rows("SELECT amount_minor FROM orders WHERE order_id = '1'") == [(1500,)]


@pytest.mark.parametrize(
    "text", ["", "staff", "staff:email", "staff:=x", ":email=x", "staff:email="]
)
def test_a_text_that_is_no_rule_is_refused_with_an_example(text):
    with pytest.raises(ReadError, match="Write it as reason:column=pattern"):
        Rule.parse(text)


def test_a_reason_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(ReadError, match="test, exchange, staff, business, by_rule"):
        Rule.parse("cancelled:email=x")


def test_rules_are_kept_in_the_mapping_file(tmp_path):
    options = ReadOptions(
        states={"Später": "open"}, exclude=(Rule("staff", 'E-"Mail"', "*@example.com"),), net=True
    )
    path = tmp_path / "shop.toml"
    path.write_text(options.to_toml(), encoding="utf-8")
    assert ReadOptions.from_mapping(path) == options


@pytest.mark.parametrize(
    "content",
    [
        'exclude = "staff"',
        "[[exclude]]\nreason = 'staff'",
        "[[exclude]]\nreason = 1",
        "exclude = [1]",
    ],
)
def test_a_mapping_file_with_half_a_rule_is_refused(tmp_path, content):
    path = tmp_path / "shop.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ReadError, match="gives “exclude” a value of the wrong type"):
        ReadOptions.from_mapping(path)
