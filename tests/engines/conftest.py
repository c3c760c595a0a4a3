"""The dump that is read through Spark's file systems, and pieces as small as its files."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.builds import write_dump

PIECE = 4_000


@pytest.fixture(scope="module")
def small_pieces() -> Iterator[int]:
    """Files as small as the tests' come in many pieces, some alone in a slice and some with others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.engines.hadoop_files._PIECE", PIECE)
        patch.setattr("pipeline.slices.plan.SMALL_FILE", 5_000)
        yield PIECE


@pytest.fixture(scope="module")
def dump(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the module's own; its name has a space."""
    folder = tmp_path_factory.mktemp("elsewhere") / "a dump"
    write_dump(folder, next(raw.glob("000_*.txt")).read_bytes())
    return folder
