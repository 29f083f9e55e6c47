"""What every section of the report is made from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from kohorte.language import date
from kohorte.report.metric_text import MetricText
from kohorte.report.shelf import Shelf
from kohorte.report.voice import NO_BREAK, Voice
from kohorte.results import Report


@dataclass(frozen=True)
class Material:
    """The results, their rows in order, the metrics' words and the language."""

    report: Report
    shelf: Shelf
    metrics: Mapping[str, MetricText]
    voice: Voice

    def date(self, day: dt.date) -> str:
        """Write a day in the report's language, on one line."""
        return date(day, self.voice.language).replace(" ", NO_BREAK)

    def setting(self, name: str, default: int) -> int:
        """Return a whole-number setting of the report."""
        value = self.report.settings.get(name, default)
        return value if isinstance(value, int) else default

    def finished(self, ends_on: dt.date) -> bool:
        """Tell whether a period had ended when the data did."""
        return ends_on <= self.report.last_on + dt.timedelta(days=1)
