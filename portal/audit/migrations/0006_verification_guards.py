"""What a verification has noted stays as it was written."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation

from portal.kernel.append_only import append_only


class Migration(migrations.Migration):
    """Guards and rights."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("audit", "0005_verification")]
    operations: ClassVar[list[Operation]] = [
        append_only("audit_verification"),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE, TRUNCATE ON audit_verification FROM portal_app;", migrations.RunSQL.noop
        ),
    ]
