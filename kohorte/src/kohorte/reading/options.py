"""What the user may say about a file, and what came of reading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, get_args

from kohorte.currencies import is_currency
from kohorte.errors import ReadError
from kohorte.reading import checks, mapping_file
from kohorte.reading.rows.rules import Rule
from kohorte.results import FileReading, Question
from kohorte.tables import STATES as ORDER_STATES

Meaning = Literal[
    "order_id",
    "customer_id",
    "email",
    "date",
    "amount",
    "amount_minor",
    "quantity",
    "unit_price",
    "product_id",
    "product",
    "country",
    "currency",
    "status",
    "refund",
    "paid_at",
    "tax",
    "postage",
    "refund_id",
    "channel",
]
MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
OF_ORDERS = frozenset(MEANINGS) - {"refund_id"}
Rows = Literal["orders", "lines"]
STATES = (*ORDER_STATES, "refunded")
Held = Literal["inside", "outside"]
Kind = Literal[
    "orders",
    "refunds",
    "customers",
    "products",
    "subscriptions",
    "responses",
    "spend",
    "leads",
    "tickets",
    "referrals",
    "returns",
    "deliveries",
    "order_lines",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
_CHOICES: dict[str, tuple[str, ...]] = {
    "rows": get_args(Rows),
    "decimal": (",", "."),
    "taxes": get_args(Held),
    "postage": get_args(Held),
}


@dataclass(frozen=True, kw_only=True)
class ReadOptions:
    r"""What the user says about the files; everything left out is recognized from the files.

    Parameters
    ----------
    columns
        Meaning of columns by their header, such as `{"customer_id": "Kundennummer"}`; the
        meanings are those of `MEANINGS`. In files beside the orders a column is called by its
        table as well: `{"spend.channel": "Plattform"}`.
    rows
        What a row is: an order, or a line of an order.
    date_format
        How dates are written, such as `dd.mm.yyyy HH:MM` or `%d.%m.%Y %H:%M`; several are
        parted by `|`. `iso` stands for 2024-12-31.
    decimal
        The decimal mark of all numbers.
    delimiter
        The character between the cells of a text file.
    encoding
        The encoding of text files, such as `cp1252`.
    currency
        ISO code of the currency of all amounts.
    skip_bad_rows
        Leave out rows that cannot be read, and list them, instead of refusing the file.
    goods_only
        Leave out lines for postage, fees, vouchers and the like, where the layout knows them.
    states
        What words of the status column say, such as `{"Zurückgezogen": "cancelled"}`; the states
        are those of `STATES`.
    sheet
        The sheet that is read of every workbook.
    sheets
        The sheet that is read of one workbook, such as `{"costs.xlsx": "2026"}`.
    taxes, postage
        Whether the amounts hold them.
    tax_rate
        The rate of the taxes in percent, such as `19`, or `oss` for that of the buyer's country.
    net, without_postage
        Count revenue without taxes, and without postage.
    rates
        A file with the daily rates of other currencies in `currency`.
    separate_accounts
        Leave customer numbers apart although they share an e-mail address.
    accounts_per_address
        With so many customer numbers an e-mail address still joins them; of more it is taken for
        nobody's. `identity.SHARED_MAX` unless given.
    exclude
        Rules by which orders of staff, business customers and the like are left out.
    kinds
        What files hold where it is not recognized, such as `{"returns.csv": "refunds"}`; the kinds
        are those of `KINDS`.
    words
        What words in files beside the orders mean, such as `{"purpose.Branding": "acquisition"}`;
        where no column tells it, the name of the file stands for the word.
    scales
        The scales of survey questions, such as `{"csat": "1-5"}`.

    Examples
    --------
    >>> ReadOptions(columns={"date": "Kaufdatum"}, decimal=",").to_toml()
    'decimal = ","\n\n[columns]\ndate = "Kaufdatum"\n'
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    rows: Rows | None = None
    date_format: str | None = None
    decimal: Literal[",", "."] | None = None
    delimiter: str | None = None
    encoding: str | None = None
    currency: str | None = None
    skip_bad_rows: bool = False
    goods_only: bool = False
    states: Mapping[str, str] = field(default_factory=dict)
    sheet: str | None = None
    sheets: Mapping[str, str] = field(default_factory=dict)
    taxes: Held | None = None
    postage: Held | None = None
    tax_rate: str | None = None
    net: bool = False
    without_postage: bool = False
    rates: str | None = None
    separate_accounts: bool = False
    accounts_per_address: int | None = None
    exclude: tuple[Rule, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for meaning in self.columns:
            if meaning not in MEANINGS and meaning.partition(".")[0] not in KINDS:
                raise ReadError(
                    "“{meaning}” is not a meaning of a column. Known are: {meanings}.",
                    meaning=meaning,
                    meanings=", ".join(MEANINGS),
                )
        for state in self.states.values():
            if state not in STATES:
                raise ReadError(
                    "“{state}” is not a state of an order. Known are: {states}.",
                    state=state,
                    states=", ".join(STATES),
                )
        for kind in self.kinds.values():
            if kind not in KINDS:
                raise ReadError(
                    "“{kind}” is not a kind of file. Known are: {kinds}.",
                    kind=kind,
                    kinds=", ".join(KINDS),
                )
        checks.scales(self.scales)
        checks.accounts(self.accounts_per_address)
        for name, choices in _CHOICES.items():
            value = getattr(self, name)
            if value is not None and value not in choices:
                raise ReadError(
                    "The option {name} must be one of {choices}, not “{value}”.",
                    name=name,
                    choices=" ".join(choices),
                    value=str(value),
                )
        if self.currency is not None and not is_currency(self.currency):
            raise ReadError(
                "“{currency}” is not a currency. Use an ISO code such as EUR.",
                currency=self.currency,
            )

    @classmethod
    def from_mapping(cls, path: Path) -> ReadOptions:
        """Read options from a mapping file in TOML, as `to_toml` writes it.

        Raises
        ------
        ReadError
            If the file is missing, is not TOML, or names something unknown.
        """
        return cls(**mapping_file.read(path, options=cls()))

    def answered(self, option: str, answer: str) -> ReadOptions:
        """Return the options with the answer to a question.

        Parameters
        ----------
        option
            Where the answer goes: `taxes`, or an entry of a table such as `states.Zurückgestellt`.

        Examples
        --------
        >>> ReadOptions().answered("states.Zurückgestellt", "open").states
        {'Zurückgestellt': 'open'}
        """
        name, _, entry = option.partition(".")
        given: dict[str, Any] = {name: {**getattr(self, name), entry: answer} if entry else answer}
        return replace(self, **given)

    def to_toml(self) -> str:
        """Write the options as a mapping file."""
        return mapping_file.written(self)


@dataclass(frozen=True)
class Reading:
    """What was read: the files as they were understood, and the raw sums before any rule.

    Parameters
    ----------
    files
        How each file was understood.
    currency
        ISO code of all amounts, None if nobody said.
    exponent
        Digits of the minor unit: amounts are integers of 10 ** −exponent.
    rows_read
        Rows of all files, whatever became of them.
    raw_amount
        Sum of quantity × price, or of the amounts, over all rows read, exact and in major units.
    has_amounts, has_units, has_lines
        Whether amounts, units and order lines are known.
    mapping
        The options as finally understood; saved, they read the same files the same way.
    """

    files: tuple[FileReading, ...]
    currency: str | None
    exponent: int
    rows_read: int
    raw_amount: Decimal | None
    has_amounts: bool
    has_units: bool
    has_lines: bool
    mapping: ReadOptions

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the files leave open, each question once."""
        found: dict[str, Question] = {}
        for file in self.files:
            for question in file.questions:
                found.setdefault(question.option, question)
        return tuple(found.values())

    def mapping_with(self, said: ReadOptions) -> ReadOptions:
        """Return the options as understood, where the user's word goes before what was assumed."""
        given = {each.name: getattr(said, each.name) for each in fields(said)}
        known = {name: value for name, value in given.items() if value}
        return replace(
            self.mapping, **known | {"columns": {**self.mapping.columns, **said.columns}}
        )
