"""What the tests of who is told what have in common; imported late, for conftest files are read before the settings."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.appointments.told import Heard
    from tests.stories.living import Alive


@pytest.fixture
def heard() -> "Iterator[Heard]":
    """Of what it is said that nobody was told."""
    from appointments import announcements
    from tests.appointments.told import Heard

    listener = Heard()
    announcements.nobody_told.connect(listener.note, weak=False, dispatch_uid="heard")
    yield listener
    announcements.nobody_told.disconnect(dispatch_uid="heard")


@pytest.fixture
def only_72_hours(alive: "Alive") -> None:
    """The clinic tells no news, and reminds 72 hours before."""
    from appointments.models import Clinic
    from tests.letters import making

    Clinic.objects.create(unit=making.unit(), notice_of_news=False, remind_days=[], remind_unconfirmed_hours=None)
