"""The release as Dagster assets: made when asked for, refused by a blocking check, left alone otherwise."""

from pathlib import Path

import dagster as dg
import polars as pl

from pipeline.assets.release import RELEASE_ASSETS, ReleaseArguments
from pipeline.assets.resource import Build
from pipeline.definitions import defs
from pipeline.publish.parquet import write_table
from tests.publish.release.making import PROFILE


def materialize(outputs: Path, *, make: bool) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        list(RELEASE_ASSETS),
        resources={
            "build": Build(outputs=str(outputs)),
            "release_arguments": ReleaseArguments(make=make, date="2026-11-21", profile=str(PROFILE)),
        },
        raise_on_error=False,
    )


def test_a_release_that_is_asked_for_is_made_and_verified(outputs: Path) -> None:
    result = materialize(outputs, make=True)
    assert result.success
    assert {check.check_name: check.passed for check in result.get_asset_check_evaluations()} == {
        "can_be_released": True,
        "verified": True,
    }
    assert (outputs / "releases/1.0.0/SHA256SUMS").is_file()


def test_a_refused_release_stops_before_anything_is_written(outputs: Path) -> None:
    path = outputs / "tables/captures.parquet"
    write_table("captures", pl.read_parquet(path).with_columns(pl.col("n_counters") + 1), path)
    result = materialize(outputs, make=True)
    assert not result.success
    (check,) = result.get_asset_check_evaluations()
    assert (check.check_name, check.passed) == ("can_be_released", False)
    assert not (outputs / "releases").exists()


def test_materialising_everything_releases_nothing(outputs: Path) -> None:
    result = materialize(outputs, make=False)
    assert result.success
    assert not (outputs / "releases").exists()


def test_the_job_of_builds_does_not_release() -> None:
    names = {key.to_user_string() for key in defs.resolve_job_def("build_dataset").asset_layer.executable_asset_keys}
    assert "dataset" in names
    assert not names & {"release", "release_plan"}
    released = defs.resolve_job_def("make_release").asset_layer.executable_asset_keys
    assert {key.to_user_string() for key in released} == {"release", "release_plan"}
