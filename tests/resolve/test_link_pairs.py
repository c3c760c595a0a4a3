"""Which events and articles meet: those that share words, unless their days speak against it."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.resolve import link_pairs
from pipeline.resolve.link_evidence import WINDOW
from pipeline.resolve.link_pairs import meeting
from tests.resolve.article_rows import Held

DAYS = st.lists(st.none() | st.dates(date(2019, 11, 4), date(2019, 11, 14)), min_size=1, max_size=3)
SIDES = st.lists(st.tuples(st.sampled_from(["Statement", "Notice"]), DAYS), max_size=8)
CAPTURED = date(2019, 11, 8)
NO_BODIES = Held(pl.DataFrame(schema={"body_sha256": pl.String, "body": pl.String}))
WORDINGS: dict[str, pl.DataType | type[pl.DataType]] = {
    "event": pl.String,
    "form_id": pl.String,
    "published_on": pl.Date,
    "title": pl.String,
    "teaser": pl.String,
    "is_cut": pl.Boolean,
}
TEXTS: dict[str, pl.DataType | type[pl.DataType]] = {
    "article": pl.String,
    "text_id": pl.String,
    "title": pl.String,
    "published_on": pl.Date,
    "first_captured_at": pl.Datetime("us", "UTC"),
    "body_sha256": pl.String,
}


def wordings(events: list[tuple[str, list[date | None]]]) -> pl.DataFrame:
    rows = [
        (f"e{number}", f"f{number}-{place}", day, title, None, False)
        for number, (title, days) in enumerate(events)
        for place, day in enumerate(days)
    ]
    return pl.DataFrame(rows, schema=WORDINGS, orient="row")


def texts(articles: list[tuple[str, list[date | None]]]) -> pl.DataFrame:
    at = datetime(CAPTURED.year, CAPTURED.month, CAPTURED.day, 12, tzinfo=UTC)
    rows = [
        (f"a{number}", f"t{number}-{place}", title, day, at, None)
        for number, (title, days) in enumerate(articles)
        for place, day in enumerate(days)
    ]
    return pl.DataFrame(rows, schema=TEXTS, orient="row")


def may_meet(announced: list[date | None], printed: list[date | None]) -> bool:
    """The rule, of two sides of one title."""
    days, others = [day for day in announced if day], [day for day in printed if day]
    if days and others:
        return any(abs(day - other) <= WINDOW for day, other in product(days, others))
    return not days or min(days) - timedelta(days=1) <= CAPTURED


@settings(max_examples=60, deadline=None)
@given(SIDES, SIDES, st.sampled_from([1, 5, 1_000]))
def test_those_of_one_title_meet_that_no_day_keeps_apart(
    events: list[tuple[str, list[date | None]]], articles: list[tuple[str, list[date | None]]], at_once: int
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(link_pairs, "_PAIRS_AT_ONCE", at_once)
        found = meeting(wordings(events), texts(articles), NO_BODIES)
    expected = {
        (f"e{one}", f"a{other}")
        for (one, (title, days)), (other, (also, printed)) in product(enumerate(events), enumerate(articles))
        if title == also and may_meet(days, printed)
    }
    assert sorted(found.iter_rows()) == sorted(expected)


RECURRING = """
from datetime import date, timedelta
from resource import RUSAGE_SELF, getrusage
from tests.resolve.test_link_pairs import NO_BODIES, meeting, texts, wordings
said = [("Statement", [date(1995, 1, 1) + timedelta(days=3 * number)]) for number in range(3_000)]
before = getrusage(RUSAGE_SELF).ru_maxrss
found = meeting(wordings(said), texts(said), NO_BODIES)
print(found.height, (getrusage(RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts memory in another unit")
def test_a_title_that_recurs_every_few_days_takes_no_memory_for_pairs_years_apart() -> None:
    said = subprocess.run([sys.executable, "-c", RECURRING], capture_output=True, check=True, text=True)
    n_pairs, megabytes = map(int, said.stdout.split())
    assert n_pairs == 3_000
    assert megabytes < 400
