"""Writing or checking finished tables and nothing else: `python -m benchmarks.tables written|checked OUTPUTS`.

Measured from outside: what a build spends at least that changes every table, however it finds out what to change.
"""

import sys
import tempfile
from pathlib import Path

import polars as pl

from pipeline.check.set_rules import check_tables
from pipeline.publish.parquet import write_table
from pipeline.workspace import Workspace
from schemas.names import TABLE_NAMES


def main(what: str, outputs: Path) -> None:
    """Do one of both with the tables of a build."""
    paths = {name: Workspace(outputs).tables / f"{name}.parquet" for name in TABLE_NAMES}
    if what == "checked":
        check_tables({name: pl.scan_parquet(path) for name, path in paths.items()})
        return
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        for name, path in paths.items():
            write_table(name, pl.read_parquet(path), Path(folder, path.name))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
