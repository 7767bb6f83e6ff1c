"""What has been asked of the hospital about appointments that somebody sees, and what it has answered."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from appointments.models import Appointment, Request
from appointments.queries import on_screen
from youth_access.eyes import Eyes

_WISH = Request.Kind.YOUTH_WISH


def about(eyes: Eyes, appointment_ids: Collection[UUID]) -> Mapping[UUID, list[Request]]:
    """The requests about these appointments, the newest first; the caller has found them through `visible_to`."""
    found: dict[UUID, list[Request]] = defaultdict(list)
    if not appointment_ids:
        return found
    rows = Request.objects.filter(person_id=eyes.patient_id, appointment_id__in=list(appointment_ids))
    for row in rows.exclude(kind=_WISH).select_related("reservation").defer("comment").order_by("-made_at", "-id"):
        if row.appointment_id is not None:
            found[row.appointment_id].append(row)
    return found


def cancelled_with(eyes: Eyes, request: Request) -> list[Appointment]:
    """The parts of a bundle that were asked to be cancelled with the same form, as far as these eyes see them."""
    if request.kind != Request.Kind.CANCEL or request.appointment_id is None:
        return []
    same = Request.objects.filter(
        kind=Request.Kind.CANCEL, made_at=request.made_at, appointment__part_of=request.appointment_id
    )
    rows = on_screen.visible_to(eyes).filter(pk__in=same.values("appointment_id"))
    return list(rows.select_related("unit").order_by("start", "id"))


def of_reservation(eyes: Eyes, reservation_id: UUID) -> Request | None:
    """The request that a booked time belongs to, for whoever booked it."""
    rows = Request.objects.filter(reservation_id=reservation_id, person_id=eyes.patient_id)
    return rows.filter(made_by=eyes.viewer.person_id).order_by("made_at").first()
