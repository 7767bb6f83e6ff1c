"""What a patient asks that is not about another time: to confirm, to come at short notice, to meet by video.

And a youth's own wish for a time, which nobody but the youth and the clinic ever sees.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.http import Http404

from appointments import policy
from appointments.codes import VIDEO, Flag
from appointments.commands import history, requesting
from appointments.commands.permission import AlreadyAsked, NotAllowed, lock_for
from appointments.models import Appointment, Request
from appointments.queries import on_screen, requests
from appointments.states import Asked, AskedEvent, move_request
from portal.kernel import clock
from youth_access.ages import Band
from youth_access.eyes import Eyes

__all__ = ["AlreadyAsked", "NotAllowed", "ask_short_notice", "ask_video", "confirm", "wish", "withdraw"]

BY_A_PERSON: Final = frozenset({Request.Kind.VIDEO, Request.Kind.YOUTH_WISH})
"""What a clinician decides in the back office; the record system only files it."""


@transaction.atomic
def confirm(*, appointment_id: UUID, key: UUID, eyes: Eyes) -> Request:
    """Say that the patient comes. Raises NotAllowed."""
    return _ask(Request.Kind.CONFIRM, Flag.CONFIRM, appointment_id, key, eyes, unless=lambda row: row.confirmed_at)


@transaction.atomic
def ask_short_notice(*, appointment_id: UUID, key: UUID, eyes: Eyes, comment: str = "") -> Request:
    """Say that the patient can come at short notice if a time comes free. Raises NotAllowed."""
    return _ask(Request.Kind.SHORT_NOTICE, Flag.SHORT_NOTICE, appointment_id, key, eyes, comment)


@transaction.atomic
def ask_video(*, appointment_id: UUID, key: UUID, eyes: Eyes, comment: str = "") -> Request:
    """Ask to meet by video; the appointment is as it was until a clinician has said yes. Raises NotAllowed."""
    kind = Request.Kind.VIDEO
    return _ask(kind, Flag.CONFERENCE, appointment_id, key, eyes, comment, unless=lambda row: row.contact_type == VIDEO)


@transaction.atomic
def wish(*, unit_id: str, key: UUID, eyes: Eyes, comment: str) -> Request:
    """A youth of 12 to 15 asks a clinic for a time; parents see nothing of it. Raises NotAllowed.

    One wish at a time at one clinic: a second is the first, as long as that waits.
    """
    decision = requests.wish_decision(eyes, unit_id)
    own = not eyes.acting_for_another and eyes.age_band == Band.YOUTH
    if not (own and decision.see and decision.act and policy.of_unit(unit_id).youth_wish):
        raise NotAllowed(eyes, decision, item_id=unit_id, action="request.youth_wish", kind="unit")
    same = requesting.known(eyes, key, Request.Kind.YOUTH_WISH, unit_id=unit_id)
    if same is not None:
        return same
    waiting = Request.objects.filter(
        person_id=eyes.patient_id, unit_id=unit_id, kind=Request.Kind.YOUTH_WISH, state=Asked.WAITING
    ).first()
    return waiting or requesting.put(
        kind=Request.Kind.YOUTH_WISH,
        key=key,
        eyes=eyes,
        decision=decision,
        appointment=None,
        unit_id=unit_id,
        comment=comment,
    )


@transaction.atomic
def withdraw(*, request_id: UUID, eyes: Eyes) -> None:
    """Take back what waits for a clinician; one that is answered is left as it is.

    What the record system answers by itself cannot be taken back: it may have been carried out already. Raises
    NotAllowed, and Http404 for what these eyes may not know of.
    """
    request = requests.one(eyes, request_id)
    if request is None:
        raise Http404
    if request.appointment_id is not None:
        appointment = history.lock(request.appointment_id)
        decision = on_screen.decision(eyes, appointment)
    else:
        decision = requests.wish_decision(eyes, request.unit_id)
    if not (decision.see and decision.act and request.kind in BY_A_PERSON):
        raise NotAllowed(eyes, decision, item_id=request_id, action="request.withdraw", kind="request")
    request = Request.objects.select_for_update(no_key=True, of=("self",)).get(pk=request_id)
    if request.state == Asked.WAITING:
        request.state = move_request(request.state, AskedEvent.WITHDRAW)
        request.answered_at = clock.now()
        request.save(update_fields=["state", "answered_at"])
        requesting.note(request, eyes, decision, "request.withdraw")


def _ask(
    kind: Request.Kind,
    flag: Flag,
    appointment_id: UUID,
    key: UUID,
    eyes: Eyes,
    comment: str = "",
    *,
    unless: Callable[[Appointment], object] = lambda _row: False,
) -> Request:
    """Ask once: what waits, or was said yes to of the time the appointment has, is the answer to asking again."""
    deed = f"request.{kind}"
    appointment, decision = lock_for(eyes, appointment_id, (flag,), action=deed)
    same = requesting.known(eyes, key, kind, appointment_id=appointment_id) or _standing(appointment, kind)
    if same is not None:
        return same
    if unless(appointment):
        raise AlreadyAsked(eyes, decision, item_id=appointment_id, action=deed)
    return requesting.put(
        kind=kind,
        key=key,
        eyes=eyes,
        decision=decision,
        appointment=appointment,
        unit_id=appointment.unit_id,
        comment=comment,
    )


def _standing(appointment: Appointment, kind: Request.Kind) -> Request | None:
    """What was asked of this kind and still stands: it waits, or was accepted since the appointment last moved."""
    rows = Request.objects.filter(appointment=appointment, kind=kind, state__in=[Asked.WAITING, Asked.ACCEPTED])
    found = rows.order_by("-made_at").first()
    return None if found is None or history.moved_since(appointment, found.made_at) else found
