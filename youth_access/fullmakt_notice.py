"""The neutral notice to whoever has been given a fullmakt: decided anew at the moment of sending.

It says that something waits on Min helse, in the very words a letter's notice has; never who gave what. The giver, who
has just done it or is spoken for by staff, is not told.
"""

from datetime import datetime
from uuid import UUID

from portal.counterparts.contact_register import ContactPreferences
from portal.counterparts.contact_register.http import connect as contact
from portal.counterparts.errors import Refused
from portal.kernel import clock
from portal.people import neutral_messages
from portal.people.contact_points import fresh_channels
from portal.people.models import Person
from portal.people.queries import pid_of
from portal.people.viewer import Viewer
from youth_access.acting_choices import is_open
from youth_access.commands import telling
from youth_access.eyes import eyes_for
from youth_access.models import Fullmakt
from youth_access.queries.grants import is_over

_HIGH = "idporten-loa-high"


def tell(fullmakt_id: UUID) -> None:
    """Tell the receiver on every channel where that has not been done. Raises as the register and the gateways do."""
    now = clock.now()
    neutral_messages.demand_daytime(now)
    row = Fullmakt.objects.select_related("receiver").get(pk=fullmakt_id)
    if not _wanted(row, now):
        return
    preferences = contact().look_up(pid_of(row.receiver))
    for channel in _channels(preferences, now):
        _send(row, channel, preferences)


def _wanted(row: Fullmakt, now: datetime) -> bool:
    """Whether the fullmakt opens anything now, or will on its first day, and nobody has just been told."""
    if is_over(row, now) or telling.told_lately(row, now):
        return False
    receiver = Viewer(row.receiver_id, "", frozenset(), _HIGH, now)
    return row.receiver.died_on is None and is_open(eyes_for(receiver, row.giver_id, max(now, row.starts_at)))


def _channels(preferences: ContactPreferences, now: datetime) -> tuple[str, ...]:
    if preferences.reserved or not preferences.registered or not preferences.can_be_notified:
        return ()
    return fresh_channels(preferences, now)


def _send(row: Fullmakt, channel: str, preferences: ContactPreferences) -> None:
    notice = telling.begin(fullmakt_id=row.pk, channel=channel)
    if notice.state != telling.State.QUEUED:
        return
    receiver: Person = row.receiver
    key = neutral_messages.key_of(notice.pk)
    try:
        provider_id = neutral_messages.send(receiver, channel, preferences, key=key)
    except Refused as refusal:
        telling.note_failed(notice_id=notice.pk, failure=refusal.code)
    else:
        telling.note_sent(notice_id=notice.pk, provider_id=provider_id)
