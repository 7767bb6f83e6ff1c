"""The door to one patient's pages: without a ground it is the same 404 as for a patient who does not exist."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest

from portal.audit import commands as audit
from portal.audit.basis import Basis
from portal.audit.refusals import AccessRefused
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from portal.people.viewer import require_viewer
from youth_access.staff_footing import Footing, footing

SOUGHT = "access.sought"
"""The session's word of who was looked for last: an id, or empty for somebody the portal does not know."""


def ground_or_404(request: HttpRequest, patient_id: UUID, *, act: bool = False) -> Footing:
    """How the clinician may look at the patient, or act where `act` is asked; else a 404 with a row in the audit."""
    viewer = require_viewer(request)
    patient = Person.objects.filter(pk=patient_id).first()
    if patient is None:
        raise Http404
    found = footing(viewer, patient, clock.now())
    if found is None or (act and not found.may_act):
        raise AccessRefused(
            by=Actor("staff", str(viewer.person_id)),
            action="read" if not act else "change",
            item_kind="access",
            item_id=patient.pk,
            person_id=patient.pk,
            basis=found.basis if found else Basis(relation="clinician"),
        )
    return found


def note_look(ground: Footing, what: str, item_kind: str = "access") -> None:
    """Leave a row of one look: who, on what ground, and what makes it delicate."""
    details: dict[str, Any] = {"flags": list(ground.flags)} if ground.flags else {}
    if ground.emergency is not None:
        details["emergency"] = str(ground.emergency.pk)
    audit.record(
        by=ground.actor,
        action=what,
        item_kind=item_kind,
        item_id=ground.patient.pk,
        person_id=ground.patient.pk,
        basis=ground.basis,
        details=details,
    )
