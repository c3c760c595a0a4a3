"""The graph Dagster shows follows the way of the data, and changes only where someone meant it to."""

import json
import re

from pipeline.assets.specs import MEASURE, PUBLISH, READ, RESOLVE
from pipeline.definitions import defs
from pipeline.stages import measure, read, resolve
from schemas.names import TABLE_NAMES
from tests.assets.graph import KEPT, as_text, graph_of

GRAPH = graph_of(defs)
ASSETS = GRAPH["assets"]


def test_the_graph_is_the_one_that_was_agreed() -> None:
    assert as_text(GRAPH) == KEPT.read_text(encoding="utf-8"), "meant? then run `python -m tests.assets.graph`"


def test_every_table_is_an_asset_with_its_check() -> None:
    assert set(TABLE_NAMES) <= set(ASSETS)
    assert all("rules" in ASSETS[name]["checks"] for name in TABLE_NAMES)


def test_groups_sorted_by_name_follow_the_way_of_the_data() -> None:
    stages = {READ: read.TABLES, RESOLVE: resolve.TABLES, MEASURE: measure.TABLES}
    assert sorted([*stages, PUBLISH]) == [*stages, PUBLISH]
    for group, tables in stages.items():
        assert {name for name, asset in ASSETS.items() if asset["group"] == group} == set(tables)
    for asset in ASSETS.values():
        if asset["group"] in {*stages, PUBLISH}:
            assert all(ASSETS[parent]["group"] <= asset["group"] for parent in asset["deps"])


def test_nothing_is_published_before_every_rule_was_checked() -> None:
    blocking = {name for name, asset in ASSETS.items() if "every_rule (blocking)" in asset["checks"]}
    assert blocking == set(measure.TABLES)
    assert set(TABLE_NAMES) <= set(ASSETS["dataset"]["deps"])


def test_names_say_what_they_do_and_nothing_runs_unasked() -> None:
    for name in (*GRAPH["jobs"], *GRAPH["schedules"], *GRAPH["sensors"]):
        assert re.fullmatch(r"[a-z]+(_[a-z]+)+", name)
    assert "build_dataset" in GRAPH["jobs"]
    assert set(GRAPH["schedules"].values()) == {"STOPPED"}
    assert set(GRAPH["sensors"].values()) <= {"STOPPED"}


def test_the_kept_graph_is_plain_data() -> None:
    assert json.loads(KEPT.read_text(encoding="utf-8")).keys() == GRAPH.keys()
