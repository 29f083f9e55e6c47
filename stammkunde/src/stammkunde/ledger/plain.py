"""Text that may stand on a page, in a file and on a terminal: on one line, and read in the order in which it is written.

Signs that steer (line ends, escapes), that turn the direction of what follows, and halves of letters are none of a
booking's business, and it is kept for good.
"""

from __future__ import annotations

import re

_STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def is_plain(text: str) -> bool:
    r"""Return whether a text steers nothing.

    >>> is_plain("Käse 🧀 für 5 €"), is_plain("two\nlines"), is_plain("gpj\u202e.exe")
    (True, False, False)
    """
    # Most is printable, which is asked faster than anything is searched.
    return text.isprintable() or _STEERING.search(text) is None
