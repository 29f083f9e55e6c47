"""What must hold of the ledger, each as a select that finds where it does not.

Columns of each: shop, unit, what is wrong, what was expected, what was found. `{shop}` stands for the condition
that narrows `u`, the unit, to one shop. Written for reading from the entries alone: no select trusts what
another row remembers of them.
"""

from __future__ import annotations

from collections.abc import Iterator

_OF_UNIT = "JOIN ledger_unit u ON u.id = a.unit_id"
_ENTRIES = f"FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id {_OF_UNIT}"
_TEXT = "CAST({} AS text)"
_WHOM = "a.owner_kind || ':' || a.owner_id || ' ' || a.role"
_LOT = "'lot ' || CAST(l.id AS text)"
_OPEN = " UNION ALL ".join(
    f"SELECT l.unit_id, l.owner_kind, l.owner_id, '{role}' AS role, sum(l.{role}) AS amount "
    "FROM ledger_lot l GROUP BY l.unit_id, l.owner_kind, l.owner_id"
    for role in ("pending", "available", "held")
)


def _by_role(role: str) -> str:
    return f"coalesce(sum(CASE WHEN a.role = '{role}' THEN e.amount END), 0)"


SELECTS: tuple[tuple[str, str], ...] = (
    (
        "I1",
        f"SELECT u.shop_id, u.code, 'all entries', 0, sum(e.amount) {_ENTRIES} "
        "WHERE {shop} GROUP BY u.shop_id, u.code HAVING sum(e.amount) <> 0",
    ),
    (
        "I2",
        "SELECT u.shop_id, u.code, 'transaction ' || CAST(e.transaction_id AS text), 0, "
        f"sum(e.amount) {_ENTRIES} WHERE {{shop}} "
        "GROUP BY u.shop_id, u.code, e.transaction_id HAVING sum(e.amount) <> 0",
    ),
    (
        "I3",
        f"SELECT u.shop_id, u.code, {_WHOM}, 0, a.balance FROM ledger_account a {_OF_UNIT} "
        "WHERE {shop} AND CASE a.role WHEN 'debt' THEN a.balance > 0 ELSE a.balance < 0 END",
    ),
    (
        "I3",
        "SELECT u.shop_id, u.code, a.owner_kind || ':' || a.owner_id || ' owes, but has', 0, "
        f"b.balance FROM ledger_account a {_OF_UNIT} JOIN ledger_account b ON b.unit_id = a.unit_id "
        "AND b.owner_kind = a.owner_kind AND b.owner_id = a.owner_id AND b.role = 'available' "
        "WHERE {shop} AND a.role = 'debt' AND a.balance < 0 AND b.balance <> 0",
    ),
    (
        "I4",
        f"SELECT u.shop_id, u.code, {_WHOM}, coalesce(s.amount, 0), a.balance "
        f"FROM ledger_account a {_OF_UNIT} LEFT JOIN (SELECT e.account_id, sum(e.amount) AS amount "
        "FROM ledger_entry e GROUP BY e.account_id) s ON s.account_id = a.id "
        "WHERE {shop} AND a.balance IS NOT NULL AND a.balance <> coalesce(s.amount, 0)",
    ),
    (
        "I4",
        f"SELECT u.shop_id, u.code, {_WHOM} || ' in lots', coalesce(o.amount, 0), a.balance "
        f"FROM ledger_account a {_OF_UNIT} LEFT JOIN ({_OPEN}) o ON o.unit_id = a.unit_id "
        "AND o.owner_kind = a.owner_kind AND o.owner_id = a.owner_id AND o.role = a.role "
        "WHERE {shop} AND a.role IN ('pending', 'available', 'held') "
        "AND a.balance <> coalesce(o.amount, 0)",
    ),
    (
        "I5",
        f"SELECT u.shop_id, u.code, {_LOT}, l.earned, l.pending + l.available + l.held "
        "FROM ledger_lot l JOIN ledger_unit u ON u.id = l.unit_id WHERE {shop} AND (l.pending < 0 "
        "OR l.available < 0 OR l.held < 0 OR l.pending + l.available + l.held > l.earned)",
    ),
    (
        "I6",
        f"SELECT u.shop_id, u.code, {_LOT} || ' was given', l.earned, coalesce(s.given, 0) "
        "FROM ledger_lot l JOIN ledger_unit u ON u.id = l.unit_id LEFT JOIN ("
        "SELECT e.lot_id, e.transaction_id, sum(e.amount) AS given FROM ledger_entry e "
        "JOIN ledger_account a ON a.id = e.account_id WHERE e.amount > 0 "
        "AND a.balance IS NOT NULL GROUP BY e.lot_id, e.transaction_id) s "
        "ON s.lot_id = l.id AND s.transaction_id = l.origin_id "
        "WHERE {shop} AND l.earned <> coalesce(s.given, 0)",
    ),
    (
        "I6",
        f"SELECT u.shop_id, u.code, {_LOT} || ' has open', coalesce(s.opened, 0), "
        "l.pending + l.available + l.held FROM ledger_lot l JOIN ledger_unit u ON u.id = l.unit_id "
        f"LEFT JOIN (SELECT e.lot_id, {_by_role('pending')} AS pending, "
        f"{_by_role('available')} AS available, {_by_role('held')} AS held, sum(CASE WHEN a.role "
        "IN ('pending', 'available', 'held') THEN e.amount END) AS opened, sum(e.amount) AS whole "
        "FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id GROUP BY e.lot_id) s "
        "ON s.lot_id = l.id WHERE {shop} AND (l.pending <> coalesce(s.pending, 0) "
        "OR l.available <> coalesce(s.available, 0) OR l.held <> coalesce(s.held, 0) "
        "OR coalesce(s.whole, 0) <> 0)",
    ),
    (
        "I6",
        f"SELECT u.shop_id, u.code, {_LOT} || ' expired', 0, s.amount FROM ledger_lot l "
        "JOIN ledger_unit u ON u.id = l.unit_id JOIN (SELECT e.lot_id, sum(e.amount) AS amount "
        "FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id "
        "WHERE a.role = 'breakage' GROUP BY e.lot_id) s ON s.lot_id = l.id "
        "WHERE {shop} AND s.amount < 0",
    ),
    (
        "I7",
        "SELECT t.shop_id, '', t.scope || ' ' || t.key, 1, count(*) FROM ledger_transaction t "
        "JOIN (SELECT DISTINCT u.shop_id FROM ledger_unit u WHERE {shop}) u ON u.shop_id = t.shop_id "
        "GROUP BY t.shop_id, t.scope, t.key HAVING count(*) > 1",
    ),
    (
        "I9",
        f"SELECT u.shop_id, u.code, {_LOT} || ' is held', coalesce(s.amount, 0), l.held "
        "FROM ledger_lot l JOIN ledger_unit u ON u.id = l.unit_id LEFT JOIN (SELECT p.lot_id, "
        "sum(p.amount) AS amount FROM ledger_holdlot p JOIN ledger_hold h ON h.id = p.hold_id "
        "WHERE h.state = 'open' GROUP BY p.lot_id) s ON s.lot_id = l.id "
        "WHERE {shop} AND l.held <> coalesce(s.amount, 0)",
    ),
    (
        "I9",
        "SELECT u.shop_id, u.code, 'hold ' || CAST(h.id AS text) || ' is ' || h.state, 1, count(t.id) "
        "FROM ledger_hold h JOIN ledger_unit u ON u.id = h.unit_id LEFT JOIN ledger_transaction t "
        "ON t.id = h.ended_id AND t.kind IN (CASE h.state WHEN 'captured' THEN 'capture' "
        "WHEN 'lapsed' THEN 'lapse' ELSE 'release' END, CASE h.state WHEN 'released' THEN 'cancel' "
        "END) WHERE {shop} AND h.state <> 'open' GROUP BY u.shop_id, u.code, h.id, h.state "
        "HAVING count(t.id) <> 1",
    ),
    (
        "I10",
        f"SELECT u.shop_id, u.code, {_LOT} || ' came back', l.earned * s.pieces / l.quantity, "
        "s.amount FROM ledger_lot l JOIN ledger_unit u ON u.id = l.unit_id JOIN ("
        "SELECT k.lot_id, CAST(sum(k.quantity) AS bigint) AS pieces, sum(k.amount) AS amount "
        "FROM ledger_taking k WHERE k.quantity <> 0 GROUP BY k.lot_id) s ON s.lot_id = l.id WHERE {shop} "
        "AND (s.pieces > l.quantity OR s.amount <> l.earned * s.pieces / l.quantity)",
    ),
    (
        "I10",
        f"SELECT u.shop_id, u.code, {_LOT} || ' went home', l.earned, s.amount FROM ledger_lot l "
        "JOIN ledger_unit u ON u.id = l.unit_id JOIN (SELECT k.lot_id, sum(k.amount) AS amount "
        "FROM ledger_taking k WHERE k.quantity = 0 GROUP BY k.lot_id) s ON s.lot_id = l.id "
        "WHERE {shop} AND (s.amount <= 0 OR s.amount > l.earned)",
    ),
    (
        "I11",
        f"SELECT u.shop_id, u.code, {_LOT} || ' expires before the lot it restores', "
        "o.earned, l.earned FROM ledger_lot l JOIN ledger_unit u ON u.id = l.unit_id "
        "JOIN ledger_lot o ON o.id = l.restores_id WHERE {shop} AND l.expires_at < o.expires_at",
    ),
    (
        "I12",
        "SELECT u.shop_id, u.code, 'transaction ' || CAST(t.id AS text) || ' used lot ' || "
        f"CAST(l.id AS text), 0, e.amount {_ENTRIES} "
        "JOIN ledger_transaction t ON t.id = e.transaction_id JOIN ledger_lot l ON l.id = e.lot_id "
        "WHERE {shop} AND a.role = 'available' AND e.amount < 0 "
        "AND t.kind IN ('spend', 'hold', 'transfer', 'donate', 'convert') "
        "AND (l.available_at > t.effective_at OR l.expires_at <= t.effective_at)",
    ),
    (
        "I13",
        "SELECT u.shop_id, u.code, l.owner_kind || ':' || l.owner_id || ' used', "
        f"-{_by_role('issuance')}, {_by_role('redemption')} {_ENTRIES} "
        "JOIN ledger_lot l ON l.id = e.lot_id WHERE {shop} "
        "AND u.kind IN ('uses', 'budget', 'allowance') "
        "GROUP BY u.shop_id, u.code, l.owner_kind, l.owner_id HAVING "
        f"{_by_role('redemption')} > -({_by_role('issuance')} + {_by_role('adjustment')} "
        f"+ {_by_role('transfer')} + {_by_role('conversion')})",
    ),
    (
        "I17",
        "SELECT u.shop_id, u.code, 'issued less what is gone', -s.amount, o.amount "
        "FROM ledger_unit u JOIN (SELECT a.unit_id, sum(e.amount) AS amount FROM ledger_entry e "
        "JOIN ledger_account a ON a.id = e.account_id WHERE a.balance IS NULL GROUP BY a.unit_id) s "
        "ON s.unit_id = u.id JOIN (SELECT a.unit_id, sum(a.balance) AS amount FROM ledger_account a "
        "GROUP BY a.unit_id) o ON o.unit_id = u.id WHERE {shop} AND o.amount <> -s.amount",
    ),
    (
        "I18",
        f"SELECT u.shop_id, u.code, {_LOT} || ' expired before its time', 0, e.amount {_ENTRIES} "
        "JOIN ledger_transaction t ON t.id = e.transaction_id JOIN ledger_lot l ON l.id = e.lot_id "
        "WHERE {shop} AND t.kind = 'expire' AND a.role = 'breakage' "
        "AND (l.expires_at IS NULL OR l.expires_at > t.effective_at "
        "OR l.expires_at > t.recorded_at AND l.expires_at > t.effective_at)",
    ),
    (
        "references",
        "SELECT t.shop_id, '', 'entry ' || CAST(e.id AS text) || ' names no account of its lot''s unit', "
        "0, e.amount FROM ledger_entry e JOIN ledger_transaction t ON t.id = e.transaction_id "
        "JOIN (SELECT DISTINCT u.shop_id FROM ledger_unit u WHERE {shop}) s ON s.shop_id = t.shop_id "
        "LEFT JOIN ledger_account a ON a.id = e.account_id LEFT JOIN ledger_lot l ON l.id = e.lot_id "
        "WHERE a.id IS NULL OR a.shop_id <> t.shop_id OR l.unit_id <> a.unit_id "
        "OR (e.lot_id IS NOT NULL AND l.id IS NULL) "
        "OR (a.balance IS NOT NULL AND l.id IS NOT NULL "
        "AND (l.owner_kind <> a.owner_kind OR l.owner_id <> a.owner_id))",
    ),
    (
        "references",
        "SELECT u.shop_id, u.code, 'entry ' || CAST(e.id AS text) || ' names no transaction', "
        f"0, e.amount {_ENTRIES} LEFT JOIN ledger_transaction t ON t.id = e.transaction_id "
        "WHERE {shop} AND t.id IS NULL",
    ),
    (
        "references",
        f"SELECT u.shop_id, u.code, {_LOT} || ' names no transaction', 0, l.earned "
        "FROM ledger_lot l JOIN ledger_unit u ON u.id = l.unit_id "
        "LEFT JOIN ledger_transaction t ON t.id = l.origin_id WHERE {shop} AND t.id IS NULL",
    ),
    (
        "references",
        f"SELECT l.shop_id, '', {_LOT} || ' names no unit of its shop', 0, l.earned "
        "FROM ledger_lot l LEFT JOIN ledger_unit u ON u.id = l.unit_id AND u.shop_id = l.shop_id "
        "WHERE u.id IS NULL AND {lot_shop}",
    ),
)


def selects(shop_id: int | None) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Return the name of each promise, its select and the parameters."""
    for name, sql in SELECTS:
        if shop_id is None:
            yield name, sql.format(shop="u.id IS NOT NULL", lot_shop="l.id IS NOT NULL"), ()
        else:
            yield name, sql.format(shop="u.shop_id = %s", lot_shop="l.shop_id = %s"), (shop_id,)
