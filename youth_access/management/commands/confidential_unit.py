"""Keeps the list of confidential units, from the command line of whoever runs the portal."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.kernel.actor import system
from portal.people.models import Unit
from youth_access.commands.units import add_confidential, remove_confidential
from youth_access.models import ConfidentialUnit


class Command(BaseCommand):
    """Child psychiatry, sexual health, abortion, addiction: named by their numbers in the RESH register."""

    help = "Put units on (or with --remove take them off) the confidential list; without any, show the list."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The units."""
        parser.add_argument("resh", nargs="*", help="the unit's RESH number")
        parser.add_argument("--remove", action="store_true", help="take them off the list")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401 - the framework's signature
        """Change what was asked for, then show the list."""
        units = Unit.objects.in_bulk(options["resh"])
        missing = sorted(set(options["resh"]) - set(units))
        if missing:
            raise CommandError(f"no unit has this number: {', '.join(missing)}")
        for unit in units.values():
            change = remove_confidential if options["remove"] else add_confidential
            change(unit=unit, by=system("confidential_unit"))
        for row in ConfidentialUnit.objects.select_related("unit").order_by("unit_id"):
            self.stdout.write(f"{row.unit.resh} {row.unit.name}, {row.unit.hospital}")
