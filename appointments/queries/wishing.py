"""Where a youth may ask for a time without anybody else knowing."""

from appointments.models import Clinic
from appointments.queries import requests
from portal.people.models import Unit
from youth_access.ages import Band
from youth_access.eyes import Eyes


def clinics(eyes: Eyes) -> list[Unit]:
    """The clinics that take a youth's own wish, and that the rules let this youth speak with; none for anybody else."""
    if eyes.acting_for_another or eyes.age_band != Band.YOUTH:
        return []
    offering = Clinic.objects.filter(youth_wish=True).select_related("unit").order_by("unit__hospital", "unit__name")
    found = [each.unit for each in offering]
    return [unit for unit in found if _may_speak(eyes, unit)]


def _may_speak(eyes: Eyes, unit: Unit) -> bool:
    decision = requests.wish_decision(eyes, unit.pk)
    return decision.see and decision.act
