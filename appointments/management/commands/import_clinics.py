"""Takes over what clinics have decided about their appointments, from an http(s) address or a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from appointments.commands.clinics import decide
from portal.kernel.actor import system
from portal.kernel.errors import PortalError
from portal.people.unit_list import fetch


class Command(BaseCommand):
    """JSON: `[{"resh", …}]`, with the columns of `appointments.models.Clinic`; what is left out stays as it is."""

    help = "Take over what clinics have decided about their appointments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the list is."""
        parser.add_argument("source")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401 - the framework's signature
        """Each clinic as it is read; the first that makes no sense ends the command, and nothing is changed."""
        source: str = options["source"]
        web = source.startswith(("http://", "https://"))
        try:
            rows = fetch(source) if web else json.loads(Path(source).read_text(encoding="utf-8"))
            count = decide(rows=rows, by=system("import_clinics"))
        except ValidationError as failure:
            raise CommandError(f"the list makes no sense: {', '.join(failure.messages)}") from None
        except PortalError as failure:
            raise CommandError(str(failure)) from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as failure:
            raise CommandError(f"the list cannot be read: {type(failure).__name__}") from None
        self.stdout.write(f"{count} clinics")
