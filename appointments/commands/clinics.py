"""What clinics decide about their appointments, taken over from a list."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from appointments.models import Clinic
from portal.audit import commands as audit
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError
from portal.people.models import Unit

_DECIDED = frozenset(field.name for field in Clinic._meta.get_fields() if field.name != "unit")


class UnknownUnit(FinalError):
    """No unit has this RESH number."""


@transaction.atomic
def decide(*, rows: Sequence[Mapping[str, object]], by: Actor) -> int:
    """Keep each clinic's decisions; says how many there were. All or none.

    Raises UnknownUnit, ValidationError for a value that makes no sense, and TypeError for an unknown column.
    """
    for row in rows:
        decided = {name: value for name, value in row.items() if name != "resh"}
        if unknown := decided.keys() - _DECIDED:
            raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
        unit = Unit.objects.filter(pk=str(row["resh"])).first()
        if unit is None:
            raise UnknownUnit("unknown-unit")
        clinic = Clinic.objects.filter(pk=unit.pk).first() or Clinic(unit=unit)
        for name, value in decided.items():
            setattr(clinic, name, value)
        clinic.full_clean(validate_unique=False)
        clinic.save()
        audit.record(by=by, action="clinic.decide", item_kind="clinic", item_id=unit.pk)
    return len(rows)
