"""Calendar files, read by another program's parser: right to the letter, and silent about everything but the hours."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from appointments import calendar_file
from appointments.calendar_file import Entry
from appointments.commands import answering
from appointments.models import Appointment, Request
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, appointment, oslo, schedule, slots
from tests.appointments.at_screen import Screen, field
from tests.youth_access import families

HOSPITAL = Actor("sender", "dips")


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari(db: None) -> Person:
    return at_hand.person(name="Kari Nordli")


def taken(screen: Screen, mine: Appointment) -> bytes:
    """The file as a browser gets it."""
    answer = screen.client.get(f"/timer/{mine.id}/kalender.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="time.ics"'
    return answer.content


def read(content: bytes) -> Any:
    """The file through a parser of its own."""
    well_formed(content)
    return vobject.readOne(content.decode())


def well_formed(content: bytes) -> None:
    """RFC 5545, 3.1: lines end with CRLF and are at most 75 octets; a fold never splits a character."""
    assert content.endswith(b"\r\n")
    lines = content.split(b"\r\n")[:-1]
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()


def test_the_file_has_the_hours_and_the_hospital_and_nothing_of_why(kari: Person) -> None:
    mine = appointment(
        kari,
        title="Samtale om rus",
        description="Rusmiddelvurdering",
        instruction="Ta med urinprøve",
        place="Rusavdelingen, 2. etasje",
        practitioner="Overlege Anne Bjørnsen",
        sequence=3,
    )
    content = taken(Screen(kari), mine)
    event = read(content).vevent
    assert event.summary.value == "Time på sykehuset"
    assert event.location.value == "UNN Tromsø"
    assert event.dtstart.value == mine.start
    assert event.dtend.value == mine.end
    assert (event.sequence.value, event.status.value) == ("3", "CONFIRMED")
    assert event.uid.value == calendar_file.uid_of(mine.id)
    text = re.sub(rb"\r\n ", b"", content).decode()
    for word in ("rus", "Rus", "urin", "Bjørnsen", "Barneklinikken", "Kari", "Nordli", "2. etasje"):
        assert word not in text
    [row] = AuditRow.objects.filter(item_kind="calendar_file")
    assert row.item_id == str(mine.id)


def test_a_confidential_unit_and_a_video_visit_have_no_place_and_say_less(kari: Person) -> None:
    quiet = families.unit("4209999", "Ungdomspsykiatrisk", confidential=True)
    one = appointment(kari, unit=quiet, unit_id=quiet.pk)
    other = appointment(kari, channel="url", start=DAY)
    for mine in (one, other):
        event = read(taken(Screen(kari), mine)).vevent
        assert not hasattr(event, "location")
        assert event.summary.value == "Avtale"


def test_a_moved_appointment_keeps_its_name_and_counts_up_and_a_cancelled_one_takes_itself_out(kari: Person) -> None:
    screen, book = Screen(kari), schedule()
    mine = appointment(kari, book)
    slots(book, 2)
    first = read(taken(screen, mine))
    path = f"/timer/{mine.id}/endre/"
    confirm = screen.sends(path, slot=field(screen.html(path), "slot"))
    screen.sends(confirm, key=screen.key_at(confirm))
    assert read(taken(screen, mine)).vevent.sequence.value == first.vevent.sequence.value
    answering.accept(request_id=Request.objects.get().pk, by=HOSPITAL)
    moved = read(taken(screen, mine))
    assert moved.method.value == "PUBLISH"
    assert moved.vevent.uid.value == first.vevent.uid.value
    assert (int(moved.vevent.sequence.value), moved.vevent.dtstart.value) == (1, DAY)
    screen.sends(f"/timer/{mine.id}/avlys/", key=uuid4(), reason="ill")
    answering.accept(request_id=Request.objects.get(kind="cancel").pk, by=HOSPITAL)
    gone = read(taken(screen, mine))
    assert gone.method.value == "CANCEL"
    assert gone.vevent.uid.value == first.vevent.uid.value
    assert (gone.vevent.status.value, int(gone.vevent.sequence.value)) == ("CANCELLED", 2)
    assert not hasattr(gone.vevent, "location")


def test_the_hour_that_comes_twice_is_only_ever_one_of_them(kari: Person) -> None:
    screen = Screen(kari)
    starts = [oslo(2027, 10, 31, 2, 30), oslo(2027, 10, 31, 2, 30, fold=1), oslo(2027, 3, 28, 3, 0)]
    for start in starts:
        event = read(taken(screen, appointment(kari, start=start.astimezone(UTC)))).vevent
        assert event.dtstart.value == start.astimezone(UTC)
        assert event.dtend.value - event.dtstart.value == timedelta(minutes=30)
    assert (starts[1].astimezone(UTC) - starts[0].astimezone(UTC)) == timedelta(hours=1)


def test_what_is_only_asked_for_has_no_file(kari: Person) -> None:
    mine = appointment(kari, status="proposed")
    Screen(kari).opens(f"/timer/{mine.id}/kalender.ics", 404)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(summary=WORDS, hospital=WORDS, start=TIMES, minutes=st.integers(1, 2000), sequence=st.integers(0, 10**6))
def test_whatever_a_hospital_is_called_the_file_reads_back_as_it_was_written(
    summary: str, hospital: str, start: datetime, minutes: int, sequence: int
) -> None:
    entry = Entry(
        id=uuid4(),
        start=start,
        end=start + timedelta(minutes=minutes),
        sequence=sequence,
        said_at=start,
        summary=summary,
        hospital=hospital,
    )
    event = read(calendar_file.calendar([entry], method="PUBLISH", name="Timer")).vevent
    assert event.summary.value == summary
    assert event.location.value == hospital
    assert event.dtstart.value == start.replace(microsecond=0)
    assert int(event.sequence.value) == sequence
