"""Codes set after a letter came in, the referrals it names, and what follows when it may be shown after all."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from letters.commands import clerk, decision, intake, looking_again, opening, withdrawal
from letters.commands import codes as setting
from letters.commands.clerk_marks import NotPossible
from letters.models import ChannelDecision, ClerkTask, Letter, LetterEvent, Notice, Posting
from letters.states import Digital, Postal, Stage
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.outbox.models import Errand
from tests.letters import making
from tests.youth_access.families import oslo
from youth_access.codes import KNOWN
from youth_access.facts import Service
from youth_access.items import source
from youth_access.models import Referral

pytestmark = pytest.mark.django_db
NOW = oslo(2026, 11, 23, 10)
BY = Actor("staff", str(uuid4()))


@pytest.fixture(autouse=True)
def a_monday_morning() -> object:
    with clock.stopped_at(NOW):
        yield


def put(
    letter: Letter, codes: Collection[str], *, until: datetime | None = None, reason: str = "samtale", by: Actor = BY
) -> bool:
    return setting.set_codes(letter_id=letter.pk, codes=codes, withheld_until=until, reason=reason, by=by)


def look(letter: Letter, **registers: object) -> None:
    looking_again.look_again(letter_id=letter.pk, registers=making.reader(**registers))


@pytest.mark.parametrize(
    ("codes", "until", "reason", "why"),
    [
        (["N"], None, " ", "reason-missing"),
        (["NORN_XYZ"], None, "x", "code-unknown"),
        (["NORU"], None, "x", "delay-and-time"),
        (["N"], NOW, "x", "delay-and-time"),
    ],
)
def test_what_makes_no_sense_is_refused(codes: list[str], until: datetime | None, reason: str, why: str) -> None:
    with pytest.raises(NotPossible) as refused:
        put(making.decided(), codes, until=until, reason=reason)
    assert refused.value.code == why


def test_the_same_codes_again_change_nothing_and_each_change_leaves_its_marks() -> None:
    letter = making.decided()
    assert put(letter, ["NORN_FORANS"])
    assert not put(letter, ["NORN_FORANS"])
    event = LetterEvent.objects.get(letter=letter, kind="codes")
    assert event.details == {"from": [], "to": ["NORN_FORANS"], "until": "", "note": "samtale"}
    assert AuditRow.objects.get(action="codes").basis == "clinician"
    assert Letter.objects.get(pk=letter.pk).look_again_at is None


def test_the_patients_own_wish_is_undone_by_the_patient_alone() -> None:
    letter = making.decided(security_codes=("NORN_EPO",))
    with pytest.raises(NotPossible) as refused:
        put(letter, ["N"])
    assert refused.value.code == "patients-own-wish"
    letters = source(Service.LETTER)
    assert letters is not None
    letters.set_codes(
        patient_id=letter.person_id, item_id=letter.pk, codes=("N",), visible_from=None, note="åpnes", by=BY
    )
    assert "NORN_EPO" in Letter.objects.get(pk=letter.pk).security_codes
    put(letter, [], by=Actor("citizen", str(letter.person_id)))
    assert Letter.objects.get(pk=letter.pk).security_codes == []


def test_the_back_office_lists_letters_without_their_words_and_finds_unknown_codes() -> None:
    letter, other = making.decided(security_codes=("NORN_XYZ",)), making.decided()
    letters = source(Service.LETTER)
    assert letters is not None
    [listed] = letters.of_patient(letter.person_id, 10)
    assert (listed.id, listed.unit, listed.facts.codes) == (letter.pk, letter.unit.name, ("NORN_XYZ",))
    assert letters.one(letter.person_id, letter.pk) == listed
    assert letters.one(letter.person_id, other.pk) is None
    assert [each.item_id for each in letters.unknown_codes(KNOWN, 10)] == [letter.pk]


def test_a_code_that_hides_a_letter_on_screen_and_goes_again_tells_the_reader_anew() -> None:
    letter = making.decided()
    put(letter, ["NORN_FPB"])
    put(letter, [])
    assert Errand.objects.filter(kind="letters.look_again", subject=letter.pk).count() == 1
    look(letter)
    look(letter)
    assert Notice.objects.filter(letter=letter, round="opened_up").count() == 1
    assert Posting.objects.get(letter=letter).state == Postal.WAITING


def test_a_time_that_has_come_already_hides_nothing() -> None:
    letter = making.decided(security_codes=("NORN_FPB",))
    put(letter, ["NORU"], until=NOW - timedelta(hours=1))
    look(letter)
    letter.refresh_from_db()
    assert (letter.digital, letter.security_codes) == (Digital.AVAILABLE, [])


def test_looking_again_before_the_time_or_without_a_cause_does_nothing() -> None:
    letter = making.decided()
    look(letter)
    put(letter, ["NORU"], until=NOW + timedelta(hours=2))
    look(letter)
    assert ChannelDecision.objects.filter(letter=letter).count() == 1
    undecided = making.received()
    Letter.objects.filter(pk=undecided.pk).update(look_again_at=NOW)
    look(undecided)
    assert not ChannelDecision.objects.filter(letter=undecided).exists()


def test_a_letter_taken_back_meanwhile_is_left_alone() -> None:
    letter = making.decided(security_codes=("NORN_FPB",))
    put(letter, [])
    withdrawal.withdraw(letter_id=letter.pk, by=making.SENDER, reason="wrong")
    look(letter)
    assert ChannelDecision.objects.filter(letter=letter).count() == 1


def test_a_letter_that_another_code_still_withholds_keeps_its_question() -> None:
    letter = making.decided(security_codes=("NORN_FPB",))
    Letter.objects.filter(pk=letter.pk).update(look_again_at=NOW)
    look(letter)
    assert (Posting.objects.get(letter=letter).state, ClerkTask.objects.get().resolved_at) == (Postal.HELD, None)


def test_what_goes_by_post_only_goes_so_once_it_may() -> None:
    letter = making.decided(making.NOT_A_USER, security_codes=("NORN_FPB",))
    put(letter, [])
    look(letter, active_user=False)
    letter.refresh_from_db()
    assert letter.digital == Digital.NONE
    assert set(letter.postings.values_list("state", flat=True)) == {Postal.CANCELLED, Postal.DUE}


@pytest.mark.parametrize("codes", [["NORN_FPB"], []])
def test_paper_that_a_person_has_stopped_is_not_sent_because_a_code_went(codes: list[str]) -> None:
    letter = making.decided(security_codes=codes)
    clerk.stop(posting_id=Posting.objects.get(letter=letter).pk, by=uuid4(), note="Feil pasient")
    put(letter, ["NORN_FPB"])
    before = set(Notice.objects.values_list("pk", flat=True))
    put(letter, [])
    look(letter)
    letter.refresh_from_db()
    assert letter.digital == Digital.AVAILABLE
    assert Posting.objects.get(letter=letter).state == Postal.CANCELLED
    assert "reminder" not in Notice.objects.exclude(pk__in=before).values_list("round", flat=True)


def test_paper_that_was_stopped_with_its_task_is_not_sent_because_a_code_went() -> None:
    letter = making.decided(making.NOT_A_USER, security_codes=("NORN_FPB",))
    clerk.resolve(task_id=ClerkTask.objects.get(letter=letter).pk, by=uuid4(), resolution="telephoned", note="Ringte")
    put(letter, [])
    look(letter, active_user=False)
    assert Posting.objects.get(letter=letter).state == Postal.CANCELLED


def test_what_a_person_must_know_is_asked_although_the_paper_was_stopped() -> None:
    soon = NOW + timedelta(hours=20)
    letter = making.decided(making.NOT_A_USER, security_codes=("NORN_FPB",), must_arrive_by=soon)
    clerk.stop(posting_id=Posting.objects.get(letter=letter).pk, by=uuid4(), note="Feil")
    ClerkTask.objects.filter(letter=letter).delete()
    put(letter, [])
    look(letter, active_user=False)
    assert Posting.objects.get(letter=letter).state == Postal.CANCELLED
    assert ClerkTask.objects.get(letter=letter, resolved_at=None).reason == ClerkTask.Reason.TOO_LATE
    Letter.objects.filter(pk=letter.pk).update(look_again_at=NOW)
    look(letter, deceased=True)
    assert Posting.objects.get(letter=letter, state=Postal.HELD).hold_reason == "deceased"


def test_a_letter_that_was_read_gets_no_paper_because_a_code_went() -> None:
    letter = making.decided()
    opening.open_letter(letter_id=letter.pk, reader=letter.person_id)
    put(letter, ["NORN_FPB"])
    put(letter, [])
    look(letter)
    assert Posting.objects.get(letter=letter).state == Postal.CANCELLED
    assert not Notice.objects.filter(round="opened_up").exists()


def test_what_cannot_be_looked_at_is_a_persons_task() -> None:
    letter = making.decided()
    looking_again.stop_unseen(letter_id=letter.pk, code="down")
    assert ClerkTask.objects.get(letter=letter).reason == ClerkTask.Reason.UNDECIDED


def test_a_letter_withheld_until_a_time_is_not_decided_before_it() -> None:
    letter = making.decided(security_codes=("NORU",), withheld_until=NOW + timedelta(hours=2))
    assert (letter.stage, looking_again.sweep()) == (Stage.RENDERED, 0)
    with clock.stopped_at(NOW + timedelta(hours=2)):
        assert looking_again.sweep() == 1
        decision.decide(letter_id=letter.pk, registers=making.READER_NOW)
    letter.refresh_from_db()
    assert (letter.stage, letter.digital, letter.security_codes) == (Stage.DECIDED, Digital.AVAILABLE, [])


def test_a_referral_is_known_by_its_name_and_belongs_to_one_patient() -> None:
    pid = making.synthetic_pid()
    patient = making.person(pid=pid)
    first = making.received(patient=patient, pid=pid, referrals=("s|1", "s|2"))
    second = making.received(patient=patient, pid=pid, referrals=("s|2",))
    assert first.referral_ids == list(_ids("s|1", "s|2"))
    assert second.referral_ids == list(_ids("s|2"))
    assert AuditRow.objects.filter(action="referral.created").count() == 2
    with pytest.raises(intake.ReferralOfAnother):
        making.received(referrals=("s|1",))


def _ids(*names: str) -> list[UUID]:
    return [Referral.objects.get(source="dips", source_key=name).pk for name in names]
