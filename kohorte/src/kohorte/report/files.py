"""The numbers for programs: metrics.csv (RFC 4180) and metrics.json with the whole report."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping

from kohorte.language import Language, Sentence, Text
from kohorte.report.metric_text import MetricText
from kohorte.results import Report, Row
from kohorte.spreadsheets import harmless

COLUMNS = (
    "metric",
    "grain",
    "period",
    "segment",
    "value",
    "low",
    "high",
    "n",
    "starts_on",
    "ends_on",
    "complete",
    "unit",
    "reason",
)
DECIMALS = 6


def as_csv(report: Report, language: Language, metrics: Mapping[str, MetricText]) -> str:
    """Return all rows as CSV; texts that a spreadsheet would run as a formula are disarmed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in report.rows:
        writer.writerow(
            (
                harmless(row.metric),
                row.grain,
                harmless(row.period),
                harmless(row.segment),
                decimal(row.value),
                decimal(row.low),
                decimal(row.high),
                row.n,
                row.starts_on.isoformat(),
                row.ends_on.isoformat(),
                "true" if row.complete else "false",
                _unit(row, metrics),
                harmless(_reason(row, language)),
            )
        )
    return out.getvalue()


def as_json(report: Report, language: Language, metrics: Mapping[str, MetricText]) -> str:
    """Return the whole report as JSON, one row of numbers per line."""
    head = {
        field.name: plain(getattr(report, field.name), language)
        for field in dataclasses.fields(report)
        if field.name != "rows"
    }
    parts = [f"{_dumped(name)}: {_dumped(value)}" for name, value in head.items()]
    rows = ",\n".join(_dumped(_row(row, language, metrics)) for row in report.rows)
    parts.append(f'"rows": [\n{rows}\n]')
    return "{\n" + ",\n".join([f'"language": "{language}"', *parts]) + "\n}\n"


def decimal(value: float | None) -> str:
    """Write a number with at most six decimals and no zeros at its end.

    >>> decimal(63.5959), decimal(12.0), decimal(-0.0000001), decimal(None)
    ('63.5959', '12', '0', '')
    """
    if value is None:
        return ""
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _row(row: Row, language: Language, metrics: Mapping[str, MetricText]) -> dict[str, object]:
    return {
        "metric": row.metric,
        "grain": row.grain,
        "period": row.period,
        "segment": row.segment,
        "value": _rounded(row.value),
        "low": _rounded(row.low),
        "high": _rounded(row.high),
        "n": row.n,
        "starts_on": row.starts_on.isoformat(),
        "ends_on": row.ends_on.isoformat(),
        "complete": row.complete,
        "unit": _unit(row, metrics) or None,
        "reason": _reason(row, language) or None,
    }


def _unit(row: Row, metrics: Mapping[str, MetricText]) -> str:
    return metrics[row.metric].unit if row.metric in metrics else ""


def _reason(row: Row, language: Language) -> str:
    return row.reason.render(language) if row.reason else ""


def _rounded(value: float | None) -> float | int | None:
    if value is None:
        return None
    rounded = round(value, DECIMALS) + 0.0
    return int(rounded) if rounded.is_integer() else rounded


def plain(value: object, language: Language) -> object:
    """Turn records, texts and days into what JSON knows, texts in one language."""
    match value:
        case Text() | Sentence():
            return value.render(language)
        case dt.date():
            return value.isoformat()
        case float():
            return _rounded(value)
        case dict():
            return {_key(key): plain(item, language) for key, item in value.items()}
        case tuple() | list():
            return [plain(item, language) for item in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return dict(_fields(value, language))
        case _:
            return value


def _fields(record: object, language: Language) -> Iterator[tuple[str, object]]:
    for field in dataclasses.fields(record):  # type: ignore[arg-type]
        yield field.name, plain(getattr(record, field.name), language)


def _key(key: object) -> str:
    """Write a pair of RFM scores as 5-1, everything else as it is."""
    return "-".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
