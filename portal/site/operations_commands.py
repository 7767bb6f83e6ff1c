"""What operators may change: let an errand that was given up try again."""

from uuid import UUID

from django.db import transaction

from portal.audit import commands as audit
from portal.kernel.actor import Actor
from portal.outbox import commands as outbox
from portal.outbox import doorbell
from portal.outbox.models import Errand


@transaction.atomic
def retry_errand(*, errand_id: UUID, by: UUID, note: str) -> bool:
    """Let an errand try again at once, and note who decided it. False when it is not given up (any more)."""
    given_up = Errand.objects.select_for_update().filter(pk=errand_id, state=Errand.State.GIVEN_UP)
    errand = given_up.first()
    if errand is None or not outbox.retry_given_up(errand_id):
        return False
    audit.record(
        by=Actor("staff", str(by)),
        action="errand_retried",
        item_kind="errand",
        item_id=errand_id,
        basis="operator",
        details={"kind": errand.kind, "error": errand.last_error, "note": note},
    )
    doorbell.ring_after_commit(errand.queue)
    return True
