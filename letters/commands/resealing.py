"""Orders as received are sealed; this moves them to a new key."""

from letters.models import LetterSource
from letters.queries.for_sender import order_place
from portal.people import sealing


def reseal_orders() -> int:
    """Move every stored order to the newest key, one at a time; says how many were moved."""
    return sum(_reseal(source) for source in LetterSource.objects.iterator(chunk_size=100))


def _reseal(source: LetterSource) -> bool:
    before = bytes(source.raw_sealed)
    fresh = sealing.reseal(before, order_place(source.letter_id))
    if fresh is None:
        return False
    return bool(LetterSource.objects.filter(pk=source.pk, raw_sealed=before).update(raw_sealed=fresh))
