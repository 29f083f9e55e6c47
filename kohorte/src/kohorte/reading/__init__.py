"""Files of a shop in, canonical tables out: formats, layouts, meanings of columns, and the rules.

`read` is the way in. Formats (`reading.formats`) open a file as a table; layouts
(`reading.profiles`) are data about known systems; everything else is recognized by `meanings`,
`dates` and `decimals`, and can be overruled by `ReadOptions`.
"""

from __future__ import annotations

from kohorte.reading.options import MEANINGS, Meaning, Reading, ReadOptions
from kohorte.reading.profiles import LAYOUTS
from kohorte.reading.reader import Planned, Progress, read, silent
from kohorte.reading.rows.rules import Rule

__all__ = [
    "LAYOUTS",
    "MEANINGS",
    "Meaning",
    "Planned",
    "Progress",
    "ReadOptions",
    "Reading",
    "Rule",
    "read",
    "silent",
]
