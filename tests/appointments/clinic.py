"""Clerks and clinicians at the clinic's book, and what waits there."""

from datetime import datetime
from uuid import uuid4

from django.test import Client
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment, Request
from appointments.states import Asked
from portal.kernel import clock
from portal.people.models import Person, Role
from tests.appointments import at_hand
from tests.people.signed_in import signed_in
from tests.youth_access import families

BOOK = "/behandler/timer/"


def clerk(name: str = "Anne Bjørnsen") -> Client:
    """A clerk's browser."""
    return signed_in(Client(), at_hand.person(active=False, name=name), [Role.CLERK])


def clinician(*treats: Person, name: str = "Lise Myrnes") -> Client:
    """A clinician's browser, who treats these."""
    who = families.person(name, home="c" * 64)
    for patient in treats:
        families.treats(who, patient, at_hand.unit())
    return signed_in(Client(), who, [Role.CLINICIAN])


def at(day: str = "2026-12-01", rest: str = "") -> str:
    """A page of the usual unit's book."""
    return f"{BOOK}{rest}?enhet={at_hand.unit().pk}&dag={day}"


def wish(
    about: Appointment | None,
    kind: str = "video",
    *,
    patient: Person | None = None,
    state: Asked = Asked.WAITING,
    comment: str = "Jeg har lang vei",
    made_at: datetime | None = None,
) -> Request:
    """Something a patient has asked for."""
    who = about.person if about is not None else patient
    assert who is not None
    return Request.objects.create(
        person=who,
        unit_id=about.unit_id if about is not None else at_hand.unit().pk,
        appointment=about,
        kind=kind,
        key=uuid4(),
        state=state,
        comment=comment,
        made_at=made_at or clock.now(),
        made_by=who.pk,
        made_as="self",
        answered_at=clock.now() if state != Asked.WAITING else None,
    )


def text(browser: Client, address: str, status: int = 200) -> str:
    """A page's words."""
    answer = browser.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def statements(counted: CaptureQueriesContext) -> int:
    """How many statements a page took, besides the session's own, which is touched now and then."""
    return sum("session" not in each["sql"] for each in counted.captured_queries)
