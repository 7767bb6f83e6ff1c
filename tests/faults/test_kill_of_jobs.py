"""Periodic jobs are killed in the middle of their work, and done right by the next process."""

import os
from datetime import timedelta

import pytest
import redis
from django.db import transaction
from django.db.models.functions import Now

from letters import tasks as letters_tasks
from letters.models import LetterEvent, Notice, Posting, Reconciliation
from letters.states import NoticeState, Postal
from portal.audit import commands as audit
from portal.audit import tasks as audit_tasks
from portal.audit.models import AuditSeal, Unsealed, Verification
from portal.audit.verification import verify
from portal.kernel import clock
from portal.kernel.models import PeriodicRun
from portal.outbox import doorbell
from portal.outbox import tasks as outbox_tasks
from portal.outbox.models import Errand
from portal.outbox.work import work
from portal.people import sessions
from portal.people import tasks as people_tasks
from portal.people.commands import register_person
from portal.people.models import Person, RegisterFeed
from portal.people.queries import pid_of
from portal.people.register_snapshots import take_snapshot
from tests.faults.again import EXCLUSIVE, job_again, wait_for
from tests.faults.blocked import kill_at
from tests.faults.conftest import Around
from tests.faults.letters_at_hand import PAPER_NOW, decided, real_document, received, state_of
from tests.letters import making
from tests.youth_access import families
from youth_access import tasks as access_tasks
from youth_access.models import AccessTask

pytestmark = pytest.mark.django_db(transaction=True)
ALL = "ACCESS EXCLUSIVE"


def test_fallback(around: Around) -> None:
    posting = making.posting_of(decided(around))
    Posting.objects.update(due_at=clock.now())
    kill_at("letters_letterevent", EXCLUSIVE, "job", "letters.fallback", around.environment)
    assert state_of(posting.id) == Postal.WAITING
    job_again(around, "letters.fallback", letters_tasks.let_fall_due)
    assert state_of(posting.id) == Postal.DUE
    assert LetterEvent.objects.filter(posting=posting, kind="postal.fall_due").count() == 1
    assert Errand.objects.filter(kind="letters.prepare", subject=posting.id).count() == 1


def test_routes(around: Around) -> None:
    posting = making.posting_of(decided(around, slug="arvid-storhaug"))
    kill_at("letters_letterevent", EXCLUSIVE, "job", "letters.routes", around.environment)
    assert not Posting.objects.get(pk=posting.id).obligatory
    job_again(around, "letters.routes", letters_tasks.check_routes)
    now = Posting.objects.get(pk=posting.id)
    assert (now.state, now.obligatory) == (Postal.DUE, True)


def test_reports(around: Around) -> None:
    decided(around)
    with clock.stopped_at(around.now):
        work("notices")
    notice = Notice.objects.get(round="first")
    assert notice.state == NoticeState.SENT
    wait_for(
        lambda: [row for row in around.ask("/messages.json") if row.get("state", "delivered") == "delivered"] != []
    )
    kill_at("letters_letterevent", EXCLUSIVE, "job", "letters.reports", around.environment)
    job_again(around, "letters.reports", letters_tasks.check_reports)
    assert Notice.objects.get(pk=notice.pk).state == NoticeState.DELIVERED
    assert LetterEvent.objects.filter(kind="notice.deliver").count() == 1


def test_find_lost(around: Around) -> None:
    letter = received(around)
    Errand.objects.all().delete()
    kill_at("outbox_errand", EXCLUSIVE, "job", "letters.find_lost", around.environment)
    job_again(around, "letters.find_lost", letters_tasks.find_lost)
    assert Errand.objects.filter(kind="letters.render", subject=letter.id).count() == 1


def test_reconcile(around: Around) -> None:
    letter = decided(around, PAPER_NOW)
    real_document(letter)
    making.ready(making.posting_of(letter))
    around.ask("/print/behave", {"mode": "accept_then_drop_reply", "times": 1})
    with clock.stopped_at(around.now):
        work("post", seconds=1)
    posting = Posting.objects.get(letter=letter)
    assert posting.state == Postal.UNKNOWN
    kill_at("letters_reconciliation", EXCLUSIVE, "job", "letters.reconcile", around.environment)
    assert not Reconciliation.objects.exists()
    Posting.objects.filter(pk=posting.pk).update(changed_at=around.now - timedelta(hours=1))
    job_again(around, "letters.reconcile", letters_tasks.reconcile)
    result = Reconciliation.objects.get()
    assert (result.repaired, result.missing, result.ghosts, result.doubled) == ([posting.key], [], [], [])
    assert state_of(posting.id) == Postal.ACCEPTED


def test_look(around: Around, monkeypatch: pytest.MonkeyPatch) -> None:
    decided(around, PAPER_NOW)
    monkeypatch.setattr(doorbell, "_last_ring", {})  # the next process has not rung for the letter
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
        broker.flushdb()
        kill_at("outbox_errand", ALL, "job", "portal.outbox.look", around.environment)
        job_again(around, "outbox.look", outbox_tasks.look)
        assert broker.llen("post") == 1
        broker.flushdb()


def test_tidy(around: Around) -> None:
    decided(around)
    old = around.now - timedelta(days=31)
    Errand.objects.update(state=Errand.State.DONE, done_at=old, lease=None, lease_until=None)
    kill_at("outbox_errand", EXCLUSIVE, "job", "portal.outbox.tidy", around.environment)
    assert Errand.objects.exists()
    job_again(around, "outbox.tidy", outbox_tasks.tidy)
    assert not Errand.objects.exists()


def test_forget_sessions(around: Around) -> None:
    with transaction.atomic():
        reader = making.person()
    row = sessions.begin(
        session_key="k", person=reader, issuer="i", sid="s", assurance="a", authenticated_at=clock.real_now()
    )
    type(row).objects.update(started_at=clock.real_now() - timedelta(days=91))
    kill_at("people_signinsession", EXCLUSIVE, "job", "people.forget_sessions", around.environment)
    assert type(row).objects.exists()
    job_again(around, "people.forget_sessions", people_tasks.forget_sessions)
    assert not type(row).objects.exists()


def child_in_a_family(around: Around) -> Person:
    with transaction.atomic():
        child = register_person(pid=around.pid("nora-aspelund"))
    with clock.stopped_at(around.now):
        take_snapshot(child)
    return child


def test_register_events(around: Around) -> None:
    child = child_in_a_family(around)
    change = {"died_on": "2026-11-01", "parental_responsibility": [{"kind": "ukjent"}]}
    around.ask(f"/population-register/persons/{pid_of(child)}", change)
    kill_at("people_parentalresponsibility", EXCLUSIVE, "job", "people.register_events", around.environment)
    child.refresh_from_db()
    assert (child.died_on, RegisterFeed.objects.filter(sequence__gt=0).exists()) == (None, False)
    job_again(around, "people.register_events", people_tasks.register_events)
    child.refresh_from_db()
    assert child.died_on is not None
    assert [row.kind for row in child.responsibilities.all()] == ["ukjent"]
    assert RegisterFeed.objects.get().sequence > 0


def test_refresh_snapshots(around: Around) -> None:
    child = child_in_a_family(around)
    around.ask(f"/population-register/persons/{pid_of(child)}", {"parental_responsibility": [{"kind": "ukjent"}]})
    Person.objects.update(register_seen_at=None, register_asked_at=None)
    kill_at("people_parentalresponsibility", EXCLUSIVE, "job", "people.refresh_snapshots", around.environment)
    assert child.responsibilities.count() == 2
    job_again(around, "people.refresh_snapshots", people_tasks.refresh_snapshots)
    assert [row.kind for row in child.responsibilities.all()] == ["ukjent"]
    assert not Person.objects.filter(register_seen_at=None).exists()


def test_seal() -> None:
    with transaction.atomic():
        audit.record(by=making.SENDER, action="read", item_kind="letter", item_id="1")
    kill_at("audit_auditseal", EXCLUSIVE, "job", "audit.seal", {})
    assert (Unsealed.objects.count(), AuditSeal.objects.count()) == (1, 0)
    PeriodicRun.objects.filter(name="audit.seal").update(lease_until=Now() - timedelta(seconds=1))
    audit_tasks.seal()
    assert (Unsealed.objects.count(), AuditSeal.objects.count()) == (0, 1)
    assert verify().findings == []


def test_verify() -> None:
    with transaction.atomic():
        audit.record(by=making.SENDER, action="read", item_kind="letter", item_id="1")
    audit_tasks.seal()
    kill_at("audit_verification", EXCLUSIVE, "job", "audit.verify", {})
    assert not Verification.objects.exists()
    audit_tasks.verify()
    assert not Verification.objects.exists(), "the dead one's lease lasts"
    PeriodicRun.objects.filter(name="audit.verify").update(lease_until=Now() - timedelta(seconds=1))
    audit_tasks.verify()
    row = Verification.objects.get()
    assert (row.stage, row.whole, row.seals, row.rows, row.findings) == ("done", True, 1, 1, [])


def test_tasks() -> None:
    soon = clock.today() + timedelta(days=5)
    child = families.person("Nora Barn", soon.replace(year=soon.year - 12))
    families.referral(child)
    kill_at("youth_access_accesstask", EXCLUSIVE, "job", "access.tasks", {})
    assert not AccessTask.objects.exists()
    access_tasks.look_for_tasks()
    assert list(AccessTask.objects.values_list("patient", "step")) == [(child.pk, "7")]
