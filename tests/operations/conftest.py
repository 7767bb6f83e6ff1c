"""An operator signed in, and counterparts that are well unless a test says otherwise."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from portal.counterparts.probe import CounterpartHealth


@pytest.fixture
def health() -> "list[CounterpartHealth]":
    """What the counterparts answer; a test may change it before it looks."""
    from portal.counterparts.probe import CounterpartHealth

    return [
        CounterpartHealth("print_provider", "Trykkeriet", True, "Svarer", 12),
        CounterpartHealth("sms", "SMS", True, "Svarer", 8),
    ]


@pytest.fixture(autouse=True)
def counterparts(health: "list[CounterpartHealth]", monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the real addresses."""
    from portal.site import counterpart_watch

    monkeypatch.setattr(counterpart_watch, "_watch", counterpart_watch.Watch(lambda: health))


@pytest.fixture
def operator(db: None) -> Client:
    """The browser of someone in operations."""
    from portal.people.models import Role
    from tests.letters import making
    from tests.people.signed_in import signed_in

    return signed_in(Client(), making.person(name="Oda Drift"), [Role.OPERATOR])
