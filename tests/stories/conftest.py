"""The whole product alive; see `tests.stories.fixtures`."""

from tests.stories.fixtures import alive, hospital, reader, reader_without_scripts, running

__all__ = ["alive", "hospital", "reader", "reader_without_scripts", "running"]
