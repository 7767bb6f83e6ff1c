"""A letter's history and its channel decisions are insert-only in the database itself."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from portal.kernel.append_only import append_only


class Migration(migrations.Migration):
    """Guard both tables."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("letters", "0001_initial")]
    operations: ClassVar[list[Operation]] = [append_only("letters_letterevent"), append_only("letters_channeldecision")]
