"""What has been asked of the hospital about appointments that somebody sees, and what it has answered."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from appointments.models import Request
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


def of_reservation(eyes: Eyes, reservation_id: UUID) -> Request | None:
    """The request that a booked time belongs to, for whoever booked it."""
    rows = Request.objects.filter(reservation_id=reservation_id, person_id=eyes.patient_id)
    return rows.filter(made_by=eyes.viewer.person_id).order_by("made_at").first()
