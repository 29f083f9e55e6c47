from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from importing import FILE, imported  # type: ignore[import-not-found]
from stammkunde.core import clock
from stammkunde.core.audit.services import COMMAND
from stammkunde.features.imports.models import File
from stammkunde.flows import retention
from stammkunde.flows.retention import Due
from stammkunde.records.customers.models import Customer
from stores_and_cast import Cast  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path / "data"
    return tmp_path / "data"


def test_without_limits_everything_is_kept(cast: Cast) -> None:
    imported(cast.cheese, FILE)
    assert retention.due(cast.cheese, today=dt.date(2100, 1, 1)) == Due((), ())


def test_the_dry_run_tells_what_would_go_and_then_it_goes(
    cast: Cast, data: Path, django_capture_on_commit_callbacks: Any
) -> None:
    import_ = imported(cast.cheese, FILE)
    imported(cast.tea, FILE)
    retention.decide(cast.cheese, files_days=30, customers_days=365, actor=COMMAND)
    anna, ben = (Customer.objects.get(shop=cast.cheese, number=number) for number in ("17", "18"))
    later = clock.today("Europe/Berlin") + dt.timedelta(days=400)
    day = max(later, dt.date(2027, 6, 1))

    assert retention.due(cast.cheese, today=clock.today("Europe/Berlin")) == Due((), ())
    expected = Due((import_.pk,), (anna.pk, ben.pk))
    assert retention.due(cast.cheese, today=day) == expected
    assert Customer.objects.get(pk=anna.pk).name == "Anna Ahorn"

    with django_capture_on_commit_callbacks(execute=True):
        assert retention.keep_to(cast.cheese, actor=COMMAND, today=day) == expected
    assert Customer.objects.get(pk=anna.pk).name == ""
    assert not list((data / "imports" / str(cast.cheese.pk)).rglob("*.csv"))
    assert list((data / "imports" / str(cast.tea.pk)).rglob("*.csv"))
    assert File.objects.filter(dropped_at=None).count() == 1
    assert retention.due(cast.cheese, today=day) == Due((), ())
