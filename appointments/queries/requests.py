"""What has been asked for a patient, as far as these eyes may know of it."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from appointments.models import Request
from appointments.queries.on_screen import visible_to
from appointments.states import Asked
from youth_access.ages import Band
from youth_access.circumstances import ItemFacts
from youth_access.decide import Decision
from youth_access.eyes import Eyes
from youth_access.facts import Service
from youth_access.models import Referral

MOST: Final = 100


def waiting_for(eyes: Eyes, appointment_ids: Collection[UUID]) -> dict[UUID, list[Request]]:
    """What the hospital has still to answer about each of these appointments, oldest first. One query.

    One that could not be handed over (FAILED) waits for a person, and is among them. Appointments that these eyes may
    not see have nothing here.
    """
    rows = Request.objects.filter(
        appointment__in=visible_to(eyes).filter(pk__in=list(appointment_ids)),
        state__in=[Asked.WAITING, Asked.FAILED],
    )
    found: dict[UUID, list[Request]] = {}
    for request in rows.select_related("reservation").order_by("made_at", "pk"):
        if request.appointment_id is not None:
            found.setdefault(request.appointment_id, []).append(request)
    return found


def of(eyes: Eyes, *, appointment_id: UUID | None = None) -> list[Request]:
    """Everything asked about one appointment, or for the patient at all, newest first.

    A child's own wish for a time is among the latter for the child alone.
    """
    seen = visible_to(eyes)
    if appointment_id is not None:
        seen = seen.filter(pk=appointment_id)
    rows = Request.objects.filter(appointment__in=seen).select_related("unit", "appointment", "reservation")
    found = list(rows.order_by("-made_at", "pk")[:MOST])
    if appointment_id is None:
        found = sorted([*found, *wishes(eyes)], key=lambda each: each.made_at, reverse=True)
    return found[:MOST]


def one(eyes: Eyes, request_id: UUID) -> Request | None:
    """One request that these eyes may know of, or None."""
    row = Request.objects.filter(pk=request_id, person_id=eyes.patient_id).select_related("unit", "appointment").first()
    if row is None or row.appointment_id is None:
        return row if row is not None and _may_know(eyes, row) else None
    return row if visible_to(eyes).filter(pk=row.appointment_id).exists() else None


def wishes(eyes: Eyes) -> list[Request]:
    """The child's own wishes for a time, newest first; nothing to anyone but the child."""
    if eyes.acting_for_another:
        return []
    rows = Request.objects.filter(person_id=eyes.patient_id, kind=Request.Kind.YOUTH_WISH).select_related("unit")
    return [each for each in rows.order_by("-made_at", "pk")[:MOST] if _may_know(eyes, each)]


def wish_decision(eyes: Eyes, unit_id: str) -> Decision:
    """What the rules say of the child's own conversation with a unit: under its referral there, the best one counts."""
    known = Referral.objects.filter(patient_id=eyes.patient_id, unit_id=unit_id).order_by("-received_at", "pk")
    referrals = list(known.values_list("pk", flat=True)) if eyes.age_band == Band.YOUTH else []
    about: list[tuple[UUID, ...]] = [(each,) for each in referrals] or [()]
    found = [eyes.decide(Service.DIALOGUE, _wish(eyes, unit_id, each)) for each in about]
    return max(found, key=lambda each: (each.see, each.act))


def _may_know(eyes: Eyes, request: Request) -> bool:
    return not eyes.acting_for_another and wish_decision(eyes, request.unit_id).see


def _wish(eyes: Eyes, unit_id: str, referral_ids: tuple[UUID, ...]) -> ItemFacts:
    return ItemFacts(
        referral_ids=referral_ids, unit_id=unit_id, by_youth=True, to_youth=True, opened_by=eyes.viewer.person_id
    )
