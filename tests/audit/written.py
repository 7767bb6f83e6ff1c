"""Audit rows for tests, and a hand that tampers as the database's owner."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from portal.audit import commands
from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.kernel.actor import Actor, ActorKind

_AWAKE = """
SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE relname = ANY(%s) AND NOT tgisinternal AND tgenabled = 'O'
"""


def write(
    *,
    by: UUID | str | None = None,
    kind: ActorKind = "citizen",
    about: UUID | None = None,
    action: str = "read",
    item_kind: str = "letter",
    item_id: UUID | str | None = None,
    **more: Any,
) -> AuditRow:
    """One row through the command; by default somebody reads a letter of their own."""
    person = about or uuid4()
    with transaction.atomic():
        commands.record(
            by=Actor(kind, str(by or person)),
            action=action,
            item_kind=item_kind,
            item_id=item_id or uuid4(),
            person_id=person,
            **({"basis": Basis(relation="self", rule="G01", version="2026-11-01:abc", band="18+")} | more),
        )
    return AuditRow.objects.latest("id")


def write_many(count: int, **facts: Any) -> list[int]:
    """So many rows; their ids, oldest first."""
    return [write(**facts).pk for _ in range(count)]


@contextmanager
def owner(*tables: str) -> Iterator[None]:
    """As the tables' owner who has put the guards to sleep; those that slept before go on sleeping."""
    with connection.cursor() as cursor:
        cursor.execute(_AWAKE, [list(tables)])
        guards = cursor.fetchall()
        for table, guard in guards:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
        yield
        for table, guard in guards:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {guard}")


def as_owner(statement: str, *values: Any) -> None:
    """Run a statement on the audit with its guards asleep."""
    with owner("audit_auditrow", "audit_auditseal"), connection.cursor() as cursor:
        cursor.execute(statement, values)
