"""Every errand is killed in the middle of its work, and done right by the next process; so is every periodic job."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction

from letters.commands import rendering, withdrawal
from letters.models import ChannelDecision, Document, Letter, Notice, Posting
from letters.states import NoticeState, Postal, Stage
from portal.config.celery import app
from portal.kernel import clock
from portal.outbox import commands as outbox
from portal.outbox import registry
from portal.outbox.models import Errand
from portal.outbox.work import work
from portal.people.commands import register_person
from tests.faults import test_kill_of_clinic_day, test_kill_of_jobs, test_kill_of_reminders, test_kill_of_times
from tests.faults.again import EXCLUSIVE, a_second_after, errand_is_done, next_process, wait_for
from tests.faults.blocked import kill_at, kill_once
from tests.faults.conftest import Around
from tests.faults.letters_at_hand import PAPER_NOW, decided, real_document, received, state_of
from tests.letters import making
from tests.youth_access.fullmakter import give
from youth_access.models import FullmaktNotice

pytestmark = pytest.mark.django_db(transaction=True)


def test_render(around: Around) -> None:
    letter = received(around)
    kill_at("letters_document", EXCLUSIVE, "queue", "render", around.environment)
    next_process(around, "render")
    errand_is_done("letters.render")
    assert Letter.objects.get(pk=letter.pk).stage == Stage.RENDERED
    assert Document.objects.filter(letter=letter).count() == 1


def test_decide(around: Around) -> None:
    letter = received(around)
    rendering.keep_rendering(letter_id=letter.id, pdf=b"%PDF-1.7", sha256="a" * 64, pages=1)
    Errand.objects.filter(kind="letters.render").delete()
    kill_at("letters_channeldecision", EXCLUSIVE, "queue", "letters", around.environment)
    next_process(around, "letters")
    errand_is_done("letters.decide")
    assert ChannelDecision.objects.filter(letter=letter).count() == 1
    assert Posting.objects.get(letter=letter).state == Postal.WAITING


def test_notify(around: Around) -> None:
    letter = decided(around, replace(making.READER_NOW, fresh_channels=("sms", "email")))
    kill_at("letters_letterevent", EXCLUSIVE, "queue", "notices", around.environment)
    assert len(around.ask("/messages.json")) == 1, "the gateway has taken the first message"
    next_process(around, "notices")
    errand_is_done("letters.notify")
    assert sorted(row["channel"] for row in around.ask("/messages.json")) == ["email", "sms"]
    sent = Notice.objects.filter(letter=letter, round="first", state=NoticeState.SENT)
    assert sent.count() == 2


def test_prepare(around: Around) -> None:
    letter = decided(around, PAPER_NOW)
    real_document(letter)
    kill_at("letters_letterevent", EXCLUSIVE, "queue", "post", around.environment)
    next_process(around, "post")
    errand_is_done("letters.prepare")
    posting = Posting.objects.get(letter=letter)
    assert (posting.state, around.copies(posting.key)) == (Postal.ACCEPTED, 1)


@pytest.mark.parametrize("forgetful", [False, True])
def test_hand_over(around: Around, forgetful: bool) -> None:
    """Killed while the printer takes the order: it has it, we have heard nothing, and it may forget our key."""
    letter = decided(around, PAPER_NOW)
    real_document(letter)
    posting = making.ready(making.posting_of(letter))
    around.ask("/print/behave", {"mode": "slow", "seconds": 3})
    kill_once("queue", "post", around.environment, a_second_after(lambda: state_of(posting.id) == Postal.SUBMITTING))
    wait_for(lambda: around.copies(posting.key) == 1)
    assert state_of(posting.id) == Postal.SUBMITTING
    if forgetful:
        around.ask("/print/behave", {"mode": "forget_keys"})
    around.ask("/print/behave", {"mode": "ok"})
    next_process(around, "post")
    errand_is_done("letters.hand_over")
    assert (state_of(posting.id), around.copies(posting.key)) == (Postal.ACCEPTED, 1)


def test_ask_cancel(around: Around) -> None:
    letter = decided(around, PAPER_NOW)
    real_document(letter)
    with clock.stopped_at(around.now):
        work("post")
    posting = Posting.objects.get(letter=letter)
    withdrawal.withdraw(letter_id=letter.id, by=making.SENDER, reason="wrong")
    assert state_of(posting.id) == Postal.CANCEL_ASKED
    kill_at("letters_letterevent", EXCLUSIVE, "queue", "post", around.environment)
    next_process(around, "post")
    errand_is_done("letters.ask_cancel")
    assert (state_of(posting.id), around.copies(posting.key)) == (Postal.CANCELLED, 0)


def test_look_again(around: Around) -> None:
    letter = decided(around)
    Letter.objects.filter(pk=letter.pk).update(look_again_at=clock.now())
    with transaction.atomic():
        outbox.put("letters.look_again", letter.pk)
    kill_at("letters_channeldecision", EXCLUSIVE, "queue", "letters", around.environment)
    assert Letter.objects.get(pk=letter.pk).look_again_at is not None
    next_process(around, "letters")
    errand_is_done("letters.look_again")
    assert Letter.objects.get(pk=letter.pk).look_again_at is None
    assert ChannelDecision.objects.filter(letter=letter).count() == 2
    assert Posting.objects.get(letter=letter).state == Postal.WAITING


def test_tell_receiver(around: Around) -> None:
    with transaction.atomic():
        giver = register_person(pid=around.pid("kari-nordli"), birth_date=date(1982, 5, 3))
        receiver = register_person(pid=around.pid("wenche-sandmo"), birth_date=date(1975, 1, 1))
    with clock.stopped_at(around.now), transaction.atomic():
        give(giver, receiver)
    kill_at("youth_access_fullmaktnotice", EXCLUSIVE, "queue", "notices", around.environment)
    assert around.ask("/messages.json") == []
    next_process(around, "notices")
    errand_is_done("access.tell_receiver")
    told = around.ask("/messages.json")
    assert len({row["channel"] for row in told}) == len(told) == FullmaktNotice.objects.filter(state="sent").count() > 0
    assert {row["copies"] for row in told} == {1}


def test_every_errand_kind_has_a_test_here() -> None:
    kinds = {kind.name.split(".")[-1] for kind in registry.kinds()}
    assert {kind for kind in kinds if f"test_{kind}" not in TESTED} == set()


def test_every_periodic_job_has_a_test_here() -> None:
    app.finalize()
    names = {name.removeprefix("portal.").split(".")[-1] for name in app.conf.beat_schedule}
    assert {name for name in names if f"test_{name}" not in TESTED} == set()


OTHERS = (test_kill_of_clinic_day, test_kill_of_jobs, test_kill_of_reminders, test_kill_of_times)
TESTED = {*globals(), *(name for module in OTHERS for name in vars(module))}
