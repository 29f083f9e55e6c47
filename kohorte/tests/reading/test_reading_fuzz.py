"""Spoiled files of every format: each is read, or refused in one sentence; nothing else happens."""

from __future__ import annotations

import functools
import random
import re
import time

import mutations
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import strategies
from kohorte import reading
from kohorte.errors import ReadError
from kohorte.settings import Settings

SECONDS_MAX = 60
CALM = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@functools.cache
def valid(kind):
    return mutations.FORMATS[kind]()


def read(shop, kind, content):
    """Read a file; anything but a reading or a sentence fails."""
    path = shop.file(content, f"orders.{mutations.SUFFIXES.get(kind, kind)}")
    place = f"sqlite:///{path}?table=orders" if kind == "sqlite" else path
    begun, said = time.monotonic(), ""
    try:
        reading.read([place], connection=shop.connection, settings=Settings())
    except ReadError as error:
        said = error.render("de")
    finally:
        path.unlink()
    assert re.search(r"\{\w+\}", said) is None
    assert time.monotonic() - begun < SECONDS_MAX


@pytest.mark.parametrize("kind", mutations.FORMATS)
def test_a_valid_file_is_read(shop, kind):
    path = shop.file(valid(kind), f"orders.{mutations.SUFFIXES.get(kind, kind)}")
    place = f"sqlite:///{path}?table=orders" if kind == "sqlite" else path

    read_rows = reading.read([place], connection=shop.connection, settings=Settings()).rows_read

    assert read_rows >= len(mutations.ROWS)


def check(shop, kind, seed):
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    inside = kind in mutations.PACKED and chance.random() < 0.8
    spoil = mutations.spoiled_inside if inside else mutations.spoiled
    read(shop, kind, spoil(valid(kind), chance))


@pytest.mark.parametrize("kind", mutations.FORMATS)
@settings(
    max_examples=strategies.count(25),
    derandomize=True,
    deadline=None,
    suppress_health_check=CALM,
    phases=[Phase.generate],
)
@given(seed=st.integers(0, 2**32))
def test_a_spoiled_file_is_read_or_refused(shop, kind, seed):
    check(shop, kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", mutations.FORMATS)
@settings(
    max_examples=strategies.count(40),
    derandomize=True,
    deadline=None,
    suppress_health_check=CALM,
    phases=[Phase.generate],
)
@given(seed=st.integers(0, 2**32))
def test_many_spoiled_files_are_read_or_refused(shop, kind, seed):
    check(shop, kind, seed)
