"""Whether amounts hold taxes and postage: told by headers and sums, or asked once."""

from __future__ import annotations

import pytest

from kohorte.reading.amounts import tax_words

HEADER = "Bestellnr;Kunde;Datum;{}\n"
ROWS = "1;a;05.01.2024;11,90\n2;b;06.01.2024;119,00\n"
SUMS = "SELECT order_id, amount_minor FROM orders ORDER BY order_id"


@pytest.mark.parametrize(
    ("header", "taxes", "postage"),
    [
        ("Brutto", "inside", None),
        ("Nettobetrag", "outside", None),
        ("Gesamtbetrag (inkl. 19 % MwSt.)", "inside", None),
        ("Betrag zzgl. MwSt.", "outside", None),
        ("Summe inkl. MwSt. und Versand", "inside", "inside"),
        ("Summe inkl. MwSt. zzgl. Versandkosten", "inside", "outside"),
        ("Total incl. VAT", "inside", None),
        ("Order total (excl. tax)", "outside", None),
        ("total_paid_tax_incl", "inside", None),
        ("Total before tax", "outside", None),
        ("Total incl. shipping costs and VAT", "inside", "inside"),
        ("net amount", "outside", None),
        ("Warenwert", None, "outside"),
        # Shops mean discounts and returns by these.
        ("Net sales", None, None),
        ("Gross revenue", None, None),
        ("Betrag", None, None),
        ("Total after discount", None, None),
        ("Datum nach Versand", None, None),
    ],
)
def test_a_header_tells_what_the_amounts_hold(header, taxes, postage):
    said = tax_words.of(header)

    assert (said.taxes, said.postage) == (taxes, postage)


def test_what_nobody_knows_is_asked_in_words_of_a_shop(shop):
    shop.text(HEADER.format("Betrag") + ROWS, currency="EUR")

    assert shop.remarks() == []
    assert shop.questions() == {
        "taxes": "Do the amounts in “Betrag” hold the taxes?",
        "postage": "Do the amounts in “Betrag” hold the postage?",
    }
    (taxes, postage) = shop.reading.questions
    assert [(one.value, one.says.render("de")) for one in taxes.choices] == [
        ("inside", "mit Steuern (brutto)"),
        ("outside", "ohne Steuern (netto)"),
    ]
    assert [one.says.render("en") for one in postage.choices] == ["with postage", "without postage"]
    assert (taxes.assumed, postage.assumed) == (None, None)


def test_prices_of_pieces_hardly_hold_postage(shop):
    shop.text("id,customer,date,qty,unit price\n1,a,2024-01-05,2,5.00\n", currency="EUR")

    assert {one.option: one.assumed for one in shop.reading.questions} == {
        "taxes": None,
        "postage": "outside",
    }


def test_an_answer_is_told_and_not_asked_again(shop):
    shop.text(
        HEADER.format("Betrag") + ROWS,
        currency="EUR",
        taxes="inside",
        postage="outside",
        tax_rate="19",
    )

    assert shop.questions() == {}
    assert shop.remarks() == ["The amounts hold taxes (19%) and no postage."]
    (remark,) = shop.reading.files[0].remarks
    assert remark.render("de") == "Die Beträge enthalten Steuern (19 %) und keinen Versand."
    mapping = shop.reading.mapping
    assert (mapping.taxes, mapping.postage, mapping.tax_rate) == ("inside", "outside", "19")


def test_a_file_without_amounts_is_asked_nothing_about_them(shop):
    shop.text("id,customer,date\n1,a,2024-01-05\n")

    assert shop.questions() == {}


def test_a_header_that_names_taxes_is_still_an_amount(shop):
    shop.text(HEADER.format("Gesamtbetrag inkl. MwSt. zzgl. Versand") + ROWS, currency="EUR")

    assert shop.rows(SUMS) == [("1", 1_190), ("2", 11_900)]
    assert shop.questions() == {}
    assert shop.remarks() == [
        "The amounts hold taxes and no postage. The header “Gesamtbetrag inkl. MwSt. zzgl. Versand” "
        "says so."
    ]


@pytest.mark.parametrize("names", ["Netto;Brutto", "Summe brutto;Summe netto"])
def test_of_net_and_gross_amounts_the_gross_one_counts_and_the_other_is_offered(shop, names):
    net_first = names.startswith("Netto")
    cells = [("10,00", "11,90"), ("100,00", "119,00")]
    rows = "".join(
        f"{n};a;0{n}.01.2024;{';'.join(pair if net_first else pair[::-1])}\n"
        for n, pair in enumerate(cells, start=1)
    )
    shop.text(HEADER.format(names) + rows, currency="EUR", postage="inside")

    gross = names.split(";")[1 if net_first else 0]
    net = names.split(";")[0 if net_first else 1]
    assert shop.rows(SUMS) == [("1", 1_190), ("2", 11_900)]
    (question,) = shop.reading.questions
    assert question.option == "columns.amount"
    assert [one.value for one in question.choices] == [gross, net]
    assert question.assumed == gross
    assert shop.remarks() == [
        f"The amounts hold taxes and postage. The header “{gross}” tells the taxes."
    ]

    answered = shop.reading.mapping.answered("columns.amount", net)
    shop.text(HEADER.format(names) + rows, columns=answered.columns, currency="EUR")

    assert shop.rows(SUMS) == [("1", 1_000), ("2", 10_000)]
    assert set(shop.questions()) == {"postage"}


# Five orders over 10, 20 … 50 with 19 % of goods and postage (4.00), which the total adds up or not.
def orders(total):
    lines = []
    for n in range(1, 6):
        goods, postage = 10 * n, 4
        taxes = round(0.19 * (goods + postage), 2)
        lines.append(
            f"{n},k{n},2024-01-0{n},{goods},{taxes},{postage},{total(goods, taxes, postage)}"
        )
    return "order_id,customer_id,date,subtotal,tax,shipping,total\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("total", "taxes", "postage", "reason"),
    [
        (
            lambda goods, taxes, postage: round(goods + taxes + postage, 2),
            "inside",
            "inside",
            "The amount is the sum of the lines, the taxes and the postage.",
        ),
        (
            lambda goods, taxes, _: round(goods + taxes, 2),
            "inside",
            "outside",
            "The amount is the sum of the lines and the taxes.",
        ),
        (
            lambda goods, taxes, _: round(goods - taxes, 2),
            "outside",
            "outside",
            "The amount is the sum of the lines less the taxes.",
        ),
        (
            lambda goods, _, postage: goods + postage,
            None,
            "inside",
            "The amount is the sum of the lines and the postage.",
        ),
        (lambda goods, *_: goods, None, "outside", "The amount is the sum of the lines."),
        (lambda goods, *_: goods + 1.23, None, None, None),
    ],
    ids=["all", "taxes", "less taxes", "postage", "lines", "none"],
)
def test_the_sums_of_a_file_tell_what_its_amounts_hold(shop, total, taxes, postage, reason):
    shop.text(orders(total), currency="EUR")

    mapping = shop.reading.mapping
    assert (mapping.taxes, mapping.postage) == (taxes, postage)
    assert len(shop.questions()) == (taxes is None) + (postage is None)
    assert [text for text in shop.remarks() if reason and text.endswith(reason)] == (
        shop.remarks() if reason else []
    )


def test_two_orders_are_too_few_to_conclude_from(shop):
    whole = orders(lambda goods, taxes, postage: round(goods + taxes + postage, 2))
    shop.text("\n".join(whole.splitlines()[:3]) + "\n", currency="EUR")

    assert set(shop.questions()) == {"taxes", "postage"}


def test_the_sum_of_the_lines_tells_it_where_there_is_no_subtotal(shop):
    rows = "".join(
        f"{n},k{n},2024-01-0{n},x,2,{5 * n},{1.9 * n:.2f},{11.9 * n:.2f}\n" for n in range(1, 6)
    )
    shop.text(
        "order_id,customer_id,date,sku,quantity,unit price,tax,line total\n" + rows, currency="EUR"
    )

    assert shop.reading.mapping.taxes == "inside"
    assert shop.remarks()[0].endswith("The amount is the sum of the lines and the taxes.")


def test_a_column_that_holds_no_numbers_is_no_postage(shop):
    shop.text("order_id,customer_id,date,amount,Versand\n1,a,2024-01-05,3,DHL\n", currency="EUR")

    assert "postage" not in {guess.meaning for guess in shop.reading.files[0].guesses}


def test_incl_and_excl_behind_an_amount_speak_of_its_taxes(shop):
    rows = "".join(f"{n},k{n},2024-01-0{n},{10 * n}.00,{11.9 * n:.2f}\n" for n in range(1, 6))
    shop.text("order_id,customer_id,date,Total_Excl,Total_Incl\n" + rows, currency="EUR")

    assert "columns.amount" in shop.questions()
    assert "taxes" not in shop.questions()
    assert shop.row("SELECT sum(amount_minor) FROM orders") == (17_850,)
