"""Dagster's own command builds the dataset, in a folder that holds nothing but dumps."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl

from pipeline.dagster_home import dagster_home
from schemas.names import TABLE_NAMES


def test_dagster_materializes_everything(raw: Path, tmp_path: Path) -> None:
    shutil.copytree(raw, tmp_path / "raw")
    home = dagster_home(tmp_path / "outputs" / "dagster")
    command = [sys.executable, "-W", "ignore", "-m", "dagster", "asset", "materialize"]
    done = subprocess.run(
        [*command, "--select", "*", "-m", "pipeline.definitions"],
        cwd=tmp_path,
        env={**os.environ, "DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    tables = tmp_path / "outputs" / "tables"
    assert {path.stem for path in tables.iterdir()} == set(TABLE_NAMES)
    assert pl.read_parquet(tables / "events.parquet").height == 21
    assert (tmp_path / "outputs" / "report" / "index.html").is_file()
