"""Retention analytics for online shops: what every number means, in SQL you can read.

Examples
--------
>>> import kohorte
>>> orders = [
...     dict(order_id=number, customer_id=name, placed_at=day)
...     for number, name, day in [
...         ("1", "anna", "2026-01-05"), ("2", "anna", "2026-01-09"), ("3", "ben", "2026-01-09")
...     ]
... ]
>>> with kohorte.History.from_records(orders=orders) as history:
...     history.metric("repeat_purchase_rate", grain="all")[0].value
50.0
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kohorte.errors import KohorteError as KohorteError
    from kohorte.history import History as History
    from kohorte.history import read as read
    from kohorte.reading import ReadOptions as ReadOptions
    from kohorte.settings import Settings as Settings
    from kohorte.summary import summarize as summarize

__version__ = version("kohorte")
__all__ = ["History", "KohorteError", "ReadOptions", "Settings", "read", "summarize"]

_HOMES = {
    "History": "kohorte.history",
    "KohorteError": "kohorte.errors",
    "ReadOptions": "kohorte.reading",
    "Settings": "kohorte.settings",
    "read": "kohorte.history",
    "summarize": "kohorte.summary",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: importing kohorte itself stays cheap."""
    if name not in _HOMES:
        raise AttributeError(f"module 'kohorte' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
