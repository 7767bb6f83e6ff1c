"""Two grown-ups, one of whom gives the other a fullmakt. What reads the settings is imported late."""

from datetime import date
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from portal.people.models import Person


@pytest.fixture
def giver(db: None) -> "Person":
    from tests.youth_access import families

    return families.person("Oddrun Øyjord", date(1940, 3, 1))


@pytest.fixture
def receiver(db: None) -> "Person":
    from tests.youth_access import families

    return families.person("Unni Øyjord", date(1968, 2, 2), home=families.OTHER_HOME)
