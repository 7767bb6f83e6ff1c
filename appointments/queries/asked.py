"""What has been asked of the hospital about appointments that somebody sees, and what a child has asked for alone."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from appointments.models import Request
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


def one(eyes: Eyes, request_id: UUID) -> Request | None:
    """One request, where these eyes see the appointment it is about; a child's own wish is for the child alone."""
    rows = Request.objects.filter(pk=request_id, person_id=eyes.patient_id)
    row = rows.select_related("reservation", "appointment__unit", "unit").defer("comment").first()
    if row is None:
        return None
    if row.kind == _WISH:
        return None if eyes.acting_for_another else row
    return row if on_screen.visible_to(eyes).filter(pk=row.appointment_id).exists() else None


def of_reservation(eyes: Eyes, reservation_id: UUID) -> Request | None:
    """The request that a booked time belongs to, for whoever booked it."""
    rows = Request.objects.filter(reservation_id=reservation_id, person_id=eyes.patient_id)
    return rows.filter(made_by=eyes.viewer.person_id).order_by("made_at").first()


def wishes(eyes: Eyes) -> list[Request]:
    """What a child has asked for on its own, the newest first. Whoever acts for the child is told of none."""
    if eyes.acting_for_another:
        return []
    rows = Request.objects.filter(person_id=eyes.patient_id, kind=_WISH).select_related("unit").defer("comment")
    return list(rows.order_by("-made_at", "-id")[:20])
