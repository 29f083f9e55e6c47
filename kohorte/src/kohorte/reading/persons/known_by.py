"""Who a row is about: its customer number, and its address if that is somebody's."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from kohorte.reading import cells
from kohorte.reading.persons import emails, nobodies
from kohorte.reading.source import Column

SPELLED = "kohorte_reading_spelled"


def beside(
    relation: str,
    *,
    number: Column | None,
    email: Column | None,
    samples: Sequence[str | None] = (),
    connection: duckdb.DuckDBPyConnection,
) -> str:
    """Return a relation with columns for who each row is about beside its own.

    These are `customer_id`, the customer number; `email`, the address in its one writing if it is
    somebody's; `email_cell`, the file's writing of it where it differs; and `email_kind`: `office`,
    `nobody` or `marketplace` for addresses that are no single person's, `invalid` for what is no
    address. A customer number that is an address is taken for one where the row has no other.

    Parameters
    ----------
    number, email
        The columns that tell it, None where there is none.
    samples
        Cells of `email`. If none of them is an address they stand for addresses, as hashes do, and
        are taken as they are.
    """
    if number is None and email is None:
        return f"(SELECT *, {', '.join(f'NULL AS {name}' for name in cells.WHO)} FROM {relation})"
    text, plain = "NULL::VARCHAR", "false"
    if email is not None:
        text = f"CASE WHEN is_plain THEN {email.sql}::VARCHAR ELSE {cells.filled(email)} END"
        plain = f"coalesce({emails.is_plain(f'{email.sql}::VARCHAR')}, false)"
    texts = (
        f"SELECT *, {cells.identity(number) if number else 'NULL::VARCHAR'} AS customer_id, "
        f"{text} AS email_text FROM (SELECT *, {plain} AS is_plain FROM {relation})"
    )
    if not holds_addresses(samples):
        return (
            "(SELECT * EXCLUDE (email_text, is_plain), lower(email_text) AS email, NULL AS email_kind, "
            f"nullif(email_text, lower(email_text)) AS email_cell FROM ({texts}))"
        )
    said = "coalesce(email_text, CASE WHEN contains(customer_id, '@') THEN customer_id END)"
    told = f"SELECT *, {said} AS said FROM ({texts})"
    bare = f"SELECT *, CASE WHEN is_plain THEN said ELSE {emails.bare('said')} END AS bare FROM ({told})"
    columns = [column for column in (number, email) if column is not None]
    has_spelled = emails.spell(relation, columns=columns, into=SPELLED, connection=connection)
    kinds = f"SELECT *, {nobodies.kind('address')} AS kind FROM ({_addressed(bare, has_spelled)})"
    return (
        "(SELECT * EXCLUDE (email_text, is_plain, said, bare, address, kind) REPLACE ("
        "CASE WHEN address IS NULL OR customer_id <> said THEN customer_id END AS customer_id), "
        "CASE WHEN kind IS NULL OR kind = 'office' THEN address END AS email, "
        "CASE WHEN address IS NULL AND email_text IS NOT NULL THEN 'invalid' ELSE kind END "
        f"AS email_kind, nullif(said, address) AS email_cell FROM ({kinds}))"
    )


def holds_addresses(samples: Sequence[str | None]) -> bool:
    """Return whether there is an address among the cells of a column, or nothing at all."""
    filled = [cell for cell in samples if cell and cell.strip()]
    return not filled or any("@" in cell for cell in filled)


def _addressed(bare: str, has_spelled: bool) -> str:
    """Return the rows with their address, looked up where it is beyond ASCII."""
    lower = (
        f"(SELECT *, CASE WHEN is_plain THEN bare ELSE lower(bare) END AS lowered FROM ({bare}))"
    )
    plain = f"CASE WHEN is_plain OR {emails.is_address('lowered')} THEN lowered END"
    if not has_spelled:
        return f"SELECT * EXCLUDE (lowered), {plain} AS address FROM {lower}"
    return (
        "SELECT l.* EXCLUDE (lowered), "
        f"CASE WHEN spelled.bare IS NULL THEN {plain} ELSE spelled.address END AS address "
        f"FROM {lower} l LEFT JOIN {SPELLED} spelled ON spelled.bare = l.bare"
    )
