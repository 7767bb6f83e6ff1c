"""The beginning of a postal track and of the notices of a letter."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from letters import deadlines
from letters.channel import Addressee, PostalRoute
from letters.commands import history
from letters.commands.ask_clerk import open_task
from letters.models import Letter, Notice, Posting
from letters.states import Postal
from portal.kernel import calendar, clock
from portal.kernel.actor import Actor, system
from portal.outbox import commands as outbox

_FIRST_STATE = {"wait": Postal.WAITING, "now": Postal.DUE, "hold": Postal.HELD}
_NOTIFIER = system("letters.notify")


def start_posting(
    letter: Letter,
    *,
    route: PostalRoute,
    addressee: Addressee,
    cause: str,
    due_at: datetime,
    by: Actor,
    obligatory: bool = False,
    hold_reason: str = "",
    calendar_version: str = "",
) -> Posting:
    """Begin a paper copy. Its key for the printer is minted here and never changes."""
    now = clock.now()
    posting_id = uuid.uuid4()
    posting = Posting.objects.create(
        id=posting_id,
        letter=letter,
        addressee=addressee,
        cause=cause,
        key=f"dis-{posting_id}",
        state=_FIRST_STATE[route],
        obligatory=obligatory,
        due_at=due_at,
        calendar=calendar_version,
        must_arrive_by=letter.must_arrive_by,
        created_at=now,
        changed_at=now,
        hold_reason=hold_reason,
    )
    history.note(letter, "postal.begin", by=by, cause=cause, posting=posting, details={"to": posting.state})
    if posting.state == Postal.DUE:
        outbox.put("letters.prepare", posting.id, needed_by=letter.must_arrive_by)
    if posting.state == Postal.HELD:
        open_task(letter, hold_reason, posting=posting)
    return posting


def start_notices(
    letter: Letter,
    told: Mapping[UUID, Sequence[str]],
    now: datetime,
    due_at: datetime | None,
    *,
    first: Notice.Round = Notice.Round.FIRST,
) -> None:
    """Queue a first notice to each who is told, on every channel, and one reminder round before paper falls due."""
    rounds = [(first, calendar.next_daytime(now))]
    if due_at is not None:
        remind = deadlines.reminder_at(now, due_at, letter.type.reminder_after_days)
        if remind is not None:
            rounds.append((Notice.Round.REMINDER, remind))
    everyone = [(person_id, channel) for person_id, channels in told.items() for channel in channels]
    for round_, send_after in rounds:
        for person_id, channel in everyone:
            _queue(letter, person_id, channel, round_, send_after)
    if everyone:
        channels = list(dict.fromkeys(channel for _person, channel in everyone))
        history.note(letter, "notice.queued", by=_NOTIFIER, details={"channels": channels, "people": len(told)})


def _queue(letter: Letter, person_id: UUID, channel: str, round_: str, send_after: datetime) -> None:
    queued = {"letter": letter, "to_person_id": person_id, "channel": channel, "round": round_}
    if round_ != Notice.Round.OPENED_UP and Notice.objects.filter(**queued).exists():
        return
    notice = Notice.objects.create(**queued, send_after=send_after)
    outbox.put("letters.notify", notice.id, run_after=send_after)
