"""Reading and parsing alone, without identity: `python -m benchmarks.reading FOLDER OUT`, measured from outside.

What `chancery build` does up to the slices, so that the share of each half is seen.
"""

import sys
from pathlib import Path

from pipeline.progress import Silent
from pipeline.request import BuildRequest
from pipeline.slices.pool import read_slices
from pipeline.stages.inputs import find_inputs
from pipeline.workspace import prepare


def main(folder: Path, outputs: Path) -> None:
    """Read every slice of the dump in one process."""
    request = BuildRequest(raw=(folder,), outputs=outputs)
    prepare(request.workspace)
    inputs = find_inputs(request)
    read_slices(inputs.slices, request.workspace.slices, inputs.options, workers=1, progress=Silent())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
