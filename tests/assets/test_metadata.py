"""What Dagster shows of each table before and after a run: columns, rows, a preview, figures to plot, what failed."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest

from pipeline.assets.catalogue import ASSETS, CHECKS
from pipeline.assets.checks import check_result
from pipeline.assets.figures import FIGURES, key_figures
from pipeline.assets.links import with_links
from pipeline.assets.resource import Build
from pipeline.assets.specs import column_schema, markdown_table
from pipeline.check.set_rules import RuleResult
from pipeline.dagster_home import dagster_home
from pipeline.definitions import defs
from schemas.names import TABLE_NAMES
from schemas.registry import TABLES
from schemas.render import empty_frame

IMPOSSIBLE_DAY = b"06.11.2039 - "


@pytest.fixture(scope="module")
def run(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dg.ExecuteInProcessResult, Path]:
    """A run over the samples, one teaser of which is dated twenty years after its page."""
    folder = tmp_path_factory.mktemp("run")
    shutil.copytree(raw, folder / "raw")
    dump = folder / "raw" / "000_fce646e764c63825.txt"
    content = dump.read_bytes()
    first = content.index(b"13.11.2019 - ")
    dump.write_bytes(content[:first] + IMPOSSIBLE_DAY + content[first + len(IMPOSSIBLE_DAY) :])
    arguments = Build(raw=[str(folder / "raw")], outputs=str(folder / "outputs"), workers=1)
    with dg.DagsterInstance.ephemeral() as instance:
        result = dg.materialize([*ASSETS, *CHECKS], instance=instance, resources={"build": arguments})
    assert result.success
    return result, folder / "outputs"


@pytest.fixture(scope="module")
def told(run: tuple[dg.ExecuteInProcessResult, Path]) -> Mapping[str, Mapping[str, Any]]:
    """Metadata of each materialisation by asset."""
    return {
        event.asset_key.to_user_string(): {key: value.value for key, value in event.materialization.metadata.items()}
        for event in run[0].get_asset_materialization_events()
        if event.asset_key is not None
    }


def test_columns_stand_in_the_catalogue_as_the_schemas_state_them() -> None:
    graph = defs.resolve_asset_graph()
    for name in TABLE_NAMES:
        node = graph.get(dg.AssetKey(name))
        shown = node.metadata["dagster/column_schema"]
        assert shown == column_schema(name)
        for column, stated in zip(shown.columns, TABLES[name].columns, strict=True):
            assert (column.name, column.description) == (stated.name, stated.description)
            assert column.constraints.nullable == stated.nullable
        assert TABLES[name].description in (node.description or "")
        assert f"docs/data-dictionary.md#{name}" in (node.description or "")
        assert node.metadata["docs"].value == f"docs/data-dictionary.md#{name}"


def test_a_run_tells_rows_bytes_and_a_preview_of_each_table(
    run: tuple[dg.ExecuteInProcessResult, Path], told: Mapping[str, Mapping[str, Any]]
) -> None:
    for name in TABLE_NAMES:
        table = pl.read_parquet(run[1] / "tables" / f"{name}.parquet")
        assert told[name]["dagster/row_count"] == table.height
        assert told[name]["bytes"] == (run[1] / "tables" / f"{name}.parquet").stat().st_size
        preview = told[name]["sample"].splitlines()
        if table.is_empty():
            assert preview == ["no rows"]
        else:
            assert preview[0] == "| " + " | ".join(table.columns) + " |"
            assert len(preview) == 2 + min(table.height, 5)


def test_figures_are_numbers_that_dagster_plots(told: Mapping[str, Mapping[str, Any]]) -> None:
    assert told["events"]["events with their article"] == 2
    assert told["event_article_links"]["links by text"] == 1
    assert told["event_article_links"]["articles no teaser announces"] == 1
    assert told["raw_records"]["capture"] == 2
    assert told["coverage"]["intervals open"] == 1
    assert told["quality_measures"]["clock_ok_share"] == 1.0
    assert told["dataset"]["raw records: capture"] == 2
    assert told["dataset"]["quarantined"] == told["quarantine"]["dagster/row_count"]
    for name, figures in FIGURES.items():
        for figure in figures:
            assert isinstance(told[name][figure], int | float), (name, figure)


def test_figures_of_an_empty_table_do_no_harm() -> None:
    for name in TABLE_NAMES:
        assert all(value == 0 for value in key_figures(name, empty_frame(name).lazy()).values())


def test_the_quarantine_shows_a_sample_and_counts_by_rule(told: Mapping[str, Mapping[str, Any]]) -> None:
    assert told["quarantine"]["dagster/row_count"] >= 1
    assert "| published_by_page_date | {" in told["quarantine"]["sample"]
    header, _, first, *_ = told["quarantine"]["by rule"].splitlines()
    assert header == "| table | rule | rows |"
    assert first == "| teaser_observations | published_by_page_date | 1 |"


def test_each_check_counts_every_rule(run: tuple[dg.ExecuteInProcessResult, Path]) -> None:
    checks = {
        check.asset_key.to_user_string(): check
        for check in run[0].get_asset_check_evaluations()
        if check.check_name == "rules"
    }
    assert set(checks) == set(TABLE_NAMES)
    counts = checks["events"].metadata["counts"]
    assert isinstance(counts, dg.TableMetadataValue)
    rows = [record.data for record in counts.records]
    assert not any(row["failed"] for row in rows)
    assert {row["rule"]: row["checked"] for row in rows}["key_unique"] == 20  # the 21 but the quarantined one


def test_a_broken_rule_shows_samples_of_what_failed() -> None:
    sound = RuleResult("events", "key_unique", 21, 0, (), "error")
    broken = RuleResult("events", "link_agrees", 21, 2, ("e1 | a1", "<b>e2</b>"), "error")
    warned = RuleResult("events", "title_date_kind", 21, 1, ("e3",), "warning")
    result = check_result("events", [sound, broken, warned])
    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.ERROR
    assert result.description == "link_agrees (2 of 21), title_date_kind (1 of 21)"
    samples = result.metadata["samples"]
    assert isinstance(samples, dg.MarkdownMetadataValue)
    assert (samples.value or "").splitlines()[2:] == [
        "| link_agrees | e1 \\| a1 |",
        "| link_agrees | &lt;b>e2&lt;/b> |",
        "| title_date_kind | e3 |",
    ]
    assert check_result("events", [sound, warned]).severity is dg.AssetCheckSeverity.WARN
    assert "samples" not in check_result("events", [sound]).metadata


def test_a_preview_cannot_break_out_of_its_cell() -> None:
    hostile = pl.DataFrame({"title": ["a | b\n| c |", "<script>alert(1)</script>", "`" * 3, "long " * 40]})
    lines = markdown_table(hostile).splitlines()
    assert len(lines) == 6
    assert "<script" not in "".join(lines)
    assert all(len(line) < 100 for line in lines)


def test_dagster_sends_nothing_and_asks_for_no_address(tmp_path: Path) -> None:
    home = dagster_home(tmp_path / "dagster")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    dagster_home(tmp_path / "dagster")
    assert "nux" not in (home / "dagster.yaml").read_text(encoding="utf-8"), "a file someone changed is left alone"


def graph_of(pages: str | None) -> Any:
    served = dg.Definitions(
        assets=with_links(ASSETS, pages),
        asset_checks=CHECKS,
        resources={"build": Build(raw=["raw"], outputs="outputs")},
    )
    return served.resolve_asset_graph()


def test_where_pages_are_served_tables_link_to_their_columns_and_all_else_to_the_report() -> None:
    graph = graph_of("http://127.0.0.1:9/")
    for name in TABLE_NAMES:
        node = graph.get(dg.AssetKey(name))
        assert node.metadata["docs"] == dg.MetadataValue.url(f"http://127.0.0.1:9/tables.html#{name}")
        assert f"(http://127.0.0.1:9/tables.html#{name})" in node.description
        assert node.metadata["dagster/column_schema"] == column_schema(name)
    assert graph.get(dg.AssetKey("report")).metadata["report"] == dg.MetadataValue.url("http://127.0.0.1:9/index.html")
    assert graph.asset_check_keys == graph_of(None).asset_check_keys


def test_where_no_pages_are_served_the_docs_are_named() -> None:
    node = graph_of(None).get(dg.AssetKey("events"))
    assert node.metadata["docs"] == dg.MetadataValue.path("docs/data-dictionary.md#events")
