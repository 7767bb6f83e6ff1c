"""The whole product alive; see `tests.stories.fixtures`."""

from tests.stories.fixtures import alive, running

__all__ = ["alive", "running"]
