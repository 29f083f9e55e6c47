"""What a report keeps so that a later one can say why its numbers have changed.

One row per order: the first 64 bits of the SHA-256 of its number, its day, its state, its amount,
what was refunded, its units, and which orders share a customer. Customers are numbered anew in
every file; no number, address or name of a customer is in it, and no number of an order in clear.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

import kohorte
from kohorte.errors import KohorteError, SettingError
from kohorte.history import History
from kohorte.settings import Settings

FILE = "state.parquet"
NUMBERS = "metrics.json"
FORMAT = 1

_ORDERS = """
SELECT
  k.key,
  CASE WHEN k.customer_id IS NOT NULL THEN DENSE_RANK() OVER (ORDER BY k.first_key) END AS customer,
  k.day,
  k.state,
  k.amount_minor,
  k.refunded_minor,
  k.units
FROM (
  SELECT
    h.*,
    CASE
      WHEN h.customer_id IS NOT NULL THEN MIN(h.key) OVER (PARTITION BY h.customer_id)
    END AS first_key
  FROM (
    SELECT
      CAST('0x' || SUBSTRING(SHA256(o.order_id), 1, 16) AS UBIGINT) AS key,
      o.customer_id,
      o.day,
      o.state,
      o.amount_minor,
      NULLIF(r.refunded_minor, 0) AS refunded_minor,
      o.units
    FROM dated_orders AS o
    LEFT JOIN order_refunds AS r ON r.order_id = o.order_id
  ) AS h
) AS k
"""


@dataclass(frozen=True)
class Kept:
    """What an earlier report kept, and the numbers it gave."""

    folder: Path
    version: str
    made_on: dt.date | None
    currency: str | None
    settings: Settings
    only: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    @property
    def orders(self) -> Path:
        """The file with the orders."""
        return self.folder / FILE


def save(history: History, path: Path, *, made_on: dt.date | None = None) -> None:
    """Write what a later report needs to explain changes of these numbers."""
    about = {
        "format": FORMAT,
        "version": kohorte.__version__,
        "made_on": made_on,
        "currency": history.currency,
        "settings": dataclasses.asdict(history.settings),
        "only": [text.en for text in history.narrowed],
    }
    history.engine.write("kept_state", _ORDERS)
    connection = history.engine.connection
    connection.execute(
        f"COPY (SELECT * FROM kept_state ORDER BY key) TO {_literal(str(path))} "
        "(FORMAT parquet, COMPRESSION zstd, "
        f"KV_METADATA {{kohorte: {_literal(json.dumps(about, default=str))}}})"
    )
    connection.execute("DROP TABLE kept_state")


def load(folder: Path) -> Kept:
    """Return what the report in a folder kept.

    Raises
    ------
    KohorteError
        Nothing was kept there, it is damaged, or another version wrote it.
    """
    path = folder / FILE
    if not path.is_file() or not (folder / NUMBERS).is_file():
        raise KohorteError(
            "{folder} holds no earlier report that keeps its orders: it takes {state} and "
            "{numbers}. `kohorte report` writes both.",
            folder=str(folder),
            state=FILE,
            numbers=NUMBERS,
        )
    try:
        about = _about(path)
        numbers = json.loads((folder / NUMBERS).read_text(encoding="utf-8"))
        if about.get("format") != FORMAT:
            raise KohorteError(
                "{file} was written by another version of kohorte ({version}) and cannot be "
                "compared. The next report can be.",
                file=str(path),
                version=str(about.get("version", "?")),
            )
        return Kept(
            folder=folder,
            version=str(about["version"]),
            made_on=_day(about["made_on"]),
            currency=about["currency"],
            settings=_settings(about["settings"]),
            only=tuple(about["only"]),
            rows=tuple(dict(row) for row in numbers["rows"]),
        )
    except (
        duckdb.Error, OSError, ValueError, LookupError, TypeError, AttributeError, SettingError
    ) as error:  # fmt: skip
        raise damaged(folder) from error


def damaged(folder: Path) -> KohorteError:
    """Return the error for a file that does not hold what a report writes."""
    return KohorteError(
        "What the earlier report in {folder} kept is damaged, so it cannot be compared. The next "
        "report can be.",
        folder=str(folder),
    )


def _about(path: Path) -> dict[str, Any]:
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
        found = connection.execute(
            "SELECT DECODE(value) FROM parquet_kv_metadata($path) WHERE DECODE(key) = 'kohorte'",
            {"path": str(path)},
        ).fetchone()
    return dict(json.loads(found[0])) if found else {}


def _settings(said: Mapping[str, Any]) -> Settings:
    """Return settings as they were; those that no longer exist are left out."""
    known = {name: said[name] for name in Settings.names() if name in said}
    known |= {name: _day(known.get(name)) for name in ("since", "until")}
    known |= {name: tuple(known.get(name, ())) for name in ("count", "leave_out")}
    return Settings(**known)


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
