"""When a patient is busy, as another health service with an agreement may know it.

What is left out is left out whole, and nothing tells that it was: a time that is not in the answer may be taken all the
same. Left out are appointments with any code that hides them from somebody (all but N), those withheld until a time,
those at confidential units, and everything of patients with a protected address. The same statements run whoever is
asked about, so that the answer's time tells nothing either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from appointments.models import AgreedPatient, Appointment, CareAgreement
from appointments.states import Status
from portal.people import sealing
from portal.people.models import Person
from portal.people.numbers import IdentityNumber
from youth_access.codes import Code
from youth_access.models import ConfidentialUnit

MOST: Final = 500
_NOBODY: Final = UUID(int=0)
_OPEN: Final = [Code.OPEN.value]


@dataclass(frozen=True, slots=True)
class BusyTime:
    """One appointment, as far as others may know it. `id` is the agreement's own name for it."""

    id: UUID
    start: datetime
    end: datetime
    hospital: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, for the patient's log as well: whom it concerns, who asked, and whether they may."""

    times: Sequence[BusyTime]
    person_id: UUID | None
    covered: bool
    asker: str


def busy(client_id: str, number: IdentityNumber, first: datetime, last: datetime, instant: datetime) -> Answer | None:
    """The times between two instants, soonest first; None for a client without an agreement. Four queries otherwise.

    An unknown patient, one whom no running agreement covers, and one without appointments get the same answer.
    """
    agreements = {each.pk: each for each in _running(client_id, instant).order_by("starts_at", "pk")}
    if not agreements:
        return None
    person_id = _find(number)
    covering = _covering(list(agreements), person_id or _NOBODY, instant)
    agreement = agreements[covering] if covering is not None else next(iter(agreements.values()))
    whose = person_id if person_id is not None and covering is not None else _NOBODY
    rows = _shareable(whose, first, last).order_by("start", "pk").values_list("pk", "start", "end", "unit__hospital")
    times = [
        BusyTime(_name(agreement, pk), start, end, hospital)
        for pk, start, end, hospital in rows[:MOST]
        if start is not None and end is not None
    ]
    return Answer(times, person_id, covering is not None, agreement.name)


def _running(client_id: str, instant: datetime) -> QuerySet[CareAgreement]:
    return CareAgreement.objects.filter(_now(instant), client_id=client_id)


def _now(instant: datetime) -> Q:
    return Q(starts_at__lte=instant) & (Q(ends_at__isnull=True) | Q(ends_at__gt=instant))


def _find(number: IdentityNumber) -> UUID | None:
    index = sealing.blind_index(number.digits)
    either = Q(pid_index=index) | Q(former_numbers__pid_index=index)
    return Person.objects.filter(either).values_list("pk", flat=True).first()


def _covering(agreements: list[UUID], person_id: UUID, instant: datetime) -> UUID | None:
    rows = AgreedPatient.objects.filter(_now(instant), agreement__in=agreements, person=person_id)
    return rows.order_by("starts_at", "pk").values_list("agreement_id", flat=True).first()


def _shareable(person_id: UUID, first: datetime, last: datetime) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(
        person_id=person_id, person__protected=False, status=Status.BOOKED, start__lt=last, end__gt=first
    )
    rows = rows.filter(security_codes__contained_by=_OPEN, withheld_until=None)
    return rows.exclude(unit__in=ConfidentialUnit.objects.values("unit"))


def _name(agreement: CareAgreement, appointment_id: UUID) -> UUID:
    """The same in every answer to one service, and another for each service: nobody can lay two answers together."""
    digest = sealing.blind_index(f"busy:{agreement.pk}:{appointment_id}")
    return UUID(hex=digest[:32], version=4)
