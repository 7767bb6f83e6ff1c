"""Agreements with municipalities and general practitioners, from the command line of whoever runs the portal."""

import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from appointments.commands import agreements
from appointments.models import AgreedPatient, CareAgreement
from portal.fhir.models import ApiClient
from portal.kernel import clock, reach
from portal.kernel.actor import Actor, system
from portal.people.commands import register_person
from portal.people.models import Person
from portal.people.numbers import NotAnIdentityNumber

PID_VARIABLE = "CARE_AGREEMENT_PID"
_LONGEST_NAME: Final = 150
_BY: Final[Actor] = system("care_agreement")


class Command(BaseCommand):
    """Patients are named by number on standard input (one on each line) or in CARE_AGREEMENT_PID, never in arguments.

    `create` prints the agreement's UUID, which the other actions take.
    """

    help = "Begin or end an agreement with another health service, and say which patients it covers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One action, and what it needs."""
        actions = parser.add_subparsers(dest="action", required=True)
        create = actions.add_parser("create")
        create.add_argument("--client-id", required=True, help="the client system, as registered")
        create.add_argument("--kind", required=True, choices=CareAgreement.Kind.values)
        create.add_argument("--name", required=True, help="the service's name, as patients read it in their log")
        for name in ("end", "add", "remove", "show"):
            action = actions.add_parser(name)
            action.add_argument("agreement", type=UUID, help="the agreement's UUID")
            if name in ("add", "remove"):
                action.add_argument("--pid-stdin", action="store_true", help="read numbers from standard input")

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401 - the framework's signature
        """Carry out one action, whole or not at all."""
        try:
            with reach.everyone("care_agreement"), transaction.atomic():
                self._carry_out(options)
        except agreements.AgreementRefused as refused:
            raise CommandError(f"refused: {refused.code}") from None

    def _carry_out(self, options: dict[str, Any]) -> None:
        action = options["action"]
        if action == "create":
            made = _create(options)
            self.stdout.write(f"{made.pk}: {made.name}")
            return
        if action == "end":
            agreements.end(agreement_id=options["agreement"], by=_BY)
        elif action in ("add", "remove"):
            self._patients(options, action)
        self._show(options["agreement"])

    def _patients(self, options: dict[str, Any], action: str) -> None:
        change = agreements.cover if action == "add" else agreements.uncover
        changed = sum(change(agreement_id=options["agreement"], person=each, by=_BY) for each in _people(options))
        self.stdout.write(f"{changed} {'added' if action == 'add' else 'removed'}")

    def _show(self, agreement_id: UUID) -> None:
        found = CareAgreement.objects.filter(pk=agreement_id).first()
        if found is None:
            raise CommandError("no agreement has this UUID")
        running = found.ends_at is None or found.ends_at > clock.now()
        covered = AgreedPatient.objects.filter(agreement=found, ends_at=None).count()
        self.stdout.write(f"{found.pk}: {found.name}, {'running' if running else 'ended'}, {covered} patients")


def _create(options: dict[str, Any]) -> CareAgreement:
    client_id, name = options["client_id"], options["name"].strip()
    if not ApiClient.objects.filter(client_id=client_id).exists():
        raise CommandError("no client system has this id; see register_fhir_client")
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise CommandError("--name must be 1 to 150 printable characters")
    return agreements.begin(client_id=client_id, kind=options["kind"], name=name, by=_BY)


def _people(options: dict[str, Any]) -> Iterator[Person]:
    lines = sys.stdin.readlines() if options["pid_stdin"] else [os.environ.get(PID_VARIABLE, "")]
    for place, line in enumerate((each.strip() for each in lines), start=1):
        if not line and options["pid_stdin"]:
            continue
        try:
            yield register_person(pid=line)
        except NotAnIdentityNumber as refused:
            raise CommandError(f"the number on line {place} cannot be used: {refused.code}") from None
