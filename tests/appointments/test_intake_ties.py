"""What an appointment is tied to by its sender: tasks, its whole and its parts, referrals, and who is booked."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from appointments.commands import intake
from appointments.fhir_elements import resource_named
from appointments.models import (
    Claim,
    PreparationTask,
)
from appointments.orders import TaskOrder
from appointments.states import Status
from portal.kernel import clock
from portal.people.models import Person
from tests.appointments.at_hand import DAY, NOW, person, schedule
from tests.appointments.test_intake import say, word
from youth_access.models import Referral

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return person()


def test_referrals_are_noted_and_anothers_is_refused(kari: Person) -> None:
    row = say(word(kari, referrals=("https://dips.example/henvisning|1",)))
    assert row.referral_ids == [Referral.objects.get().pk]
    with pytest.raises(intake.ReferralOfAnother):
        say(word(person(), key="https://dips.example/time|2", referrals=("https://dips.example/henvisning|1",)))


def test_tasks_follow_the_sender_and_what_is_done_stays_done(kari: Person) -> None:
    form = TaskOrder(kind="form", title="Fyll ut", reference="s|1")
    read = TaskOrder(kind="reading", title="Les")
    row = say(word(kari, tasks=(form, read)))
    row.tasks.filter(kind="form").update(state="done", settled_at=NOW)

    def standing() -> list[tuple[str, str, str]]:
        return [(each.kind, each.title, each.state) for each in row.tasks.order_by("number")]

    say(word(kari, hours=1, tasks=(replace(form, title="Fyll ut skjema"),)))
    assert standing() == [("form", "Fyll ut skjema", "done"), ("reading", "Les", "cancelled")]
    say(word(kari, hours=2, tasks=(form, read, TaskOrder(kind="letter", title="Brev", reference="s|2"))))
    assert standing() == [("form", "Fyll ut", "done"), ("reading", "Les", "open"), ("letter", "Brev", "open")]
    say(word(kari, hours=3, status=Status.CANCELLED))
    assert not PreparationTask.objects.filter(state="open").exists()


def test_parts_and_wholes_find_each_other_in_any_order(kari: Person) -> None:
    part = word(kari, key="https://dips.example/time|2", part_of="https://dips.example/time|1")
    by_id = word(kari, key="https://dips.example/time|3", part_of="Appointment/Hel")
    first, second = say(part), say(by_id)
    whole = say(word(kari, sender_id="Hel"))
    assert set(whole.parts.all()) == {first, second}
    third = say(word(kari, key="https://dips.example/time|4", part_of=f"Appointment/{whole.pk}"))
    fourth = say(word(kari, key="https://dips.example/time|5", part_of="Appointment/Hel"))
    assert {third.part_of_id, fourth.part_of_id} == {whole.pk}
    assert say(word(kari, key="https://dips.example/time|5", hours=1)).part_of_id is None


def test_two_that_name_each_other_are_no_ring(kari: Person) -> None:
    one = say(word(kari, part_of="https://dips.example/time|2"))
    two = say(word(kari, key="https://dips.example/time|2", part_of="https://dips.example/time|1"))
    one.refresh_from_db()
    assert [one.part_of_id, two.part_of_id].count(None) == 1


def test_a_part_without_a_patient_is_its_wholes(kari: Person) -> None:
    part = word(None, key="https://dips.example/time|2", part_of="https://dips.example/time|1")
    with pytest.raises(intake.UnknownWhole):
        say(part)
    whole = say(word(kari))
    assert say(part).person == kari
    assert say(replace(part, key="https://dips.example/time|3", part_of=f"Appointment/{whole.pk}")).person == kari
    with pytest.raises(intake.UnknownWhole):
        say(replace(part, part_of="", key="https://dips.example/time|4"))


def test_whoever_is_booked_is_taken_for_others(kari: Person) -> None:
    doctor = resource_named("s|7")
    of = schedule(resource=UUID(doctor))
    row = say(word(kari, resource=doctor))
    claim = Claim.objects.get(pk=row.pk)
    assert (str(claim.resource), claim.during.lower, claim.exclusive) == (doctor, DAY, False)
    assert row.schedule == of
    later = DAY + timedelta(days=1)
    row = say(word(kari, hours=1, resource=doctor, start=later, end=later + timedelta(hours=1)))
    assert Claim.objects.get(pk=row.pk).during.lower == later
    assert row.schedule == of
    row = say(word(kari, hours=2, resource=resource_named("s|8")))
    assert row.schedule is None
    say(word(kari, hours=3, status=Status.CANCELLED))
    assert not Claim.objects.exists()
