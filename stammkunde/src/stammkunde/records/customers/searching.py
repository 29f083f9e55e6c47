"""Finding customers by a piece of a name, an address or a number, in a store of any size.

The store keeps trigrams of names and keys itself, by triggers on SQLite and by a column that PostgreSQL
generates, so that whoever writes customers need not think of it. Umlauts, accents and
capitals do not matter: Müller, Mueller and MULLER are looked for as `muller`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from django.db import connection, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from stammkunde.core.errors import NotFound, Refused
from stammkunde.core.shops.models import Shop
from stammkunde.records.customers import queries
from stammkunde.records.customers.models import Customer, Key

# Trigrams find nothing shorter; beyond so many words a search says no more.
SHORTEST, WORDS_MAX, LENGTH_MAX = 3, 6, 100
_LETTERS = "äàáâãåāăąöòóôõøōőüùúûũūůűéèêëēęěíìîïīıçćčñńňšśşžźżłýÿřťďğ"
_PLAIN = {"ø": "o", "ı": "i", "ł": "l"}
# Two letters for one, and the way umlauts are written where there are none.
_PAIRS = (("ß", "ss"), ("æ", "a"), ("œ", "o"), ("ae", "a"), ("oe", "o"), ("ue", "u"))


def _letters() -> dict[str, str]:
    found: dict[str, str] = {}
    for letter in _LETTERS:
        plain = _PLAIN.get(letter) or unicodedata.normalize("NFD", letter)[0]
        found |= {letter: plain, letter.upper(): plain}
    return {
        letter: plain for letter, plain in found.items() if len(letter) == 1 and letter != plain
    }


_Select = tuple[str, tuple[object, ...]]
_AT_ONCE = 25
_TABLE = str.maketrans(_letters())


def fold(text: str) -> str:
    """Return a text as it is looked for.

    >>> fold("Müller-Groß"), fold("MUELLER-GROSS"), fold("Ætna")
    ('muller-gross', 'muller-gross', 'atna')
    """
    found = unicodedata.normalize("NFC", text).translate(_TABLE).lower()
    for written, plain in _PAIRS:
        found = found.replace(written, plain)
    return found


def words(text: str) -> list[str]:
    """Return what is looked for, word by word.

    >>> words("  Anna  MÜLLER ")
    ['anna', 'muller']
    """
    kept = text.replace("\0", "")[:LENGTH_MAX]
    return list(dict.fromkeys(fold(kept).split()))[:WORDS_MAX]


def matching(shop_id: int, text: str) -> Q:
    """Return the condition that a customer's name, phone or keys hold each word of a text.

    A text without any word of three letters finds the customers who are known by exactly that key,
    and the names that begin with it.
    """
    long = [word for word in words(text) if len(word) >= SHORTEST]
    if not long:
        return _short(shop_id, text.replace("\0", "").strip())
    sql, values = _having(shop_id, long)
    return Q(pk__in=RawSQL(sql, values))  # noqa: S611


def _short(shop_id: int, text: str) -> Q:
    if not text:
        return Q()
    begun = text[:1].upper() + text[1:]
    known = RawSQL(  # noqa: S611
        "SELECT customer_id FROM customers_key WHERE shop_id = %s AND value IN (%s, %s) UNION "
        f"SELECT id FROM customers_customer {_LISTED} AND shop_id = %s AND name >= %s AND name < %s",
        (shop_id, text, text.lower(), shop_id, begun, f"{begun}\U0010ffff"),
    )
    return Q(pk__in=known)


def tidy() -> None:
    """Join the parts of SQLite's index of trigrams, so that what was deleted no longer stands in it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # The old parts are overwritten as well.
            cursor.execute("PRAGMA secure_delete = ON")
            for name in _LOOKED:
                index = f"customers_{name}_words"
                cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")


def _having(shop_id: int, long: list[str]) -> _Select:
    """Select whose name and phone hold all words, or a key one, and name, phone or keys each other.

    The words of names are gone through side by side. Whom one word finds is only gathered where keys hold one.
    """
    parts = [_held("customer", shop_id, long)]
    for word in long:
        sql, values = _held("key", shop_id, [word])
        for other in long:
            if other != word:
                by_name, by_key = (_held(each, shop_id, [other]) for each in _LOOKED)
                sql += f" AND customer_id IN ({by_name[0]} UNION ALL {by_key[0]})"
                values += by_name[1] + by_key[1]
        parts.append((sql, values))
    return " UNION ALL ".join(sql for sql, _values in parts), sum((v for _sql, v in parts), ())


def _held(name: str, shop_id: int, some: list[str]) -> _Select:
    """Select the customers whose own text holds all of some words, or who have such a key."""
    chosen = f"SELECT {'customer_id' if name == 'key' else 'id'} FROM customers_{name} WHERE "
    if connection.vendor == "postgresql":
        like = " AND folded LIKE %s" * len(some)
        return f"{chosen}shop_id = %s{like}", (shop_id, *map(_pattern, some))
    phrases = " AND ".join('"' + word.replace('"', '""') + '"' for word in some)
    found = f"SELECT rowid FROM customers_{name}_words WHERE words MATCH %s"
    return (f"{chosen}id IN ({found})" if name == "key" else found), (phrases,)


def _pattern(word: str) -> str:
    escaped = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def exactly(shop: Shop, text: str) -> Customer:
    """Return the customer that somebody names: an address, a customer number, or the id as “#17”.

    Raises
    ------
    NotFound
        The shop has none like this.
    Refused
        The number belongs to several, in different channels.
    """
    named = text.strip()
    if named.startswith("#") and named[1:].isdecimal():
        return queries.one(shop, int(named[1:]))
    keys = Key.objects.filter(shop=shop, value__in=(named, named.lower()))
    found = list(keys.exclude(customer=None).values_list("customer_id", flat=True).distinct()[:2])
    if not found:
        raise NotFound(_("There is no such customer."), name="customer.unknown")
    if len(found) > 1:
        raise Refused(
            _("Several customers are known by this. Name one by its id, as #17."),
            name="customer.is_ambiguous",
        )
    return queries.one(shop, found[0])


# What is looked through, of customers and of their keys.
_LOOKED = {"customer": ("name", "phone"), "key": ("value",)}
_JOINED = " || ' ' || "
# Those of the list hold only whom it shows. The one by last order holds all that conditions ask for, so
# that counting a million customers reads no row of theirs.
_LISTED = "WHERE merged_into_id IS NULL AND erased_at IS NULL"
_FACTS = "orders, revenue_minor, first_order_on, country, merged_into_id, erased_at"
_INDEXES = {
    "customers_key_value": "customers_key (shop_id, value)",
    "customers_list_phone": "customers_customer (shop_id, phone) WHERE phone <> ''",
    "customers_list_last": f"customers_customer (shop_id, last_order_on, id, {_FACTS})",
    **{
        f"customers_list_{column}": f"customers_customer (shop_id, {column}, id) {_LISTED}"
        for column in ("name", "orders", "revenue_minor", "first_order_on")
    },
    # Whoever has nothing in a column that stands in another table comes last, by id.
    "customers_list_id": f"customers_customer (shop_id, id) {_LISTED}",
}


def keep() -> migrations.RunPython:
    """Return the operation that lets the store keep what searching and sorting need."""
    return migrations.RunPython(install, remove, elidable=False)


def install(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Make indexes and trigrams of all customers; they are kept up to date from then on."""
    for statement in _made(editor.connection.vendor, has_trigrams=_has_trigrams(editor)):
        editor.execute(statement, params=None)


def remove(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    """Take away what `install` made."""
    for index in _INDEXES:
        editor.execute(f"DROP INDEX IF EXISTS {index}", params=None)
    for name in _LOOKED:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"ALTER TABLE customers_{name} DROP COLUMN folded", params=None)
            continue
        for verb in ("learn", "unlearn", "relearn", "forget"):
            editor.execute(f"DROP TRIGGER IF EXISTS customers_{name}_{verb}", params=None)
        steps = len(_letters()) // _AT_ONCE + 1
        for view in ("folded", *(f"step{step}" for step in range(steps, 0, -1))):
            editor.execute(f"DROP VIEW IF EXISTS customers_{name}_{view}", params=None)
        editor.execute(f"DROP TABLE IF EXISTS customers_{name}_words", params=None)
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION IF EXISTS customers_fold(text)", params=None)


def _has_trigrams(editor: BaseDatabaseSchemaEditor) -> bool:
    """Return whether PostgreSQL has trigrams or lets us add them.

    Without them a search works as well, but reads all customers of the shop.
    """
    if editor.connection.vendor != "postgresql":
        return True
    with editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm' AND (installed_version "
            "IS NOT NULL OR has_database_privilege(current_database(), 'CREATE'))"
        )
        return cursor.fetchone() is not None


def _made(vendor: str, *, has_trigrams: bool) -> Iterator[str]:
    for index, on in _INDEXES.items():
        yield f"CREATE INDEX IF NOT EXISTS {index} ON {on}"
    if vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION customers_fold(text) RETURNS text LANGUAGE sql IMMUTABLE "
            f"PARALLEL SAFE AS $$ SELECT {_folded()} $$"
        )
        if has_trigrams:
            yield "CREATE EXTENSION IF NOT EXISTS pg_trgm"
        for name, columns in _LOOKED.items():
            yield (
                f"ALTER TABLE customers_{name} ADD COLUMN folded text "
                f"GENERATED ALWAYS AS (customers_fold({_JOINED.join(columns)})) STORED"
            )
            if has_trigrams:
                index = f"customers_{name}_trigrams ON customers_{name}"
                yield f"CREATE INDEX {index} USING gin (folded gin_trgm_ops)"
        return
    for name, columns in _LOOKED.items():
        yield from _triggers(name, columns)


def _folded() -> str:
    """Return `fold` as PostgreSQL says it."""
    letters = _letters()
    return _replaced(
        f"lower(translate($1, '{''.join(letters)}', '{''.join(letters.values())}'))", _PAIRS
    )


def _triggers(name: str, columns: tuple[str, ...]) -> Iterator[str]:
    """Let SQLite keep the trigrams of a table; they hold no second copy of the text."""
    table, index = f"customers_{name}", f"customers_{name}_words"
    yield from _views(name, columns)
    told = f"FROM customers_{name}_folded WHERE id ="
    forget = (
        f"INSERT INTO {index} ({index}, rowid, words) SELECT 'delete', id, words {told} old.id;"
    )
    learn = f"INSERT INTO {index} (rowid, words) SELECT id, words {told} new.id;"
    yield f"CREATE VIRTUAL TABLE {index} USING fts5(words, tokenize = 'trigram', content = '')"
    yield f"INSERT INTO {index} (rowid, words) SELECT id, words FROM customers_{name}_folded"
    changed = " OR ".join(f"old.{column} IS NOT new.{column}" for column in columns)
    update = f"UPDATE OF {', '.join(columns)} ON {table} WHEN {changed}"
    yield f"CREATE TRIGGER {table}_learn AFTER INSERT ON {table} BEGIN {learn} END"
    yield f"CREATE TRIGGER {table}_unlearn BEFORE {update} BEGIN {forget} END"
    yield f"CREATE TRIGGER {table}_relearn AFTER {update} BEGIN {learn} END"
    yield f"CREATE TRIGGER {table}_forget BEFORE DELETE ON {table} BEGIN {forget} END"


def _views(name: str, columns: tuple[str, ...]) -> Iterator[str]:
    """Fold the texts of a table as `fold` does, in steps: SQLite reads no expression of any depth.

    Its trigrams do not mind the capitals of other alphabets; texts of ASCII need no steps at all.
    """
    pairs = list(_letters().items())
    expression, source = _JOINED.join(columns), f"customers_{name}"
    written = expression
    for step, start in enumerate(range(0, len(pairs), _AT_ONCE), 1):
        view = f"customers_{name}_step{step}"
        told = _replaced(expression, pairs[start : start + _AT_ONCE])
        yield f"CREATE VIEW {view} AS SELECT id, {written} AS written, {told} AS words FROM {source}"
        expression, source, written = "words", view, "written"
    plain = "lower(CASE WHEN written GLOB '*[^ -~]*' THEN words ELSE written END)"
    told = _replaced(plain, _PAIRS)
    yield f"CREATE VIEW customers_{name}_folded AS SELECT id, {told} AS words FROM {source}"


def _replaced(expression: str, pairs: Iterable[tuple[str, str]]) -> str:
    for written, plain in pairs:
        expression = f"replace({expression}, '{written}', '{plain}')"
    return expression
