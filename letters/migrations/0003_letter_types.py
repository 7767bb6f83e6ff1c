"""The letter types a trust starts with. Safe defaults: everything important, everything reaches paper.

Limits: 4 days for call-in letters is UNN's practice; the others count working days. Each trust changes them in /admin/.
"""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

# code, name, important, amount, unit, reminder after days
TYPES = (
    ("innkalling", "Innkalling til time", True, 4, "days", 2),
    ("radiologi", "Innkalling til bildeundersøkelse", True, 4, "days", 2),
    ("timeendring", "Endring av time", True, 2, "days", 1),
    ("avlysning", "Avlysning av time", True, 2, "days", 1),
    ("vurdering", "Svar på henvisning", True, 5, "working_days", 3),
    ("vedtak", "Vedtak", True, 7, "days", 3),
    ("epikrise", "Oppsummering etter behandling", True, 5, "working_days", 3),
    ("informasjon", "Informasjon", False, 10, "working_days", 5),
    ("tilbakemelding", "Spørsmål om din erfaring", False, None, "days", None),
)


def add(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Add the types that are not there."""
    letter_type = apps.get_model("letters", "LetterType")
    for code, name, important, amount, unit, reminder in TYPES:
        letter_type.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "important": important,
                "fallback_amount": amount,
                "fallback_unit": unit,
                "reminder_after_days": reminder,
            },
        )


class Migration(migrations.Migration):
    """Fill the table of letter types."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("letters", "0002_history_is_insert_only")]
    operations: ClassVar[list[Operation]] = [migrations.RunPython(add, migrations.RunPython.noop)]
