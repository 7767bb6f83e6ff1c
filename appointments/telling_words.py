"""The words of an SMS or e-mail about an appointment: that there is one, and never whose, where, when or what for.

No date or hour is said either. A number is often shared within a family, and the day of an appointment together with
the patient's own calendar tells which clinic it is (access.md, scenarios 24 and 27). Each text fits in one SMS.
"""

from django.conf import settings
from django.utils.translation import gettext as _

from appointments.models import Reminder, ReminderMessage
from appointments.queries.due import NEWS
from portal.counterparts.messaging import Message


def message(about: ReminderMessage, to: str, *, something_to_do: bool) -> Message:
    """The message to one number or address, in the language that is active."""
    reminder = about.reminder
    news = reminder.kind in NEWS
    return Message(
        key=about.key,
        to=to,
        sender=settings.NOTICE_SENDER,
        text=text(reminder, own=about.to_person_id == reminder.appointment.person_id, something_to_do=something_to_do),
        subject=_("Nytt på Min helse") if news else _("Påminnelse fra Min helse"),
    )


def text(reminder: Reminder, *, own: bool, something_to_do: bool) -> str:
    """One short text. The patient's own link leads to the appointment; others first choose whom they act for."""
    if reminder.kind in NEWS:
        return _("Du har noe nytt om en avtale på Min helse. Logg inn for å se.")
    link = f"{settings.PORTAL_URL}/timer/" + (f"{reminder.appointment_id}/" if own else "")
    if something_to_do:
        return _("Påminnelse: Du har snart en avtale, og noe å gjøre før den. Se her: %(link)s") % {"link": link}
    return _("Påminnelse: Du har snart en avtale. Se den, eller si fra at du ikke kommer: %(link)s") % {"link": link}
