"""Where the numbers come from: files, columns, what was left out, findings, settings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import PurePath

from kohorte.exclusions import REASONS
from kohorte.reading.beside import choices, understanding
from kohorte.reading.beside.declared import EVERY
from kohorte.report.material import Material
from kohorte.report.provenance_words import MEANINGS, SCOPES, SETTINGS
from kohorte.results import Exclusion, FileReading, Finding, Question, Score


@dataclass(frozen=True)
class Column:
    """What a column was taken for."""

    meaning: str
    column: str
    sureness: str
    reason: str


@dataclass(frozen=True)
class File:
    """How a file was understood."""

    path: str
    layout: str
    rows: str
    form: str
    columns: tuple[Column, ...]
    remarks: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """Rows that were not counted."""

    name: str
    meaning: str
    scope: str
    rows: str
    orders: str
    amount: str


@dataclass(frozen=True)
class Remark:
    """A finding in words."""

    severity: str
    severity_name: str
    what: str
    effect: str
    bends: str
    remedy: str


@dataclass(frozen=True)
class Quality:
    """The score of the data in words, and what it loses: name, part affected, points."""

    score: str
    losses: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Provenance:
    """The section about the data."""

    sizes: tuple[tuple[str, str], ...]
    files: tuple[File, ...]
    left_out: tuple[LeftOut, ...]
    has_amounts: bool
    quality: Quality | None
    remarks: tuple[Remark, ...]
    settings: tuple[tuple[str, str, str], ...]
    advice: str


def build(material: Material) -> Provenance:
    """Say where the numbers come from."""
    report = material.report
    return Provenance(
        sizes=_sizes(material),
        files=tuple(_file(file, material) for file in report.files),
        left_out=tuple(_left_out(one, material) for one in report.exclusions if one.rows),
        has_amounts=any(one.amount is not None for one in report.exclusions),
        quality=None if report.score is None else _quality(report.score, material),
        remarks=tuple(
            _remark(one, material)
            for one in sorted(report.findings, key=lambda one: one.severity, reverse=True)
        ),
        settings=tuple(_setting(name, value, material) for name, value in report.settings.items()),
        advice=material.voice.tell(Question.ADVICE),
    )


def _sizes(material: Material) -> tuple[tuple[str, str], ...]:
    """List what was read and what of it is counted."""
    voice, counts = material.voice, material.report.counts
    sizes: list[tuple[str, int | None, float | None]] = [
        (voice.say("Rows read"), counts.rows_read, None),
        (voice.say("Sum of all rows read"), None, counts.raw_amount),
        (voice.say("Order lines counted"), counts.lines, None),
        (voice.say("Orders counted"), counts.orders, None),
        (voice.say("Customers"), counts.customers, None),
        (voice.say("Revenue counted"), None, counts.revenue),
        (voice.say("Orders without a customer"), counts.unidentified_orders, None),
        (voice.say("Revenue without a customer"), None, counts.unidentified_revenue),
        (voice.say("Refunds that name no order"), counts.refunds_without_order, None),
        (voice.say("Amount of these refunds"), None, counts.refunds_without_order_amount),
    ]
    digits = voice.currency_digits
    return tuple(
        (name, voice.count(count or 0) if amount is None else voice.money(amount, digits=digits))
        for name, count, amount in sizes
        if count is not None or amount is not None
    )


def _file(file: FileReading, material: Material) -> File:
    voice = material.voice
    columns = tuple(
        Column(
            meaning=_meaning(guess.meaning, material),
            column=guess.column,
            sureness=f"{voice.number(guess.score * 100, digits=0)}{voice.percent_sign}",
            reason=guess.reason.render(voice.language),
        )
        for guess in file.guesses
    )
    form = [file.encoding or "", _delimiter(file.delimiter, material)]
    return File(
        path=PurePath(file.path).name,
        layout=voice.pick(file.layout_name),
        rows=voice.count(file.rows),
        form=", ".join(part for part in form if part),
        columns=columns,
        remarks=tuple(remark.render(voice.language) for remark in file.remarks),
        questions=tuple(_question(one, material) for one in file.questions),
    )


def _meaning(name: str, material: Material) -> str:
    """Write what a column was taken for; beside the orders its table stands in front."""
    if name in MEANINGS:
        return material.voice.pick(MEANINGS[name])
    table, _, field = name.partition(".")
    if field in choices.SAYS:
        return material.voice.pick(choices.SAYS[field])
    if table in EVERY:
        return material.voice.pick(understanding.meaning_of(EVERY[table], field))
    return name


def _question(one: Question, material: Material) -> str:
    """Write a question, and what holds until it is answered."""
    voice = material.voice
    said = {choice.value: choice.says.render(voice.language) for choice in one.choices}
    asks = voice.tell(one.asks)
    if one.assumed is None:
        return asks
    return f"{asks} {voice.say('Assumed meanwhile: {answer}.', answer=said.get(one.assumed, one.assumed))}"


def _delimiter(delimiter: str | None, material: Material) -> str:
    voice = material.voice
    match delimiter:
        case None | "":
            return ""
        case "\t":
            return voice.say("columns parted by tabs")
        case _ if not delimiter.strip():
            return voice.say("columns parted by blanks")
        case _:
            return voice.say("columns parted by “{mark}”", mark=delimiter)


def _left_out(one: Exclusion, material: Material) -> LeftOut:
    voice = material.voice
    amount = "" if one.amount is None else voice.money(one.amount, digits=voice.currency_digits)
    return LeftOut(
        name=voice.pick(one.name),
        meaning=voice.pick(one.meaning),
        scope=voice.pick(SCOPES[one.scope]),
        rows=voice.count(one.rows),
        orders=voice.count(one.orders),
        amount=amount,
    )


def _quality(score: Score, material: Material) -> Quality:
    voice = material.voice
    return Quality(
        score=voice.say("Data quality: {score} of 100", score=score.value),
        losses=tuple(
            (
                voice.pick(part.name),
                f"{voice.number(part.affected_percent, digits=1)}{voice.percent_sign}",
                voice.number(-part.points_lost, digits=1),
            )
            for part in score.parts
            if part.is_shown
        ),
    )


def _remark(one: Finding, material: Material) -> Remark:
    voice = material.voice
    warning = one.severity == "warning"
    known = material.metrics
    bent = ", ".join(voice.pick(known[slug].name) for slug in one.metrics if slug in known)
    return Remark(
        severity=one.severity,
        severity_name=voice.say("Warning") if warning else voice.say("Note"),
        what=voice.tell(one.what),
        effect=voice.tell(one.effect),
        bends=voice.say("It bends: {names}.", names=bent) if bent else "",
        remedy=voice.tell(one.remedy),
    )


def _setting(name: str, value: object, material: Material) -> tuple[str, str, str]:
    voice = material.voice
    title = voice.pick(SETTINGS[name]) if name in SETTINGS else name
    match value:
        case None | ():
            written = voice.say("not set")
        case tuple():
            written = ", ".join(voice.pick(REASONS[each][0]) for each in value)
        case dt.date():
            written = material.date(value)
        case int() if not isinstance(value, bool):
            written = voice.count(value)
        case float():
            written = voice.number(value, digits=0 if value.is_integer() else 2)
        case _:
            written = str(value)
    return title, name, written
