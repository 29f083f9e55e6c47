"""Who will not come within a year: against the closed form, and beside what really came."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from kohorte.forecasts import churn, forecast
from kohorte.language import Sentence
from kohorte.models import absence
from kohorte.models.buyers import Buyers
from kohorte.models.horizons import Months
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.nbd import Nbd
from kohorte.models.pareto_nbd import ParetoNbd
from models.test_forecasts import history, orders  # type: ignore[import-not-found]

YEAR = dt.timedelta(days=365)
BUYERS = Buyers([0, 1, 5, 12], [0, 40, 300, 360], [200, 300, 340, 365])


def many_times(buyers: Buyers) -> Buyers:
    return buyers.of(np.tile(np.arange(len(buyers)), 500))


class TestShare:
    def test_while_nobody_leaves_it_is_the_negative_binomial(self) -> None:
        model = Nbd.known(r=0.8, alpha=60.0)
        by_hand = (60 + BUYERS.T) / (60 + BUYERS.T + 365)
        expected = 100 * float(np.mean(by_hand ** (0.8 + BUYERS.x)))
        found = absence.share(model, many_times(BUYERS), YEAR)

        assert found.value == pytest.approx(expected, abs=0.6)
        assert found.low < found.value < found.high

    def test_who_has_left_does_not_come_either(self) -> None:
        model = MbgNbd.known(r=0.5, alpha=40.0, a=0.8, b=3.0)
        comes = 1 - ((40 + BUYERS.T) / (40 + BUYERS.T + 365)) ** (0.5 + BUYERS.x)
        expected = 100 * float(np.mean(1 - model.alive(BUYERS) * comes))

        assert absence.share(model, many_times(BUYERS), YEAR).value == pytest.approx(
            expected, abs=0.6
        )

    def test_who_may_leave_while_waiting_stays_away_more_often_than_by_chance_of_being_there(
        self,
    ) -> None:
        model = ParetoNbd.known(r=0.5, alpha=40.0, s=0.6, beta=60.0)
        gone = 100 * (1 - float(np.mean(model.alive(BUYERS))))
        assert gone < absence.share(model, many_times(BUYERS), YEAR).value < 100

    def test_the_range_of_many_is_narrower_than_of_few(self) -> None:
        model = Nbd.known(r=0.8, alpha=60.0)
        few, many = (
            absence.share(model, BUYERS.of(np.tile(np.arange(4), times)), YEAR)
            for times in (10, 2_000)
        )
        assert few.high - few.low > 3 * (many.high - many.low)


class TestExpectedChurn:
    def test_it_is_about_active_customers_and_stands_beside_what_came(self) -> None:
        with history(orders(customers=400), active_days=180) as opened:
            found = forecast.of(opened, draws=5)
            told = churn.expected(opened, found)
        assert told
        buyers = found.known.buyers
        assert told.customers == int(np.count_nonzero(buyers.T - buyers.t_x < 180))
        assert told.low < told.value < told.high
        assert told.held
        assert told.held.days == found.contest.length.days  # type: ignore[union-attr]
        assert told.held.expected == pytest.approx(told.held.actual, abs=8)

    def test_bg_nbd_is_never_asked(self) -> None:
        with history(orders()) as opened:
            found = forecast.of(opened, model="bg_nbd", draws=5)
            told = churn.expected(opened, found, draws=20)
        assert found.fit.model.slug == "bg_nbd"
        assert told
        assert told.model == "mbg_nbd"

    def test_a_longer_horizon_leaves_fewer_away(self) -> None:
        with history(orders()) as opened:
            found = forecast.of(opened, model="mbg_nbd", draws=5)
            values = [
                told.value
                for months in (3, 12, 36)
                if (told := churn.expected(opened, found, horizon=Months(months)))
            ]
        assert len(values) == 3
        assert values == sorted(values, reverse=True)

    def test_where_numbers_are_withheld_this_one_is_too(self) -> None:
        with history(orders()) as opened:
            found = forecast.of(opened, model="mbg_nbd", draws=5)
            withheld = dataclasses.replace(found, withheld=Sentence("No."))
            assert churn.expected(opened, withheld) is None
