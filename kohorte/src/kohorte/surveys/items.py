"""The questions beside the headline that may go with it: which columns are ratings, and which were named."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kohorte.errors import UnknownNameError
from kohorte.models.arrays import Array
from kohorte.surveys import drivers
from kohorte.surveys.answers import Answers, Asked

MOSTLY = 0.5
_RATING_MAX = 10
_RATINGS = 3


def turned(asked: Asked) -> Array:
    """Return the scores of a question as if high were good.

    >>> from kohorte.surveys.scales import Scale
    >>> turned(Asked("ces", "Effort?", Scale(1, 7, "low"), np.array([2.0, 7.0]))).tolist()
    [6.0, 1.0]
    """
    scale = asked.scale
    return asked.scores if scale.good == "high" else scale.lowest + scale.highest - asked.scores


def of(answers: Answers, named: Sequence[str] = ()) -> dict[str, Array]:
    """Return the columns that the headline is explained by.

    Without names these are the other questions and all columns of whole numbers up to 10 that most of those who
    answered filled, and nobody who did not; the best filled ones, if there are too many.

    Raises
    ------
    UnknownNameError
        A named column is no column of numbers.
    """
    first = answers.first
    every = {one.text: turned(one) for one in answers.asked[1:]} | dict(answers.numbers)
    if named:
        by_name = {name.casefold(): name for name in every}
        for name in named:
            if name.casefold() not in by_name:
                raise UnknownNameError(
                    "“{name}” is no column of numbers. There are: {names}.",
                    name=name,
                    names=", ".join(every) or "–",
                )
        return {by_name[name.casefold()]: every[by_name[name.casefold()]] for name in named}
    asked = {one.text for one in answers.asked}
    found = {
        name: values
        for name, values in every.items()
        if (name in asked or _is_rating(values, answers))
        and np.isfinite(values[first.answered]).mean() > MOSTLY
    }
    filled = sorted(found, key=lambda name: -int(np.isfinite(found[name]).sum()))
    return {name: found[name] for name in filled[: drivers.MOST]}


def _is_rating(values: Array, answers: Answers) -> bool:
    told = values[np.isfinite(values)]
    is_silent = answers.everybody and bool(np.isfinite(values[~answers.first.answered]).any())
    return (
        not is_silent
        and len(told) > 0
        and float(told.min()) >= 0
        and float(told.max()) <= _RATING_MAX
        and bool((told == np.floor(told)).all())
        and len(np.unique(told)) >= _RATINGS
    )
