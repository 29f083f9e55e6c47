"""What the report needs to know about a metric beside its numbers."""

from __future__ import annotations

from typing import Literal, Protocol

from kohorte.language import Text
from kohorte.results import Unit


class MetricText(Protocol):
    """The words of one metric; the registry's metrics have this shape."""

    @property
    def slug(self) -> str:
        """The name in files and addresses."""

    @property
    def name(self) -> Text:
        """The name as people say it."""

    @property
    def sentence(self) -> Text:
        """Its meaning in one sentence."""

    @property
    def formula(self) -> Text:
        """How it is calculated."""

    @property
    def denominator(self) -> Text:
        """What n counts."""

    @property
    def unit(self) -> Unit:
        """In what it is measured."""

    @property
    def direction(self) -> Literal["up", "down", "none"]:
        """Which way is good."""

    @property
    def sql(self) -> str:
        """The query that is the definition."""

    @property
    def source(self) -> Text:
        """Where the definition comes from."""
