"""The chain of seals: what is written is linked, and a tampering owner is found out to the row."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.audit import chain, fingerprints, verification
from portal.audit.models import AuditRow, AuditSeal, Unsealed
from portal.audit.verification import Anchor, Finding, verify
from tests.audit.written import as_owner, write, write_many

pytestmark = pytest.mark.django_db


def findings() -> list[Finding]:
    return verify().findings


def test_what_is_written_waits_then_is_sealed_once() -> None:
    ids = write_many(3)
    assert list(Unsealed.objects.order_by("row_id").values_list("row_id", flat=True)) == ids
    assert (chain.seal_waiting(), chain.seal_waiting()) == (3, 0)
    seal = AuditSeal.objects.get()
    assert (seal.number, seal.count, seal.from_id, seal.to_id) == (1, 3, ids[0], ids[-1])
    assert not Unsealed.objects.exists()
    verdict = verify()
    assert (verdict.findings, verdict.sealed, verdict.waiting) == ([], 3, 0)


def test_each_seal_holds_the_digest_of_the_one_before() -> None:
    for _ in range(3):
        write()
        chain.seal_waiting()
    one, two, three = AuditSeal.objects.order_by("number")
    assert bytes(one.previous) == chain.BEGINNING
    assert bytes(two.previous) == bytes(one.digest)
    assert bytes(three.previous) == bytes(two.digest)


def test_many_rows_are_sealed_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "ROWS_IN_A_SEAL", 2)
    write_many(5)
    assert chain.seal_waiting() == 5
    assert list(AuditSeal.objects.order_by("number").values_list("count", flat=True)) == [2, 2, 1]
    assert findings() == []


def test_nothing_at_all_is_in_order() -> None:
    assert chain.seal_waiting() == 0
    assert findings() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_id", "somebody-else"),
        ("at", "2020-01-01T00:00:00Z"),
        ("result", "refused"),
        ("basis", "FO"),
        ("rule", ""),
        ("person_id", None),
        ("hpr", "123456789"),
        ("details", '{"note": "made up"}'),
        ("digest", b"\0" * 32),
    ],
)
def test_a_changed_cell_is_found(column: str, value: object) -> None:
    ids = write_many(4)
    chain.seal_waiting()
    statement = "UPDATE audit_auditrow SET column = %s WHERE id = %s"
    as_owner(statement.replace("column", column), value, ids[2])
    assert findings() == [Finding("row_changed", (ids[2],), 1)]


def test_every_column_but_the_id_is_part_of_the_fingerprint() -> None:
    from portal.audit.fingerprints import FIELDS

    assert {field.name for field in AuditRow._meta.fields} - {"id", "digest"} == set(FIELDS)


def test_two_rows_that_change_places_are_found() -> None:
    one, two = write_many(2)
    chain.seal_waiting()
    as_owner("UPDATE audit_auditrow SET id = -1 WHERE id = %s", one)
    as_owner("UPDATE audit_auditrow SET id = %s WHERE id = %s", one, two)
    as_owner("UPDATE audit_auditrow SET id = %s WHERE id = -1", two)
    assert findings() == [Finding("row_changed", (one, two), 1)]


def test_a_row_cut_out_is_found() -> None:
    ids = write_many(4)
    chain.seal_waiting()
    as_owner("DELETE FROM audit_auditrow WHERE id = %s", ids[1])
    assert findings() == [Finding("row_gone", (ids[1],), 1)]


def test_the_last_rows_cut_off_are_found() -> None:
    ids = write_many(5)
    chain.seal_waiting()
    as_owner("DELETE FROM audit_auditrow WHERE id >= %s", ids[3])
    assert findings() == [Finding("row_gone", (ids[3], ids[4]), 1)]


def test_rows_cut_off_before_they_were_sealed_are_found_then_and_later() -> None:
    ids = write_many(3)
    as_owner("DELETE FROM audit_auditrow WHERE id = %s", ids[2])
    assert findings() == [Finding("row_gone", (ids[2],))]
    chain.seal_waiting()
    assert findings() == [Finding("row_gone", (ids[2],), 1)]


def test_a_row_changed_before_it_was_sealed_is_found_then_and_later() -> None:
    row = write()
    as_owner("UPDATE audit_auditrow SET action = 'never' WHERE id = %s", row.pk)
    assert findings() == [Finding("row_changed", (row.pk,))]
    chain.seal_waiting()
    assert findings() == [Finding("row_changed", (row.pk,), 1)]


FORGED = """
INSERT INTO audit_auditrow (id, at, actor_kind, actor_id, action, item_kind, item_id, basis, details, digest)
SELECT %s, at, actor_kind, actor_id, action, item_kind, item_id, 'FO', details, digest
FROM audit_auditrow WHERE id = %s
"""


def test_a_forged_row_is_found_among_the_sealed_ones() -> None:
    ids = write_many(2)
    undone = transaction.savepoint()
    write()
    transaction.savepoint_rollback(undone)
    ids.append(write().pk)
    chain.seal_waiting()
    assert ids[2] == ids[1] + 2, "an id is free in the middle"
    as_owner(FORGED, ids[1] + 1, ids[0])
    assert findings() == [Finding("row_slipped_in", (ids[1] + 1,))]


def test_a_forged_row_is_found_even_when_it_is_sealed_like_the_others() -> None:
    row = write()
    with connection.cursor() as cursor:
        cursor.execute(FORGED, [row.pk + 7, row.pk])
    chain.seal_waiting()
    assert findings() == [Finding("row_changed", (row.pk + 7,), 1)]


def test_a_row_with_a_negative_id_is_found() -> None:
    row = write()
    chain.seal_waiting()
    as_owner(FORGED, -5, row.pk)
    assert findings() == [Finding("row_slipped_in", (-5,))]


def test_a_copy_of_a_genuine_row_is_found() -> None:
    row = write()
    chain.seal_waiting()
    columns = ", ".join(str(field.column) for field in AuditRow._meta.fields if field.column != "id")
    copy = "INSERT INTO audit_auditrow (id, {0}) SELECT id + 1, {0} FROM audit_auditrow WHERE id = %s"
    as_owner(copy.format(columns), row.pk)
    assert findings() == [Finding("row_unsealed", (row.pk + 1,))]


def test_a_seal_mended_without_the_key_is_found() -> None:
    ids = write_many(2)
    chain.seal_waiting()
    write()
    chain.seal_waiting()
    as_owner("UPDATE audit_auditseal SET rows = substring(rows FOR 40), count = 1, to_id = %s WHERE number = 1", ids[0])
    assert findings() == [Finding("seal_changed", (1,)), Finding("row_unsealed", (ids[1],))]


def test_a_seal_cut_out_is_found_with_its_rows() -> None:
    ids = []
    for _ in range(3):
        ids.append(write().pk)
        chain.seal_waiting()
    as_owner("DELETE FROM audit_auditseal WHERE number = 2")
    assert findings() == [Finding("seal_gone", (2,)), Finding("row_unsealed", (ids[1],))]


def test_an_end_cut_off_with_rows_and_seals_is_found_by_the_anchor_the_log_was_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    write()
    chain.seal_waiting()
    row = write()
    with caplog.at_level("INFO", logger="portal.audit.chain"):
        chain.seal_waiting()
    number, digest = caplog.records[-1].getMessage().rpartition(" ")[2].split(":")
    anchor = Anchor(int(number), fingerprints.read(digest))
    assert verify(anchor).findings == []
    as_owner("DELETE FROM audit_auditrow WHERE id = %s", row.pk)
    as_owner("DELETE FROM audit_auditseal WHERE number = 2")
    assert findings() == []
    assert verify(anchor).findings == [Finding("anchor_gone", (2,))]


def test_the_anchor_holds_no_digit_that_a_sieve_could_take_for_a_number() -> None:
    write()
    chain.seal_waiting()
    anchor = verify().anchor
    assert anchor.number == 1
    assert str(anchor).removeprefix("1:").isalpha()
    assert fingerprints.read(str(anchor).removeprefix("1:")) == anchor.digest


def test_the_command_names_rows_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    ids = write_many(5)
    chain.seal_waiting()
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert "5 rows in 1 seals, 0 rows waiting" in said.getvalue()
    anchor = said.getvalue().split("anchor ")[1].strip()
    as_owner("DELETE FROM audit_auditrow WHERE id >= %s", ids[2])
    as_owner("UPDATE audit_auditrow SET action = 'x' WHERE id = %s", ids[0])
    said = StringIO()
    with pytest.raises(CommandError) as fault:
        call_command("verify_audit", f"--anchor={anchor}", stdout=said)
    assert fault.value.returncode == 1
    assert f"cut out: row {ids[2]}-{ids[4]} (sealed in 1)" in said.getvalue()
    assert f"changed since written: row {ids[0]} (sealed in 1)" in said.getvalue()


def test_an_anchor_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="NUMBER:DIGEST"):
        call_command("verify_audit", "--anchor=12")


@given(data=st.data(), count=st.integers(1, 12), pieces=st.integers(1, 4))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_to_rows_exactly_those_are_named(
    monkeypatch: pytest.MonkeyPatch, data: st.DataObject, count: int, pieces: int
) -> None:
    sid = transaction.savepoint()
    monkeypatch.setattr(chain, "ROWS_IN_A_SEAL", pieces)
    ids = write_many(count)
    sealed = data.draw(st.booleans())
    if sealed:
        chain.seal_waiting()
    changed = data.draw(st.sets(st.sampled_from(ids)))
    gone = data.draw(st.sets(st.sampled_from(ids))) - changed
    for each in changed:
        as_owner("UPDATE audit_auditrow SET item_id = item_id || 'x' WHERE id = %s", each)
    for each in gone:
        as_owner("DELETE FROM audit_auditrow WHERE id = %s", each)
    named = findings()
    assert {each for found in named if found.fault == "row_changed" for each in found.ids} == changed
    assert {each for found in named if found.fault == "row_gone" for each in found.ids} == gone
    assert {found.fault for found in named} <= {"row_changed", "row_gone"}
    transaction.savepoint_rollback(sid)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_takes_long_is_sealed_late_and_holds_up_nobody() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                write(item_kind="slow")
                begun.set()
                go_on.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert begun.wait(20)
    quick = write(item_kind="quick")
    assert chain.seal_waiting() == 1
    assert verification.verify().findings == []
    go_on.set()
    thread.join(20)
    slow_row = AuditRow.objects.get(item_kind="slow")
    assert slow_row.pk < quick.pk, "ids came out of order"
    assert verify().waiting == 1
    assert chain.seal_waiting() == 1
    assert verify().findings == []
    assert [seal.from_id for seal in AuditSeal.objects.order_by("number")] == [quick.pk, slow_row.pk]


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain() -> None:
    write_many(40)
    faults: list[BaseException] = []
    start = threading.Barrier(4)

    def one() -> None:
        try:
            start.wait(20)
            chain.seal_waiting()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    chain.seal_waiting()
    assert faults == []
    verdict = verify()
    assert (verdict.findings, verdict.sealed, verdict.waiting) == ([], 40, 0)


def test_a_job_that_dies_between_taking_and_linking_leaves_everything_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = write_many(2)

    def die(entries: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(chain, "_link", die)
        with pytest.raises(KeyboardInterrupt):
            chain.seal_waiting()
    assert list(Unsealed.objects.order_by("row_id").values_list("row_id", flat=True)) == ids
    assert chain.seal_waiting() == 2
    assert findings() == []
