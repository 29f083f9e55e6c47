"""What files leave open, as a form: choices to pick from, with what is assumed meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kohorte.reading.options import Meaning
from stammkunde.faces.dashboard.imports import words
from stammkunde.features.imports import rules
from stammkunde.features.imports.models import Import

# What kohorte no longer asks once it was answered, so that it can be answered otherwise.
SETTLED: Mapping[str, tuple[str | Promise, tuple[tuple[str, str | Promise], ...]]] = {
    "taxes": (
        gettext_lazy("Do the amounts hold the taxes?"),
        (
            ("inside", gettext_lazy("with taxes (gross)")),
            ("outside", gettext_lazy("without taxes (net)")),
        ),
    ),
    "postage": (
        gettext_lazy("Do the amounts hold the postage?"),
        (
            ("inside", gettext_lazy("with postage")),
            ("outside", gettext_lazy("without postage")),
        ),
    ),
    "decimal": (
        gettext_lazy("Which decimal mark do the numbers have?"),
        ((",", gettext_lazy("the comma: 12,50")), (".", gettext_lazy("the point: 12.50"))),
    ),
}
# The columns that orders cannot do without, and those that are worth most.
ASKED_COLUMNS: tuple[Meaning, ...] = (
    "date",
    "order_id",
    "customer_id",
    "email",
    "amount",
    "quantity",
    "unit_price",
    "product",
    "status",
    "currency",
)


class Answers(forms.Form):
    """Answers to what files ask; those that nothing is assumed for come first and are needed."""

    def __init__(self, import_: Import, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options: dict[str, str] = {}
        self.before: dict[str, str | None] = {}
        asked = sorted(_asked(import_), key=lambda one: not rules.is_open(one, import_.said))
        for place, question in enumerate(asked):
            name = f"answer{place}"
            current = _said(question["option"], import_.said) or question["assumed"]
            self.options[name] = question["option"]
            self.before[name] = current
            self.fields[name] = _field(question, import_, current)

    @property
    def open(self) -> list[forms.BoundField]:
        """The questions that must be answered."""
        return [self[name] for name in self.options if self.before[name] is None]

    @property
    def settled(self) -> list[forms.BoundField]:
        """The questions that were answered, or for which something is assumed."""
        return [self[name] for name in self.options if self.before[name] is not None]

    @property
    def changed(self) -> dict[str, str]:
        """The answers that differ from what holds, by option."""
        return {
            option: self.cleaned_data[name]
            for name, option in self.options.items()
            if self.cleaned_data[name] and self.cleaned_data[name] != self.before[name]
        }


def _asked(import_: Import) -> list[dict[str, Any]]:
    """Return what is asked, and what was said before of what is no longer asked."""
    asked: list[dict[str, Any]] = [
        question
        for question in import_.understood.get("questions", [])
        # The currency of a file that names none is the shop's; another is refused anyway.
        if question["option"] != "currency"
    ]
    known = {question["option"] for question in asked}
    return asked + [
        {
            "option": option,
            "asks": {"de": str(asks), "en": str(asks)},
            "choices": [
                {"value": value, "says": {"de": str(says), "en": str(says)}}
                for value, says in offered
            ],
            "assumed": None,
        }
        for option, (asks, offered) in SETTLED.items()
        if option in import_.said and option not in known
    ]


def _said(option: str, given: Mapping[str, Any]) -> str | None:
    name, _dot, entry = option.partition(".")
    value = given.get(name)
    if entry:
        value = (value or {}).get(entry)
    return None if value is None else str(value)


def _field(question: Mapping[str, Any], import_: Import, current: str | None) -> forms.Field:
    label = rules.without_options(words.said(question["asks"]))
    is_open = rules.is_open(question, import_.said)
    said = _said(question["option"], import_.said)
    if not question["choices"]:
        return forms.CharField(label=label, initial=current, required=is_open, max_length=200)
    field = forms.ChoiceField(
        label=label,
        initial=current,
        required=is_open,
        widget=forms.RadioSelect,
        choices=[
            (
                choice["value"],
                _choice(
                    words.said(choice["says"]),
                    is_assumed=said is None and choice["value"] == question["assumed"],
                ),
            )
            for choice in question["choices"]
        ],
    )
    field.error_messages["required"] = _("Please choose one of the answers.")
    return field


def _choice(text: str, *, is_assumed: bool) -> str:
    shown = text[:1].upper() + text[1:]
    if not is_assumed:
        return shown
    return format_html('{} <span class="tag">{}</span>', shown, _("assumed"))


class Columns(forms.Form):
    """Which column of the files holds what."""

    def __init__(self, import_: Import, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headers = import_.understood.get("headers", [])
        names = list(dict.fromkeys(name for header in headers for name in header))
        self.before = taken(import_)
        for meaning in ASKED_COLUMNS:
            self.fields[meaning] = forms.ChoiceField(
                label=words.meaning(meaning),
                choices=[("", _("none")), *((name, name) for name in names)],
                initial=self.before.get(meaning, ""),
                required=False,
            )

    @property
    def changed(self) -> dict[str, str]:
        """The columns that were chosen otherwise, as options."""
        return {
            f"columns.{meaning}": column
            for meaning, column in self.cleaned_data.items()
            if column and column != self.before.get(meaning)
        }


def taken(import_: Import) -> dict[str, str]:
    """Return which columns are taken for what: as was said, or else as was recognized."""
    found: dict[str, str] = {}
    for file in import_.understood.get("files", []):
        for guess in file["guesses"]:
            found.setdefault(guess["meaning"], guess["column"])
    return {**found, **import_.said.get("columns", {})}
