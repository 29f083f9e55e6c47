"""What rows of numbers look like; their names are those of the files and of the command line."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Generic, Literal, TypeVar

from django.utils.translation import gettext_noop as N
from pydantic import BaseModel, Field

from kohorte.results import Grain, Unit
from stammkunde.faces.api.numbers.asking import State

Item = TypeVar("Item")
Period = Annotated[str, Field(description=N("Such as `2026-01`; `all` over all time."))]
Ends = Annotated[dt.date, Field(description=N("The day after its last."))]
Count = Annotated[int, Field(description=N("How many the number is made of."))]
GroupName = Annotated[str | None, Field(description=N("Null where it is not known."))]
Rest = Annotated[bool, Field(description=N("All smaller groups together."))]


class Numbers(BaseModel, Generic[Item]):
    """Rows with what they are of."""

    snapshot: State
    data: list[Item]


class Definition(BaseModel):
    """What a metric means."""

    slug: str
    name: str
    sentence: Annotated[str, Field(description=N("What it says, in one sentence."))]
    formula: str
    denominator: Annotated[str, Field(description=N("What `n` counts."))]
    unit: Annotated[Unit, Field(description=N("`money`: in major units of the shop's currency."))]
    direction: Annotated[
        Literal["up", "down", "none"],
        Field(description=N("Whether more is better (`up`), worse (`down`) or neither.")),
    ]
    censoring: Annotated[str, Field(description=N("What stays empty because nobody saw it yet."))]
    source: Annotated[str, Field(description=N("Where the definition comes from."))]
    chapter: str
    segments: list[str]
    is_measurable: Annotated[
        bool | None,
        Field(description=N("Whether the shop's data can tell it; null before the first numbers.")),
    ]


class Definitions(BaseModel):
    """All metrics."""

    snapshot: State | None
    data: list[Definition]


class Sql(BaseModel):
    """The query of a metric."""

    snapshot: State
    select: Annotated[str, Field(description=N("The metric itself, on relations."))]
    sql: Annotated[str, Field(description=N("The whole query as it runs, with the relations."))]


class Value(BaseModel):
    """A metric in one period and segment."""

    metric: str
    grain: Grain
    period: Period
    starts_on: dt.date
    ends_on: Ends
    segment: str
    value: Annotated[
        float | None, Field(description=N("Null where it cannot be known; `reason` says why."))
    ]
    low: Annotated[float | None, Field(description=N("The true value lies from here …"))]
    high: Annotated[float | None, Field(description=N("… to here, with 95 percent confidence."))]
    n: Count
    complete: Annotated[
        bool, Field(description=N("`false`: not over yet, or not observed long enough."))
    ]
    reason: str | None


class ValueOfGroup(Value):
    """A metric of a group of customers."""

    group: GroupName
    is_rest: Rest
    customers: Annotated[int, Field(description=N("How many customers the group has."))]


class Stay(BaseModel):
    """How many of a group ordered at an age, in months since their first order."""

    group: GroupName
    is_rest: Rest
    customers: int
    age: int
    n: Count
    back: int
    percent: float
    low: float | None
    high: float | None
    orders: int | None
    revenue: float | None


class Breakdown(Numbers[ValueOfGroup]):
    """Groups of customers side by side."""

    stays: list[Stay]
    apart: Annotated[
        dict[str, float],
        Field(description=N("By metric: how likely chance alone makes groups differ so.")),
    ]


class Between(BaseModel):
    """A value and the one before it."""

    period_before: Period
    value_before: float | None
    n_before: Count
    period: Period
    value: float | None
    n: Count


class Moved(Between):
    """How a metric moved into its last whole month."""

    metric: str
    p: Annotated[
        float,
        Field(description=N("How likely chance alone does that, all comparisons allowed for.")),
    ]


class Cause(Between):
    """What a group did to the move of a value, in the unit of the value."""

    group: GroupName
    is_rest: Rest
    mix: Annotated[float | None, Field(description=N("By its weight among the groups."))]
    rate: Annotated[float | None, Field(description=N("By its own value."))]


class Why(Numbers[Cause]):
    """Why a value moved."""

    kind: Annotated[
        Literal["total", "mean", "neither"] | None,
        Field(
            description=N("Whether groups add up to the value; null if there is nothing to say.")
        ),
    ]
    rest: Annotated[float | None, Field(description=N("What no group explains."))]


class CohortAge(BaseModel):
    """What a cohort did at an age; ages that nobody saw yet have no row."""

    cohort: Annotated[str, Field(description=N("The period of the first order."))]
    starts_on: dt.date
    size: int
    age: Annotated[int, Field(description=N("From 0, in periods or in blocks of days."))]
    customers: int | None
    orders: int | None
    revenue: float | None
    complete: bool
    may_hold_older_customers: Annotated[
        bool, Field(description=N("The data begin too late to know whether all were new."))
    ]


class Cohorts(Numbers[CohortAge]):
    """Cohorts by age."""

    age_days: Annotated[
        int | None, Field(description=N("How long a block is, where ages are rolling."))
    ]


class Movement(BaseModel):
    """Who came and went: start + new + back − lost = end. Null is not known."""

    grain: Grain
    period: Period
    starts_on: dt.date
    ends_on: Ends
    active_at_start: int | None
    new: int | None
    reactivated: int | None
    lost: int | None
    active_at_end: int | None
    new_may_hold_returned: bool


class RfmGroup(BaseModel):
    """A group of the RFM map."""

    group: str
    name: str
    meaning: str
    customers: int
    orders: int
    revenue: float | None
    median_recency_days: float | None


class Cell(BaseModel):
    """A cell of the RFM map; scores run from 1 to 5, the best."""

    recency: int
    frequency: int
    customers: int


class Rfm(Numbers[RfmGroup]):
    """The RFM map."""

    as_of: dt.date
    cells: list[Cell]
    thresholds: Annotated[
        dict[str, list[float]], Field(description=N("The four bounds between the five scores."))
    ]


class Point(BaseModel):
    """A day of a curve, counted from the order before."""

    day: int
    at_risk: Annotated[int, Field(description=N("How many had waited so long."))]
    came: int
    waiting: Annotated[int, Field(description=N("Of whom nothing is known beyond this day."))]
    returned_percent: float
    low: float | None
    high: float | None


class Survival(Numbers[Point]):
    """How long customers take to their next order (Kaplan–Meier)."""

    to_order: int
    customers: int
    quantiles: Annotated[
        dict[str, int | None],
        Field(description=N("By which day a quarter, half and three quarters were back.")),
    ]


class DueCount(BaseModel):
    """How many customers' next order is overdue, due, not due yet, or lapsed."""

    status: str
    customers: int
    value: Annotated[
        float | None, Field(description=N("Revenue so far, less refunds that name no order."))
    ]


class Reason(BaseModel):
    """A reason in the words of those who stated it."""

    kind: str
    name: str
    given: Annotated[int, Field(description=N("How many reasons of this kind were stated."))]
    silent: Annotated[int, Field(description=N("How often none was."))]
    words: str
    times: int
    percent: float
    low: float | None
    high: float | None


class Exclusion(BaseModel):
    """What was left out for one reason."""

    reason: str
    name: str
    meaning: str
    scope: Annotated[
        Literal["everything", "customer metrics", "revenue"], Field(description=N("Of what."))
    ]
    rows: int
    orders: int
    amount: float | None


class Part(BaseModel):
    """A customer behind a number, with its part in it; amounts in minor units, such as cents."""

    customer_id: int | None
    numerator: float | None
    denominator: float | None


class OrderBehind(BaseModel):
    """An order behind a number."""

    order_id: str
    customer_id: int | None
    placed_on: dt.date
    revenue: float | None
    units: float | None
    segment: Literal["new", "existing", "unidentified"]


class Due(BaseModel):
    """A customer whose next order is due."""

    customer_id: int | None
    status: str
    last_on: dt.date
    elapsed_days: int
    purchase_days: int
    basis: Annotated[
        str, Field(description=N("Whether its own pauses tell, or those of customers like it."))
    ]
    usual_days: float | None
    late_days: float | None
    due_on: dt.date | None
    late_on: dt.date | None
    chance_percent: float | None
    value: Annotated[
        float | None, Field(description=N("Revenue so far, less refunds that name no order."))
    ]


class Member(BaseModel):
    """A customer of a cohort."""

    customer_id: int | None
    first_on: dt.date
    last_on: dt.date
    orders: int
    revenue: float | None


class People(Numbers[Item], Generic[Item]):
    """A page of a list."""

    count: Annotated[int, Field(description=N("How many there are; 20,000 can be read at most."))]
    next: Annotated[
        str | None, Field(description=N("Address of the following page; null on the last one."))
    ]
