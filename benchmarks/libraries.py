"""What a build costs before it has read a line: its libraries alone, run as `python -m benchmarks.libraries OUT`.

The decision made here: each does its least once. Dagster keeps the history of one run, of one step, that makes all
tables, empty and unchecked; the language model is loaded for one text, the charts' engine for one point.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandera.polars  # noqa: F401 -- what it takes to load
import pyarrow.parquet  # noqa: F401 -- what it takes to load
import vl_convert

from pipeline.assets.history import open_history
from pipeline.dagster_home import dagster_home
from pipeline.parse.language import detect_languages
from schemas.names import TABLE_NAMES

TEXT = "One sentence of English is all that the model is asked about here."
POINT = {"data": {"values": [{"day": 1, "n": 1}]}, "mark": "point", "encoding": {"x": {"field": "day"}}}


def main(out: Path) -> None:
    """Do it, with the history in `out`."""

    @dg.multi_asset(specs=[dg.AssetSpec(name) for name in TABLE_NAMES])
    def tables() -> Iterator[dg.MaterializeResult[None]]:
        """Make nothing."""
        yield from (dg.MaterializeResult(asset_key=name) for name in TABLE_NAMES)

    with open_history(dagster_home(out)) as history:
        dg.materialize([tables], instance=history)
    detect_languages([TEXT])
    vl_convert.vegalite_to_svg(POINT)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
