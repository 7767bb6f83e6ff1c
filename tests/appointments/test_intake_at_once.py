"""The same word many times at the same moment is one appointment, and a part and its whole find each other."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from appointments.models import Appointment, Reminder, Schedule, Slot
from tests.appointments import nhn, nhn_timetable
from tests.appointments.test_fhir_appointments import send, token

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4
SOON = {"start": "2099-12-03T12:00:00+01:00", "end": "2099-12-03T14:00:00+01:00"}


def at_once(call: Callable[[Client, int], Any]) -> list[Any]:
    """The answers to one call made by several clients at the same moment."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> Any:
        try:
            start.wait(timeout=20)
            return call(Client(), number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_the_same_word_at_once_is_one_appointment(client: Client) -> None:
    dips = token(client, "dips")
    for _ in range(5):
        tree = nhn.timenotifikasjon(**SOON)
        answers = at_once(lambda browser, _n, tree=tree: send(browser, dips, tree))  # type: ignore[misc]
        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: AT_ONCE - 1}
        assert len({answer["Location"] for answer in answers}) == 1
    assert Appointment.objects.count() == 5
    assert Reminder.objects.filter(kind="created").count() == 5


def test_different_words_at_once_end_with_the_newest(client: Client) -> None:
    dips = token(client, "dips")
    for _ in range(5):
        tree = nhn.timenotifikasjon(**SOON)

        def one(browser: Client, number: int, tree: dict[str, Any] = tree) -> Any:
            said = {"lastUpdated": f"2026-11-20T14:30:{number:02d}Z"}
            return send(browser, dips, json.loads(json.dumps(tree | {"meta": said, "description": f"Ord {number}"})))

        assert {answer.status_code for answer in at_once(one)} <= {200, 201}
        key = f"{nhn.BOOKING_ID}|{tree['identifier'][0]['value']}"
        assert Appointment.objects.get(source_key=key).description == f"Ord {AT_ONCE - 1}"


def test_a_part_and_its_whole_at_once_find_each_other(client: Client) -> None:
    dips = token(client, "dips")
    for _ in range(5):
        whole = nhn.timenotifikasjon(**SOON)
        named = {name: whole["identifier"][0][name] for name in ("system", "value")}
        extension = [{"url": nhn.PART_OF, "valueReference": {"identifier": named}}]
        trees = [whole, nhn.time_lege(extension=extension, **SOON), whole, whole]
        at_once(lambda browser, number, trees=trees: send(browser, dips, trees[number]))  # type: ignore[misc]
    parts = Appointment.objects.filter(description="Time med spesialsjukepleier")
    assert parts.count() == 5
    assert not parts.filter(part_of=None).exists()


def test_timetables_at_once(client: Client) -> None:
    dips = token(client, "dips")
    of = nhn_timetable.schedule()
    assert Counter(each.status_code for each in at_once(lambda browser, _n: send(browser, dips, of))) == {
        201: 1,
        200: AT_ONCE - 1,
    }
    tree = nhn_timetable.slot(of)
    at_once(lambda browser, _n: send(browser, dips, tree))
    assert (Schedule.objects.count(), Slot.objects.count()) == (1, 1)
