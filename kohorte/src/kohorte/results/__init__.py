"""What comes out: plain frozen records that the report, the command line and notebooks share.

Money is in major units of the shop's currency here (`value`, `revenue`), in integer minor units
everywhere before.
"""

from __future__ import annotations

from kohorte.results.customers import (
    Cohort,
    CohortGrid,
    LogRank,
    Rfm,
    RfmGroup,
    Survival,
    SurvivalPoint,
)
from kohorte.results.files import Choice, Exclusion, FileReading, Guess, Listing, Question
from kohorte.results.groups import (
    Breakdown,
    Channels,
    ChannelWorth,
    Group,
    Portion,
    Portions,
    Reason,
    Reasons,
    Side,
    Stay,
)
from kohorte.results.numbers import GRAINS, Cause, Decomposition, Grain, Move, Movement, Row, Unit
from kohorte.results.outlook import Ahead, Influence, Outlook, Tenth, Tried
from kohorte.results.quality import Finding, Score, ScorePart
from kohorte.results.report import Counts, Report
from kohorte.results.voices import (
    About,
    Arm,
    Chosen,
    Heard,
    Measured,
    Proof,
    Ranged,
    Variant,
    Voices,
)

__all__ = [
    "GRAINS",
    "About",
    "Ahead",
    "Arm",
    "Breakdown",
    "Cause",
    "ChannelWorth",
    "Channels",
    "Choice",
    "Chosen",
    "Cohort",
    "CohortGrid",
    "Counts",
    "Decomposition",
    "Exclusion",
    "FileReading",
    "Finding",
    "Grain",
    "Group",
    "Guess",
    "Heard",
    "Influence",
    "Listing",
    "LogRank",
    "Measured",
    "Move",
    "Movement",
    "Outlook",
    "Portion",
    "Portions",
    "Proof",
    "Question",
    "Ranged",
    "Reason",
    "Reasons",
    "Report",
    "Rfm",
    "RfmGroup",
    "Row",
    "Score",
    "ScorePart",
    "Side",
    "Stay",
    "Survival",
    "SurvivalPoint",
    "Tenth",
    "Tried",
    "Unit",
    "Variant",
    "Voices",
]
