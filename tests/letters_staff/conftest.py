"""Two clerks at their desks. Models are imported late: this file is read before the settings are named."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from portal.people.models import Person


@pytest.fixture
def anne(db: None) -> "Person":
    from tests.letters_staff import cases

    return cases.clerk()


@pytest.fixture
def bo(db: None) -> "Person":
    from tests.letters_staff import cases

    return cases.clerk("Bo Eriksen")


@pytest.fixture
def desk(anne: "Person") -> Client:
    """Anne's browser."""
    return _desk(anne)


@pytest.fixture
def other_desk(bo: "Person") -> Client:
    """Bo's browser."""
    return _desk(bo)


def _desk(person: "Person") -> Client:
    from portal.people.models import Role
    from tests.people.signed_in import signed_in

    return signed_in(Client(), person, [Role.CLERK])
