"""What units and directions of metrics are called, for every place that says them."""

from __future__ import annotations

from kohorte.language import Text
from kohorte.results import Unit

UNITS: dict[Unit, Text] = {
    "percent": Text(de="Prozent", en="Percent"),
    "count": Text(de="Anzahl", en="Count"),
    "money": Text(de="Betrag", en="Amount"),
    "ratio": Text(de="Verhältnis", en="Ratio"),
    "points": Text(de="Punkte", en="Points"),
    "hours": Text(de="Stunden", en="Hours"),
    "days": Text(de="Tage", en="Days"),
}
DIRECTIONS = {
    "up": Text(de="Höher ist besser", en="Higher is better"),
    "down": Text(de="Niedriger ist besser", en="Lower is better"),
    "none": Text(de="Weder hoch noch niedrig ist besser", en="Neither is better"),
}
