"""What the application's role may do with the audit: add, and read within its reach."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from portal.audit import chain
from portal.audit.models import AuditRow
from portal.audit.verification import verify
from portal.kernel import reach
from tests.audit.written import write, write_many

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_application() -> Iterator[None]:
    """At work for nobody in particular, as in a shell."""
    with reach.nobody("tests"):
        yield


@pytest.mark.parametrize("table", ["audit_auditrow", "audit_auditseal", "audit_verification"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_what_is_written_cannot_be_touched(as_application: None, table: str, statement: str) -> None:
    statement = statement.replace("id", "count") if table == "audit_auditseal" and "SET" in statement else statement
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))


def test_the_queue_can_be_emptied_but_not_rewritten(as_application: None) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_unsealed SET digest = ''")


def test_a_queue_emptied_by_hand_is_found_out() -> None:
    ids = write_many(2)
    with reach.nobody("tests"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_unsealed WHERE row_id = %s", [ids[0]])
    assert [(found.fault, found.ids) for found in verify().findings] == [("row_unsealed", (ids[0],))]


def test_rows_are_read_for_one_patient_at_a_time() -> None:
    mine, other, actor = uuid4(), uuid4(), uuid4()
    write(about=mine)
    write(about=other)
    write(about=None)
    with reach.one_patient("tests", mine):
        assert [row.person_id for row in AuditRow.objects.all()] == [mine]
    with reach.nobody("tests"):
        assert not AuditRow.objects.exists()
    with reach.everyone("tests"):
        assert AuditRow.objects.count() == 3
    assert actor not in AuditRow.objects.values_list("person_id", flat=True)


def test_a_refusal_can_be_noted_about_a_patient_out_of_reach() -> None:
    child = uuid4()
    with reach.nobody("tests"), transaction.atomic():
        from portal.audit.commands import record
        from portal.kernel.actor import Actor

        record(
            by=Actor("citizen", str(uuid4())),
            action="read",
            item_kind="letter",
            item_id=uuid4(),
            person_id=child,
            result=AuditRow.Result.REFUSED,
        )
    assert AuditRow.objects.get().person_id == child


def test_sealing_and_verifying_work_as_the_application() -> None:
    with reach.everyone("tests"):
        write_many(3)
        assert chain.seal_waiting() == 3
        verdict = verify()
    assert (verdict.findings, verdict.sealed) == ([], 3)
