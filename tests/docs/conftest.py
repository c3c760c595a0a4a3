"""The folders in which the pages' commands and snippets run."""

import pytest

from tests.worlds import World, sample_world, simulated_world


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> World:
    return sample_world(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> World:
    return simulated_world(tmp_path_factory.mktemp("simulated"))
