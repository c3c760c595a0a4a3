"""Settings every test shares: reproducible hypothesis runs, and where shared reference material lies."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "chancery", derandomize=True, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("chancery")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def raw() -> Path:
    """The folder with the two sample dumps."""
    return ROOT / "raw"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Reference material that does not belong to the project; tests that need it also exist on invented data."""
    if not SHARED.is_dir():
        pytest.skip("the reference folder shared/ does not lie beside this clone")
    return SHARED
