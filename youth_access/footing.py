"""A decision as the audit keeps it."""

from uuid import UUID

from portal.audit.basis import Basis
from portal.audit.refusals import AccessRefused
from portal.kernel.actor import Actor
from youth_access.decide import Decision
from youth_access.eyes import Eyes


def basis_of(eyes: Eyes, decision: Decision) -> Basis:
    """On what footing these eyes were let in, or kept out. What the session knows is added by the audit itself."""
    return Basis(
        relation=decision.relation.value,
        rule=decision.rule,
        version=decision.version,
        band=eyes.age_band.value if eyes.age_band is not None else "",
    )


def actor_of(eyes: Eyes) -> Actor:
    """The signed-in person as the one who acts: never the patient they act for."""
    return Actor("citizen", str(eyes.viewer.person_id))


def refusal(
    eyes: Eyes, decision: Decision, *, item_kind: str, item_id: UUID | str, action: str = "read"
) -> AccessRefused:
    """What a view raises for something that exists and may not be seen: a 404 that leaves a row in the audit."""
    return AccessRefused(
        by=actor_of(eyes),
        action=action,
        item_kind=item_kind,
        item_id=item_id,
        person_id=eyes.patient_id,
        basis=basis_of(eyes, decision),
    )
