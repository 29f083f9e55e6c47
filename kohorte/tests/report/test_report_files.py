"""metrics.csv and metrics.json: exact, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import json

import example_report
import pytest

from kohorte.language import Sentence
from kohorte.report import files
from kohorte.results import Report, Row

METRICS = example_report.METRICS


def report_of(*rows: Row) -> Report:
    return dataclasses.replace(example_report.one_order(), rows=rows)


def row(**changes: object) -> Row:
    plain = Row(
        "customer_retention_rate", "month", "2011-11", dt.date(2011, 11, 1), dt.date(2011, 12, 1),
        "all", 63.5959, 62.14, 65.0271, 4266, True,
    )  # fmt: skip
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]


def test_csv_has_the_promised_columns_and_values() -> None:
    text = files.as_csv(report_of(row()), "de", METRICS)
    assert text == (
        "metric,grain,period,segment,value,low,high,n,starts_on,ends_on,complete,unit,reason\r\n"
        "customer_retention_rate,month,2011-11,all,63.5959,62.14,65.0271,4266,"
        "2011-11-01,2011-12-01,true,percent,\r\n"
    )


def test_a_missing_value_is_empty_and_its_reason_is_said_in_the_language() -> None:
    reason = Sentence("Not known.")
    missing = row(value=None, low=None, high=None, n=0, complete=False, reason=reason)
    german = files.as_csv(report_of(missing), "de", METRICS).splitlines()[1]
    assert german == (
        "customer_retention_rate,month,2011-11,all,,,,0,2011-11-01,2011-12-01,false,percent,"
        "Nicht bekannt."
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0.0, "0"),
        (-0.00000004, "0"),
        (100.0, "100"),
        (17431533.16, "17431533.16"),
        (1 / 3, "0.333333"),
        (2 / 3, "0.666667"),
        (-1.5, "-1.5"),
        (1e-6, "0.000001"),
        (120_000_000.0, "120000000"),
    ],
)
def test_numbers_have_a_point_and_at_most_six_decimals(value: float | None, written: str) -> None:
    assert files.decimal(value) == written


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_texts_that_a_spreadsheet_would_run_are_disarmed(text: str) -> None:
    injected = row(segment=text, reason=Sentence("{said}", {"said": text}))
    written = files.as_csv(report_of(injected), "en", METRICS)
    cells = list(csv.reader(io.StringIO(written, newline="")))[1]
    # Behind a tab or a new line another cell may begin.
    assert cells[3] == "'" + text.replace("\t", "\t'").replace("\r", "\r'").replace("\n", "\n'")
    # A sentence holds no control characters: they become blanks.
    assert cells[12] == "'" + text.translate(dict.fromkeys(range(32), " "))


def test_a_negative_number_stays_a_number() -> None:
    cells = next(
        csv.reader(files.as_csv(report_of(row(value=-3.5)), "en", METRICS).splitlines()[1:])
    )
    assert cells[4] == "-3.5"


def test_commas_and_quotes_follow_rfc_4180() -> None:
    reason = Sentence('{said}, or "no"', {"said": "yes"})
    text = files.as_csv(report_of(row(reason=reason)), "en", METRICS)
    assert text.endswith(',percent,"yes, or ""no"""\r\n')


def test_json_holds_the_same_rows_and_the_head() -> None:
    report = example_report.two_years()
    found = json.loads(files.as_json(report, "en", METRICS))
    assert found["language"] == "en"
    assert found["title"] == "Online Retail"
    assert found["first_on"] == "2009-12-01"
    assert found["counts"]["orders"] == 36969
    assert found["settings"]["active_days"] == 365
    assert found["files"][0]["guesses"][0]["column"] == "Invoice"
    assert found["exclusions"][1]["amount"] == -1527409.51
    assert found["findings"][1]["what"] == "8,752 orders name no customer."
    assert found["calendar_cohorts"]["cohorts"][0]["customers"][0] == 955
    assert found["calendar_cohorts"]["cohorts"][24]["customers"][1] is None
    assert sum(found["rfm"]["cells"].values()) == report.rfm.customers
    assert set(found["rfm"]["cells"]) == {f"{r}-{f}" for r in range(1, 6) for f in range(1, 6)}
    assert len(found["rows"]) == len(report.rows)


def test_csv_and_json_agree_row_by_row() -> None:
    report = example_report.two_years()
    from_csv = list(csv.DictReader(io.StringIO(files.as_csv(report, "de", METRICS), newline="")))
    from_json = json.loads(files.as_json(report, "de", METRICS))["rows"]
    assert len(from_csv) == len(from_json) == len(report.rows)
    for cells, fields in zip(from_csv, from_json, strict=True):
        assert list(cells) == list(fields)
        for name, cell in cells.items():
            value = fields[name]
            if isinstance(value, bool):
                assert cell == str(value).lower()
            elif isinstance(value, float | int):
                assert float(cell) == value
            else:
                assert cell == (value or "")


def test_what_is_no_number_never_reaches_json() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        files.as_json(report_of(row(low=float("nan"))), "en", METRICS)
