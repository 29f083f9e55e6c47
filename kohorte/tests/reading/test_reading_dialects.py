"""Lines of text files: what is told about them names the physical line."""

from __future__ import annotations

import duckdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from kohorte import reading
from kohorte.settings import Settings

LINE_BREAKS = st.lists(
    st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), min_size=1, max_size=12
)


@settings(
    max_examples=strategies.count(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(rows=LINE_BREAKS, line_break=st.sampled_from(("\n", "\r\n")))
def test_line_numbers_are_physical_lines(tmp_path, rows, line_break):
    """Cells with line breaks, blank lines or rows that are no rows do not shift what follows."""
    content, expected, bad, line = "order_id,customer_id,date,amount" + line_break, [], [], 2
    for number, (breaks, blank, ragged) in enumerate(rows):
        expected.append(line)
        inside = line_break * breaks
        content += f'{number},"{inside}",2024-01-05,1{line_break}'
        line += 1 + breaks
        if ragged:
            bad.append(line)
            content += "ragged,row" + line_break
            line += 1
        if blank:
            content += line_break
            line += 1
    path = tmp_path / "orders.csv"
    path.write_bytes(content.encode())

    with duckdb.connect() as connection:
        reading.read(
            [path],
            connection=connection,
            settings=Settings(),
            options=reading.ReadOptions(skip_bad_rows=True),
        )
        found = connection.execute(
            "SELECT reason, line FROM excluded_rows ORDER BY line"
        ).fetchall()

    assert [line for reason, line in found if reason == "no_customer"] == expected
    assert [line for reason, line in found if reason == "unreadable_row"] == bad
