"""One language for every condition: segments, rules, filters, branches.

A condition such as `orders >= 2 and last_order between 90 and 180 days ago` is read once into a
small tree (`parse`), which is kept as canonical JSON and judged in three ways: for one case with a
full trace (`judge`), as SQL for millions (`where`), and as a sentence for people (`sentence`). It is
total: no loops, no code, and a missing fact makes it *not applicable*, never an error.
"""

from __future__ import annotations

from kohorte.conditions.completions import Completion, complete
from kohorte.conditions.facts import Fact, Facts
from kohorte.conditions.parsing import parse
from kohorte.conditions.selects import where
from kohorte.conditions.sentences import sentence
from kohorte.conditions.stored import from_json
from kohorte.conditions.syntax import All, AnyOf, Node, Not, Test, tests_in, to_json, to_text
from kohorte.conditions.verdicts import Verdict, judge

__all__ = [
    "All",
    "AnyOf",
    "Completion",
    "Fact",
    "Facts",
    "Node",
    "Not",
    "Test",
    "Verdict",
    "complete",
    "from_json",
    "judge",
    "parse",
    "sentence",
    "tests_in",
    "to_json",
    "to_text",
    "where",
]
