"""The daily verification: it goes on where it ended, goes through everything each week, and forgets no finding."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.audit import chain, rounds, tasks, verification
from portal.audit.models import AuditRow, Verification
from portal.kernel import clock
from portal.kernel.models import PeriodicRun
from tests.audit.written import as_owner, owner, write, write_many

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
NO_TIME = timedelta(seconds=-1)


def sealed(count: int = 1) -> list[int]:
    """So many rows under a seal of their own."""
    ids = write_many(count)
    chain.seal_waiting()
    return ids


def later(days: float) -> Any:
    return time_machine.travel(clock.real_now() + days * DAY, tick=False)


def verified() -> Verification:
    """One round, whatever number of pieces it takes."""
    for _piece in range(30):
        if not rounds.due():
            break
        rounds.go_on()
    return Verification.objects.latest("pk")


def slip_in(row_id: int, like: int) -> None:
    """A row that the portal never wrote, made from one it did."""
    row = AuditRow.objects.get(pk=like)
    row.pk, row.action, row._state.adding = row_id, "forged", True
    with owner("audit_auditrow"):
        row.save(force_insert=True)


def faults() -> dict[str, int]:
    return dict(rounds.standing().faults)


def test_the_first_round_is_whole_and_the_next_day_goes_on_from_it() -> None:
    sealed(3)
    first = verified()
    assert (first.whole, first.stage, first.seals, first.rows) == (True, "done", 1, 3)
    assert not rounds.due()
    sealed(2)
    with later(1):
        second = verified()
    assert (second.whole, second.seal_number, second.seals, second.rows) == (False, 2, 1, 2)
    assert rounds.standing().ended_at == second.at
    assert rounds.standing().whole_ended_at == first.at
    assert faults() == {}


def test_every_week_everything_is_gone_through() -> None:
    [row] = sealed()
    verified()
    as_owner("UPDATE audit_auditrow SET action = 'x' WHERE id = %s", row)
    with later(1):
        assert verified().findings == []
    with later(7.1):
        last = verified()
    assert last.whole
    assert faults() == {"row_changed": 1}


def test_a_round_in_pieces_finds_what_a_round_in_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_WINDOW", 2)
    monkeypatch.setattr(rounds, "PIECE", NO_TIME)
    ids = [row for _ in range(3) for row in sealed(2)]
    as_owner("UPDATE audit_auditrow SET action = 'x' WHERE id = %s", ids[0])
    as_owner("DELETE FROM audit_auditrow WHERE id = %s", ids[3])
    slip_in(-7, ids[1])
    last = verified()
    assert Verification.objects.count() > 5
    assert (last.stage, last.seals, last.rows) == ("done", 3, 6)
    assert faults() == {"row_changed": 1, "row_gone": 1, "row_slipped_in": 1}
    found = [each["ids"] for row in Verification.objects.order_by("pk") for each in row.findings]
    assert found == [[ids[0]], [ids[3]], [-7]]


def test_a_piece_that_dies_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "PIECE", NO_TIME)
    for _ in range(3):
        sealed()
    rounds.go_on()

    def die(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rounds, "_keep", die)
        with pytest.raises(KeyboardInterrupt):
            rounds.go_on()
    assert Verification.objects.latest("pk").seals == 1
    assert (verified().seals, verified().rows) == (3, 3)


def test_what_a_days_round_finds_makes_the_next_go_through_everything_at_once() -> None:
    [old] = sealed()
    verified()
    [new] = sealed()
    as_owner("UPDATE audit_auditrow SET action = 'x' WHERE id IN (%s, %s)", old, new)
    with later(1):
        assert rounds.due()
        rounds.go_on()
        assert faults() == {"row_changed": 1}
        assert rounds.due(), "something was found: the rest is gone through now"
        assert verified().whole
        assert faults() == {"row_changed": 2}
        assert not rounds.due()


def test_an_end_cut_off_with_its_seals_is_missed_by_the_days_round_and_by_every_week_after() -> None:
    sealed()
    [row] = sealed()
    verified()
    as_owner("DELETE FROM audit_auditrow WHERE id = %s", row)
    as_owner("DELETE FROM audit_auditseal WHERE number = 2")
    sealed()
    with later(1):
        verified()
        assert faults() == {"anchor_gone": 1}
    with later(9):
        assert verified().whole
        assert faults() == {"anchor_gone": 1}


def test_a_row_slipped_in_among_the_new_ones_is_found_by_the_days_round() -> None:
    verified()
    [row] = sealed()
    slip_in(row + 5, row)
    with later(1):
        rounds.go_on()
    assert faults() == {"row_slipped_in": 1}


def test_a_mended_audit_is_quiet_again() -> None:
    [row] = sealed()
    as_owner("UPDATE audit_auditrow SET action = 'x' WHERE id = %s", row)
    verified()
    assert faults() == {"row_changed": 1}
    as_owner("UPDATE audit_auditrow SET action = 'read' WHERE id = %s", row)
    call_command("verify_audit")
    assert faults() == {}
    assert Verification.objects.latest("pk").whole


def test_the_rounds_own_notes_cannot_be_written_on() -> None:
    [row] = sealed()
    as_owner("UPDATE audit_auditrow SET action = 'x' WHERE id = %s", row)
    verified()
    with owner("audit_verification"), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_verification SET findings = '[]'")
    assert rounds.due(), "what was written on is not gone on from"
    assert verified().whole
    assert faults() == {"note_changed": 1, "row_changed": 1}


def test_the_command_counts_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    [row] = sealed()
    as_owner("DELETE FROM audit_auditrow WHERE id = %s", row)
    with pytest.raises(CommandError, match="not as it was written"):
        call_command("verify_audit")
    assert faults() == {"row_gone": 1}
    assert not rounds.due()


def test_the_log_which_is_kept_elsewhere_is_told(caplog: pytest.LogCaptureFixture) -> None:
    [row] = sealed()
    as_owner("DELETE FROM audit_auditrow WHERE id = %s", row)
    with caplog.at_level("INFO", logger="portal.audit.rounds"):
        done = verified()
    words = [record.getMessage() for record in caplog.records if record.name == "portal.audit.rounds"]
    assert words[0] == f"audit is not as it was written: row_gone [{row}]"
    assert words[1].startswith(f"audit verified, {done.rows} rows, anchor 1:")


def test_the_job_leaves_its_heartbeat_and_rests_until_tomorrow() -> None:
    sealed(2)
    tasks.verify()
    row = PeriodicRun.objects.get(name="audit.verify")
    assert (row.done, row.every, row.error) == (3, DAY, "")
    started = row.started_at
    tasks.verify()
    assert PeriodicRun.objects.get(name="audit.verify").started_at == started


def test_operators_are_told_at_the_same_price_however_many_rounds_there_were() -> None:
    write()
    chain.seal_waiting()
    for day in range(6):
        with later(day * 1.1):
            verified()
    with CaptureQueriesContext(connection) as caught:
        rounds.standing()
    assert len(caught) == 3


def test_many_ids_are_counted_and_some_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "_IDS_TOLD", 2)
    ids = sealed(5)
    as_owner("DELETE FROM audit_auditrow WHERE id >= %s", ids[1])
    [told] = verified().findings
    assert (told["ids"], told["count"]) == (ids[1:3], 4)
