"""The population register's stand-in as a process of its own, where the settings point."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.counterparts.running import SECRET, World, start_world


@pytest.fixture(scope="session")
def running_register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with start_world(tmp_path_factory.mktemp("registers")) as running:
        yield running


@pytest.fixture
def register(running_register: World, settings: Settings) -> Iterator[World]:
    """Everyone behaves, and nobody has been changed yet."""
    running_register.ask("POST", "/reset")
    settings.POPULATION_REGISTER_URL = f"{running_register.url}/population-register"
    settings.COUNTERPART_SECRET = SECRET
    yield running_register
    running_register.behave_all()
