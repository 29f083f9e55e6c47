"""Why a number of an earlier report is another one now, in steps that add up.

A report keeps the orders it counted, without a word about their customers (`kept`). A later one
replaces what is different since, one kind after the other and always in the same order: the
program, the settings, orders gone, orders that came in late, their days, states, refunds and
amounts, who is one customer, and last the orders since (`changes`). After each replacement the
metric is evaluated by its own query. In another order the same steps would have other sizes.
"""

from __future__ import annotations

from kohorte.restatement.comparing import compare
from kohorte.restatement.explaining import explain
from kohorte.restatement.kept import FILE, load, save

__all__ = ["FILE", "compare", "explain", "load", "save"]
