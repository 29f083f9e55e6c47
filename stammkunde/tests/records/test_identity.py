from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing import imported, numbers, rows, undone  # type: ignore[import-not-found]
from kohorte import History
from stammkunde.core.audit.services import COMMAND
from stammkunde.core.errors import NotFound, Refused
from stammkunde.features.imports import admitting
from stammkunde.flows import customers_merged
from stammkunde.records.customers import queries, rules
from stammkunde.records.customers.models import Customer, Key, Merge
from stammkunde.records.customers.rules import Seen
from stammkunde.records.orders.models import Order
from stores_and_cast import Cast  # type: ignore[import-not-found]


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"


def order(number: str, customer: str, email: str, *, name: str = "", amount: str = "10,00") -> str:
    return f"{number};05.01.2026 10:00;{customer};{email};{name};{amount};bezahlt;Brie;1"


def owners() -> dict[str, int | None]:
    return dict(Order.objects.order_by("external_id").values_list("external_id", "customer_id"))


@pytest.mark.django_db
class TestAcrossImports:
    def test_a_guest_is_the_account_with_the_same_address(self, cast: Cast) -> None:
        imported(cast.cheese, rows(order("A1", "", "Anna@Example.com", name="Anna")))
        guest = Customer.objects.get()
        import_ = imported(cast.cheese, rows(order("A2", "17", "anna@example.com")))

        found = owners()
        assert found["A1"] == found["A2"] == guest.pk
        assert (import_.counts["merged"], Customer.objects.count()) == (0, 1)
        guest.refresh_from_db()
        assert (guest.number, guest.orders, guest.name) == ("17", 2, "Anna")

    def test_two_numbers_with_one_address_become_one_customer_which_is_recorded(
        self, cast: Cast
    ) -> None:
        imported(cast.cheese, rows(order("A1", "17", ""), order("A2", "18", "b@example.com")))
        assert numbers(cast.cheese)["customers"] == 2.0
        import_ = imported(cast.cheese, rows(order("A3", "17", "b@example.com")))

        found = owners()
        assert found["A1"] == found["A2"] == found["A3"]
        merge = Merge.objects.get()
        assert (merge.rule, merge.confidence, merge.import_id) == ("same_address", 95, import_.pk)
        assert numbers(cast.cheese) == {"customers": 1.0, "orders": 3.0, "revenue": 30.0}
        kept = Customer.objects.get(pk=merge.kept_id)
        gone = Customer.objects.get(pk=merge.gone_id)
        assert (kept.orders, gone.orders, gone.merged_into_id) == (3, 0, kept.pk)

    def test_undoing_the_import_parts_them_again(self, cast: Cast) -> None:
        imported(cast.cheese, rows(order("A1", "17", ""), order("A2", "18", "b@example.com")))
        before = owners()
        undone(imported(cast.cheese, rows(order("A3", "17", "b@example.com"))))

        assert owners() == before
        assert numbers(cast.cheese)["customers"] == 2.0
        assert not Merge.objects.filter(undone_at=None).exists()
        assert [c.orders for c in Customer.objects.order_by("id")] == [1, 1]

    def test_an_address_of_too_many_joins_nobody_and_parts_those_it_had_joined(
        self, cast: Cast
    ) -> None:
        imported(
            cast.cheese, rows(order("A1", "1", "f@example.com"), order("A2", "2", "f@example.com"))
        )
        assert len(set(owners().values())) == 1
        imported(cast.cheese, rows(*(order(f"B{n}", str(n), "f@example.com") for n in range(3, 8))))

        assert len(set(owners().values())) == 7
        assert numbers(cast.cheese)["customers"] == 7.0

    def test_the_address_of_an_office_joins_nobody(self, cast: Cast) -> None:
        imported(
            cast.cheese,
            rows(
                order("A1", "1", "info@example.com"),
                order("A2", "2", "info@example.com"),
                order("A3", "", "info@example.com"),
            ),
        )
        assert len(set(owners().values())) == 3

    def test_what_nobody_can_be_known_by_is_nobody(self, cast: Cast) -> None:
        imported(cast.cheese, rows(order("A1", "", "noreply@example.com"), order("A2", "", "")))
        assert set(owners().values()) == {None}
        assert not Key.objects.exists()

    def test_numbers_count_within_their_channel_and_addresses_everywhere(self, cast: Cast) -> None:
        imported(cast.cheese, rows(order("A1", "17", "a@example.com")))
        imported(cast.cheese, rows(order("M1", "17", "m@example.com")), source="market")
        imported(cast.cheese, rows(order("M2", "99", "a@example.com")), source="market")

        found = owners()
        assert found["A1"] == found["M2"] != found["M1"]

    def test_shops_never_share_a_person(self, cast: Cast) -> None:
        imported(cast.cheese, rows(order("A1", "17", "a@example.com")))
        imported(cast.tea, rows(order("A2", "17", "a@example.com")))
        assert len(set(owners().values())) == 2

    def test_the_store_counts_as_many_customers_as_the_files_themselves(
        self, cast: Cast, tmp_path: Path
    ) -> None:
        text = rows(
            order("1", "1", "a@example.com"), order("2", "2", "a@example.com"),
            order("3", "", "A@Example.com"), order("4", "3", "info@example.com"),
            order("5", "", "info@example.com"), order("6", "", "g@example.com"),
            order("7", "4", "g@example.com"), order("8", "4", "h@example.com"),
            order("9", "5", "h@example.com"), order("10", "", "nobody@noreply.de"),
        )  # fmt: skip
        (tmp_path / "a.csv").write_text(text, encoding="cp1252", newline="")
        with History.from_files(tmp_path / "a.csv") as found:
            alone = found.metric("customers", grain="all", segment="all")[0].value

        imported(cast.cheese, text)

        assert numbers(cast.cheese)["customers"] == alone == 4.0

    def test_people_admitted_key_by_key_are_those_admitted_at_once(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        files = (
            rows(order("1", "1", "a@example.com", name="Anna"), order("2", "", "b@example.com"),
                 order("3", "4", "info@example.com"), order("4", "5", "")),
            # What stands in no row together here is tied in the store, and names come with either.
            rows(order("5", "1", "", name="Bert"), order("6", "", "a@example.com", name="Cleo"),
                 order("7", "2", "a@example.com", name="Dora"), order("8", "6", "c@example.com"),
                 order("9", "6", "b@example.com", name="Emil"), order("10", "", "info@example.com"),
                 order("11", "", "d@example.com", name="Finn")),
        )  # fmt: skip
        people = []
        for shop, at_once in ((cast.cheese, admitting.AT_ONCE), (cast.tea, 1)):
            monkeypatch.setattr(admitting, "AT_ONCE", at_once)
            for file in files:
                imported(shop, file)
            keys = Key.objects.filter(shop=shop).order_by("customer_id", "kind", "value")
            people.append(
                [
                    (key.kind, key.value, owner and (owner.number, owner.email, owner.name))
                    for key in keys.select_related("customer")
                    for owner in [key.customer]
                ]
            )
        assert sorted(people[0], key=repr) == sorted(people[1], key=repr)
        assert len({person for _kind, _value, person in people[0]}) >= 6


@pytest.mark.django_db
class TestByHand:
    @pytest.fixture
    def two(self, cast: Cast) -> tuple[Customer, Customer]:
        imported(
            cast.cheese,
            rows(
                order("A1", "17", "a@example.com", name="Anna Ahorn"),
                order("A2", "18", "b@example.com", name="A. Ahorn"),
                order("A3", "18", "b@example.com", name="A. Ahorn"),
            ),
        )
        return Customer.objects.get(number="17"), Customer.objects.get(number="18")

    def test_undoing_brings_back_exactly_the_orders_that_came_with_the_keys(
        self, cast: Cast, two: tuple[Customer, Customer]
    ) -> None:
        one, other = two
        before = owners()
        merge = customers_merged.merge(cast.cheese, kept_id=one.pk, gone_id=other.pk, actor=COMMAND)
        assert set(owners().values()) == {one.pk}
        assert queries.one(cast.cheese, other.pk) == one
        imported(cast.cheese, rows(order("A4", "18", ""), order("A5", "17", "")))

        customers_merged.part(cast.cheese, merge.pk, actor=COMMAND)

        assert owners() == before | {"A4": other.pk, "A5": one.pk}
        one.refresh_from_db()
        other.refresh_from_db()
        assert (one.orders, other.orders, other.merged_into_id) == (2, 3, None)

    def test_who_was_parted_stays_apart_whatever_comes(
        self, cast: Cast, two: tuple[Customer, Customer]
    ) -> None:
        one, other = two
        merge = customers_merged.merge(cast.cheese, kept_id=one.pk, gone_id=other.pk, actor=COMMAND)
        customers_merged.part(cast.cheese, merge.pk, actor=COMMAND)
        imported(cast.cheese, rows(order("A9", "18", "a@example.com")))

        assert owners()["A9"] == other.pk
        assert owners()["A1"] == one.pk

    def test_it_is_undone_once(self, cast: Cast, two: tuple[Customer, Customer]) -> None:
        one, other = two
        merge = customers_merged.merge(cast.cheese, kept_id=one.pk, gone_id=other.pk, actor=COMMAND)
        customers_merged.part(cast.cheese, merge.pk, actor=COMMAND)
        with pytest.raises(Refused) as refused:
            customers_merged.part(cast.cheese, merge.pk, actor=COMMAND)
        assert refused.value.name == "merge.is_undone"

    def test_another_shop_can_neither_merge_nor_part(
        self, cast: Cast, two: tuple[Customer, Customer]
    ) -> None:
        one, other = two
        with pytest.raises(NotFound):
            customers_merged.merge(cast.tea, kept_id=one.pk, gone_id=other.pk, actor=COMMAND)
        merge = customers_merged.merge(cast.cheese, kept_id=one.pk, gone_id=other.pk, actor=COMMAND)
        with pytest.raises(NotFound):
            customers_merged.part(cast.tea, merge.pk, actor=COMMAND)
        assert not Merge.objects.filter(undone_at__isnull=False).exists()


@pytest.mark.django_db
def test_who_may_be_one_person_is_listed_and_never_joined(cast: Cast) -> None:
    head = "Bestellnummer;Datum;Kundennummer;E-Mail;Name;Betrag;Telefon"
    line = "{};05.01.2026;{};{};{};10,00;{}".format
    imported(
        cast.cheese,
        rows(
            line("1", "1", "an.na@gmail.com", "Anna Ahorn", ""),
            line("2", "2", "anna+x@googlemail.com", "Otto", ""),
            line("3", "3", "b@example.com", "Ben Birke", "+49 171 2345678"),
            line("4", "4", "c@example.com", "B. Birke", "0049 171/2345678"),
            line("5", "5", "d@example.com", "Dora Distel", "+49 171 2345678"),
            head=head,
        ),
    )

    pairs = queries.perhaps_same(cast.cheese)

    names = dict(Customer.objects.values_list("id", "number"))
    assert [(names[p.one_id], names[p.other_id], p.confidence) for p in pairs] == [
        ("3", "4", 80),
        ("1", "2", 60),
    ]
    assert Customer.objects.filter(merged_into=None).count() == 5
    assert queries.perhaps_same(cast.tea) == []


KEYS = st.lists(st.sampled_from(["number", "email"]), min_size=2, max_size=9)


@given(KEYS, st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12), st.randoms())
def test_groups_do_not_depend_on_the_order_of_what_was_seen(
    kinds: list[str], pairs: list[tuple[int, int]], chance: Any
) -> None:
    keys = {n: Seen(kind, False, None) for n, kind in enumerate(kinds)}
    ties = [(a, b, "same_row", False) for a, b in pairs if a < b < len(kinds)]
    shuffled = list(ties)
    chance.shuffle(shuffled)

    found = rules.groups(keys, ties)

    assert found == rules.groups(keys, shuffled)
    assert sorted(key for group in found for key in group) == sorted(keys)
