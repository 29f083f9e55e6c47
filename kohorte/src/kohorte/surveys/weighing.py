"""Whose answers speak louder: by who was silent, by the sizes of groups, or as the survey itself says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kohorte import intervals
from kohorte.errors import SettingError, TooLittleError
from kohorte.intervals import Estimate
from kohorte.language import Sentence
from kohorte.models.arrays import Array, Truth
from kohorte.surveys import items, silence, strata
from kohorte.surveys.answers import Answers
from kohorte.surveys.purchases import Purchases
from kohorte.surveys.results import RFM, Terms, Way
from kohorte.surveys.silence import Silence


def rate(answers: Answers, confidence_percent: float) -> tuple[Estimate | None, int | None]:
    """Return how many of those asked answered, in percent by Wilson, and how many were asked.

    Both are None where nobody knows how many were asked.

    Raises
    ------
    SettingError
        More answered than were asked.
    """
    asked = len(answers.first.scores) if answers.everybody else answers.invitations
    if asked is None:
        return None, None
    if asked < answers.first.n:
        raise SettingError(
            "More answered ({n}) than were asked ({asked}).", n=answers.first.n, asked=asked
        )
    z = intervals.quantile(confidence_percent)
    return intervals.share(answers.first.n, asked, z=z).times(100), asked


def of(
    answers: Answers, terms: Terms, bought: Purchases | None, silent: dict[str, Sentence]
) -> tuple[Way | None, Silence | None, Array | None]:
    """Return by what the answers are weighed, how that went, and the weight of each row.

    Groups that are named come first, then who did not answer, then the weights that the survey brings. Why
    those who did not answer could not be weighed up is noted in `silent`.

    Raises
    ------
    SettingError
        The sizes of the groups are not known.
    """
    came = answers.first.answered
    if terms.weigh_by is not None:
        is_rfm = terms.weigh_by.casefold() == RFM
        groups: Sequence[str | None]
        if is_rfm:
            if bought is None:
                raise SettingError("Groups by RFM need the orders: name them with --orders.")
            groups, population = bought.groups, bought.population
        else:
            groups = answers.texts[answers.column(terms.weigh_by)]
            population = terms.population
            if not population:
                raise SettingError(
                    "Say how large the groups of “{name}” are, as --population {group}=40.",
                    name=terms.weigh_by,
                    group=next((one for one in groups if one), "NAME"),
                )
        told = came & np.array([group is not None for group in groups])
        found = strata.weigh(
            [str(group) for group, counts in zip(groups, told, strict=True) if counts], population
        )
        return ("rfm" if is_rfm else "groups"), found, _spread_out(found, told)
    if answers.everybody:
        facts, known = _facts(answers, bought)
        told = came & known
        try:
            found = silence.weigh(
                came[known], {name: values[known] for name, values in facts.items()}
            )
        except TooLittleError as error:
            silent["weights"] = error.sentence
        else:
            return "silence", found, _spread_out(found, told)
    return ("file", None, answers.weights) if answers.weights is not None else (None, None, None)


def _spread_out(found: Silence, told: Truth) -> Array:
    """Return the weight of each row; answers of which nothing is known weigh as the mean."""
    weights = np.ones(len(told))
    weights[told] = found.weights
    return weights


def _facts(answers: Answers, bought: Purchases | None) -> tuple[dict[str, Array], Truth]:
    """Return what is known of everybody who was asked, and of whom it is known."""
    silent = ~answers.first.answered
    facts = {
        name: values
        for name, values in answers.numbers.items()
        if np.isfinite(values[silent]).mean() > items.MOSTLY
    }
    facts |= dict(bought.beforehand) if bought is not None else {}
    known = np.ones(len(silent), dtype=bool)
    for values in facts.values():
        known &= np.isfinite(values)
    return facts, known
