"""Rows wait for their seal by themselves; nobody changes what is written; the log is read one patient at a time."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from portal.audit import fingerprints
from portal.kernel.append_only import append_only

QUEUE = """
CREATE FUNCTION audit_wait_for_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_unsealed (row_id, digest) VALUES (NEW.id, NEW.digest);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_auditrow_waits AFTER INSERT ON audit_auditrow
    FOR EACH ROW EXECUTE FUNCTION audit_wait_for_seal();
"""
NO_QUEUE = "DROP TRIGGER audit_auditrow_waits ON audit_auditrow; DROP FUNCTION audit_wait_for_seal();"

# The queue is filled and emptied by the application; what is written stays as it is.
RIGHTS = """
REVOKE UPDATE, DELETE, TRUNCATE ON audit_auditrow, audit_auditseal FROM portal_app;
REVOKE UPDATE, TRUNCATE ON audit_unsealed FROM portal_app;
"""

# Anyone at work may leave a row, also about a patient out of reach: that is what a refusal is.
REACH = """
ALTER TABLE audit_auditrow ENABLE ROW LEVEL SECURITY;
CREATE POLICY audit_auditrow_written ON audit_auditrow FOR INSERT WITH CHECK (true);
CREATE POLICY audit_auditrow_reach ON audit_auditrow FOR SELECT USING (
    CASE (SELECT current_setting('portal.reach', true))
        WHEN '*' THEN true ELSE person_id::text = (SELECT current_setting('portal.reach', true))
    END
);
"""
NO_REACH = """
DROP POLICY audit_auditrow_reach ON audit_auditrow;
DROP POLICY audit_auditrow_written ON audit_auditrow;
ALTER TABLE audit_auditrow DISABLE ROW LEVEL SECURITY;
"""


def give_older_rows_their_fingerprint(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Rows from before the chain get a fingerprint and wait for their seal like any other."""
    audit_row, unsealed = apps.get_model("audit", "AuditRow"), apps.get_model("audit", "Unsealed")
    if not audit_row.objects.exists():
        return
    editor.execute("ALTER TABLE audit_auditrow DISABLE TRIGGER audit_auditrow_append_only")
    for row in audit_row.objects.order_by("id").iterator(chunk_size=2000):
        digest = fingerprints.of_row({name: getattr(row, name) for name in fingerprints.FIELDS})
        audit_row.objects.filter(pk=row.pk).update(digest=digest)
        unsealed.objects.create(row_id=row.pk, digest=digest)
    editor.execute("ALTER TABLE audit_auditrow ENABLE TRIGGER audit_auditrow_append_only")


class Migration(migrations.Migration):
    """Queue, rights and reach."""

    dependencies: ClassVar[list[tuple[str, str]]] = [
        ("audit", "0003_basis_and_chain"),
        ("kernel", "0002_application_role"),
    ]
    operations: ClassVar[list[Operation]] = [
        migrations.RunPython(give_older_rows_their_fingerprint, migrations.RunPython.noop),
        append_only("audit_auditseal"),
        migrations.RunSQL(QUEUE, NO_QUEUE),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(REACH, NO_REACH),
    ]
