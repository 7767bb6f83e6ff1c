"""Letters as clinicians who decide on access must see them: whose, what kind, with which codes. Never their words."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from letters.models import Letter
from letters.queries.access import facts_of
from youth_access.facts import Service
from youth_access.items import CodeUnknown, Listed

KIND = "letter"


def newest(patient_id: UUID, limit: int) -> Sequence[Listed]:
    """A patient's newest letters, whoever may see them. One query."""
    rows = Letter.objects.filter(person_id=patient_id).select_related("type", "unit").defer("body_html")
    return [_listed(letter) for letter in rows.order_by("-received_at", "-id")[:limit]]


def one(patient_id: UUID, letter_id: UUID) -> Listed | None:
    """One of them; None where it is another patient's or there is none."""
    rows = Letter.objects.filter(person_id=patient_id, pk=letter_id).select_related("type", "unit").defer("body_html")
    return next((_listed(letter) for letter in rows), None)


def with_unknown_codes(known: Collection[str], limit: int) -> Iterator[CodeUnknown]:
    """Letters with a code outside the set, oldest first."""
    rows = Letter.objects.exclude(security_codes__contained_by=list(known)).order_by("received_at")
    for patient_id, letter_id, unit_id in rows.values_list("person_id", "id", "unit_id")[:limit]:
        yield CodeUnknown(patient_id, letter_id, unit_id)


def count_with_unknown_codes(known: Collection[str]) -> int:
    """How many letters are hidden because nobody here knows a code of theirs."""
    return Letter.objects.exclude(security_codes__contained_by=list(known)).filter(withdrawn_at=None).count()


def _listed(letter: Letter) -> Listed:
    return Listed(
        service=Service.LETTER,
        kind=KIND,
        id=letter.id,
        patient_id=letter.person_id,
        title=letter.title,
        sort=letter.type.name,
        unit=letter.unit.name,
        at=letter.received_at,
        facts=facts_of(letter),
    )
