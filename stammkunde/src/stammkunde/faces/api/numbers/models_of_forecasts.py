"""What forecasts look like; their names are those of the files and of the command line."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext_noop as N
from pydantic import BaseModel, Field

Months = Annotated[int, Field(description=N("How far it looks ahead from `as_of`."))]
Low = Annotated[float | None, Field(description=N("The true value lies from here …"))]
High = Annotated[float | None, Field(description=N("… to here, with 95 percent confidence."))]
Slug = Annotated[
    str, Field(description=N("A model, or `recency` or `last_year`, which are rules."))
]
Class = Annotated[int, Field(description=N("From 0, the lowest."))]


class StateOfForecast(BaseModel):
    """What a forecast is of."""

    as_of: Annotated[dt.date, Field(description=N("The last day of the data; it begins after it."))]
    data_at: Annotated[
        dt.datetime, Field(description=N("What was recorded until then is in the numbers."))
    ]
    made_at: Annotated[dt.datetime, Field(description=N("When the numbers were computed."))]
    currency: Annotated[
        str, Field(description=N("Money is in major units of it, such as 49.90 euros."))
    ]
    is_current: Annotated[
        bool,
        Field(description=N("`false`: something changed since, and a new forecast will come.")),
    ]
    job_id: Annotated[int | None, Field(description=N("The job that computes newer numbers."))]
    withheld: Annotated[
        str | None, Field(description=N("Why there are neither values nor customers, if so."))
    ]


class Parameter(BaseModel):
    """A parameter of the model."""

    parameter: str
    value: float
    error: Annotated[float | None, Field(description=N("Its standard error (sandwich)."))]


class FittedModel(BaseModel):
    """The model that speaks."""

    model: str
    model_name: str
    customers: Annotated[int, Field(description=N("How many it was fitted to."))]
    own_percent: Annotated[
        float, Field(description=N("How much rests on the shop's own data rather than on others'."))
    ]
    said: Annotated[str, Field(description=N("What it was fitted to, as a sentence."))]
    notes: list[str]
    parameters: list[Parameter]


class Ahead(BaseModel):
    """What is still to come until a horizon, discounted; profit is null where no costs are known."""

    months: Months
    revenue: Annotated[float, Field(description=N("Of all customers of today, after `as_of`."))]
    low: Low
    high: High
    profit: float | None
    profit_low: float | None
    profit_high: float | None
    first_order: Annotated[float, Field(description=N("Of a customer newly won."))]
    further_orders: Annotated[float, Field(description=N("Of a customer newly won."))]
    new_customer: Annotated[
        float, Field(description=N("First and further orders of a customer newly won."))
    ]
    cac_most: Annotated[
        float | None,
        Field(description=N("What winning a customer may cost without a loss.")),
    ]
    margin_percent: float | None
    discount_percent: Annotated[float, Field(description=N("Per year."))]


class Churn(BaseModel):
    """The share of active customers who will not order within 12 months, in percent."""

    value: float
    low: Low
    high: High
    n: Annotated[int, Field(description=N("How many the number is made of."))]
    active_days: int
    months: Months
    model: Slug
    held_days: Annotated[
        int | None, Field(description=N("How long the trial on the shop's own past was."))
    ]
    held_n: int | None
    held_expected: Annotated[float | None, Field(description=N("Foretold before it, in percent."))]
    held_actual: Annotated[float | None, Field(description=N("What came of it, in percent."))]


class Trial(BaseModel):
    """What a model or rule would have said of the shop's own past."""

    model: Slug
    used: Annotated[bool, Field(description=N("Whether it is the one that speaks."))]
    foretold: Annotated[float | None, Field(description=N("The sum of orders."))]
    actual: Annotated[float, Field(description=N("The sum of orders."))]
    error_percent: Annotated[float | None, Field(description=N("Of the sum of orders."))]
    ranking: Annotated[
        float | None,
        Field(
            description=N(
                "The chance that who came back was ranked above who did not; 0.5 is a coin (AUC)."
            )
        ),
    ]
    deviance: Annotated[
        float | None, Field(description=N("Error per customer, the smaller the better."))
    ]
    absolute_error: float | None
    loses: Annotated[
        bool,
        Field(description=N("It ranks worse than the day of the last order alone, beyond chance.")),
    ]
    customers: int
    days: int
    split_on: dt.date


class Tenth(BaseModel):
    """A tenth of the customers by what a model expected of them, the least first; orders per customer."""

    model: Slug
    tenth: int
    customers: int
    foretold: float
    actual: float


class Tracked(BaseModel):
    """The sum of orders until a day of the trial."""

    model: Slug
    day: int
    foretold: float
    actual: float


class Driver(BaseModel):
    """How often customers come again, against those of another value of a fact (Cox regression)."""

    fact: str
    fact_name: str
    value: str
    in_words: str
    against: Annotated[str, Field(description=N("The commonest value, or that nothing happened."))]
    customers: int
    ratio: Annotated[float, Field(description=N("Above 1 is sooner and more often."))]
    low: Low
    high: High
    beyond_chance: bool


class MapCell(BaseModel):
    """Customers by how likely they still are one, and by what they bring in 12 months."""

    alive_class: Class
    alive_from_percent: int
    alive_to_percent: int
    value_class: Class
    value_from: float | None
    value_to: float | None
    customers: int
    value: float


class BestShare(BaseModel):
    """What the best so many percent of customers bring in 12 months."""

    best_percent: int
    customers: int
    value: float
    share_percent: float


class Forecast(BaseModel):
    """What today's customers bring, by which model, and how well that was foretold before."""

    forecast: StateOfForecast
    model: FittedModel
    data: list[Ahead]
    orders_12: Annotated[
        float | None, Field(description=N("Orders of all customers of today in 12 months."))
    ]
    overdue_customers: int | None
    churn: Churn | None
    map: list[MapCell]
    top: list[BestShare]


class TrackRecord(BaseModel):
    """Models and rules, held to the shop's own past."""

    forecast: StateOfForecast
    best: Annotated[str | None, Field(description=N("The model that did best; null if none did."))]
    said: Annotated[list[str], Field(description=N("The same in sentences; or why there is none."))]
    data: list[Trial]
    calibration: list[Tenth]
    tracking: list[Tracked]


class Drivers(BaseModel):
    """What goes with a second order."""

    forecast: StateOfForecast
    customers: int | None
    came: Annotated[int | None, Field(description=N("How many of them ordered again."))]
    said: Annotated[list[str], Field(description=N("What is to be known of it, in sentences."))]
    data: list[Driver]


class ForetoldCustomer(BaseModel):
    """What is foretold of a customer."""

    customer_id: int
    purchase_days: int
    last_on: dt.date
    alive: Annotated[
        float, Field(description=N("How likely this one still is a customer, from 0 to 1."))
    ]
    orders_12: Annotated[float, Field(description=N("Orders expected in 12 months."))]
    value_12: Annotated[
        float | None, Field(description=N("Their revenue, discounted; null without amounts."))
    ]
    low_12: Annotated[float | None, Field(description=N("Four of five futures lie from here …"))]
    high_12: Annotated[float | None, Field(description=N("… to here."))]
    value_24: float | None
    value_36: float | None
    profit_12: Annotated[
        float | None, Field(description=N("`value_12` at the margin; null where it is not known."))
    ]
    early_on: Annotated[
        dt.date | None, Field(description=N("One in five such customers would have come by then."))
    ]
    due_on: Annotated[
        dt.date | None, Field(description=N("Half of them would; null beyond ten years."))
    ]
    by_on: Annotated[dt.date | None, Field(description=N("Four of five would."))]
    usual_days: Annotated[
        float, Field(description=N("Half of the pauses of somebody who comes back are shorter."))
    ]
    late_days: Annotated[float, Field(description=N("Four of five of them are."))]
    overdue: bool
    alive_class: Class
    value_class: int | None


class PeopleForetold(BaseModel):
    """A page of customers with what is foretold of them."""

    forecast: StateOfForecast
    data: list[ForetoldCustomer]
    count: Annotated[int, Field(description=N("How many there are on all pages."))]
    next: Annotated[
        str | None, Field(description=N("Address of the following page; null on the last one."))
    ]
