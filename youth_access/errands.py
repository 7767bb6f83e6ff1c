"""What the outbox carries out for access."""

from uuid import UUID

from portal.outbox.registry import errand
from youth_access import fullmakt_notice
from youth_access.commands import telling
from youth_access.models import Fullmakt


def giver_of(fullmakt_id: UUID) -> UUID | None:
    """Who gave it: the patient it is about."""
    return Fullmakt.objects.filter(pk=fullmakt_id).values_list("giver_id", flat=True).first()


@errand(
    telling.ERRAND,
    queue="notices",
    patient_of=giver_of,
    given_up=lambda subject, code: telling.give_up(fullmakt_id=subject, code=code),
)
def tell_receiver(fullmakt_id: UUID) -> None:
    """Tell somebody who has been given a fullmakt that something waits."""
    fullmakt_notice.tell(fullmakt_id)
