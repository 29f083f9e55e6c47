"""The few lines that a command prints about a report."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from kohorte import currencies, metrics
from kohorte.language import Language, Sentence, money, number
from kohorte.results import Exclusion, FileReading, Question, Report, Row

HEADLINES = (
    "customer_retention_rate",
    "repeat_rate_90_days",
    "repeat_purchase_rate",
    "purchase_frequency",
    "average_order_value",
    "customer_value",
    "customer_lifetime_value",
)


def show(report: Report, language: Language) -> None:
    """Print how the files were understood, what was counted, and the headline numbers."""
    show_files(report.files, language)
    for only in report.only:
        what = {"what": only}
        typer.echo(Sentence("Only customers of whom this holds: {what}.", what).render(language))
    counts = report.counts
    typer.echo(
        Sentence(
            "{orders} {orders:order|orders} of {customers} {customers:customer|customers} count, "
            "from {first} to {last}.",
            {
                "orders": counts.orders,
                "customers": counts.customers,
                "first": report.first_on,
                "last": report.last_on,
            },
        ).render(language)
    )
    show_exclusions(report.exclusions, language)
    if counts.unidentified_orders and not counts.customers:
        advice = Sentence(
            "No order names its customer, so nothing can be said about customers. Export the "
            "customer number or the e-mail address, or name the column with --column customer_id=…."
        )
        typer.echo(f"\n{advice.render(language)}")
    typer.echo("")
    for slug in HEADLINES:
        row = _latest(report, slug)
        name = metrics.get(slug).name.render(language)
        period = "" if row.grain == "all" else f" ({row.period})"
        typer.echo(f"  {name + period:<34} {written(row, report.currency, language)}")
    typer.echo("")


def _latest(report: Report, slug: str) -> Row:
    """Return the number over all; of a state at the end of a period, that of the last whole month."""
    grain = "month" if metrics.get(slug).orders_from == "both" else "all"
    rows = [row for row in report.rows if row.metric == slug and row.segment == "all"]
    whole = [row for row in rows if row.grain == grain and row.complete and row.value is not None]
    return whole[-1] if whole else next(row for row in rows if row.grain == "all")


def show_exclusions(exclusions: Sequence[Exclusion], language: Language) -> None:
    """Print how many rows were left out, by reason; the slug in brackets is for `--reason`."""
    for exclusion in exclusions:
        rows = {"rows": exclusion.rows}
        left_out = {
            "everything": Sentence("{rows:row|rows} left out:", rows),
            "customer metrics": Sentence("{rows:row|rows} in no customer metric:", rows),
            "revenue": Sentence("{rows:row|rows} in no revenue:", rows),
        }[exclusion.scope].render(language)
        name = f"{exclusion.name.render(language)} [{exclusion.reason}]"
        typer.echo(f"  {number(exclusion.rows, language):>9} {left_out} {name}")


def show_files(files: Sequence[FileReading], language: Language, *, questions: bool = True) -> None:
    """Print how each file was understood, and what it leaves open."""
    for file in files:
        _show_file(file, language)
        for question in file.questions if questions else ():
            typer.echo(f"  ? {asked(question, language)}")
    if questions and any(file.questions for file in files):
        typer.echo(f"  {Question.ADVICE.render(language)}")


def asked(question: Question, language: Language) -> str:
    """Write a question with what holds until it is answered."""
    said = {choice.value: choice.says.render(language) for choice in question.choices}
    asks = question.asks.render(language)
    if question.assumed is None:
        return asks
    answer = {"answer": said.get(question.assumed, question.assumed)}
    return f"{asks} {Sentence('Assumed meanwhile: {answer}.', answer).render(language)}"


def _show_file(file: FileReading, language: Language) -> None:
    typer.echo(
        f"{file.path}: {file.layout_name.render(language)}, "
        + Sentence("{rows} {rows:row|rows}", {"rows": file.rows}).render(language)
    )
    for guess in file.guesses:
        typer.echo(f"  {guess.meaning} = {guess.column} ({guess.reason.render(language)})")
    for remark in file.remarks:
        typer.echo(f"  {remark.render(language)}")


def names(slugs: Sequence[str], language: Language) -> str:
    """Return the names of metrics, parted by commas."""
    return ", ".join(metrics.get(slug).name.render(language) for slug in slugs)


def written(row: Row, currency: str | None, language: Language) -> str:
    """Write a value with its interval and n: 63,6 % (62,1–65,0; n = 4.266)."""
    if row.value is None:
        return row.reason.render(language) if row.reason else "–"
    unit = metrics.get(row.metric).unit
    digits = currencies.exponent(currency) if unit == "money" else _DIGITS[unit]

    def bare(value: float) -> str:
        return number(value, language, digits=digits)

    parts = [f"n = {number(row.n, language)}"]
    if row.low is not None and row.high is not None:
        parts.insert(0, f"{bare(row.low)}–{bare(row.high)}")
    value = money(row.value, currency, language) if unit == "money" else bare(row.value)
    if unit == "days":
        value = Sentence("{count} {count:day|days}", {"count": round(row.value)}).render(language)
    signs = {"percent": " %" if language == "de" else "%", "hours": " h"}
    return f"{value}{signs.get(unit, '')} ({'; '.join(parts)})"


_DIGITS = {"percent": 1, "count": 0, "ratio": 2, "points": 1, "hours": 1, "days": 0}
