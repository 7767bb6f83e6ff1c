"""The service of appointments."""

from importlib import import_module

from django.apps import AppConfig

from portal.people import delivery_reports, sealed_columns


class AppointmentsConfig(AppConfig):
    """Appointments, slots, and what patients ask about them."""

    name = "appointments"
    label = "appointments"
    verbose_name = "Timer"

    def ready(self) -> None:
        """Register what the outbox carries out and what the shared pages show, now that the tables are known."""
        import_module("appointments.errands")
        import_module("appointments.errands_clinic_day")
        sealed_columns.register(
            "appointments_appointmentsource.raw_sealed", import_module("appointments.commands.resealing").reseal_words
        )
        delivery_reports.register("appointments", import_module("appointments.telling").take_report)
        import_module("appointments.pages").register()
