"""A real shop to try everything on: UCI Online Retail, shipped as Parquet, written as the UCI's CSV.

The data are by Dr Daqing Chen, licensed CC BY 4.0; see `CREDITS.md` beside this file.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Literal

import duckdb

_HEADERS = {
    "online_retail_ii_2009_2010": (
        "Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID",
        "Country",
    ),
    "online_retail_2010_2011": (
        "InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
        "CustomerID", "Country",
    ),
}  # fmt: skip
_VALUES = (
    "invoice", "stock_code", "description", "quantity",
    "strftime(invoice_date, '%-m/%-d/%Y %-H:%M')", "price", "customer_id", "country",
)  # fmt: skip


def write_online_retail(folder: Path, years: Literal[1, 2] = 2) -> list[Path]:
    """Write the shop's files as the UCI publishes them, and return their paths.

    Dates are month first (`12/1/2010 8:26`), the text is Windows-1252, cells are quoted where they
    must be. One year is Online Retail (2010-12 to 2011-12, 541,909 lines); two years add the
    first sheet of Online Retail II (2009-12 to 2010-12, 525,461 lines), whose last nine days are
    in both.

    Parameters
    ----------
    folder
        Where to; it is made if it does not exist.
    years
        How many years of data.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = list(_HEADERS)[-years:]
    with duckdb.connect(config={"preserve_insertion_order": "true"}) as connection:
        return [_write(name, folder=folder, connection=connection) for name in names]


def _write(name: str, *, folder: Path, connection: duckdb.DuckDBPyConnection) -> Path:
    target = folder / f"{name}.csv"
    copy = folder / f"{name}.utf-8"
    columns = ", ".join(
        f'{value} AS "{header}"' for value, header in zip(_VALUES, _HEADERS[name], strict=True)
    )
    with resources.as_file(resources.files(__name__) / f"{name}.parquet") as source:
        connection.execute(
            f"COPY (SELECT {columns} FROM read_parquet({_literal(source)})) TO {_literal(copy)} "
            "(FORMAT csv, HEADER, DELIMITER ',', QUOTE '\"', ESCAPE '\"')"
        ).fetchall()
    with copy.open(encoding="utf-8", newline="") as text, target.open("wb") as written:
        while block := text.read(1 << 20):
            written.write(block.encode("cp1252"))
    copy.unlink()
    return target


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
