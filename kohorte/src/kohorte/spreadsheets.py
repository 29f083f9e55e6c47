"""Texts that spreadsheets leave alone: none begins a formula, wherever a program splits the line.

Excel splits a CSV file at semicolons where the computer speaks German, whatever stands between quotation
marks then; so a cell `Anna;=1+1` of a file with commas would run. See OWASP, "CSV Injection".
"""

from __future__ import annotations

import re

# At the beginning, or behind what a program may take for the end of a cell; the wide signs are the same to
# Excel where it speaks Japanese.
_BEGINS = re.compile("(^[ ]*|[;\t\r\n][ ]*)(?=[=+\\-@＝＋－＠\t\r\n])")


def harmless(text: str) -> str:
    """Put an apostrophe before whatever a spreadsheet would take for a formula.

    >>> harmless("=1+1"), harmless("2011-11"), harmless("Anna;=1+1"), harmless("A; B - C")
    ("'=1+1", '2011-11', "Anna;'=1+1", 'A; B - C')
    """
    return _BEGINS.sub(_disarmed, text)


def _disarmed(found: re.Match[str]) -> str:
    is_first = not found[1].strip(" ")
    return f"'{found[1]}" if is_first else f"{found[1]}'"
