"""What is counted is named as people say it."""

import polars as pl

from pipeline.counted import counted
from pipeline.report.pages import glances
from schemas.render import empty_frame


def test_one_is_not_many() -> None:
    assert [counted(number, "capture") for number in (0, 1, 2, 1_200)] == [
        "0 captures",
        "1 capture",
        "2 captures",
        "1,200 captures",
    ]


def test_a_report_of_one_thing_says_so() -> None:
    names = ("captures", "events", "articles", "article_versions", "statements", "quarantine")
    tables = {name: empty_frame(name).lazy() for name in names}
    tables["events"] = pl.LazyFrame({"event_id": ["e"]})
    assert [glance.what for glance in glances(tables)][:3] == ["captures", "event", "articles"]
