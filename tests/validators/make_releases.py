"""Makes the releases that the validators look at: `python -m tests.validators.make_releases FOLDER`.

Runs in the project's test environment; the validators have an environment of their own and see files only.
"""

import shutil
import sys
from pathlib import Path

from tests.publish.release.making import make_outputs, make_raw, release


def make_releases(folder: Path) -> None:
    """`FOLDER/full` and `FOLDER/no-text`, of the samples and a simulated crawl."""
    shutil.rmtree(folder, ignore_errors=True)
    outputs = make_outputs(make_raw(folder / "work" / "raw"), folder / "work" / "outputs")
    for edition in ("full", "no-text"):
        shutil.move(release(outputs, edition=edition), folder / edition)
        shutil.copytree(folder / edition, outputs / "releases" / ("1.0.0" if edition == "full" else "1.0.0-no-text"))
    shutil.rmtree(folder / "work")


if __name__ == "__main__":
    make_releases(Path(sys.argv[1]))
