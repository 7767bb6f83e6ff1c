"""Carrying out the channel decision: tracks, notices and tasks begin here, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from letters import channel, deadlines
from letters.commands import history
from letters.commands.ask_clerk import open_task
from letters.commands.starting import start_notices, start_posting
from letters.models import ChannelDecision, ClerkTask, Letter, LetterType
from letters.queries import access
from letters.states import AT_PRINTER, DigitalEvent, Stage
from portal.kernel import calendar, clock
from portal.kernel.actor import system
from youth_access.codes import Code
from youth_access.readers import Reader

_DECIDER = system("letters.decide")


@dataclass(frozen=True, slots=True)
class Contact:
    """Whether somebody uses the portal and can be told of something, as the contact register has it."""

    active_user: bool
    reserved: bool
    fresh_channels: tuple[str, ...]


_UNKNOWN = Contact(active_user=False, reserved=False, fresh_channels=())


@dataclass(frozen=True, slots=True)
class Registers:
    """What the registers say about the patient at the time of deciding, and about those tied to the patient."""

    registered: bool
    deceased: bool
    ages: tuple[int | None, int | None]
    active_user: bool
    reserved: bool
    can_be_notified: bool
    fresh_channels: tuple[str, ...]
    contacts: Mapping[UUID, Contact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A stored choice with its due time."""

    choice: channel.Choice
    due: deadlines.Due
    at: datetime

    @property
    def due_at(self) -> datetime:
        """When paper falls due."""
        return self.due.at if self.choice.postal == "wait" else self.at


@transaction.atomic
def decide(*, letter_id: UUID, registers: Registers) -> None:
    """Decide the channel from the registers' answers and begin the tracks; deciding twice changes nothing.

    A letter that is withheld until a time stays undecided until a sweep finds that the time has come.
    """
    letter = history.lock(letter_id)
    now = clock.now()
    if letter.stage != Stage.RENDERED or letter.withdrawn_at is not None or access.is_delayed(letter, now):
        return
    end_delay(letter)
    chosen = choose(letter, registers, now)
    letter.stage, letter.look_again_at = Stage.DECIDED, None
    letter.save(update_fields=["stage", "look_again_at"])
    if chosen.choice.digital:
        history.move_letter(letter, DigitalEvent.PUBLISH, by=_DECIDER, cause=chosen.choice.rule, available_at=now)
    begin_paper(letter, chosen, cause=chosen.choice.reason)
    start_notices(letter, told(letter, chosen.choice), now, chosen.due.at if chosen.choice.postal == "wait" else None)


@transaction.atomic
def stop_undecided(*, letter_id: UUID, code: str) -> None:
    """The decision could not be made for a reason nobody foresaw: a person must look."""
    letter = history.lock(letter_id)
    if letter.stage == Stage.RENDERED:
        letter.stage = Stage.STUCK
        letter.save(update_fields=["stage"])
        history.note(letter, "stuck", by=_DECIDER, cause=code)
        open_task(letter, ClerkTask.Reason.UNDECIDED)


def end_delay(letter: Letter) -> None:
    """NORU's time has come: the code has done its work. The letter must be locked."""
    if Code.DELAYED in letter.security_codes and letter.withheld_until is not None:
        letter.security_codes = [code for code in letter.security_codes if code != Code.DELAYED]
        letter.save(update_fields=["security_codes"])
        history.note(letter, "delay_over", by=_DECIDER, details={"until": letter.withheld_until.isoformat()})


def choose(letter: Letter, registers: Registers, now: datetime) -> Chosen:
    """Choose by the facts as they are now, and store both. The letter must be locked."""
    due = _due(letter.type, letter.must_arrive_by, now)
    facts = _facts(letter, registers, due, now)
    choice = channel.decide(facts)
    ChannelDecision.objects.create(
        letter=letter,
        decided_at=now,
        rule=choice.rule,
        rules_version=channel.RULES_VERSION,
        reason=choice.reason,
        facts=facts.as_json(),
        choice=choice.as_json(),
    )
    history.note(letter, "decided", by=_DECIDER, cause=choice.rule, details={"reason": choice.reason})
    return Chosen(choice, due, now)


def begin_paper(letter: Letter, chosen: Chosen, *, cause: str) -> None:
    """Begin the postal track that was chosen, and ask a person what the choice leaves open."""
    choice = chosen.choice
    if choice.postal != "none":
        start_posting(
            letter,
            route=choice.postal,
            addressee=choice.addressee,
            cause=cause,
            due_at=chosen.due_at,
            obligatory=choice.obligatory,
            hold_reason=choice.task if choice.postal == "hold" else "",
            calendar_version=calendar.VERSION,
            by=_DECIDER,
        )
    if choice.task and choice.postal != "hold":
        open_task(letter, choice.task)


def told(letter: Letter, choice: channel.Choice) -> dict[UUID, tuple[str, ...]]:
    """Who is told, on which channels: the patient, and each who may see the letter for the patient."""
    own = {letter.person_id: choice.notify} if choice.notify else {}
    return own | {UUID(each.person): each.channels for each in choice.tell}


def _due(letter_type: LetterType, must_arrive_by: datetime | None, now: datetime) -> deadlines.Due:
    if letter_type.fallback_amount is None:
        return deadlines.Due(now)
    unit: deadlines.LimitUnit = letter_type.fallback_unit  # type: ignore[assignment]  # the column's choices are these words
    return deadlines.due(now, deadlines.Limit(letter_type.fallback_amount, unit), must_arrive_by)


def due_after(letter: Letter, available: datetime) -> datetime:
    """When the letter's paper would fall due if it became available then."""
    return _due(letter.type, letter.must_arrive_by, available).at


def _facts(letter: Letter, registers: Registers, due: deadlines.Due, now: datetime) -> channel.Facts:
    replaced = letter.replaces
    return channel.Facts(
        registered=registers.registered,
        deceased=registers.deceased,
        age_low=registers.ages[0],
        age_high=registers.ages[1],
        active_user=registers.active_user,
        reserved=registers.reserved,
        can_be_notified=registers.can_be_notified,
        fresh_channels=registers.fresh_channels,
        important=letter.type.important,
        falls_back=letter.type.fallback_amount is not None,
        security_codes=tuple(letter.security_codes),
        paper_at_once=due.at_once,
        too_late=due.too_late,
        corrects_paper=replaced is not None and replaced.postings.filter(state__in=AT_PRINTER).exists(),
        readers=tuple(_reader(each, letter, registers) for each in access.readers_of_letter(letter, now)),
        parents_denied=access.parents_denied(letter, now),
    )


def _reader(reader: Reader, letter: Letter, registers: Registers) -> channel.Reader:
    own = Contact(registers.active_user, registers.reserved, registers.fresh_channels)
    contact = own if reader.person.pk == letter.person_id else registers.contacts.get(reader.person.pk, _UNKNOWN)
    return channel.Reader(
        person=str(reader.person.pk),
        relation=reader.relation.kind.value,
        see=reader.decision.see,
        told=reader.decision.notify == "message",
        rule=reader.decision.rule,
        active_user=contact.active_user,
        reserved=contact.reserved,
        fresh_channels=contact.fresh_channels,
    )
