"""Folders as a user has them: raw dumps and the outputs of a build, for tests of commands, pages and assets."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from pipeline.cli import chancery
from tests.simulation import EditRates, crawl, simulate_site
from tests.simulation.writers import FORMS

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class World:
    """A folder with `raw/` and `outputs/`."""

    folder: Path
    said: str
    """What `chancery build` printed when it made the outputs."""

    @property
    def outputs(self) -> Path:
        return self.folder / "outputs"

    @property
    def tables(self) -> Path:
        return self.outputs / "tables"


def table_digests(outputs: Path) -> dict[str, str]:
    """SHA-256 of each published table by file name: builds are compared byte for byte."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (outputs / "tables").iterdir()}


def sample_world(folder: Path) -> World:
    """The two sample dumps, built."""
    shutil.copytree(ROOT / "raw", folder / "raw")
    return _built(folder)


def simulated_world(folder: Path) -> World:
    """A crawl of a simulated site whose articles are often edited, built."""
    site = simulate_site(11, n_items=60, edits=EditRates(body_words=0.5, text_extended=0.3, text_cut=0.2))
    (folder / "raw").mkdir(parents=True)
    FORMS["warc_gz"].write(list(crawl(site, 5, n_captures=250)), folder / "raw")
    return _built(folder)


def _built(folder: Path) -> World:
    arguments = ["build", "--raw", str(folder / "raw"), "--outputs", str(folder / "outputs")]
    result = CliRunner().invoke(chancery, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return World(folder, result.stdout.replace(f"{folder}/", ""))
