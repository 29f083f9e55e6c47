"""What lifetimes and pymc-marketing say of customers and shops that no paper printed, ours says too."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import peers_oracle as peers
import pytest

from kohorte.models.bg_nbd import BgNbd
from kohorte.models.buyers import Buyers
from kohorte.models.gamma_gamma import GammaGamma
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.model import PurchaseModel
from kohorte.models.pareto_nbd import ParetoNbd
from kohorte.models.shifted_beta_geometric import ShiftedBetaGeometric

SAID: dict[str, Any] = json.loads(
    Path(__file__).with_name("peers.json").read_text(encoding="utf-8")
)
KINDS = (BgNbd, MbgNbd, ParetoNbd)


def customers(count: int) -> Buyers:
    found = peers.shop(count)
    return Buyers(found["x"], found["t_x"], found["t"], monetary=found["monetary"])


@pytest.mark.parametrize("kind", KINDS)
def test_each_customer_is_foretold_what_lifetimes_foretells(kind: type[PurchaseModel]) -> None:
    few = customers(peers.FEW)
    for values, said in zip(peers.PURCHASES[kind.slug], SAID["lifetimes"][kind.slug], strict=True):
        model = kind.of(**dict(zip(peers.NAMES[kind.slug], values, strict=True)))
        for place, days in enumerate(peers.AHEAD):
            ahead = dt.timedelta(days=days)
            found = model.predict(few, ahead)
            assert found["purchases"] == pytest.approx(said["purchases"][place], rel=1e-9)
            assert found["alive"] == pytest.approx(said["alive"], rel=1e-9)
            assert model.new_customer(ahead) == pytest.approx(said["new"][place], rel=1e-9)


def test_spending_is_what_lifetimes_foretells() -> None:
    model = GammaGamma.of(**dict(zip("pqv", peers.SPENDING, strict=True)))
    found = model.predict(customers(peers.FEW))["spend"]
    assert found == pytest.approx(SAID["lifetimes"]["spend"], rel=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_a_shop_has_the_parameters_that_pymc_marketing_finds(kind: type[PurchaseModel]) -> None:
    many, said = customers(400), SAID["pymc_marketing"][kind.slug]
    model = kind().fit(many)
    # Its search stops a little before the top, where the likelihood is flat.
    assert model.parameters_ == pytest.approx(said["parameters"], rel=5e-4)
    found = model.predict(many.of(slice(0, peers.FEW)), dt.timedelta(days=90))["purchases"]
    assert found == pytest.approx(np.array(said["purchases_90"]), rel=5e-4)


def test_contracts_are_foretold_by_period() -> None:
    model = ShiftedBetaGeometric.of(alpha=0.668, beta=3.806)
    found = model.predict(3)
    assert found["survival"] == pytest.approx([model.survival(k) for k in (1, 2, 3)])
    assert found["retention"] == pytest.approx([model.retention(k) for k in (1, 2, 3)])
