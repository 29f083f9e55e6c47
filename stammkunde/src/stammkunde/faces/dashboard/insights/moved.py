"""What changed by more than chance, and which customers it came from."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kohorte import currencies, metrics, moving
from kohorte.conditions import customers
from kohorte.language import Language
from kohorte.report import change, periods
from kohorte.report.change import Change
from kohorte.results import Cause, Decomposition, Move
from stammkunde.faces.dashboard.insights import cards
from stammkunde.faces.dashboard.insights.board import Board, Numbers
from stammkunde.insights.questions import DIMENSIONS, EXPLAINED, Question

SHOWN = 6
CAUSES = 3
_VISIBLE = {"percent": 0.05, "count": 0.5, "money": 0.005, "ratio": 0.005}


@dataclass(frozen=True)
class Reason:
    """A group of customers and how far it moved a number."""

    group: str
    amount: str


@dataclass(frozen=True)
class Moved:
    """A metric that moved, and where the move came from."""

    name: str
    url: str
    value: str
    sign: str
    change: Change
    by: str
    reasons: tuple[Reason, ...]


def sure(board: Board) -> list[Move]:
    """Return the moves beyond chance, one for each metric, the surest first."""
    found = board.answer(Question("moves", (board.controls.where,)), ())
    moves = moving.beyond_chance(_moves(found), confidence_percent=95.0)
    by_metric: dict[str, Move] = {}
    for move in moves:
        by_metric.setdefault(move.after.metric, move)
    return list(by_metric.values())


def looked(board: Board) -> int:
    """Return how many comparisons were looked at."""
    return len(list(_moves(board.answer(Question("moves", (board.controls.where,)), ()))))


def asked(moves: Sequence[Move]) -> list[Question]:
    """Return what tells where moves came from; what no snapshot holds is not asked for."""
    return [
        Question("why", (move.after.metric, move.before.period, move.after.period, dimension))
        for move in moves[:EXPLAINED]
        for dimension in (*DIMENSIONS, "cohort")
    ]


def build(moves: Sequence[Move], board: Board) -> list[Moved]:
    """Say what moved and, where groups add up to it, whose doing it was."""
    found = []
    for move in moves[:SHOWN]:
        metric = metrics.get(move.after.metric)
        told = change.describe(move.after, move.before, metric, board.voice, with_chance=False)
        if told is None:
            continue
        by, causes = reasons(move, board)
        value = cards.written(metric, move.after, board)
        found.append(
            Moved(
                board.voice.pick(metric.name),
                cards.address(board, metric.slug),
                f"{value} {periods.within(move.after, board.voice)}",
                "▲" if told.sign > 0 else "▼",
                told, by, causes,
            )
        )  # fmt: skip
    return found


def _moves(found: Iterable[object]) -> Iterable[Move]:
    return (move for move in found if isinstance(move, Move))


def reasons(move: Move, board: Numbers) -> tuple[str, tuple[Reason, ...]]:
    """Return by what the move is told best, and its largest causes."""
    best: tuple[float, str, Decomposition] | None = None
    for question in asked([move]):
        found = board.answer(question)
        if not isinstance(found, Decomposition) or found.kind == "neither":
            continue
        largest = max(found.causes, key=lambda cause: abs(_size(cause)), default=None)
        if largest is None or largest.rest:
            continue
        # Where one group stands out, more is said than where all moved alike.
        sizes = sorted((abs(_size(cause)) for cause in found.causes), reverse=True)
        total = math.fsum(sizes)
        if len(sizes) > 1 and total:
            share = sizes[0] / total
            if best is None or share > best[0]:
                best = (share, question.arguments[3], found)
    if best is None:
        return "", ()
    _share, dimension, why = best
    unit = metrics.get(move.after.metric).unit
    seen = [cause for cause in why.causes if abs(_size(cause)) >= _VISIBLE.get(unit, 0.005)]
    causes = tuple(
        Reason(_name(cause, board.language), _signed(_size(cause), unit, board))
        for cause in seen[:CAUSES]
    )
    return board.voice.pick(customers.DIMENSIONS[dimension]), causes


def _size(cause: Cause) -> float:
    return (cause.rate or 0.0) + (cause.mix or 0.0)


def _name(cause: Cause, language: Language) -> str:
    if cause.rest:
        return {"de": "alle übrigen", "en": "all others"}[language]
    if cause.group is None:
        return {"de": "nicht bekannt", "en": "not known"}[language]
    return cause.group


def _signed(value: float, unit: str, board: Numbers) -> str:
    voice, sign = board.voice, "+" if value >= 0 else "−"
    match unit:
        case "money":
            return sign + voice.money(round(abs(value), currencies.exponent(board.shop.currency)))
        case "percent":
            return sign + voice.say("{number} points", number=voice.number(abs(value), digits=1))
        case "count":
            return sign + voice.count(abs(value))
    return sign + voice.number(abs(value), digits=2)
