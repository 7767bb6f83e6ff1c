"""Gives a person a staff role, from the command line of whoever runs the portal."""

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.kernel.actor import system
from portal.people import commands, queries
from portal.people.models import Person, Role
from portal.people.numbers import NotAnIdentityNumber

PID_VARIABLE = "GRANT_ROLE_PID"


class Command(BaseCommand):
    """Name the person by UUID, or by number on standard input or in GRANT_ROLE_PID: arguments show in process lists."""

    help = "Give (or with --end take away) a staff role."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The role, and how the person is named."""
        parser.add_argument("role", choices=Role.values)
        parser.add_argument("--person", help="the person's UUID")
        parser.add_argument("--pid-stdin", action="store_true", help="read the identity number from standard input")
        parser.add_argument("--end", action="store_true", help="take the role away")

    @transaction.atomic
    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401 - the framework's signature
        """Find or register the person, then grant or end."""
        person, role, by = self._person(options), Role(options["role"]), system("grant_role")
        if options["end"]:
            commands.end_role(person=person, role=role, by=by)
        else:
            commands.grant_role(person=person, role=role, by=by)
        held = ", ".join(sorted(queries.roles_of(person))) or "no role"
        self.stdout.write(f"{person.pk}: {held}")

    @staticmethod
    def _person(options: dict[str, Any]) -> Person:
        if options["person"]:
            person = Person.objects.filter(pk=options["person"]).first()
            if person is None:
                raise CommandError("no person has this UUID")
            return person
        number = sys.stdin.readline() if options["pid_stdin"] else os.environ.get(PID_VARIABLE, "")
        try:
            return commands.register_person(pid=number)
        except NotAnIdentityNumber as refused:
            raise CommandError(f"the number cannot be used: {refused.code}") from None
