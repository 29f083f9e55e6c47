"""Why customers leave, send back, cancel and get in touch, in their own words.

Reasons that differ in case or outer blanks only are one. A customer may state several, as with many
returns, so the intervals take customers for clusters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kohorte import intervals
from kohorte.engine import Engine
from kohorte.errors import UnknownNameError
from kohorte.language import Text
from kohorte.results import Reason, Reasons

KINDS = {
    "leaving": Text(de="Warum Kunden gehen", en="Why customers leave"),
    "contract_end": Text(de="Warum Verträge enden", en="Why contracts end"),
    "return": Text(de="Warum Ware zurückkommt", en="Why goods come back"),
    "cancellation": Text(de="Warum Bestellungen storniert werden", en="Why orders are cancelled"),
    "ticket": Text(de="Warum Kunden sich melden", en="Why customers get in touch"),
}
_COUNTS = """
SELECT *
FROM reason_counts
WHERE $kind IN ('', kind)
ORDER BY kind, times DESC, reason
"""


def stated(engine: Engine, *, kind: str | None, confidence_percent: float) -> list[Reasons]:
    """Return the reasons of each kind that any were stated of, the commonest first."""
    if kind is not None and kind not in KINDS:
        raise UnknownNameError(
            "There are no reasons of the kind “{name}”. There are: {names}.",
            name=kind,
            names=", ".join(KINDS),
        )
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in engine.rows(_COUNTS, {"kind": kind or ""}):
        found.setdefault(row["kind"], []).append(row)
    z = intervals.quantile(confidence_percent)
    return [_reasons(name, found[name], z) for name in KINDS if name in found]


def _reasons(kind: str, rows: Sequence[Mapping[str, Any]], z: float) -> Reasons:
    return Reasons(
        kind,
        KINDS[kind],
        int(rows[0]["given"]),
        int(rows[0]["silent"]),
        tuple(_reason(row, z) for row in rows),
    )


def _reason(row: Mapping[str, Any], z: float) -> Reason:
    share = intervals.share_in_clusters(
        int(row["times"]),
        int(row["given"]),
        kk=int(row["times_squared"]),
        kn=int(row["times_given"]),
        nn=int(row["given_squared"]),
        of=int(row["customers"]),
        z=z,
    ).times(100)
    return Reason(row["reason"], int(row["times"]), share.value or 0.0, share.low, share.high)
