"""The reading stage refuses to publish as unreadable what only another machine sees."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.errors import ChanceryError
from pipeline.ingest.cdx import CdxIndex
from pipeline.ingest.discover import ListedFile, Listing
from pipeline.ingest.reader import RawFile, ReadOptions
from pipeline.progress import Silent
from pipeline.request import BuildRequest
from pipeline.stages import read
from pipeline.stages.inputs import find_inputs
from pipeline.workspace import prepare


class Elsewhere:
    """Sees files that do not lie here."""

    def digests(self, files: Sequence[RawFile]) -> list[str]:
        return ["0" * 64 for _ in files]

    def find_indexes(self, files: Sequence[RawFile]) -> list[RawFile]:
        return list(files[:0])

    def load_index(self, files: Sequence[RawFile], options: ReadOptions) -> CdxIndex | None:
        raise AssertionError(f"no index to load: {files} {options}")


def test_a_file_that_lies_elsewhere_and_was_not_read_there_stops_the_build(tmp_path: Path) -> None:
    place = tmp_path / "outputs" / "work" / "elsewhere" / "hdfs" / "name" / "dump"
    listing = Listing(place, (ListedFile("a.txt", 12, 1),))
    request = BuildRequest(raw=(place,), outputs=tmp_path / "outputs", listings=(listing,))
    prepare(request.workspace)
    inputs = find_inputs(request, Elsewhere())
    with pytest.raises(ChanceryError, match=r"raw files changed while a\.txt was read; run the same command again"):
        read.read(request, inputs, Silent())
