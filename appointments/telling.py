"""Telling people about appointments by SMS and e-mail: who may be told now, where, and sending it once.

Nothing that was decided earlier counts: the rules of access, both registers and the appointment itself are asked when
the message goes. Both functions may be cut off anywhere and run again.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils import translation

from appointments import telling_words
from appointments.commands import telling_marks as marks
from appointments.models import Appointment, PreparationTask, Reminder, ReminderMessage
from appointments.queries.access import readers_of_appointment
from appointments.queries.due import NEWS, awaiting_report, people_told
from appointments.times import is_daytime, next_daytime
from portal.counterparts.contact_register import ContactPreferences
from portal.counterparts.contact_register.http import connect as contact
from portal.counterparts.messaging import MessageStatus
from portal.kernel import clock
from portal.people.contact_points import fresh_channels, points
from portal.people.models import Person
from portal.people.neutral_messages import NotDaytime, gateway, language_of
from portal.people.queries import is_active_user, pid_of
from portal.people.register_snapshots import ensure_fresh
from youth_access.readers import Reader


def remind(reminder_id: UUID) -> None:
    """Find out who is to be told, and write a message for each. Raises RegisterSilent, and as the registers do."""
    if not marks.still_to_be_told(reminder_id=reminder_id):
        return
    reminder = Reminder.objects.select_related("appointment__person").get(pk=reminder_id)
    readers, silent = _readers(reminder.appointment)
    to = [(each.person.pk, channel) for each in _told(reminder, readers) for channel in _points(each.person, readers)]
    marks.tell(reminder_id=reminder_id, to=to, waits_for_register=silent)
    if silent:
        raise marks.RegisterSilent("register-silent")


def send(message_id: UUID) -> None:
    """Send one message if it is still wanted. Raises NotDaytime, RegisterSilent, and as the gateways do."""
    now = clock.now()
    if not is_daytime(now):
        raise NotDaytime(next_daytime(now))
    if not marks.still_wanted(message_id=message_id):
        return
    message = ReminderMessage.objects.select_related("reminder__appointment__person", "to_person").get(pk=message_id)
    preferences = contact().look_up(pid_of(message.to_person))
    to = _usable(message.to_person, preferences, readers_of_appointment(message.reminder.appointment, now))
    if message.channel not in to:
        marks.note_failed(message_id=message_id, failure="no-contact-point")
        return
    with translation.override(language_of(message.to_person, preferences.language)):
        words = telling_words.message(
            message, to[message.channel], something_to_do=_has_something_to_do(message.reminder)
        )
    accepted = gateway(message.channel).send(words)
    marks.note_sent(message_id=message_id, provider_id=accepted.provider_id)


def check_reports(limit: int = 500) -> int:
    """Ask the gateways about messages without a delivery report; says how many were settled."""
    return sum(_check(message) for message in awaiting_report(clock.now())[:limit])


def _readers(appointment: Appointment) -> tuple[list[Reader], bool]:
    """Everyone tied to the patient, with what the rules say, and whether the register has still to say something.

    It is asked about a patient whom it has never told of, and where the rules know too little about a family.
    """
    readers = readers_of_appointment(appointment, clock.now())
    if not _waits_for_register(appointment.person, readers):
        return readers, False
    ensure_fresh(appointment.person)
    readers = readers_of_appointment(appointment, clock.now())
    return readers, _waits_for_register(appointment.person, readers)


def _waits_for_register(patient: Person, readers: Iterable[Reader]) -> bool:
    return patient.register_seen_at is None or any(each.decision.reason == marks.REGISTER_SILENT for each in readers)


def _told(reminder: Reminder, readers: Iterable[Reader]) -> list[Reader]:
    """Those who are told. News says "log in and see", so it is no news to somebody who does not use the portal.

    What has opened up (`reminding.opened_up`) is news only to those who have not been told.
    """
    now = clock.now()
    opened_up = reminder.kind == Reminder.Kind.CREATED and reminder.word is not None
    already = people_told(reminder.appointment) if opened_up else set()
    return [
        each
        for each in readers
        if each.decision.notify == "message"
        and each.person.pk not in already
        and (reminder.kind not in NEWS or is_active_user(each.person, now))
    ]


def _points(person: Person, readers: list[Reader]) -> Mapping[str, str]:
    return _usable(person, contact().look_up(pid_of(person)), readers)


def _usable(person: Person, preferences: ContactPreferences, readers: list[Reader]) -> Mapping[str, str]:
    """Where a person may be told. The patient never where somebody reads along who may not see the appointment.

    A youth's number in the contact register is often the mother's. The patient is the first of the readers.
    """
    if preferences.reserved or not preferences.registered or not preferences.can_be_notified:
        return {}
    fresh = fresh_channels(preferences, clock.now())
    mine = {channel: point for channel, point in points(preferences).items() if channel in fresh}
    if person.pk != readers[0].person.pk:
        return mine
    read_by_others: set[str] = set()
    for reader in readers[1:]:
        if mine and not reader.decision.see:
            read_by_others.update(points(contact().look_up(pid_of(reader.person))).values())
    return {channel: point for channel, point in mine.items() if point not in read_by_others}


def _has_something_to_do(reminder: Reminder) -> bool:
    open_tasks = PreparationTask.objects.filter(
        appointment_id=reminder.appointment_id, state=PreparationTask.State.OPEN
    )
    return reminder.kind == Reminder.Kind.DAYS and open_tasks.exists()


def take_report(notice_id: UUID, *, delivered: bool) -> bool:
    """A gateway's own report, sooner than we would have asked. False where the notice is none of appointments'."""
    if not ReminderMessage.objects.filter(pk=notice_id).exists():
        return False
    if delivered:
        marks.note_delivered(message_id=notice_id)
    else:
        marks.note_failed(message_id=notice_id, failure="not-delivered")
    return True


def _check(message: ReminderMessage) -> bool:
    status = gateway(message.channel).status(message.key)
    if status == MessageStatus.DELIVERED:
        marks.note_delivered(message_id=message.pk)
    elif status == MessageStatus.FAILED:
        marks.note_failed(message_id=message.pk, failure="not-delivered")
    return status in (MessageStatus.DELIVERED, MessageStatus.FAILED)
