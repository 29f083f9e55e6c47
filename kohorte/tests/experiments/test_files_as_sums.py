"""A file of a trial kept as sums says all that its rows say, and names no customer."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from kohorte.engine import Engine
from kohorte.errors import ReadError
from kohorte.experiments import files, records, sums, trial
from kohorte.experiments.measures import Measure
from kohorte.reading.options import ReadOptions

HEAD = ["customer_id", "segment", "channel", "spend", "before", "visit"]


def written(path: Path, rows: list[list[object]], *, delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEAD, *rows])
    return path


def customers(n: int = 600) -> list[list[object]]:
    chance = np.random.default_rng(4)
    found: list[list[object]] = []
    for place in range(n):
        before = round(float(chance.exponential(40)), 2)
        spend = round(before * 0.5 + float(chance.exponential(20)) + 8 * (place % 2), 2)
        who = ["No E-Mail", "Mail"][place % 2]
        found.append(
            [f"K{place}", who, ["Web", "Phone"][place % 3 == 0], spend, before, place % 5 == 0]
        )
    return found


def kept(path: Path, tmp_path: Path) -> sums.Sums:
    with Engine() as engine:
        return sums.of_file(
            path, connection=engine.connection, folder=tmp_path, options=ReadOptions()
        )


def test_sums_say_what_the_rows_say(tmp_path: Path) -> None:
    path = written(tmp_path / "trial.csv", customers())
    measures = [Measure("spend", before="before", kind="money"), Measure("visit", kind="share")]
    with Engine() as engine:
        files.load(path, connection=engine.connection, folder=tmp_path, options=ReadOptions())
        rows = trial.read(
            engine.connection, files.TABLE, measures, control="No E-Mail", by="channel"
        )
    found = kept(path, tmp_path)
    again = sums.of_record(json.loads(json.dumps(sums.as_record(found))))
    split = again.splits["segment"]
    read = trial.of(
        split.arms, measures, control="No E-Mail", groups=split.groups["channel"], cut=again.cut
    )

    assert list(again.splits) == ["segment", "channel"]
    assert again.kinds == {"spend": "money", "before": "money", "visit": "share"}
    expected, said = records.as_record(rows), records.as_record(read)
    assert expected["groups"].keys() == said["groups"].keys() == {"Mail"}
    for one, other in zip(expected["effects"], said["effects"], strict=True):
        assert one == pytest.approx(other)
    for group, effect in expected["groups"]["Mail"]["effects"].items():
        assert said["groups"]["Mail"]["effects"][group] == pytest.approx(effect)


def test_no_customer_is_named_and_small_groups_are_not_kept(tmp_path: Path) -> None:
    rows = customers()
    rows[0][2] = rows[1][2] = "Fax"
    record = sums.as_record(kept(written(tmp_path / "trial.csv", rows), tmp_path))

    text = json.dumps(record)
    assert "K1" not in text
    assert "Fax" not in text
    assert "Phone" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: [*rows, rows[0]], "a customer stands more than once"),
        (lambda rows: rows[:12], "parts customers into 2 to 10 groups of 10"),
        (
            lambda rows: [[*row[:3], "a", "b", "c"] for row in rows],
            "Nothing in trial.csv is a number",
        ),
    ],
    ids=["a customer twice", "too few customers", "no number"],
)
def test_what_cannot_be_a_trial_is_refused_in_a_sentence(
    tmp_path: Path, change: object, said: str
) -> None:
    assert callable(change)
    path = written(tmp_path / "trial.csv", change(customers()))
    with pytest.raises(ReadError) as fault:
        kept(path, tmp_path)

    assert said in fault.value.render("en")
    assert fault.value.render("de") != fault.value.render("en")


def test_german_files_with_ones_and_noughts_are_read(tmp_path: Path) -> None:
    rows = [
        [
            who,
            int(arm == "Mail"),
            channel,
            f"{spend}".replace(".", ","),
            f"{before}".replace(".", ","),
            "ja",
        ]
        for who, arm, channel, spend, before, _visit in customers()
    ]
    path = written(tmp_path / "test.csv", rows, delimiter=";")
    path.write_text(path.read_text("utf-8").replace("segment", "Testgruppe"), "utf-8")
    found = kept(path, tmp_path)
    arms = found.splits["Testgruppe"].arms

    assert {name: arm.n for name, arm in arms.items()} == {"0": 300, "1": 300}
    assert files.control(list(arms)) == "0"
    assert found.kinds["spend"] == "money"
