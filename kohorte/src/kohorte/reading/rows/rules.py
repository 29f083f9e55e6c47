"""Rules by which a shop leaves out orders: its staff, business customers, its own tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kohorte.errors import ReadError
from kohorte.reading import sql
from kohorte.reading.meaning.words import compact
from kohorte.reading.source import Column, Source
from kohorte.settings import UNCOUNTED

# Reasons that a rule may give; cancelled and unpaid are for the words of a status.
REASONS = tuple(reason for reason in UNCOUNTED if reason not in ("cancelled", "unpaid"))


@dataclass(frozen=True)
class Rule:
    """Orders with such a cell do not count, and this is why.

    Parameters
    ----------
    reason
        One of `REASONS`.
    column
        A header of the files, or a meaning such as `email`.
    pattern
        What the cell says, whatever its case; `*` stands for any text, `*` alone for any at all.

    Examples
    --------
    >>> Rule.parse("staff: E-Mail = *@example.com")
    Rule(reason='staff', column='E-Mail', pattern='*@example.com')
    """

    reason: str
    column: str
    pattern: str

    def __post_init__(self) -> None:
        if self.reason not in REASONS:
            raise ReadError(
                "“{reason}” is not a reason to leave orders out by a rule. Known are: {reasons}.",
                reason=self.reason,
                reasons=", ".join(REASONS),
            )

    def __str__(self) -> str:
        return f"{self.reason}:{self.column}={self.pattern}"

    @classmethod
    def parse(cls, text: str) -> Rule:
        """Read a rule as it is written on the command line.

        Raises
        ------
        ReadError
            It does not name reason, column and pattern.
        """
        reason, _, test = text.partition(":")
        column, _, pattern = test.partition("=")
        if not (reason.strip() and column.strip() and pattern.strip()):
            raise ReadError(
                "“{text}” is not a rule. Write it as reason:column=pattern, for example "
                "staff:E-Mail=*@example.com.",
                text=text,
            )
        return cls(reason.strip(), column.strip(), pattern.strip())

    def test(self, cell: str) -> str:
        """Return the SQL test of a cell's text."""
        text = f"lower(trim({cell}))"
        if self.pattern == "*":
            return f"{text} <> ''"
        if "*" not in self.pattern:
            return f"{text} = lower({sql.literal(self.pattern)})"
        kept = self.pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"{text} LIKE lower({sql.literal(kept.replace('*', '%'))}) ESCAPE '\\'"


def of_file(
    rules: Sequence[Rule], *, source: Source, columns: Mapping[Any, Column]
) -> tuple[tuple[Rule, Column], ...]:
    """Return the rules whose column a file has, by its header or by the meaning that it has."""
    by_header = {compact(column.name): column for column in source.columns}
    found = [
        (rule, by_header.get(compact(rule.column)) or columns.get(rule.column)) for rule in rules
    ]
    return tuple((rule, column) for rule, column in found if column is not None)


def require_columns(
    rules: Sequence[Rule],
    *,
    found: Sequence[Sequence[tuple[Rule, Column]]],
    sources: Sequence[Source],
) -> None:
    """Raise for the first rule whose column none of the files has.

    Parameters
    ----------
    found
        The rules that each file has a column for.
    sources
        These files.

    Raises
    ------
    ReadError
        With the columns that there are.
    """
    known = {rule for each in found for rule, _ in each}
    for rule in rules:
        if rule not in known:
            raise ReadError(
                "The rule “{rule}” names the column “{column}”, which none of the files has. Their "
                "columns are: {columns}.",
                rule=str(rule),
                column=rule.column,
                columns="; ".join(dict.fromkeys(source.headers for source in sources)),
            )


def state(rules: Sequence[tuple[Rule, Column]]) -> str:
    """Return the SQL of the reason that the first matching rule gives, NULL without one."""
    if not rules:
        return "NULL::VARCHAR"
    cases = " ".join(
        f"WHEN {rule.test(f'{column.sql}::VARCHAR')} THEN {sql.literal(rule.reason)}"
        for rule, column in rules
    )
    return f"CASE {cases} END"
