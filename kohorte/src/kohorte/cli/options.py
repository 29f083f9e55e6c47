"""The options that several commands share, and how they become settings and a history."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from kohorte.cli import said, speaking
from kohorte.errors import SettingError
from kohorte.language import Language
from kohorte.settings import Settings

if TYPE_CHECKING:
    from kohorte.history import History
    from kohorte.reading import Progress, ReadOptions


class Grain(StrEnum):
    """The grains of the command line."""

    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"
    all = "all"


Files = Annotated[
    list[str],
    typer.Argument(
        help="Order files: CSV, Excel, ODS, JSON or Parquet, or the address of a table. "
        "Several are joined."
    ),
]


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What the user says about the shop and its files; the same for every command that reads."""

    language: speaking.LanguageOption = None
    timezone: Annotated[
        str, typer.Option("--timezone", help="Time zone of the shop, such as Europe/Berlin.")
    ] = "UTC"
    since: Annotated[
        str | None, typer.Option("--since", help="First day that counts, as 2024-01-31.")
    ] = None
    until: Annotated[
        str | None, typer.Option("--until", help="Last day that counts, as 2026-01-31.")
    ] = None
    active_days: Annotated[
        int, typer.Option("--active-days", help="w: active with an order in the last w days.")
    ] = 365
    retention_days: Annotated[
        int,
        typer.Option(
            "--retention-days", help="p: retention is measured over p days; w unless given."
        ),
    ] = 0
    repeat_days: Annotated[
        int, typer.Option("--repeat-days", help="Window of the repeat rate after a first order.")
    ] = 90
    cohort_days: Annotated[
        int, typer.Option("--cohort-days", help="Length of one age step of rolling cohorts.")
    ] = 30
    confidence: Annotated[
        float, typer.Option("--confidence", help="Coverage of the ranges in percent.")
    ] = 95.0
    week_start: Annotated[
        int, typer.Option("--week-start", help="First day of the week, 1 = Monday.")
    ] = 1
    margin: Annotated[
        float | None, typer.Option("--margin", help="Contribution margin in percent of revenue.")
    ] = None
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", help="TOML file that says what the columns mean."),
    ] = None
    column: Annotated[
        list[str] | None,
        typer.Option("--column", help="What a column means: date=Bestelldatum. May be repeated."),
    ] = None
    rows: Annotated[str | None, typer.Option("--rows", help="What a row is: orders or lines.")] = (
        None
    )
    currency: Annotated[
        str | None, typer.Option("--currency", help="Currency of the amounts, such as EUR.")
    ] = None
    date_format: Annotated[
        str | None, typer.Option("--date-format", help="How dates are written: dd.mm.yyyy HH:MM.")
    ] = None
    decimal: Annotated[
        str | None, typer.Option("--decimal", help="Decimal mark of all numbers: , or .")
    ] = None
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", help="Character between the cells.")
    ] = None
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of text files, such as cp1252.")
    ] = None
    sheet: Annotated[
        list[str] | None,
        typer.Option("--sheet", help="Sheet of a workbook: NAME or FILE=NAME. May be repeated."),
    ] = None
    skip_bad_rows: Annotated[
        bool, typer.Option("--skip-bad-rows", help="Leave out and list rows that cannot be read.")
    ] = False
    goods_only: Annotated[
        bool, typer.Option("--goods-only", help="Leave out postage, fees, vouchers and the like.")
    ] = False
    taxes: Annotated[
        str | None, typer.Option("--taxes", help="Taxes are inside or outside the amounts.")
    ] = None
    postage: Annotated[
        str | None, typer.Option("--postage", help="Postage is inside or outside the amounts.")
    ] = None
    tax_rate: Annotated[
        str | None,
        typer.Option("--tax-rate", help="Tax in percent, such as 19, or oss: the buyer's country."),
    ] = None
    net: Annotated[bool, typer.Option("--net", help="Count revenue without taxes.")] = False
    without_postage: Annotated[
        bool, typer.Option("--without-postage", help="Count revenue without postage.")
    ] = False
    rates: Annotated[
        str | None,
        typer.Option("--rates", help="File with daily rates, by which other currencies convert."),
    ] = None
    separate_accounts: Annotated[
        bool,
        typer.Option(
            "--separate-accounts", help="Do not join customers who share an e-mail address."
        ),
    ] = False
    accounts_per_address: Annotated[
        int | None,
        typer.Option(
            "--accounts-per-address",
            help="With so many customer numbers an e-mail address still joins them; 5 unless given.",
        ),
    ] = None
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude",
            help="Leave out orders by a rule: staff:E-Mail=*@example.com. May be repeated.",
        ),
    ] = None
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="What a file holds: `refunds:FILE`. May be repeated."),
    ] = None
    word: Annotated[
        list[str] | None,
        typer.Option(
            "--word",
            help="What a word beside the orders means: `purpose.Branding=acquisition`. May be repeated.",
        ),
    ] = None
    scale: Annotated[
        list[str] | None,
        typer.Option("--scale", help="Scale of a survey question: `csat=1-5`. May be repeated."),
    ] = None
    payment_days: Annotated[
        int, typer.Option("--payment-days", help="Time to pay; later, open orders do not count.")
    ] = 30
    renewal_days: Annotated[
        int, typer.Option("--renewal-days", help="Time to renew a contract after its term.")
    ] = 30
    lead_days: Annotated[
        int, typer.Option("--lead-days", help="Time that a lead has to become a customer.")
    ] = 90
    return_days: Annotated[
        int, typer.Option("--return-days", help="Time in which an order may come back.")
    ] = 30
    count: Annotated[
        list[str] | None,
        typer.Option("--count", help="Count what is usually left out, such as fully_refunded."),
    ] = None
    where: Annotated[
        str | None,
        typer.Option("--where", help="Only customers of whom this holds: orders >= 2."),
    ] = None
    leave_out: Annotated[
        list[str] | None,
        typer.Option("--leave-out", help="Leave out what usually counts: zero_value or open."),
    ] = None

    @property
    def spoken(self) -> Language:
        """The language asked for, or that of the system."""
        return speaking.language(self.language)

    @property
    def settings(self) -> Settings:
        """The settings that the options ask for."""
        return Settings(
            timezone=self.timezone,
            since=day(self.since),
            until=day(self.until),
            active_days=self.active_days,
            retention_days=self.retention_days,
            repeat_days=self.repeat_days,
            week_start=self.week_start,
            margin_percent=self.margin,
            cohort_days=self.cohort_days,
            confidence_percent=self.confidence,
            payment_days=self.payment_days,
            renewal_days=self.renewal_days,
            lead_days=self.lead_days,
            return_days=self.return_days,
            count=tuple(self.count or ()),
            leave_out=tuple(self.leave_out or ()),
        )

    @property
    def reading(self) -> ReadOptions:
        """The reading options: those of the mapping file, overruled by the command line."""
        return said.reading(self)


def with_shop(command: Callable[..., None]) -> Callable[..., None]:
    """Let a command take `shop: Shop` and give it every option of `Shop` on the command line."""
    hints = get_type_hints(Shop, include_extras=True)
    own = [
        parameter
        for parameter in inspect.signature(command, eval_str=True).parameters.values()
        if parameter.name != "shop"
    ]
    shared = [
        inspect.Parameter(
            field.name,
            inspect.Parameter.KEYWORD_ONLY,
            default=field.default,
            annotation=hints[field.name],
        )
        for field in dataclasses.fields(Shop)
    ]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        shop = {field.name: given.pop(field.name) for field in dataclasses.fields(Shop)}
        command(**given, shop=Shop(**shop))

    declare(run, [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own] + shared)
    return run


def declare(command: Callable[..., None], parameters: Sequence[inspect.Parameter]) -> None:
    """Give a command the parameters that typer is to read from it."""
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # for typer
    command.__annotations__ = {one.name: one.annotation for one in parameters}


@contextmanager
def history(
    files: Sequence[str | Path], shop: Shop, *, progress: Progress, keep_people: bool = False
) -> Iterator[History]:
    """Read files into a history of the customers asked for, and close it afterwards."""
    from kohorte.history import History

    with (
        History.from_files(
            *files,
            settings=shop.settings,
            options=shop.reading,
            progress=progress,
            today=today(),
            keep_people=keep_people,
        ) as opened,
        opened.only(shop.where) if shop.where else nullcontext(opened),
    ):
        yield opened


def today() -> dt.date:
    """Return the day, behind which no order lies."""
    return dt.datetime.now(tz=dt.UTC).date()


def day(text: str | None) -> dt.date | None:
    """Return the day that a text says, None without one."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise SettingError("“{text}” is not a day. Write it as 2026-01-31.", text=text) from None
