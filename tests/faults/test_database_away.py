"""A database that restarts under an errand is no reason to give it up, however often it was tried before."""

import uuid
from dataclasses import replace

import pytest
from django.db import DataError, Error, InterfaceError, OperationalError, transaction

from portal.outbox import commands, registry
from portal.outbox.models import Errand
from portal.outbox.work import work

KIND = "letters.decide"


def carried_out_with(error: Error, monkeypatch: pytest.MonkeyPatch) -> Errand:
    """An errand tried nine times already (a counterpart was down), whose handler now meets this error."""

    def fails(_subject: uuid.UUID) -> None:
        raise error

    kind = replace(registry.kind(KIND), handler=fails, given_up=lambda _subject, _code: None)
    monkeypatch.setitem(registry._kinds, KIND, kind)
    with transaction.atomic():
        commands.put(KIND, uuid.uuid4())
    Errand.objects.update(attempts=9)
    work("letters", seconds=0.2)
    return Errand.objects.get()


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("server closed"), InterfaceError("connection is closed")])
def test_it_is_tried_again(error: Error, monkeypatch: pytest.MonkeyPatch) -> None:
    errand = carried_out_with(error, monkeypatch)
    assert (errand.state, errand.lease) == (Errand.State.WAITING, None)
    assert errand.last_error.startswith("database:")


@pytest.mark.django_db
def test_an_error_of_its_own_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert carried_out_with(DataError("value too long"), monkeypatch).state == Errand.State.GIVEN_UP
