"""What is looked for again and again: holds that have lapsed, and requests that nobody is bringing to the hospital."""

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from appointments.commands.holding import end
from appointments.commands.requesting import TELL_HOSPITAL
from appointments.models import Claim, Request, Reservation
from appointments.states import Asked, Reserved, ReservedEvent
from portal.kernel import clock
from portal.outbox import commands as outbox
from portal.outbox.models import Errand

_BATCH: Final = 200
_LOST_AFTER: Final = timedelta(minutes=5)


def lapse() -> int:
    """Put away every hold whose time has run out, and its claim; says how many holds."""
    done = 0
    while found := _lapse_batch():
        done += found
    return done


@transaction.atomic
def _lapse_batch() -> int:
    now = clock.real_now()
    rows = Reservation.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    lapsed = list(rows.filter(state=Reserved.HELD, held_until__lte=now).order_by("held_until", "pk")[:_BATCH])
    end(lapsed, ReservedEvent.EXPIRE)
    return len(lapsed)


def find_lost() -> int:
    """Requests that wait to be handed over and have no errand get one again; claims without a reservation go."""
    return _find_lost_requests() + _forget_ownerless_claims()


@transaction.atomic
def _find_lost_requests() -> int:
    before = clock.now() - _LOST_AFTER
    errands = Errand.objects.filter(kind=TELL_HOSPITAL, subject=OuterRef("pk")).exclude(state=Errand.State.DONE)
    waiting = Request.objects.filter(
        ~Exists(errands), state=Asked.WAITING, made_at__lt=before, delivered_at__isnull=True
    )
    lost = list(waiting.order_by("made_at")[:_BATCH].values_list("pk", flat=True))
    for request_id in lost:
        outbox.put(TELL_HOSPITAL, request_id, step=f"again-{clock.now():%Y%m%d%H%M}")
    return len(lost)


@transaction.atomic
def _forget_ownerless_claims() -> int:
    """A held claim that lapsed long ago, whose reservation was ended otherwise."""
    gone = clock.real_now() - _LOST_AFTER
    return Claim.objects.filter(held_until__lt=gone).delete()[0]
