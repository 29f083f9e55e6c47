"""A model that answers for every shop: the one that was asked for, a simpler one, or other shops' word."""

from __future__ import annotations

from dataclasses import dataclass

from kohorte.errors import TooLittleError, UnknownNameError
from kohorte.language import Sentence
from kohorte.models import priors
from kohorte.models.bg_nbd import BgNbd
from kohorte.models.buyers import Buyers
from kohorte.models.leaving import NOBODY_LEAVES
from kohorte.models.mbg_cnbd_k import MbgCnbdK
from kohorte.models.mbg_nbd import MbgNbd
from kohorte.models.model import PurchaseModel
from kohorte.models.nbd import Nbd
from kohorte.models.pareto_nbd import ParetoNbd

# In the order in which the simpler one is preferred where they do equally well.
KINDS: dict[str, type[PurchaseModel]] = {
    kind.slug: kind for kind in (MbgNbd, BgNbd, ParetoNbd, MbgCnbdK, Nbd)
}
# With fewer customers who came back, chance decides what the parameters are.
FEW = 50


@dataclass(frozen=True)
class Fit:
    """A fitted model, and why it is not the one that was asked for.

    Attributes
    ----------
    model
        What to ask.
    notes
        In words what is different, if anything: a boundary, a simpler model, a prior.
    reason
        The same by name: a boundary's, `few_repeaters`, `no_repeaters`, `no_time`; None if all is well.
    own_percent
        How much of the model comes from this shop; less than 100 with a prior.
    """

    model: PurchaseModel
    notes: tuple[Sentence, ...] = ()
    reason: str | None = None
    own_percent: float = 100.0


def kind(slug: str) -> type[PurchaseModel]:
    """Return a model by its name.

    Raises
    ------
    UnknownNameError
        There is no such model.
    """
    if slug not in KINDS:
        raise UnknownNameError(
            "There is no model “{name}”. There are: {names}.", name=slug, names=", ".join(KINDS)
        )
    return KINDS[slug]


def fit(buyers: Buyers, asked: type[PurchaseModel] = MbgNbd) -> Fit:
    """Fit a model, or say by name why not and fit what the customers allow.

    Where nobody leaves it is NBD; where too few came back to tell, or a parameter runs away, other
    shops are asked as well (`priors.pooled`).

    Raises
    ------
    TooLittleError
        There are no customers at all.

    Examples
    --------
    >>> found = fit(Buyers(x=[0, 0, 1], t_x=[0, 0, 20], T=[60, 90, 50]))
    >>> found.reason, found.own_percent < 50
    ('few_repeaters', True)
    """
    if not buyers.customers:
        raise TooLittleError("There are no customers to learn from.", reason="nobody")
    if buyers.repeaters < FEW or not (buyers.T > 0).any():
        return _with_other_shops(buyers, asked, *_why_few(buyers))
    model = asked().fit(buyers)
    found = model.boundary_
    if found is None:
        return Fit(model)
    if found is NOBODY_LEAVES and asked is not Nbd:
        return Fit(Nbd().fit(buyers), (found.sentence, _SIMPLER), found.slug)
    return _with_other_shops(buyers, asked, found.slug, found.sentence)


def _why_few(buyers: Buyers) -> tuple[str, Sentence]:
    if not (buyers.T > 0).any():
        return "no_time", Sentence(
            "All first purchases are of the last day of the data; nobody has been watched yet."
        )
    n = round(buyers.customers)
    if not buyers.repeaters:
        return "no_repeaters", Sentence(
            "Of {n} {n:customer|customers} nobody has come back on another day yet.", {"n": n}
        )
    return "few_repeaters", Sentence(
        "Only {back} of {n} {n:customer|customers} came back on another day; fewer than {few} do not "
        "say enough.",
        {"back": round(buyers.repeaters), "n": n, "few": FEW},
    )


def _with_other_shops(
    buyers: Buyers, asked: type[PurchaseModel], reason: str, why: Sentence
) -> Fit:
    kind = MbgNbd if asked is MbgCnbdK else asked
    model = kind().fit(buyers, prior=priors.pooled(kind, unit=buyers.unit))
    own = priors.own_percent(model)
    helped = Sentence(
        "So the forecast rests on other shops as well: {percent} % of it is your data.",
        {"percent": round(own)},
    )
    return Fit(model, (why, helped), reason, own)


_SIMPLER = Sentence("So the simpler model is used in which nobody leaves (NBD).")
