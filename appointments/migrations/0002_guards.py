"""History is insert-only, and the database itself keeps one patient's appointments from work about another."""

from django.db import migrations

from portal.kernel.append_only import append_only
from portal.kernel.row_security import of_patient, through


class Migration(migrations.Migration):
    dependencies = [("appointments", "0001_initial"), ("kernel", "0002_application_role")]

    operations = [
        append_only("appointments_appointmentline"),
        of_patient("appointments_appointment", "person_id"),
        through("appointments_appointmentsource", "appointment_id", "appointments_appointment"),
        through("appointments_appointmentline", "appointment_id", "appointments_appointment"),
        through("appointments_preparationtask", "appointment_id", "appointments_appointment"),
        through("appointments_reminder", "appointment_id", "appointments_appointment"),
        through("appointments_remindermessage", "reminder_id", "appointments_reminder"),
        of_patient("appointments_reservation", "person_id"),
        of_patient("appointments_request", "person_id"),
        of_patient("appointments_invitation", "person_id"),
        of_patient("appointments_calendarfeed", "patient_id"),
        of_patient("appointments_agreedpatient", "person_id"),
    ]
