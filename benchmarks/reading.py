"""Reading and parsing alone, without identity: `python -m benchmarks.reading FOLDER OUT WORKERS`.

Measured from outside: what `chancery build` does up to the slices, so that the share of each half is seen.
"""

import sys
from pathlib import Path

from pipeline.progress import Silent
from pipeline.request import BuildRequest
from pipeline.slices.pool import read_slices
from pipeline.stages.inputs import find_inputs
from pipeline.workspace import prepare


def main(folder: Path, outputs: Path, workers: int) -> None:
    """Read every slice of the dump."""
    request = BuildRequest(raw=(folder,), outputs=outputs)
    prepare(request.workspace)
    inputs = find_inputs(request)
    read_slices(inputs.slices, request.workspace.slices, inputs.options, workers=workers, progress=Silent())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
