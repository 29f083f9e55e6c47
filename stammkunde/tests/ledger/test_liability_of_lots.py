"""What is owed for open points: against published figures, a lot-by-lot oracle, and programs made up."""

from __future__ import annotations

import math
import random
from decimal import Decimal

import pytest

from stammkunde.ledger.liability.back_test import back_test
from stammkunde.ledger.liability.chain_ladder import chain_ladder
from stammkunde.ledger.liability.hazards import life_table
from stammkunde.ledger.liability.lots import Cohort, Exposure, LotTable, Movement
from stammkunde.ledger.liability.outlook import outlook
from stammkunde.ledger.liability.second import second_opinion

# Taylor and Ashe (1983), as in Mack (1993), table 1: increments of ten years.
TAYLOR_ASHE = (
    (357848, 766940, 610542, 482940, 527326, 574398, 146342, 139950, 227229, 67948),
    (352118, 884021, 933894, 1183289, 445745, 320996, 527804, 266172, 425046),
    (290507, 1001799, 926219, 1016654, 750816, 146923, 495992, 280405),
    (310608, 1108250, 776189, 1562400, 272482, 352053, 206286),
    (443160, 693190, 991983, 769488, 504851, 470639),
    (396132, 937085, 847498, 805037, 705960),
    (440832, 847631, 1131398, 1063269),
    (359480, 1061648, 1443370),
    (376686, 986608),
    (344014,),
)


def cumulative(rows: tuple[tuple[int, ...], ...]) -> list[list[float]]:
    return [[float(sum(row[: at + 1])) for at in range(len(row))] for row in rows]


def test_chain_ladder_gives_macks_published_reserves_and_standard_errors() -> None:
    found = chain_ladder(cumulative(TAYLOR_ASHE))

    assert [round(factor, 4) for factor in found.factors] == [
        3.4906, 1.7473, 1.4574, 1.1739, 1.1038, 1.0863, 1.0539, 1.0766, 1.0177,
    ]  # fmt: skip
    assert [round(reserve) for reserve in found.reserves] == [
        0, 94_634, 469_511, 709_638, 984_889, 1_419_459, 2_177_641, 3_920_301, 4_278_972, 4_625_811,
    ]  # fmt: skip
    assert [round(error) for error in found.errors] == [
        0, 75_535, 121_699, 133_549, 261_406, 411_010, 558_317, 875_328, 971_258, 1_363_155,
    ]  # fmt: skip
    assert (round(found.reserve), round(found.error)) == (18_680_856, 2_447_095)


@pytest.mark.parametrize("triangle", [[], [[1.0]], [[1.0, 2.0], [1.0, 2.0]], [[0.0, 2.0], [1.0]]])
def test_chain_ladder_refuses_what_is_no_triangle_or_cannot_grow(
    triangle: list[list[float]],
) -> None:
    with pytest.raises(ValueError, match=r"triangle|cohort"):
        chain_ladder(triangle)


def test_survival_of_units_is_kaplan_and_meiers_where_one_door_is_asked() -> None:
    """Remission under 6-MP (Freireich and others 1963, as in Cox 1972): weeks, and whether censored."""
    events = {6: 3, 7: 1, 10: 1, 13: 1, 16: 1, 22: 1, 23: 1}
    censored = {6: 1, 9: 1, 10: 1, 11: 1, 17: 1, 19: 1, 20: 1, 25: 1, 32: 2, 34: 1, 35: 1}
    at_risk, rows = 21, []
    for week in range(36):
        rows.append(Exposure(0, week, at_risk, events.get(week, 0), 0, 0))
        at_risk -= events.get(week, 0) + censored.get(week, 0)

    found = {row.age: round(row.survival, 3) for row in life_table(rows).ages}
    errors = {row.age: round(row.survival_error, 4) for row in life_table(rows).ages}

    assert [found[week] for week in (6, 7, 10, 13, 16, 22, 23)] == [
        0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448,
    ]  # fmt: skip
    assert [errors[week] for week in (6, 7, 10, 13)] == [0.0764, 0.0869, 0.0963, 0.1068]


def program(
    seed: int, *, months: int = 36, customers: int = 150, life: int | None = 24
) -> LotTable:
    """Customers who collect, and now and then spend all they have; some months are better than others."""
    chance = random.Random(seed)  # noqa: S311 – a sample, not a secret
    moods = [max(0.2, chance.gauss(1, 0.1)) for _ in range(months)]
    found: list[Movement] = []
    for _ in range(customers):
        rate, held = chance.uniform(0.02, 0.2), list[tuple[Cohort, int]]()
        for month in range(chance.randrange(months // 2), months):
            for cohort, amount in held:
                if cohort.expires == month:
                    found.append(Movement(cohort, month, "expired", amount))
            held = [each for each in held if each[0].expires != month]
            if chance.random() < 0.3:
                cohort = Cohort(month, month + life if life else None)
                held.append((cohort, chance.randrange(20, 300)))
                found.append(Movement(cohort, month, "issued", held[-1][1]))
            if chance.random() < rate * moods[month]:
                found += [Movement(cohort, month, "redeemed", amount) for cohort, amount in held]
                held = []
    return LotTable.of(found)


def test_shares_of_all_doors_and_what_is_open_are_a_whole() -> None:
    for row in life_table(program(3).exposures(35)).ages:
        removed = 1 - row.ever_redeemed - row.ever_expired - row.survival
        assert removed == pytest.approx(0, abs=1e-9)


def test_every_open_unit_has_a_fate_as_if_each_lot_were_walked_alone() -> None:
    lots = program(5)
    found = outlook(lots, 30)

    assert sum(fate.open for fate in found.fates) == sum(lots.open_at(30).values()) == found.open
    for fate in found.fates:
        left, redeemed = float(fate.open), 0.0
        for month in range(31, (fate.cohort.expires or 0) + 1):
            use, away = found.table.hazards(month - fate.cohort.earned)
            redeemed += left * use
            left -= left * (use + away)
        assert fate.redeemed == pytest.approx(redeemed)
        assert fate.redeemed + fate.expired + fate.removed == pytest.approx(fate.open)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < found.expected < found.high < found.open


def test_units_without_an_end_that_are_never_redeemed_count_as_owed() -> None:
    lots = LotTable.of(Movement(Cohort(at), at, "issued", 100) for at in range(12))

    found = outlook(lots, 11)

    assert (found.open, found.expected, found.fates[0].expired) == (1200, 1200.0, 0.0)


def test_nothing_after_the_month_is_used() -> None:
    movements = [Movement(Cohort(at), at, "issued", 100) for at in range(20)]
    early = outlook(LotTable.of(movements), 9)
    later = [Movement(Cohort(at), at + 2, "redeemed", 90) for at in range(8, 18)]

    assert outlook(LotTable.of(movements + later), 9) == early


def test_the_value_follows_from_each_lots_own_unit_value() -> None:
    cheap, dear, unsaid = (Cohort(0, 2, value) for value in (Decimal(1), Decimal("2.5"), None))
    seen = [Movement(each, 0, "issued", 100) for each in (cheap, dear, unsaid)]
    seen += [
        Movement(Cohort(-2, 0), -2, "issued", 100),
        Movement(Cohort(-2, 0), -1, "redeemed", 50),
    ]

    values = {fate.cohort.unit_value: fate.value for fate in outlook(LotTable.of(seen), 0).fates}

    assert values == {Decimal(1): Decimal(50), Decimal("2.5"): Decimal(125), None: None}


def test_the_range_of_eighty_percent_holds_about_as_often_as_it_says() -> None:
    trials = [trial for seed in range(12) for trial in back_test(program(seed), 35).trials]

    share = sum(trial.inside for trial in trials) / len(trials)

    assert len(trials) == 12 * 12
    assert 0.7 < share < 0.93
    assert math.isclose(
        sum(trial.expected for trial in trials), sum(trial.actual for trial in trials), rel_tol=0.1
    )


def test_chain_ladder_and_hazards_agree_where_nothing_lapses() -> None:
    """Every month the same: a tenth of what is earned goes at each of the next five ages."""
    seen = [Movement(Cohort(at), at, "issued", 1000) for at in range(12)]
    seen += [
        Movement(Cohort(at), at + age, "redeemed", 100)
        for at in range(12)
        for age in range(1, 6)
        if at + age < 12
    ]
    lots = LotTable.of(seen)

    found = second_opinion(lots, 11)

    assert found is not None
    # The five youngest months have 5 + 4 + 3 + 2 + 1 tenths to come; the very youngest has no sum yet.
    assert found.reserve == pytest.approx(1000)
    assert outlook(lots, 11, months=11).expected == pytest.approx(1500)
    assert second_opinion(LotTable.of(seen[:1]), 5) is None


def test_a_lot_cannot_move_before_it_was_earned() -> None:
    with pytest.raises(ValueError, match="before the month"):
        LotTable.of([Movement(Cohort(5), 4, "redeemed", 1)])
