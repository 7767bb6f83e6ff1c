"""Row-level security for the tables of services, for migrations.

It binds the application's role. The owner of the tables, who only runs migrations, is not bound by it.
"""

from django.db import migrations

_REACH = "(SELECT current_setting('portal.reach', true))"
APPLICATION_ROLE = """
DO $$
BEGIN
    CREATE ROLE portal_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$;
DO $$
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        GRANT portal_app TO CURRENT_USER;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO portal_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO portal_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO portal_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO portal_app;
"""


def of_patient(table: str, column: str) -> migrations.RunSQL:
    """Only rows whose `column` is the patient within reach, or all of them for work that reaches everyone."""
    return _guarded(table, f"{column}::text = {_REACH}")


def through(table: str, column: str, parent: str) -> migrations.RunSQL:
    """Only rows that belong to a row of `parent` within reach."""
    belongs = f"EXISTS (SELECT 1 FROM {parent} AS owner WHERE owner.id = {table}.{column})"  # noqa: S608 - our own names
    return _guarded(table, belongs)


def _guarded(table: str, within: str) -> migrations.RunSQL:
    """Everything for work that reaches everyone, else what is `within` reach.

    Written as CASE, of which the planner assumes that it lets half of the rows pass. As OR it assumes one in a hundred,
    and then reads and sorts a patient's whole list where it could take the first twenty from the index.
    """
    condition = f"CASE {_REACH} WHEN '*' THEN true ELSE {within} END"
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY {table}_reach ON {table} USING ({condition}) WITH CHECK ({condition});
        """,
        reverse_sql=f"""
        DROP POLICY {table}_reach ON {table};
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )
