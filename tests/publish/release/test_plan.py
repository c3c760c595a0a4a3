"""What refuses a release: each reason alone, all reasons together, and never a higher version."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from pipeline.cli import chancery
from pipeline.publish.parquet import write_table
from pipeline.publish.release.plan import ReleaseRefusedError, ReleaseRequest, plan_release
from schemas.registry import TABLES
from tests.publish.release.making import ISSUED, PROFILE, release


def change(outputs: Path, name: str, edit: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    path = outputs / "tables" / f"{name}.parquet"
    write_table(name, edit(pl.read_parquet(path)), path)


def reasons(outputs: Path, version: str | None = None) -> tuple[str, ...]:
    with pytest.raises(ReleaseRefusedError) as refused:
        plan_release(ReleaseRequest(outputs, version=version, issued=ISSUED, profile=PROFILE))
    return refused.value.reasons


def without(table: str, column: str, value: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda rows: rows.filter(pl.col(column) != value)


def _renamed(rows: pl.DataFrame, *, key: list[str], old: str, new: str) -> pl.DataFrame:
    """The rows with another event id, in order again."""
    return rows.with_columns(pl.col("event_id").replace({old: new})).sort(key)


def test_the_first_release_is_one_nought_nought(outputs: Path) -> None:
    plan = plan_release(ReleaseRequest(outputs, issued=ISSUED, profile=PROFILE))
    assert str(plan.version) == "1.0.0"
    assert plan.before is None


def test_without_a_date_the_newest_day_of_capture_is_the_day_of_issue(outputs: Path) -> None:
    newest = pl.read_parquet(outputs / "tables/captures.parquet")["captured_on"].max()
    assert plan_release(ReleaseRequest(outputs, profile=PROFILE)).issued == newest


def test_a_missing_table_refuses(outputs: Path) -> None:
    (outputs / "tables/counters.parquet").unlink()
    (reason,) = reasons(outputs)
    assert "counters" in reason


def test_every_broken_rule_is_named(outputs: Path) -> None:
    change(outputs, "counter_observations", lambda rows: rows.with_columns(pl.col("days") + 1))
    change(outputs, "captures", lambda rows: rows.with_columns(pl.col("n_counters") + 1))
    found = reasons(outputs)
    assert any(reason.startswith("counter_observations: start_on") for reason in found)
    assert any(reason.startswith("captures: counters_counted fails for ") for reason in found)


def test_the_same_tables_are_not_released_twice(outputs: Path) -> None:
    release(outputs)
    assert reasons(outputs) == ("nothing changed since 1.0.0, which is released already.",)


def test_a_changed_value_is_a_patch_and_a_lower_version_is_refused(outputs: Path) -> None:
    release(outputs)
    change(outputs, "events", lambda rows: rows.with_columns(section=pl.lit("PRESS RELEASES")))
    plan = plan_release(ReleaseRequest(outputs, issued=ISSUED, profile=PROFILE))
    assert str(plan.version) == "1.0.1"
    (reason,) = reasons(outputs, "0.9.0")
    assert "at least 1.0.1" in reason
    higher = replace(plan.request, version="2.0.0")
    assert str(plan_release(higher).version) == "2.0.0"


def test_another_profile_is_a_patch(outputs: Path, tmp_path: Path) -> None:
    release(outputs)
    other = tmp_path / "release.toml"
    other.write_text(PROFILE.read_text().replace("The chancery maintainers", "Other maintainers"))
    plan = plan_release(ReleaseRequest(outputs, issued=ISSUED, profile=other))
    assert str(plan.version) == "1.0.1"
    assert plan.difference.profile_changed


def test_a_published_id_that_vanished_without_a_redirect_refuses(outputs: Path) -> None:
    release(outputs)
    events = pl.read_parquet(outputs / "tables/events.parquet")
    alone = events.filter((pl.col("known_from") == "teaser") & (pl.col("n_forms") == 1))["event_id"][0]
    renamed = "e" + "f" * 16
    for name in ("events", "event_forms", "teaser_observations", "event_speakers", "event_countries"):
        key = list(TABLES[name].key)
        change(outputs, name, partial(_renamed, key=key, old=alone, new=renamed))
    (reason,) = reasons(outputs)
    assert "1 published ids vanished" in reason
    assert alone in reason
    redirect = pl.DataFrame(
        {"old_id": [alone], "new_id": [renamed], "reason": ["merged"], "since_release": [None]},
        schema_overrides={"since_release": pl.String},
    )
    change(outputs, "id_redirects", lambda rows: pl.concat([rows, redirect]))
    plan = plan_release(ReleaseRequest(outputs, issued=ISSUED, profile=PROFILE))
    assert str(plan.version) == "1.1.0"


def test_editions_of_the_same_tables_share_a_version_and_a_history(full: Path, no_text: Path) -> None:
    assert no_text.name == "1.0.0-no-text"
    for name in ("diff.json", "CHANGELOG.md"):
        assert (no_text / name).read_bytes() == (full / name).read_bytes()


def test_a_day_of_issue_that_nobody_named_is_told_with_its_reason(
    outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(*arguments: str) -> str:
        asked = ["release", "--outputs", str(outputs), "--profile", str(PROFILE), *arguments]
        result = CliRunner().invoke(chancery, asked, catch_exceptions=False)
        assert result.exit_code == 0, result.output
        shutil.rmtree(outputs / "releases")
        return result.output

    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    newest = plan_release(ReleaseRequest(outputs, profile=PROFILE)).issued
    assert f"Its day of issue is {newest}, the newest day of capture; name another with --date." in told()
    assert "day of issue" not in told("--date", "2026-11-21")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert "Its day of issue is 2026-09-21, by SOURCE_DATE_EPOCH; name another with --date." in told()
