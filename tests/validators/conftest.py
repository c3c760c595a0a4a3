"""The releases under test, made by `make_releases` beforehand and named by the environment."""

import os
import shutil
from pathlib import Path

import pytest

os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"
"""Before `datasets` is imported anywhere: nothing here may ask the network."""


@pytest.fixture(params=["full", "no-text"])
def release(request: pytest.FixtureRequest) -> Path:
    """Each edition of the release."""
    return _folder() / str(request.param)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the full edition that a test may break."""
    return Path(shutil.copytree(_folder() / "full", tmp_path / "release"))


def _folder() -> Path:
    named = os.environ.get("CHANCERY_RELEASES")
    if not named:
        pytest.skip("no releases were made; run make test-validators")
    return Path(named)
