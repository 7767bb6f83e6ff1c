"""One audit row: what it holds, what never gets in, and that nothing happens without it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from letters.commands import opening
from letters.models import Letter
from letters.states import Digital
from portal.audit import commands, fingerprints
from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.audit.present import Present, during
from portal.kernel import clock
from portal.kernel.actor import Actor, system
from portal.kernel.models import AppendOnlyError
from tests.audit.written import as_owner, write
from tests.letters import making

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_a_row_says_who_acted_for_whom_on_which_basis_under_which_rule() -> None:
    father, child, letter = uuid4(), uuid4(), uuid4()
    basis = Basis(relation="FO", rule="G05", version="2026-11-01:0123456789ab", band="0-11")
    session = Present(request_id="0123456789ab", acr="idporten-loa-high")
    with clock.stopped_at(NOON), during(session):
        row = write(by=father, about=child, item_id=letter, basis=basis)
    assert (row.actor_kind, row.actor_id, row.person_id) == ("citizen", str(father), child)
    assert (row.basis, row.acp, row.rule, row.table_version) == ("FO", "1", "G05", "2026-11-01:0123456789ab")
    assert (row.age_band, row.acr, row.request_id) == ("0-11", "idporten-loa-high", "0123456789ab")
    assert (row.action, row.result, row.item_kind, row.item_id, row.at) == (
        "read",
        "shown",
        "letter",
        str(letter),
        NOON,
    )


def test_a_clinicians_number_and_organisation_come_from_the_session() -> None:
    with during(Present(acr="high", hpr="565501872", organisation="983974899")):
        row = write(by=uuid4(), kind="staff", about=uuid4(), basis="clinician")
        job = write(by="letters.fallback", kind="system", about=uuid4(), basis="")
    assert (row.hpr, row.organisation, row.acr, row.acp) == ("565501872", "983974899", "high", "4")
    assert (job.hpr, job.organisation, job.acr) == ("", "", "")


def test_what_the_caller_says_goes_before_what_the_session_says() -> None:
    with during(Present(acr="high", hpr="565501872")):
        row = write(basis=Basis(relation="clinician", acr="substantial", hpr="123456780", organisation="1"))
    assert (row.acr, row.hpr, row.organisation) == ("substantial", "123456780", "1")


def test_callers_of_before_need_say_nothing_new() -> None:
    reader = uuid4()
    with transaction.atomic():
        commands.record(
            by=Actor("citizen", str(reader)), action="read", item_kind="letter", item_id=uuid4(), basis="self"
        )
        commands.record(by=system("x"), action="released", item_kind="letter", item_id="")
    read, released = AuditRow.objects.order_by("id")
    assert (read.basis, read.acp, read.result) == ("self", "0", "shown")
    assert (released.basis, released.acp, released.result) == ("", "", "done")


@pytest.mark.parametrize(
    ("relation", "band", "acp"),
    [
        ("self", "18+", "0"),
        ("FO", "0-11", "1"),
        ("FO", "12", ""),
        ("FO", "13-15", ""),
        ("FU", "18+", "2"),
        ("VE", "18+", "3"),
        ("TD", "18+", "3"),
        ("clinician", "", "4"),
        ("emergency", "", "7"),
        ("clerk", "", ""),
    ],
)
def test_the_national_access_basis_follows_the_relation(relation: str, band: str, acp: str) -> None:
    assert Basis(relation=relation, band=band).acp == acp


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_noted() -> None:
    with pytest.raises(RuntimeError):
        commands.record(by=system("x"), action="read", item_kind="letter", item_id="")


def test_an_identity_number_in_a_note_is_taken_out_and_an_id_is_kept() -> None:
    pid, odd = making.synthetic_pid(), "00000000-0000-4000-8000-012345678901"
    row = write(details={"note": f"gjelder {pid}", "letters": [odd, f"{pid[:6]} {pid[6:]}"], "more": {"pages": 2}})
    assert row.details == {
        "note": "gjelder [number removed]",
        "letters": [odd, "[number removed]"],
        "more": {"pages": 2},
    }


def test_fractions_are_refused_since_the_database_may_write_them_otherwise() -> None:
    with pytest.raises(TypeError):
        write(details={"share": [{"of": 0.1}]})


@given(
    details=st.dictionaries(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(2**70), 2**70)
            | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=6,
        ),
        max_size=4,
    )
)
def test_whatever_details_hold_the_fingerprint_survives_the_database(details: dict[str, object]) -> None:
    row = write(details=details)
    assert bytes(row.digest) == fingerprints.of_row({name: getattr(row, name) for name in fingerprints.FIELDS})


def test_a_column_added_later_leaves_older_fingerprints_as_they_are() -> None:
    row = write(basis="self")
    values = {name: getattr(row, name) for name in fingerprints.FIELDS}
    assert fingerprints.of_row(values) == fingerprints.of_row(values | {"hpr": "", "details": {}})
    assert fingerprints.of_row(values) != fingerprints.of_row(values | {"hpr": "565501872"})


def test_history_is_refused_to_change_in_python_and_in_the_database() -> None:
    row = write()
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()
    for statement in ("UPDATE audit_auditrow SET action = 'x'", "DELETE FROM audit_auditrow"):
        with (
            pytest.raises(DatabaseError, match="cannot be changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_no_row_no_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scenario 57: the audit cannot be written, so the letter is not opened, and nothing is left half done."""
    letter = making.decided()

    def full(values: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(commands, "_insert", full)
    with pytest.raises(DatabaseError):
        opening.open_letter(letter_id=letter.id, reader=letter.person_id)
    assert Letter.objects.get().digital == Digital.AVAILABLE


def test_the_database_itself_refuses_a_row_it_cannot_queue_for_its_seal() -> None:
    as_owner("INSERT INTO audit_unsealed (row_id, digest) SELECT nextval('audit_auditrow_id_seq') + 1, ''")
    with pytest.raises(DatabaseError), transaction.atomic():
        write()
    assert not AuditRow.objects.exists()
