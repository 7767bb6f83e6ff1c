"""One world of stand-ins per test process; everyone behaves before and after each test."""

from collections.abc import Iterator

import pytest

from tests.counterparts.running import World, start_world


@pytest.fixture(scope="session")
def running_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with start_world(tmp_path_factory.mktemp("standins")) as running:
        yield running


@pytest.fixture
def world(running_world: World) -> Iterator[World]:
    running_world.behave_all()
    running_world.portal.answers.clear()
    yield running_world
    running_world.behave_all()
