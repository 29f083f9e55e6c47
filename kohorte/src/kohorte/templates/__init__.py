"""Example files: what a shop's file may look like, with a comment on each column.

The header words are those that the reader knows; the comments come from `tables` where the file
holds what the table holds, and say the difference where it does not.
"""

from __future__ import annotations

import csv
import io

from kohorte.errors import UnknownNameError
from kohorte.language import Language
from kohorte.templates.examples import EVERY

TEMPLATES = {each.table.name: each for each in EVERY}
DELIMITERS: dict[Language, str] = {"de": ";", "en": ","}


def write(table: str, *, language: Language) -> str:
    """Return the example file for a table: comments, a header, three rows.

    Raises
    ------
    UnknownNameError
        There is no such table to bring.
    """
    if table not in TEMPLATES:
        raise UnknownNameError(
            "There is no template for “{name}”. There are: {names}.",
            name=table,
            names=", ".join(TEMPLATES),
        )
    template = TEMPLATES[table]
    out = io.StringIO()
    for text in (template.table.meaning, template.use):
        out.write(f"# {text.render(language)}\n")
    for field in template.fields:
        out.write(f"# {field.header.render(language)}: {field.meaning.render(language)}\n")
    writer = csv.writer(out, delimiter=DELIMITERS[language], lineterminator="\n")
    writer.writerow(field.header.render(language) for field in template.fields)
    for row in zip(*(field.cells for field in template.fields), strict=True):
        writer.writerow(cell.render(language) for cell in row)
    return out.getvalue()
