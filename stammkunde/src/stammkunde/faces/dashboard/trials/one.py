"""One trial: what it says, how it is read, and as files; renamed, deleted and brought back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from stammkunde.core.errors import Refused
from stammkunde.core.jobs import models as jobs
from stammkunde.faces import exports
from stammkunde.faces.dashboard.access import Visit, page_of_shop
from stammkunde.faces.dashboard.insights.speech import Speech
from stammkunde.faces.dashboard.templatetags.formats import reader
from stammkunde.faces.dashboard.trials import choosing, declared, listing, telling
from stammkunde.insights import codec
from stammkunde.insights.trials import queries, services
from stammkunde.insights.trials.models import READING, Trial

HEAD = (
    "measure", "arm", "control", "customers", "customers_control", "value", "value_control",
    "difference", "low", "high", "standard_error", "percent", "percent_low", "percent_high",
    "p_corrected", "group",
)  # fmt: skip


@page_of_shop("metrics.read")
def show(visit: Visit, trial: int) -> HttpResponse:
    """Show what a trial says, how far its reading is, or what must be asked first."""
    return _page(visit, queries.one(visit.shop, trial))


def _page(visit: Visit, found: Trial, status: int = 200, **more: Any) -> HttpResponse:
    voice = Speech(reader(), visit.shop.currency)
    shown: dict[str, Any] = {"trial": found, "line": None}
    if found.plan:
        shown |= {
            "declared": declared.rows(found, voice),
            "deviations": declared.deviations(found, voice),
            "state": listing.state(found),
        }
    if found.state == READING:
        line = queries.reading(found)
        shown["line"] = line
        shown["is_stuck"] = line is None or line.job.state in (jobs.FAILED, jobs.CANCELLED)
    if found.fault:
        shown["fault"] = voice.tell(codec.unpack(found.fault))
    if found.columns:
        shown["form"] = choosing.form(found, visit.request.GET.get("arm", ""))
    if result := found.result:
        shown |= {
            "result": result,
            "verdicts": telling.verdicts(result, voice),
            "judged": telling.judged(result, voice),
            "in_all": telling.in_all(result, voice),
            "has_net": any(one["net"] for one in result["increments"]),
            "parts": telling.parts(result, voice),
            "ratio": _ratio(result, voice),
        }
    return visit.page("trials/trial.html", status, **{**shown, **more})


def _ratio(result: dict[str, Any], voice: Speech) -> str:
    """Say whether the groups are as large as planned."""
    ratio = result["sample_ratio"]
    if ratio is None:
        return _(
            "Nobody said how customers were to be spread over the groups, so whether something chose among "
            "them was not tested. Say it below."
        )
    if ratio["is_off"]:
        return ""
    return _("The groups are as large as planned (p = %(p)s).") % {
        "p": voice.number(ratio["p"], digits=2)
    }


@page_of_shop("data.import")
def choose(visit: Visit, trial: int) -> HttpResponse:
    """Read a trial in another way."""
    found = queries.one(visit.shop, trial)
    if visit.request.method != "POST" or not found.columns:
        return visit.go("trials_trial", trial)
    try:
        choice = choosing.choice(found, visit.request.POST)
        services.choose(visit.shop, trial, choice, actor=visit.actor)
    except Refused as refused:
        form = choosing.form(found, "", typed=visit.request.POST, faults=refused.fields)
        return _page(visit, found, 422, form=form)
    return visit.go("trials_trial", trial, say=_("The trial has been read as you chose."))


@page_of_shop("data.import")
def do(visit: Visit, trial: int) -> HttpResponse:
    """Rename, delete or bring back a trial, as the button says."""
    sent = visit.request.POST
    match sent.get("do", "") if visit.request.method == "POST" else "":
        case "rename":
            try:
                services.rename(visit.shop, trial, sent.get("name", ""), actor=visit.actor)
            except Refused as refused:
                found = queries.one(visit.shop, trial)
                return _page(visit, found, 422, fault_of_name=str(refused))
            return visit.go("trials_trial", trial, say=_("The trial has been renamed."))
        case "delete":
            services.delete(visit.shop, trial, actor=visit.actor)
            answer = visit.go("trials")
            answer["Location"] += f"?gone={trial}"
            return answer
        case "restore":
            services.restore(visit.shop, trial, actor=visit.actor)
            return visit.go("trials_trial", trial, say=_("The trial is back."))
    queries.one(visit.shop, trial)
    return visit.go("trials_trial", trial)


@page_of_shop("metrics.read")
def file(visit: Visit, trial: int, kind: str) -> HttpResponseBase:
    """Send what a trial says as CSV or JSON."""
    found = queries.one(visit.shop, trial)
    if kind not in ("csv", "json") or not found.result:
        raise Http404("There is no such file.")
    name = f"{visit.shop.slug}-trial-{found.pk}"
    if kind == "csv":
        return exports.csv_file(name, _rows(found.result))
    said = {"name": found.name, "customers": found.customers, "choice": found.choice}
    if found.plan:
        told = [asdict(one) for one in queries.deviations(found)]
        said |= {"plan": found.plan, "deviations": told}
    return HttpResponse(
        json.dumps(said | {"result": found.result}, ensure_ascii=False, indent=2),
        content_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.json"',
            "Cache-Control": "no-store",
        },
    )


def _rows(result: dict[str, Any]) -> Iterator[list[object]]:
    """Yield every effect, of all customers and of groups."""
    yield list(HEAD)
    effects = [(effect, "") for effect in result["effects"]]
    for groups in result["groups"].values():
        effects += [(effect, name) for name, effect in groups["effects"].items()]
    for effect, group in effects:
        plain = [
            effect[name]
            for name in (
                "n", "n_control", "value", "control", "difference", "low", "high",
                "standard_error", "percent", "percent_low", "percent_high",
            )
        ]  # fmt: skip
        yield [
            effect["measure"], effect["arm"], result["control"], *plain,
            effect.get("p_corrected"), group,
        ]  # fmt: skip
