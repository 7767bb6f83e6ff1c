"""On what ground these eyes may book in a timebok: the appointment that would come of it, as the rules see it.

What is asked about is that appointment and not the service as such: whoever could not see it afterwards may not book
it, and must not learn of the referral behind it either.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from appointments.models import Invitation, Schedule
from appointments.queries.access import item_facts
from portal.kernel import clock
from youth_access.decide import Decision
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.models import Referral


@dataclass(frozen=True, slots=True)
class Ground:
    """One timebok that may be booked in, by which decision, and what the appointment would belong to."""

    schedule: Schedule
    decision: Decision
    referral_ids: tuple[UUID, ...] = ()
    invitation_id: UUID | None = None


def grounds(eyes: Eyes, schedules: Iterable[Schedule]) -> list[Ground]:
    """Those of the timebøker these eyes may book in. Two queries, and those of `Eyes.circumstances`."""
    referrals, invitations = _referrals(eyes), _invitations(eyes)
    found = (_ground(eyes, each, referrals, invitations) for each in schedules)
    return [each for each in found if each is not None]


def takes_bookings() -> QuerySet[Schedule]:
    """Timebøker that anyone but the hospital may book in now, each with its unit."""
    rows = Schedule.objects.filter(in_use()).exclude(booking=Schedule.Booking.CLOSED)
    return rows.select_related("unit").order_by("unit__hospital", "unit__name", "name", "id")


def in_use() -> Q:
    """A timebok that is active and open for choosing times in now."""
    now = clock.now()
    began, not_over = Q(opens_at=None) | Q(opens_at__lte=now), Q(closes_at=None) | Q(closes_at__gt=now)
    return Q(active=True) & began & not_over


def _ground(
    eyes: Eyes, schedule: Schedule, referrals: dict[str, list[UUID]], invitations: dict[UUID, UUID]
) -> Ground | None:
    if schedule.booking == Schedule.Booking.OPEN:
        return _allowed(eyes, schedule)
    if schedule.booking == Schedule.Booking.INVITATION and schedule.pk in invitations:
        return _allowed(eyes, schedule, invitation_id=invitations[schedule.pk])
    if schedule.booking == Schedule.Booking.REFERRAL:
        tried = (_allowed(eyes, schedule, (each,)) for each in referrals.get(schedule.unit_id, ()))
        return next((each for each in tried if each is not None), None)
    return None


def _allowed(
    eyes: Eyes, schedule: Schedule, referral_ids: tuple[UUID, ...] = (), invitation_id: UUID | None = None
) -> Ground | None:
    facts = item_facts((), None, referral_ids, schedule.unit_id, clock.now())
    decision = eyes.decide(Service.APPOINTMENT, facts)
    if not (decision.see and decision.act):
        return None
    return Ground(schedule, decision, referral_ids, invitation_id)


def _referrals(eyes: Eyes) -> dict[str, list[UUID]]:
    """The patient's referrals that have not ended, by unit, newest first."""
    rows = Referral.objects.filter(patient_id=eyes.patient_id, ended_at=None).order_by("-received_at", "id")
    found: dict[str, list[UUID]] = {}
    for referral_id, unit_id in rows.values_list("pk", "unit_id"):
        found.setdefault(unit_id, []).append(referral_id)
    return found


def _invitations(eyes: Eyes) -> dict[UUID, UUID]:
    """The patient's invitations that can be used now, by timebok; of several the one that is first to run out."""
    now = clock.now()
    rows = Invitation.objects.filter(
        person_id=eyes.patient_id, valid_from__lte=now, valid_until__gt=now, used_at=None, withdrawn_at=None
    )
    return dict(rows.order_by("-valid_until", "id").values_list("schedule_id", "pk"))
