"""Takes over the list of hospital units from the record system or a file."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.kernel.errors import PortalError
from portal.people import commands
from portal.people.commands import UnitFacts
from portal.people.unit_list import fetch


class Command(BaseCommand):
    """JSON: `[{"resh", "name", "hospital", "phone"?, "return_lines"?}]`."""

    help = "Take over the full list of hospital units from an http(s) address or a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the list is."""
        parser.add_argument("source")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401 - the framework's signature
        """Read the whole list before changing anything."""
        try:
            count = commands.import_units(units=[_unit(row) for row in _rows(options["source"])])
        except PortalError as failure:
            raise CommandError(str(failure)) from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as failure:
            raise CommandError(f"the list cannot be read: {type(failure).__name__}") from None
        self.stdout.write(f"{count} units")


def _rows(source: str) -> Any:  # noqa: ANN401 - JSON of any shape, checked by `_unit`
    if source.startswith(("http://", "https://")):
        return fetch(source)
    return json.loads(Path(source).read_text(encoding="utf-8"))


def _unit(row: dict[str, Any]) -> UnitFacts:
    return UnitFacts(
        resh=str(row["resh"]),
        name=str(row["name"]),
        hospital=str(row["hospital"]),
        phone=str(row.get("phone") or ""),
        return_lines=tuple(str(line) for line in row.get("return_lines") or ()),
    )
