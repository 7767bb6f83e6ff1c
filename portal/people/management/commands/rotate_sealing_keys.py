"""Moves everything that is sealed to the newest sealing key."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.people import sealed_columns, sealing


class Command(BaseCommand):
    """Run after a new key is put first in PORTAL_SEALING_KEYS; when it says 0 throughout, the old key may go.

    Safe to stop and start again, and to run while the portal is in use: rows are changed one by one.
    """

    help = "Seal everything sealed anew under the first key of PORTAL_SEALING_KEYS."

    def handle(self, *args: object, **options: Any) -> None:  # noqa: ANN401 - the framework's signature
        """One column after the other."""
        for name, reseal in sealed_columns.columns().items():
            self.stdout.write(f"{name}: {reseal()} moved to key {sealing.sealing_key_id()}")
