"""Fields that forms about numbers share: a number as people write it, a day, and which metric."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms as fields
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _

from kohorte import metrics
from kohorte.language import Language
from kohorte.report.voice import Voice
from stammkunde.core.shops.models import Shop
from stammkunde.faces.dashboard.insights.metric import CHAPTERS
from stammkunde.faces.dashboard.templatetags.formats import reader

# Days whose midnight exists in every zone.
DAYS = (MinValueValidator(dt.date(1900, 1, 1)), MaxValueValidator(dt.date(2200, 1, 1)))
_UNITS = re.compile(r"[\s%€£$\N{NO-BREAK SPACE}]|[A-Z]{3}")
_Choices = list[tuple[str, Any]]


def number(text: str, language: Language) -> float:
    """Read a number as it is written in a language.

    >>> number("62,5 %", "de"), number("62.5", "de"), number("50.000 €", "de")
    (62.5, 62.5, 50000.0)
    >>> number("50,000", "en"), number("0.875", "en"), number("0,875", "de")
    (50000.0, 0.875, 0.875)

    Raises
    ------
    ValueError
        It is none.
    """
    plain = _UNITS.sub("", text).replace("\N{MINUS SIGN}", "-")
    mark, other = (",", ".") if language == "de" else (".", ",")
    grouped = rf"-?\d{{1,3}}(?:\{other}\d{{3}})+(?:\{mark}\d+)?"
    if re.fullmatch(grouped, plain) or re.fullmatch(rf"-?\d+(?:\{mark}\d+)?", plain):
        return float(plain.replace(other, "").replace(mark, "."))
    if re.fullmatch(rf"-?\d+\{other}\d{{1,2}}", plain):
        return float(plain.replace(other, "."))
    raise ValueError(text)


class NumberField(fields.CharField):
    """A number in the reader's language, its unit beside it or not."""

    widget = fields.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Write a kept number as the reader would."""
        if not isinstance(value, float):
            return value
        written = f"{value:.6f}".rstrip("0").rstrip(".")
        return written.replace(".", ",") if reader() == "de" else written

    def clean(self, value: Any) -> Any:
        """Return the number, None where nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return number(text, reader())
        except ValueError:
            raise fields.ValidationError(_("Write a number such as 62.5.")) from None


class DayInput(fields.DateInput):
    """A day, chosen from the browser's calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def metric_choices(shop: Shop, *, empty: str | None = None) -> _Choices:
    """Return the metrics by what they are about, in the reader's language.

    Parameters
    ----------
    empty
        What stands first and means none of them; there is no such choice unless given.
    """
    voice = Voice(reader(), shop.currency)
    by_chapter: dict[str, list[tuple[str, str]]] = {name: [] for name in CHAPTERS}
    for slug, metric in metrics.every().items():
        by_chapter[metric.chapter].append((slug, voice.pick(metric.name)))
    found: _Choices = [] if empty is None else [("", empty)]
    return found + [(str(CHAPTERS[name]), each) for name, each in by_chapter.items() if each]
