"""The SQL of cells on their way from `kohorte`'s tables to the store: texts, keys and values."""

from __future__ import annotations

from kohorte import tables
from stammkunde.records.orders import rules
from stammkunde.records.orders.rules import Kind

# Before the number of a customer of ours, so that no number of a file is taken for one.
OURS = "stammkunde customer "
TEXT_MAX = 2_000
NUMBER_MAX = 250


def clean(expression: str, length: int = TEXT_MAX) -> str:
    """Return the SQL of a text as both stores take it: without NUL, cut, empty is NULL."""
    return f"nullif(left(replace({expression}, chr(0), ''), {length}), '')"


def natural(expression: str) -> str:
    """Return the SQL of a natural key: short, and without addresses of people in it."""
    text = clean(expression, 1_000_000)
    return (
        f"CASE WHEN contains({text}, '@') THEN 'row-' || left(md5({text}), 20) "
        f"WHEN length({text}) > {NUMBER_MAX} THEN left({text}, {NUMBER_MAX - 22}) || '~' || "
        f"left(md5({text}), 20) ELSE {text} END"
    )


def loose() -> str:
    """Return the SQL of an address without what providers ignore, as `customers.rules.loose` has it."""
    local = "split_part(split_part(value, '@', 1), '+', 1)"
    domain = "split_part(value, '@', -1)"
    is_google = f"{domain} IN ('gmail.com', 'googlemail.com')"
    return (
        f"CASE WHEN kind <> 'email' THEN '' WHEN {is_google} "
        f"THEN replace({local}, '.', '') || '@gmail.com' ELSE {local} || '@' || {domain} END"
    )


def phone() -> str:
    """Return the SQL of a phone in E.164 where it names its country; NULL elsewhere."""
    bare = "regexp_replace(regexp_replace(phone, '\\(0\\)|[^0-9+]', '', 'g'), '^00', '+')"
    return f"CASE WHEN regexp_full_match({bare}, '\\+[1-9][0-9]{{6,14}}') THEN {bare} END"


def number(kind: Kind, *, told: bool) -> str:
    """Return the SQL of the natural key."""
    if kind is rules.SUBSCRIPTIONS:
        return f"{natural('t.subscription_id')} || ' ' || strftime(t.starts_at, '%Y-%m-%d')"
    if kind is rules.REFERRALS:
        return natural("t.order_id")
    if kind is rules.SPEND:
        cells = ", ".join(f"coalesce(t.{name}::VARCHAR, '')" for name in kind.columns)
        hashed = f"md5(concat_ws(chr(31), {cells}))"
        return f"{hashed} || ' ' || row_number() OVER (PARTITION BY {hashed})"
    own = natural(f"t.{kind.number}")
    if not told:
        return own
    return f"CASE WHEN named.is_built THEN 'day-' || left(md5(t.{kind.number}), 20) ELSE {own} END"


def person(kind: Kind, *, told: bool) -> str:
    """Return the SQL of the key a row came with: as its row says it, or as `kohorte` joined it."""
    if not kind.has_person:
        return "NULL::VARCHAR"
    joined = f"t.{kind.person}"
    said = f"coalesce(named.number, named.email, {joined})" if told else joined
    return clean(said, NUMBER_MAX)


def owner() -> str:
    """Return the SQL of the customer of ours that a row beside the orders was found to belong to."""
    found = "starts_with(rows.put_person, '" + OURS + "')"
    return f"CASE WHEN {found} THEN substr(rows.put_person, {len(OURS) + 1})::BIGINT END"


def columns(kind: Kind) -> dict[str, str]:
    """Return the SQL of each column of a kind, as both stores take it."""
    types = {column.name: column.type for column in tables.EVERY[kind.name].columns}
    found = {}
    for name in kind.columns:
        theirs = kind.said.get(name, name)
        found[name] = (
            natural(f"t.{theirs}")
            if theirs == "order_id"
            else written(f"t.{theirs}", types[theirs])
        )
    return found


def written(expression: str, type_: str) -> str:
    """Return the SQL of a value of a type as Python hands it to the stores."""
    match type_.partition("(")[0]:
        case "TIMESTAMP":
            whole = f"strftime({expression}, '%Y-%m-%d %H:%M:%S')"
            part = f"CASE WHEN microsecond({expression}) % 1000000 <> 0 THEN strftime({expression}, '.%f') ELSE '' END"
            return f"{whole} || {part}"
        case "DATE" | "DECIMAL":
            return f"{expression}::VARCHAR"
        case "VARCHAR":
            return clean(expression)
        case _:
            return expression
