"""Letters in memory. Imported late: this file is read before the settings are named."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.audit.items_in_memory import Letters


@pytest.fixture
def letters() -> "Iterator[Letters]":
    from tests.audit import items_in_memory

    with items_in_memory.letters() as made:
        yield made
