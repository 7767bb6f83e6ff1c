"""How far an errand may reach into the patients' tables."""

from collections.abc import Iterator
from contextlib import contextmanager

from portal.kernel import reach
from portal.outbox import registry
from portal.outbox.models import Errand


@contextmanager
def bounds_of(errand: Errand) -> Iterator[None]:
    """The reach of one errand: the patient it is about, or everyone where its kind says nothing."""
    kind = registry.kind(errand.kind)
    actor = f"errand:{errand.kind}"
    patient = None
    if kind.patient_of is not None:
        with reach.everyone(actor):
            patient = kind.patient_of(errand.subject)
    with reach.everyone(actor) if patient is None else reach.one_patient(actor, patient):
        yield
