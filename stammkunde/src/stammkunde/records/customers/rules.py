"""Who is one person: decisions on plain keys and on what was seen together.

Numbers and addresses that stand in one row are tied. What is tied is one person, unless the address is
an office's, more numbers share it than one person has, or a number has more addresses than one person;
what a person said goes before that.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kohorte.reading.persons import emails, nobodies
from kohorte.reading.persons.identity import ADDRESSES_MAX, SHARED_MAX

KeyKind = Literal["number", "email", "phone"]
BY_HAND = "by_hand"
# Two keys of which somebody said that they are two people's, whatever ties them later.
APART = "apart"
# How sure a rule makes that two keys are one person's, in percent. Below `CERTAIN_ENOUGH` customers are
# only listed as perhaps the same.
CONFIDENCE = {"own": 100, BY_HAND: 100, "same_row": 100, "same_address": 95}
CERTAIN_ENOUGH = 95
_FREE_MAIL = {"googlemail.com": "gmail.com", "gmail.com": "gmail.com"}
_CALLING_CODES = {"de": "49", "deutschland": "49", "germany": "49", "at": "43", "österreich": "43",
                  "austria": "43", "ch": "41", "schweiz": "41", "switzerland": "41"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class SaidKey:
    """A key as a source says it, in its one writing.

    Parameters
    ----------
    kind, source, value
        What it is known by; `source` only for numbers, which count within their channel.
    written
        As the source writes it.
    loose
        The value without what providers ignore.
    is_shared
        Whether several people of an office read it; it ties nobody together.
    """

    kind: KeyKind
    value: str
    source: str = ""
    written: str = ""
    loose: str = ""
    is_shared: bool = False


@dataclass(frozen=True)
class Seen:
    """What the store knows of a key: whether it is shared, who it belongs to, whether rows came with it."""

    kind: str
    is_shared: bool
    customer_id: int | None
    is_used: bool = False


def number(text: str | None, *, source: str) -> SaidKey | None:
    """Return the key of a customer number of a channel.

    >>> number(" 17 ", source="shop").value
    '17'
    """
    value = (text or "").strip()
    return SaidKey(kind="number", source=source, value=value, written=value) if value else None


def email(text: str | None) -> SaidKey | None:
    """Return the key of an e-mail address, None for what is none or belongs to nobody.

    >>> email("Anna <Anna@Example.com>").value, email("noreply@example.com")
    ('anna@example.com', None)
    """
    value = emails.normal(text or "")
    kind = nobody(value) if value else "nobody"
    if value is None or kind in ("nobody", "marketplace"):
        return None
    return SaidKey(
        kind="email",
        value=value,
        written=(text or "").strip(),
        loose=loose(value),
        is_shared=kind == "office",
    )


def phone(text: str | None, *, country: str | None = None) -> SaidKey | None:
    """Return the key of a phone in E.164, None where its country is not known.

    >>> phone("0171 / 234 56 78", country="DE").value, phone("0171 2345678")
    ('+491712345678', None)
    """
    written = (text or "").strip().lstrip("'")
    digits = re.sub(r"\(0\)|[^\d+]", "", written)
    code = _CALLING_CODES.get((country or "").strip().lower())
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0") and code:
        digits = f"+{code}{digits[1:]}"
    if not re.fullmatch(r"\+[1-9]\d{6,14}", digits):
        return None
    return SaidKey(kind="phone", value=digits, written=written, loose=digits, is_shared=True)


def loose(address: str) -> str:
    """Return an address without what its provider ignores.

    >>> loose("an.na+tea@googlemail.com"), loose("an.na+tea@example.com")
    ('anna@gmail.com', 'an.na@example.com')
    """
    local, _, domain = address.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _FREE_MAIL:
        return f"{local.replace('.', '')}@{_FREE_MAIL[domain]}"
    return f"{local}@{domain}"


def nobody(address: str) -> str | None:
    """Return what an address is if no single person's: `office`, `nobody` or `marketplace`.

    >>> nobody("info@example.com"), nobody("anna@example.com")
    ('office', None)
    """
    local, _, domain = address.rpartition("@")
    local = local.partition("+")[0]
    markets, nowhere, nobodies_, offices = _patterns()
    if markets.fullmatch(domain):
        return "marketplace"
    if nowhere.fullmatch(domain) or nobodies_.fullmatch(local):
        return "nobody"
    return "office" if offices.fullmatch(local) else None


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    def any_of(names: Sequence[str]) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(name).replace(r"\*", ".*") for name in names))

    return (
        any_of(nobodies.MARKETPLACES),
        any_of(nobodies.NOWHERE),
        any_of(nobodies.NOBODY),
        any_of(nobodies.OFFICES),
    )


def groups(
    keys: Mapping[int, Seen], ties: Iterable[tuple[int, int, str, bool]]
) -> list[tuple[int, ...]]:
    """Return the keys of each person, smallest first.

    Parameters
    ----------
    keys
        What is known of each key.
    ties
        Pairs of keys with the rule that ties them, and whether somebody said that they are apart.

    Examples
    --------
    >>> keys = {1: Seen("number", False, None), 2: Seen("number", False, None), 3: Seen("email", False, None)}
    >>> groups(keys, [(1, 3, "same_row", False), (2, 3, "same_row", False)])
    [(1, 2, 3)]
    >>> groups(keys, [(1, 3, "same_row", False), (2, 3, "same_row", False), (1, 2, "apart", True)])
    [(1, 3), (2,)]
    """
    ties = list(ties)
    parents = {key: key for key in keys}

    def root(key: int) -> int:
        while parents[key] != key:
            parents[key] = key = parents[parents[key]]
        return key

    apart = [(one, other) for one, other, rule, is_apart in ties if rule == APART and is_apart]
    for one, other in _holding(keys, ties):
        first, second = sorted((root(one), root(other)))
        if not any({root(a), root(b)} == {first, second} for a, b in apart):
            parents[second] = first
    found: dict[int, list[int]] = defaultdict(list)
    for key in sorted(keys):
        found[root(key)].append(key)
    return [tuple(each) for each in found.values()]


def _holding(
    keys: Mapping[int, Seen], ties: Collection[tuple[int, int, str, bool]]
) -> Iterable[tuple[int, int]]:
    """Return the ties that make one person of two keys."""
    numbers: Counter[int] = Counter()
    addresses: Counter[int] = Counter()
    seen = [(one, other) for one, other, rule, _ in ties if rule not in (BY_HAND, APART)]
    for one, other in seen:
        for here, there in ((one, other), (other, one)):
            numbers[here] += keys[there].kind == "number"
            addresses[here] += keys[there].kind == "email" and not keys[there].is_shared
    for one, other, rule, is_apart in ties:
        if is_apart:
            continue
        if rule == BY_HAND or all(
            not keys[key].is_shared
            and (keys[key].kind != "email" or numbers[key] <= SHARED_MAX)
            and (keys[key].kind != "number" or addresses[key] <= ADDRESSES_MAX)
            for key in (one, other)
        ):
            yield one, other
