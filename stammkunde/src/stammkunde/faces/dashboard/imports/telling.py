"""An import as its page shows it: where it stands, what was understood, what would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import dateparse
from django.utils.translation import gettext as _

from stammkunde.core.jobs import queries as jobs
from stammkunde.core.jobs.models import OPEN
from stammkunde.core.jobs.queries import Line
from stammkunde.faces.dashboard.imports import words
from stammkunde.faces.dashboard.imports.questions import Answers, Columns
from stammkunde.faces.dashboard.jobs import left
from stammkunde.faces.dashboard.templatetags import formats
from stammkunde.features.imports import previews, rules, services
from stammkunde.features.imports.models import File, Import
from stammkunde.records.orders import overlaps

# Which job an import waits for, by its state.
WORK = {"uploaded": "look", "publishing": "publish", "undoing": "undo"}
DELIMITERS = {",": ",", ";": ";", "\t": "Tab", "|": "|"}


@dataclass(frozen=True)
class Stage:
    """Where an import stands, and the work that it waits for."""

    name: str
    line: Line | None
    left: str

    @property
    def is_moving(self) -> bool:
        """Whether the page should ask again soon."""
        return self.line is not None and self.line.job.state in OPEN


def stage(import_: Import) -> Stage:
    """Return where an import stands; `stuck` if nobody works on what it waits for."""
    verb = WORK.get(import_.state)
    is_fresh = import_.state in services.PUBLISHABLE and not import_.plan
    line = None
    if verb or is_fresh:
        line = jobs.latest(import_.shop, key=f"import:{import_.pk}:{verb or 'look'}")
    is_open = line is not None and line.job.state in OPEN
    told = left(line.seconds_left) if line else ""
    if is_open:
        return Stage(
            {"publish": "publishing", "undo": "undoing"}.get(verb or "", "reading"), line, told
        )
    if verb:
        return Stage("stuck", line, told)
    names = {"questions": "asking", "previewed": "ready"}
    return Stage(names.get(import_.state, import_.state), line, told)


def shown(import_: Import) -> dict[str, Any]:
    """Return everything that the page of an import shows."""
    at = stage(import_)
    told = import_.understood
    # While work goes on the page asks every second: it then shows how far that is, and no more.
    has_read = bool(told.get("files")) and not at.is_moving and at.name not in ("stuck", "failed")
    answers = Answers(import_)
    files = list(import_.files.order_by("place"))
    return {
        "import_": import_,
        "files": files,
        "stage": at,
        "step": _step(at, files) if at.name == "reading" else "",
        "who": words.actors([import_]).of(import_.actor_kind, import_.actor_id),
        "fault": rules.without_options(words.said(import_.fault)) if import_.fault else "",
        "can_skip": bool(import_.fault.get("of_rows")),
        "skips": bool(import_.said.get(rules.SKIP)),
        "skipped": rules.skipped(told) if has_read else 0,
        "answers": answers,
        "columns": Columns(import_) if told.get("headers") else None,
        "understood": [_file(each) for each in told["files"]] if has_read else [],
        "orders": _orders(import_) if has_read else [],
        "span": tuple(
            dateparse.parse_date(told.get(name) or "") for name in ("first_on", "last_on")
        )
        if has_read
        else (),
        "left_out": [_left_out(each) for each in told["excluded"]] if has_read else [],
        "not_counted": _not_counted(told["states"]) if has_read else [],
        "quality": _quality(told.get("quality")) if has_read else None,
        "plan": _plan(import_) if has_read else [],
        "will_change": sum(each.new + each.changed for each in _plan(import_)),
        "differences": _differences(import_) if has_read else [],
        "done": _done(import_),
        "is_typed_too": has_read
        and _brought_spend(import_)
        and bool(overlaps.found(import_.shop_id)),
        "other_currency": told.get("currency") not in (None, import_.shop.currency),
    }


def _brought_spend(import_: Import) -> bool:
    """Return whether a published import brought expenses."""
    new = import_.counts.get("new", {}) if import_.state == "published" else {}
    return bool(new.get("spend"))


def _step(at: Stage, files: Sequence[File]) -> str:
    """Return what is being done while files are read."""
    done = at.line.job.progress_done if at.line else None
    if done is None:
        return _("Columns, dates, amounts and people are being recognized.")
    if done < len(files):
        return _("File %(place)s of %(count)s: %(name)s") % {
            "place": formats.number(done + 1),
            "count": formats.number(len(files)),
            "name": files[done].name,
        }
    after = (
        _("Orders are being put together."),
        _("People are being recognized."),
        _("The data are being judged, and what would change is being tried."),
    )
    return after[min(done - len(files), len(after) - 1)]


@dataclass(frozen=True)
class Column:
    """A column that was recognized."""

    meaning: str
    column: str
    score: float
    reason: str


def _file(file: Mapping[str, Any]) -> dict[str, Any]:
    delimiter = DELIMITERS.get(file["delimiter"] or "")
    form = [
        (file["encoding"] or "").upper(),
        _("columns parted by “%(mark)s”") % {"mark": delimiter} if delimiter else "",
    ]
    return {
        "name": file["name"],
        "layout": words.said(file["layout_name"]),
        "rows": file["rows"],
        "form": ", ".join(part for part in form if part),
        "columns": [
            Column(
                words.meaning(one["meaning"]),
                one["column"],
                one["score"],
                words.said(one["reason"]),
            )
            for one in file["guesses"]
        ],
        "remarks": [
            found for one in file["remarks"] if (found := rules.without_options(words.said(one)))
        ],
    }


def _orders(import_: Import) -> list[dict[str, Any]]:
    if not previews.is_there(import_):
        return []
    return [
        {
            "number": order.number,
            "at": order.placed_at,
            "customer": order.customer,
            "amount": formats.money(order.amount_minor, order.currency or import_.shop.currency),
            "state": words.STATES.get(order.state, order.state),
        }
        for order in previews.first_orders(import_)
    ]


def _left_out(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "reason": one["reason"],
        "name": words.said(one["name"]),
        "meaning": words.said(one["meaning"]),
        "scope": words.SCOPES.get(one["scope"], one["scope"]),
        "rows": one["rows"],
        "orders": one["orders"],
    }


def _not_counted(states: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Return the orders that are kept and do not count, by status."""
    return [
        (str(name), str(meaning), states[state])
        for state, (name, meaning) in words.NOT_COUNTED.items()
        if states.get(state)
    ]


def _quality(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not found:
        return None
    return {
        "score": found["score"],
        "parts": [
            (words.said(one["name"]), one["affected_percent"], one["points_lost"])
            for one in found["parts"]
        ],
        "findings": [
            {
                "is_warning": one["severity"] == "warning",
                "what": words.said(one["what"]),
                "effect": words.said(one["effect"]),
                "remedy": words.REMEDIES.get(one["slug"])
                or rules.without_options(words.said(one["remedy"])),
            }
            for one in found["findings"]
        ],
    }


@dataclass(frozen=True)
class Kind:
    """How many rows of a kind are new, changed and as they were."""

    name: str
    new: int
    changed: int
    same: int


def _plan(import_: Import) -> list[Kind]:
    return [
        Kind(str(words.KINDS[name]), counts["new"], counts["changed"], counts["same"])
        for name, counts in import_.plan.get("kinds", {}).items()
    ]


def _done(import_: Import) -> list[Kind]:
    """Return what publishing did, by kind."""
    counts = import_.counts
    names = [
        name
        for name in words.KINDS
        if any(name in counts.get(which, {}) for which in ("new", "changed", "same"))
    ]
    return [
        Kind(
            str(words.KINDS[name]),
            *(counts.get(which, {}).get(name, 0) for which in ("new", "changed", "same")),
        )
        for name in names
    ]


def _differences(import_: Import) -> Sequence[tuple[str, list[tuple[str, str, str]]]]:
    currency = import_.shop.currency
    return [
        (
            one["number"],
            [
                (
                    str(words.COLUMNS.get(name, name)),
                    _value(name, old, currency),
                    _value(name, new, currency),
                )
                for name, (old, new) in one["changed"].items()
            ],
        )
        for one in import_.plan.get("differences", [])
    ]


def _value(name: str, value: Any, currency: str) -> str:
    if value is None:
        return formats.NOTHING
    match name:
        case "amount_minor" | "original_minor":
            return formats.money(int(value), currency)
        case "state":
            return str(words.STATES.get(value, value))
        case "units":
            units = Decimal(str(value))
            return formats.number(units, 0 if units == units.to_integral_value() else 3)
        case "placed_at":
            at = dateparse.parse_datetime(f"{value}+00:00")
            return formats.moment(at) if at else str(value)
        case _:
            return str(value)
