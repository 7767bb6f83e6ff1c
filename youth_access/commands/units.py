"""The confidential list: units whose very name tells something about whoever goes there."""

from django.db import transaction

from portal.audit import commands as audit
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Unit
from youth_access.models import ConfidentialUnit


@transaction.atomic
def add_confidential(*, unit: Unit, by: Actor) -> bool:
    """Put a unit on the list: rule V17 then asks for an explicit N. False where it stood there."""
    _, made = ConfidentialUnit.objects.get_or_create(unit=unit, defaults={"since": clock.now()})
    if made:
        audit.record(by=by, action="confidential_unit.added", item_kind="unit", item_id=unit.resh)
    return made


@transaction.atomic
def remove_confidential(*, unit: Unit, by: Actor) -> bool:
    """Take a unit off the list. False where it did not stand there."""
    removed = bool(ConfidentialUnit.objects.filter(unit=unit).delete()[0])
    if removed:
        audit.record(by=by, action="confidential_unit.removed", item_kind="unit", item_id=unit.resh)
    return removed
