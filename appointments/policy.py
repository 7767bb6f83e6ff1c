"""What a clinic has decided, with the product's defaults for those that have decided nothing."""

from datetime import datetime

from appointments.models.clinic import Clinic
from appointments.times import CancelUnit, Plan, cancel_limit, planned


def of_unit(unit_id: str) -> Clinic:
    """The unit's own row, or one with the defaults that is not saved. One query."""
    return Clinic.objects.filter(pk=unit_id).first() or Clinic(unit_id=unit_id)


def reminders(clinic: Clinic, start: datetime, told_at: datetime) -> tuple[Plan, ...]:
    """The clinic's reminders of an appointment made or moved at `told_at`."""
    return planned(
        start,
        told_at,
        days=clinic.remind_days,
        hours=clinic.remind_hours,
        unconfirmed_hours=clinic.remind_unconfirmed_hours,
    )


def free_cancelling_until(clinic: Clinic, start: datetime) -> datetime:
    """The last instant at which the patient may cancel in the portal without a fee."""
    unit: CancelUnit = "hours" if clinic.cancel_unit == Clinic.LimitUnit.HOURS else "working_days"
    return cancel_limit(start, clinic.cancel_limit, unit)
