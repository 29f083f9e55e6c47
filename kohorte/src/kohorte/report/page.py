"""The page: sections into templates, style and script inlined under a strict policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kohorte.language import Language
from kohorte.report import (
    cards,
    catalogue,
    charts,
    cohort_view,
    drawing,
    forecast_view,
    head,
    industry_view,
    moved,
    movement,
    new_existing,
    provenance,
    reasons_view,
    restatement_view,
    rfm_view,
    sides,
    targets_view,
    trends,
    trial_view,
    voices_view,
    waits_view,
)
from kohorte.report.charts import Chart
from kohorte.report.material import Material
from kohorte.report.metric_text import MetricText
from kohorte.report.shelf import Shelf
from kohorte.report.voice import Voice
from kohorte.results import Report


def render(report: Report, *, language: Language, metrics: Mapping[str, MetricText]) -> str:
    """Return the page as one HTML document that needs nothing else."""
    voice = Voice(language, report.currency)
    material = Material(report, Shelf(report.rows), metrics, voice)
    trend_charts = trends.build(material)
    composition = new_existing.build(material)
    came_and_went = movement.build(material)
    waited = waits_view.build(material)
    foretold = forecast_view.build(material)
    every_chart = [
        *(*trend_charts, *composition.charts, *came_and_went.charts),
        *([waited.chart] if waited else []),
        *(foretold.charts if foretold else ()),
    ]
    style, scripts = _asset("assets/report.css"), _scripts(every_chart)
    return (
        _environment()
        .get_template("page.html")
        .render(
            language=language,
            head=head.build(material),
            cards=cards.build(material),
            aims=targets_view.build(material),
            figures=industry_view.build(material),
            since=restatement_view.build(material),
            trends=trend_charts,
            composition=composition,
            moved=moved.build(material),
            movement=came_and_went,
            cohorts=[
                cohort_view.build(report.calendar_cohorts, material),
                cohort_view.build(report.rolling_cohorts, material),
            ],
            waits=waited,
            forecast=foretold,
            reasons=reasons_view.build(material),
            voices=voices_view.build(material),
            trial=trial_view.build(material),
            rfm=rfm_view.build(material),
            sides=sides.build(material),
            catalogue=catalogue.build(material),
            provenance=provenance.build(material),
            chart_data={
                chart.slug: charts.as_data(chart) for chart in every_chart if chart.drawable
            },
            currency=report.currency or "",
            version=report.version,
            style=Markup(style),  # noqa: S704 - our own file
            scripts=[Markup(script) for script in scripts],  # noqa: S704 - our own files
            policy=policy(style, scripts),
            say=voice.say,
            draw=drawing.chart,
            reliable_n=cards.RELIABLE_N,
            confidence=_confidence(report, voice),
        )
    )


def policy(style: str, scripts: list[str]) -> str:
    """Return a content security policy under which only these very texts run."""
    allowed = " ".join(_hash(script) for script in scripts)
    rules = [
        "default-src 'none'",
        f"script-src {allowed}" if scripts else "script-src 'none'",
        f"style-src {_hash(style)}",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join(rules)


def _scripts(every_chart: list[Chart]) -> list[str]:
    """Return the scripts; the chart library only where there is something to draw."""
    own = "\n".join(_asset(f"assets/{name}.js") for name in ("files", "tables", "report"))
    if any(chart.drawable for chart in every_chart):
        return [_asset("vendor/echarts.min.js"), own]
    return [own]


def _confidence(report: Report, voice: Voice) -> str:
    percent = report.settings.get("confidence_percent", 95.0)
    value = float(percent) if isinstance(percent, int | float) else 95.0
    return f"{voice.number(value, digits=0 if value.is_integer() else 1)}{voice.percent_sign}"


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _asset(path: str) -> str:
    return resources.files("kohorte.report").joinpath(path).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    folder = str(resources.files("kohorte.report").joinpath("templates"))
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
