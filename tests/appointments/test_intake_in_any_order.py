"""However the words about an appointment come, and however often, the newest one decides what it is."""

import itertools
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from appointments.commands.intake import receive
from appointments.models import Appointment, PreparationTask
from appointments.orders import AppointmentOrder, TaskOrder
from appointments.states import LIVE, Status
from portal.kernel import clock
from portal.people.models import Person
from tests.appointments.at_hand import DAY, NOW, person
from tests.appointments.test_intake import BY, word

pytestmark = pytest.mark.django_db
_keys = itertools.count(1000)
SHOWN = (
    "status",
    "start",
    "end",
    "title",
    "place",
    "instruction",
    "channel",
    "flags",
    "security_codes",
    "cancel_reason",
    "sent_at",
    "no_notice",
)
_TASK = TaskOrder(kind="reading", title="Les om kneet")


@st.composite
def some_words(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Two to five words, each said later than the one before."""
    one = st.fixed_dictionaries(
        {
            "status": st.sampled_from(list(Status)),
            "start": st.sampled_from([DAY, DAY + timedelta(days=1), DAY - timedelta(days=30)]),
            "place": st.sampled_from(["Bygg A", "Bygg B"]),
            "instruction": st.sampled_from(["", "Møt fastende"]),
            "flags": st.sampled_from([(), ("cancel",)]),
            "security_codes": st.sampled_from([(), ("N",), ("NORN_FORANS",)]),
            "tasks": st.sampled_from([(), (_TASK,)]),
            "no_notice": st.booleans(),
        }
    )
    return draw(st.lists(one, min_size=2, max_size=5))


def told(patient: Person, words: Sequence[dict[str, Any]], key: str) -> list[AppointmentOrder]:
    made = []
    for n, each in enumerate(words):
        reason = "2" if each["status"] == Status.CANCELLED else ""
        end = each["start"] + timedelta(minutes=30)
        made.append(word(patient, n / 10, key=key, end=end, title=f"Ord {n}", cancel_reason=reason, **each))
    return made


def outcome_of(orders: Sequence[AppointmentOrder]) -> tuple[dict[str, Any], set[str]]:
    for order in orders:
        with transaction.atomic():
            receive(order=order, by=BY)
    row = Appointment.objects.get(source_key=orders[0].key)
    to_do = PreparationTask.objects.filter(appointment=row, state="open") if row.status in LIVE else []
    return {name: getattr(row, name) for name in SHOWN}, {task.title for task in to_do}


@pytest.fixture
def _still() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.mark.usefixtures("_still")
@settings(max_examples=60)
@given(data=st.data())
def test_any_order_of_the_same_words_ends_the_same(data: st.DataObject) -> None:
    patient = person()
    words = data.draw(some_words())
    in_order = told(patient, words, f"s|{next(_keys)}")
    again = told(patient, words, f"s|{next(_keys)}")
    shuffled = data.draw(st.permutations([*again, *data.draw(st.lists(st.sampled_from(again), max_size=3))]))
    straight, other = outcome_of(in_order), outcome_of(shuffled)
    assert straight == other
    assert straight[0]["status"] == words[-1]["status"]
    assert straight[0]["title"] == f"Ord {len(words) - 1}"
