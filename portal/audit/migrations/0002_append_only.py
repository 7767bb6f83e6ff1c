"""The audit is insert-only in the database itself."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from portal.kernel.append_only import append_only


class Migration(migrations.Migration):
    """Guard the audit table."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("audit", "0001_initial")]
    operations: ClassVar[list[Operation]] = [append_only("audit_auditrow")]
