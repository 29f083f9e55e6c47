"""From another tool's number to ours, in named steps.

One component is replaced at a time, from theirs to ours, always in the same order: what the tool
knew when it was looked at, its days, its periods, which orders count, who is one customer, what
amounts hold, and last the formula. Each step is what its replacement moves the number by, given
all before it; in another order the same steps would have other sizes, their sum would not.
"""

from __future__ import annotations

from kohorte.bridge.definitions import DEFINITIONS, get
from kohorte.bridge.stages import Assumed, Stage, stages
from kohorte.bridge.walk import Reread, build

__all__ = ["DEFINITIONS", "Assumed", "Reread", "Stage", "build", "get", "stages"]
