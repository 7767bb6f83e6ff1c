"""Words as received are sealed; this moves them to a new key."""

from appointments.models import AppointmentSource
from appointments.queries.for_sender import word_place
from portal.people import sealing


def reseal_words() -> int:
    """Move every stored word to the newest key, one at a time; says how many were moved."""
    return sum(_reseal(word) for word in AppointmentSource.objects.iterator(chunk_size=100))


def _reseal(word: AppointmentSource) -> bool:
    before = bytes(word.raw_sealed)
    fresh = sealing.reseal(before, word_place(word.appointment_id))
    if fresh is None:
        return False
    return bool(AppointmentSource.objects.filter(pk=word.pk, raw_sealed=before).update(raw_sealed=fresh))
