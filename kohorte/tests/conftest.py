"""The real shop, read once per test process through the front door."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kohorte
from kohorte import demo


@pytest.fixture(scope="session")
def uci_files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return both years of Online Retail in the UCI's own CSV layout, older first."""
    return demo.write_online_retail(tmp_path_factory.mktemp("uci"))


@pytest.fixture(scope="session")
def two_years(uci_files: list[Path]) -> Iterator[kohorte.History]:
    """Return the history of both files, whose first days of December 2010 overlap."""
    with kohorte.read(*uci_files) as history:
        yield history


@pytest.fixture(scope="session")
def one_year(uci_files: list[Path]) -> Iterator[kohorte.History]:
    """Return the history of the later file alone."""
    with kohorte.read(uci_files[-1]) as history:
        yield history
