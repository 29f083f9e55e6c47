"""Who gets what, in Python and SQL alike, and the sums of a trial by SQL."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from trials import buyers  # type: ignore[import-not-found]

from kohorte.errors import SettingError
from kohorte.experiments import counting, sample_ratio, trial
from kohorte.experiments.arms import Arm
from kohorte.experiments.assigning import Allocation, Nested, place, place_sql, universal
from kohorte.experiments.measures import Measure
from kohorte.models.arrays import Array

ONE = duckdb.connect()


@settings(max_examples=60, deadline=None)
@given(salt=st.text(max_size=8), who=st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_sql_and_python_give_the_same_place(salt: str, who: str) -> None:
    salt = salt.encode("utf-8", "ignore").decode().replace("\0", "")
    (found,) = ONE.execute(f"SELECT {place_sql(salt, '$who')}", {"who": who}).fetchall()
    assert found == (place(salt, who),)


def test_sql_and_python_give_the_same_arm() -> None:
    trial = Allocation("it's spring", (("control", 10), ("mail", 50), ("nobody's", 20)))
    rows = ONE.execute(
        f"SELECT CAST(range AS VARCHAR) AS who, {trial.sql('CAST(range AS VARCHAR)')} FROM range(2000)"
    ).fetchall()
    assert [arm for _who, arm in rows] == [trial.arm(who) for who, _arm in rows]
    assert {arm for _who, arm in rows} == {"control", "mail", "nobody's", None}


def test_shares_come_out_and_another_salt_mixes_anew() -> None:
    one, other = (Allocation(salt, (("control", 20), ("mail", 80))) for salt in ("a", "b"))
    who = [str(number) for number in range(20_000)]
    for drawn in (one, other):
        held = sum(drawn.arm(each) == "control" for each in who)
        assert not sample_ratio.check(
            {"control": held, "mail": 20_000 - held}, {"control": 20, "mail": 80}
        ).is_off
    both = sum(one.arm(each) == other.arm(each) == "control" for each in who)
    assert both == pytest.approx(800, abs=90)


def test_a_wider_control_group_keeps_whoever_was_in_it() -> None:
    narrow, wide = (Allocation("x", (("control", s), ("mail", 100 - s))) for s in (10, 20))
    who = [str(number) for number in range(3_000)]
    assert all(wide.arm(each) == "control" for each in who if narrow.arm(each) == "control")


def test_who_is_held_back_from_everything_is_in_no_trial() -> None:
    year = universal(2026, percent=10)
    nested = Nested((year, Allocation("spring", (("control", 50), ("mail", 50)))))
    for number in range(2_000):
        arm = nested.arm(str(number))
        assert (arm == "universal control") == (year.arm(str(number)) is not None)


def test_impossible_shares_are_refused() -> None:
    for shares in ((), (("a", 60), ("b", 50)), (("a", -1),), (("a", 10), ("a", 10))):
        with pytest.raises(SettingError):
            Allocation("x", shares)
    with pytest.raises(SettingError):
        universal(2026, percent=30)


def test_sums_by_sql_are_those_of_the_customers() -> None:
    chance = np.random.default_rng(1)
    connection = duckdb.connect()
    connection.execute("CREATE TABLE seen (arm TEXT, land TEXT, orders DOUBLE, revenue DOUBLE)")
    told: dict[tuple[str, str], dict[str, Array]] = {}
    for arm in ("control", "mail"):
        for land in ("DE", "AT"):
            values = buyers(chance, 90)
            told[land, arm] = {name: values[name] for name in ("orders", "revenue")}
            rows = zip(values["orders"], values["revenue"], strict=True)
            connection.executemany(
                "INSERT INTO seen VALUES (?, ?, ?, ?)", [(arm, land, *row) for row in rows]
            )
    found, cut = counting.arms(
        connection, "seen", arm="arm", values=["orders", "revenue"], group="land"
    )
    assert cut is None
    for (land, arm), values in told.items():
        expected = Arm.of_customers(values)
        assert found[land][arm].means == pytest.approx(expected.means)
        assert found[land][arm].covariances == pytest.approx(expected.covariances)


def test_one_huge_buyer_is_cut_and_it_is_told_where() -> None:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE seen AS SELECT CASE WHEN range % 2 = 0 THEN 'control' ELSE 'mail' END AS arm, "
        "CASE WHEN range = 7 THEN 1e6 WHEN range % 5 = 0 THEN 10.0 END AS spend FROM range(1000)"
    )
    found, cut = counting.arms(
        connection, "seen", arm="arm", values=["spend"], winsorized=["spend"], percent=99
    )
    assert cut is not None
    assert cut.at == {"spend": 10.0}
    assert found[None]["mail"].mean("spend") == pytest.approx((100 * 10 + 10) / 500)


def test_in_groups_large_amounts_are_cut_as_they_are_in_all() -> None:
    connection = duckdb.connect()
    connection.execute(
        "CREATE TABLE seen AS SELECT CASE WHEN range % 2 = 0 THEN 'control' ELSE 'mail' END AS arm, "
        "CASE WHEN range < 500 THEN 'DE' ELSE 'AT' END AS land, "
        "CASE WHEN range = 7 THEN 1e6 WHEN range % 5 = 0 THEN 10.0 + range % 3 END AS spend "
        "FROM range(1000)"
    )
    found = trial.read(
        connection, "seen", [Measure("spend", kind="money")], control="control", by="land",
        winsorize_percent=99,
    )  # fmt: skip
    parts = found.groups["mail"].effects
    assert sum(part.arm.n * part.arm.raw for part in parts.values()) == pytest.approx(
        found.effects[0].arm.n * found.effects[0].arm.raw
    )
