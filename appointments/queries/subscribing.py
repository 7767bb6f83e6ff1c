"""Calendars that somebody subscribes to, and the units whose name says too much for a calendar."""

from collections.abc import Collection

from appointments.models import CalendarFeed
from youth_access.eyes import Eyes
from youth_access.models import ConfidentialUnit


def feeds_of(eyes: Eyes) -> list[CalendarFeed]:
    """The viewer's own calendars of this patient that still work, the newest first. Nobody else's."""
    rows = CalendarFeed.objects.filter(owner_id=eyes.viewer.person_id, patient_id=eyes.patient_id, revoked_at=None)
    return list(rows.order_by("-made_at"))


def confidential_units(unit_ids: Collection[str]) -> frozenset[str]:
    """Those of the units that stand on the list of confidential ones."""
    found = ConfidentialUnit.objects.filter(unit_id__in=list(unit_ids))
    return frozenset(found.values_list("unit_id", flat=True))
