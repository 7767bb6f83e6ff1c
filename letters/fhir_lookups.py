"""What the FHIR door asks the tables before an order is taken in, and how a sender finds its own letter again."""

from uuid import UUID

from django.conf import settings

from letters.fhir import Facts
from letters.models import Letter, LetterSource, LetterType
from portal.kernel import clock
from portal.people.models import Unit

_MOST_FOUND = 20


def fhir_address() -> str:
    """The portal's FHIR address, without a slash at the end."""
    return f"{settings.PORTAL_URL.rstrip('/')}/fhir"


def facts_for(source: str) -> Facts:
    """What an order from this sender is held against, now."""
    return Facts(
        source=source,
        address=fhir_address(),
        environment=settings.PORTAL_ENV,
        now=clock.now(),
        is_letter_type=lambda code: LetterType.objects.filter(code=code, active=True).exists(),
        is_unit=lambda resh: Unit.objects.filter(resh=resh, active=True).exists(),
        is_own_letter=lambda letter_id: is_own(letter_id, source),
    )


def is_own(letter_id: UUID, source: str) -> bool:
    """Whether this sender sent this letter."""
    return Letter.objects.filter(pk=letter_id, source=source).exists()


def find_by_identifier(source: str, identifier: str) -> list[UUID]:
    """This sender's letters with the identifier ("system|value"), oldest first, at most 20."""
    orders = LetterSource.objects.filter(letter__source=source, identifiers__contains=[identifier])
    return list(orders.order_by("letter__received_at").values_list("letter_id", flat=True)[:_MOST_FOUND])
