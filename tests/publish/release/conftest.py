"""One build and its releases, made once; tests that change something take a copy."""

import shutil
from pathlib import Path

import pytest

from tests.publish.release.making import make_outputs, make_raw, release


@pytest.fixture(scope="session")
def raw_dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_raw(tmp_path_factory.mktemp("release") / "raw")


@pytest.fixture(scope="session")
def built(raw_dumps: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Outputs without a release."""
    return make_outputs(raw_dumps, tmp_path_factory.mktemp("release") / "outputs")


@pytest.fixture(scope="session")
def released_outputs(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same outputs with the first release in both editions."""
    outputs = tmp_path_factory.mktemp("released") / "outputs"
    shutil.copytree(built / "tables", outputs / "tables")
    release(outputs)
    release(outputs, edition="no-text")
    return outputs


@pytest.fixture(scope="session")
def full(released_outputs: Path) -> Path:
    return released_outputs / "releases" / "1.0.0"


@pytest.fixture(scope="session")
def no_text(released_outputs: Path) -> Path:
    return released_outputs / "releases" / "1.0.0-no-text"


@pytest.fixture
def outputs(built: Path, tmp_path: Path) -> Path:
    """A copy of the build's tables that a test may change."""
    shutil.copytree(built / "tables", tmp_path / "outputs" / "tables")
    return tmp_path / "outputs"


@pytest.fixture
def copy(full: Path, tmp_path: Path) -> Path:
    """A copy of the release that a test may break."""
    return Path(shutil.copytree(full, tmp_path / "1.0.0"))
