"""Registers the people app."""

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import Tags, register

from portal.people import sealed_columns
from portal.people.checks import keys_are_usable


class PeopleConfig(AppConfig):
    """Persons, hospital units, staff roles and signed-in sessions."""

    name = "portal.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Try the keys at start-up instead of at the first sign-in, and name what is sealed here."""
        register(keys_are_usable, Tags.security)
        sealed_columns.register("people_person.pid_sealed", import_module("portal.people.commands").reseal_numbers)
        reseal_former = import_module("portal.people.register_numbers").reseal_former_numbers
        sealed_columns.register("people_formernumber.pid_sealed", reseal_former)
