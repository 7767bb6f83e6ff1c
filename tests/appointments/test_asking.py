"""Confirming, short notice, video, and a youth's own wish."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import Http404

from appointments.commands import answering, asking, moving, requesting
from appointments.commands.asking import AlreadyAsked, NotAllowed
from appointments.models import Appointment, Clinic, Reminder, Request
from appointments.queries import requests
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.moves import IllegalMoveError
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import NOW, appointment, deliver, eyes, held, record_system, schedule, slot
from tests.youth_access import families
from youth_access.facts import Outcome

pytestmark = pytest.mark.django_db
CLINICIAN = Actor("staff", str(uuid4()))
Ask = Callable[..., Request]
EACH = {
    asking.confirm: "canAcknowledge",
    asking.ask_short_notice: "canUseShortNotice",
    asking.ask_video: "canChangeConferenceType",
}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person(name="Kari Nordli")


@pytest.mark.parametrize(("ask", "flag"), EACH.items())
def test_only_what_is_flagged_and_only_once(kari: Person, ask: Ask, flag: str) -> None:
    others = [each for each in at_hand.ALL_FLAGS if each != flag]
    with pytest.raises(NotAllowed):
        ask(appointment_id=appointment(kari, flags=others).pk, key=uuid4(), eyes=eyes(kari.pk))
    mine = appointment(kari, flags=[flag])
    first = ask(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk))
    assert ask(appointment_id=mine.pk, key=first.key, eyes=eyes(kari.pk)).pk == first.pk
    assert ask(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk)).pk == first.pk, "it waits"
    with record_system():
        deliver(first)
    assert ask(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk)).pk == first.pk, "it stands"


def test_confirming_is_seen_at_once_when_the_hospital_has_it(kari: Person) -> None:
    mine = appointment(kari)
    request = asking.confirm(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk))
    with record_system() as hospital:
        deliver(request)
    mine.refresh_from_db()
    assert (mine.confirmed_at, mine.sequence) == (NOW, 0)
    assert hospital.filed[f"request-{request.pk}"]["participantStatus"] == "accepted"


def test_what_was_confirmed_elsewhere_is_not_confirmed_again(kari: Person) -> None:
    mine = appointment(kari, confirmed_at=NOW)
    with pytest.raises(AlreadyAsked):
        asking.confirm(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk))


def test_a_yes_to_the_old_time_does_not_confirm_the_new_one(kari: Person) -> None:
    book = schedule()
    mine = appointment(kari, book)
    confirm = asking.confirm(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk))
    with clock.stopped_at(NOW + timedelta(minutes=1)), record_system():
        grip = held(kari, slot(book), appointment_id=mine.pk)
        deliver(moving.move(reservation_id=grip.pk, key=uuid4(), eyes=eyes(kari.pk)))
        deliver(confirm)
        mine.refresh_from_db()
        assert (confirm.state, mine.confirmed_at) == ("refused", None)
        again = asking.confirm(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk))
        deliver(again)
    mine.refresh_from_db()
    assert again.pk != confirm.pk
    assert mine.confirmed_at is not None


def test_short_notice_is_the_record_systems_to_remember(kari: Person) -> None:
    mine = appointment(kari)
    before = Appointment.objects.filter(pk=mine.pk).values().get()
    request = asking.ask_short_notice(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk), comment="Hele uka")
    with record_system() as hospital:
        deliver(request)
    assert request.state == "accepted"
    sent = hospital.filed[f"request-{request.pk}"]
    assert (sent["extension"], sent["comment"]) == (
        [{"url": "http://hl7.no/fhir/StructureDefinition/no-basis-shortnotice", "valueBoolean": True}],
        "Hele uka",
    )
    assert Appointment.objects.filter(pk=mine.pk).values().get() == before


class TestVideo:
    """Scenario 17."""

    @pytest.fixture
    def mine(self, kari: Person) -> Appointment:
        return appointment(kari, contact_type="2")

    @pytest.fixture
    def request_(self, kari: Person, mine: Appointment) -> Request:
        return asking.ask_video(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk), comment="Lang vei")

    def test_it_waits_for_a_clinician_and_the_appointment_is_as_it_was(
        self, kari: Person, mine: Appointment, request_: Request
    ) -> None:
        before = Appointment.objects.filter(pk=mine.pk).values().get()
        with record_system() as hospital:
            deliver(request_)
            deliver(request_)
        assert (request_.state, request_.delivered_at, len(hospital.filed)) == ("waiting", NOW, 1)
        assert hospital.filed[f"request-{request_.pk}"]["extension"] == [
            {
                "url": "http://helsenorge.no/fhir/StructureDefinition/hn-basis-changeConferenceType",
                "valueCoding": {"system": "http://hl7.org/fhir/contact-point-system", "code": "url"},
            }
        ]
        assert Appointment.objects.filter(pk=mine.pk).values().get() == before
        answering.accept(request_id=request_.pk, by=CLINICIAN, answer="Lenken kommer")
        mine.refresh_from_db()
        request_.refresh_from_db()
        assert (mine.contact_type, mine.channel, request_.state) == ("6", "url", "accepted")
        assert request_.record_id == f"J-request-{request_.pk}"
        assert Reminder.objects.filter(kind="answered").count() == 1
        with pytest.raises(AlreadyAsked):
            asking.ask_video(appointment_id=appointment(kari, contact_type="6").pk, key=uuid4(), eyes=eyes(kari.pk))

    def test_a_no_has_words(self, mine: Appointment, request_: Request) -> None:
        answering.refuse(request_id=request_.pk, by=CLINICIAN, answer="Vi må undersøke deg.")
        mine.refresh_from_db()
        request_.refresh_from_db()
        assert (mine.contact_type, request_.state, request_.answer) == ("2", "refused", "Vi må undersøke deg.")
        with pytest.raises(IllegalMoveError):
            answering.accept(request_id=request_.pk, by=CLINICIAN)

    def test_it_can_be_taken_back_until_it_is_answered(self, kari: Person, request_: Request) -> None:
        asking.withdraw(request_id=request_.pk, eyes=eyes(kari.pk))
        asking.withdraw(request_id=request_.pk, eyes=eyes(kari.pk))
        request_.refresh_from_db()
        assert request_.state == "withdrawn"
        with record_system() as hospital:
            deliver(request_)
        assert hospital.filed == {}

    def test_what_the_record_system_answers_by_itself_cannot_be_taken_back(
        self, kari: Person, mine: Appointment
    ) -> None:
        request = asking.confirm(appointment_id=mine.pk, key=uuid4(), eyes=eyes(kari.pk))
        with pytest.raises(NotAllowed):
            asking.withdraw(request_id=request.pk, eyes=eyes(kari.pk))

    def test_a_stranger_knows_of_nothing_to_take_back(self, request_: Request) -> None:
        with pytest.raises(Http404):
            asking.withdraw(request_id=request_.pk, eyes=eyes(at_hand.person().pk))
        with pytest.raises(Http404):
            asking.withdraw(request_id=uuid4(), eyes=eyes(at_hand.person().pk))


class TestYouthWish:
    @pytest.fixture
    def mine(self) -> families.Family:
        made = families.family(born=date(2012, 11, 23))
        families.consent(made.child, made.mother)
        families.referral(made.child, outcome=Outcome.OPEN)
        at_hand.clinic(youth_wish=True)
        return made

    @staticmethod
    def wish(who: Person, **more: object) -> Request:
        asked = {"key": uuid4(), "comment": "Jeg vil snakke med noen.", "unit_id": at_hand.unit().pk, **more}
        return asking.wish(eyes=eyes(who.pk), **asked)  # type: ignore[arg-type]  # its own arguments

    def test_only_the_youth_and_the_clinic_know_of_it(self, mine: families.Family) -> None:
        request = self.wish(mine.child)
        look, theirs = eyes(mine.child.pk), eyes(mine.mother.pk, mine.child.pk)
        assert [each.pk for each in requests.of(look)] == [request.pk]
        assert requests.one(look, request.pk) == request
        assert requests.of(theirs) == []
        assert requests.one(theirs, request.pk) is None
        with pytest.raises(Http404):
            asking.withdraw(request_id=request.pk, eyes=theirs)
        asking.withdraw(request_id=request.pk, eyes=look)
        request.refresh_from_db()
        assert request.state == "withdrawn"

    def test_it_goes_to_the_clinic_with_a_label_and_waits_for_a_clinician(self, mine: families.Family) -> None:
        request = self.wish(mine.child)
        with record_system() as hospital:
            deliver(request)
        assert (request.state, request.delivered_at) == ("waiting", NOW)
        sent = hospital.filed[f"request-{request.pk}"]
        assert sent["resourceType"] == "Communication"
        assert sent["meta"]["security"][0]["code"] == "NORN_FORANS"  # type: ignore[index]  # JSON
        answering.accept(request_id=request.pk, by=CLINICIAN, answer="Kom torsdag klokka 10.")
        assert requests.wishes(eyes(mine.child.pk))[0].answer == "Kom torsdag klokka 10."
        assert not Reminder.objects.exists(), "nobody else is told"

    def test_a_no_is_the_youths_alone_too(self, mine: families.Family) -> None:
        request = self.wish(mine.child)
        answering.refuse(request_id=request.pk, by=CLINICIAN, answer="Ring oss.")
        assert requests.wishes(eyes(mine.child.pk))[0].state == "refused"

    def test_one_at_a_time(self, mine: families.Family) -> None:
        first = self.wish(mine.child)
        assert self.wish(mine.child, key=first.key).pk == self.wish(mine.child).pk == first.pk
        answering.refuse(request_id=first.pk, by=CLINICIAN)
        assert self.wish(mine.child).pk != first.pk

    def test_a_double_click_at_the_very_same_moment_is_one_wish(
        self, mine: families.Family, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Neither sees the other before both write; the database lets one through."""
        first = self.wish(mine.child)
        looked, asked = requesting.known, []

        def blind_at_first(*told: Any, **more: Any) -> Request | None:
            asked.append(told)
            return looked(*told, **more) if len(asked) > 1 else None

        monkeypatch.setattr(requesting, "known", blind_at_first)
        Request.objects.update(state="refused", answered_at=NOW)
        assert self.wish(mine.child, key=first.key).pk == first.pk

    def test_not_where_the_clinic_has_not_opened_for_it(self, mine: families.Family) -> None:
        at_hand.clinic(youth_wish=False)
        with pytest.raises(NotAllowed):
            self.wish(mine.child)

    def test_not_for_parents_nor_for_grown_ups(self, mine: families.Family) -> None:
        for look in (eyes(mine.mother.pk, mine.child.pk), eyes(mine.mother.pk)):
            with pytest.raises(NotAllowed):
                asking.wish(unit_id=at_hand.unit().pk, key=uuid4(), eyes=look, comment="x")

    def test_not_where_the_youth_may_not_write(self, mine: families.Family) -> None:
        families.referral(mine.child, families.unit("4200002", "En annen"), Outcome.YOUTH_DENIED)
        Clinic.objects.create(unit_id="4200002", youth_wish=True)
        with pytest.raises(NotAllowed):
            self.wish(mine.child, unit_id="4200002")
