"""Writes the audit of a period as FHIR AuditEvents, one a line."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.audit import commands as audit
from portal.audit.fhir_export import audit_event
from portal.audit.models import AuditRow
from portal.kernel import clock, reach
from portal.kernel.actor import system

_PIECE: Final = 2000


class Command(BaseCommand):
    """Days are Oslo's: from the first day's midnight to the midnight that begins the last. The export is noted."""

    help = "Write the audit of a period to standard output: ndjson of FHIR R4 AuditEvent, ids only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The period."""
        parser.add_argument("--from", dest="first", type=_day, required=True, help="first day, 2026-11-01")
        parser.add_argument("--to", dest="last", type=_day, required=True, help="the day after the last, 2026-12-01")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401 - the framework's signature
        """Note the export, then write."""
        first, last = options["first"], options["last"]
        if first >= last:
            raise CommandError("--from must come before --to")
        with reach.everyone("export_audit"):
            count = 0
            _note(first, last)
            for row in _rows(_midnight(first), _midnight(last)):
                self.stdout.write(json.dumps(audit_event(row, settings.PORTAL_URL), separators=(",", ":")))
                count += 1
        self.stderr.write(f"{count} events")


@transaction.atomic
def _note(first: date, last: date) -> None:
    audit.record(
        by=system("export_audit"),
        action="audit.exported",
        item_kind="audit",
        item_id="",
        details={"from": first.isoformat(), "to": last.isoformat()},
    )


def _rows(begins: datetime, ends: datetime) -> Iterator[AuditRow]:
    """In pieces by id, so that a year fits in memory and no transaction lasts as long as the export."""
    last = 0
    period = AuditRow.objects.filter(at__gte=begins, at__lt=ends).order_by("pk")
    while rows := list(period.filter(pk__gt=last)[:_PIECE]):
        yield from rows
        last = rows[-1].pk


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.OSLO)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a day is written 2026-11-01") from None
