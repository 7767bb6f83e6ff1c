"""The tables of appointments."""

from appointments.models.appointment import Appointment, AppointmentLine, AppointmentSource, PreparationTask
from appointments.models.clinic import Clinic
from appointments.models.reminder import Reminder, ReminderMessage
from appointments.models.request import Request, Reservation
from appointments.models.schedule import Claim, Invitation, Schedule, Slot
from appointments.models.sharing import AgreedPatient, CalendarFeed, CareAgreement

__all__ = [
    "AgreedPatient",
    "Appointment",
    "AppointmentLine",
    "AppointmentSource",
    "CalendarFeed",
    "CareAgreement",
    "Claim",
    "Clinic",
    "Invitation",
    "PreparationTask",
    "Reminder",
    "ReminderMessage",
    "Request",
    "Reservation",
    "Schedule",
    "Slot",
]
