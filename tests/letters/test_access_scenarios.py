"""The access design's scenarios as they bear on letters; the number in each name is the design page's."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from letters.commands import codes as setting
from letters.commands import looking_again, notices, opening
from letters.models import ClerkTask, Document, Letter, LetterEvent, Notice, Posting
from letters.queries import access, on_screen, unread_count
from letters.states import Digital, Postal, Stage
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from portal.people.queries import pid_of
from tests.letters import making
from tests.people.signed_in import signed_in
from tests.youth_access import families
from tests.youth_access.families import Family, oslo
from youth_access.eyes import ACTING_FOR
from youth_access.models import AccessTask

pytestmark = pytest.mark.django_db
START = oslo(2026, 11, 20, 10)
TITLE = "Innkalling til undersøkelse av kneet"
CLINICIAN = Actor("staff", str(uuid4()))


def on_the_screen(child: Person, **changes: object) -> Letter:
    """A letter whose channel is chosen, on screen since now."""
    letter = making.received(patient=child, pid=pid_of(child))
    columns = {"stage": Stage.DECIDED, "digital": Digital.AVAILABLE, "available_at": clock.now()} | changes
    Letter.objects.filter(pk=letter.pk).update(**columns)
    Document.objects.create(letter=letter, kind=Document.Kind.LETTER, data=b"%PDF-1.7", sha256="a" * 64, pages=1)
    return Letter.objects.get(pk=letter.pk)


def looking(who: Person, child: Person | None = None) -> Client:
    """A browser signed in as someone, acting for the child where one is given."""
    client = signed_in(Client(), who)
    if child is not None:
        session = client.session
        session[ACTING_FOR] = str(child.pk)
        session.save()
    return client


def addresses(letter: Letter | UUID) -> tuple[str, ...]:
    key = letter.pk if isinstance(letter, Letter) else letter
    return f"/brev/{key}/", f"/brev/{key}/pdf", f"/brev/{key}/vedlegg/1/"


def page(client: Client, path: str = "/brev/") -> str:
    return client.get(path).content.decode()


@pytest.mark.parametrize(
    ("born", "last_second"),
    [(date(2014, 11, 22), oslo(2026, 11, 21, 23, 59, 59)), (date(2014, 7, 3), oslo(2026, 7, 2, 23, 59, 59))],
)
def test_access_01_at_midnight_in_oslo_the_parents_access_ends_in_winter_and_in_summer(
    born: date, last_second: datetime
) -> None:
    with clock.stopped_at(last_second - timedelta(hours=2)):
        family = families.family(born=born)
        letter = on_the_screen(family.child)
    mother = looking(family.mother, family.child)
    with clock.stopped_at(last_second):
        assert mother.get(f"/brev/{letter.pk}/").status_code == 200
        assert TITLE in page(mother)
    with clock.stopped_at(last_second + timedelta(seconds=1)):
        assert [mother.get(path).status_code for path in addresses(letter)] == [404] * 3
        assert TITLE not in page(mother)
        families.seen_by_register(None, family.mother)
        assert mother.get(f"/brev/{letter.pk}/").status_code in (403, 404)


def test_access_02_a_search_typed_before_midnight_shows_nothing_after() -> None:
    with clock.stopped_at(oslo(2026, 11, 21, 23, 0)):
        family = families.family(born=date(2014, 11, 22))
        on_the_screen(family.child)
    mother = looking(family.mother, family.child)
    with clock.stopped_at(oslo(2026, 11, 21, 23, 59)):
        form = {"sok": "kneet", "for_person": str(family.child.pk)}
        assert TITLE in mother.post("/brev/sok/", form, follow=True).content.decode()
    with clock.stopped_at(oslo(2026, 11, 22, 0, 1)):
        assert TITLE not in mother.post("/brev/sok/", form, follow=True).content.decode()
        assert TITLE not in page(mother, "/brev/?vis=sok")


def test_access_17_a_code_set_after_the_reading_takes_the_letter_away_and_staff_see_that_it_was_read() -> None:
    with clock.stopped_at(START):
        family = families.family(born=date(2018, 5, 5))
        letter = on_the_screen(family.child)
        mother = looking(family.mother, family.child)
        assert mother.get(f"/brev/{letter.pk}/").status_code == 200
        setting.set_codes(
            letter_id=letter.pk, codes=["NORN_FORANS"], withheld_until=None, reason="samtale", by=CLINICIAN
        )
        assert [mother.get(path).status_code for path in addresses(letter)] == [404] * 3
        assert TITLE not in page(mother)
        assert unread_count(making.eyes(family.mother.pk, family.child.pk)) == 0
    letter.refresh_from_db()
    assert (letter.opened_by, letter.opened_as) == (family.mother.pk, "FO")
    read, refused = AuditRow.objects.filter(item_id=str(letter.pk), action="read").order_by("id")[:2]
    assert (read.basis, read.rule, read.result) == ("FO", "G05", "shown")
    assert (refused.rule, refused.result) == ("V12", "refused")


def test_access_18_a_bookmarked_pdf_is_decided_anew_and_useless_to_anybody_else() -> None:
    with clock.stopped_at(START):
        family = families.family(born=date(2018, 5, 5))
        letter = on_the_screen(family.child)
        address = f"/brev/{letter.pk}/pdf"
        mother = looking(family.mother, family.child)
        answer = mother.get(address)
        assert b"".join(answer).startswith(b"%PDF")
        assert "no-store" in answer["Cache-Control"]
        assert Client().get(address).status_code == 302
        for friend in (looking(family.stranger), looking(family.stranger, family.child), looking(family.former)):
            assert friend.get(address).status_code in (403, 404)
        families.block_parents(family.child, only=family.mother)
        assert mother.get(address).status_code in (403, 404)


def test_access_21_and_22_counts_pages_and_search_know_only_what_these_eyes_may_see() -> None:
    with clock.stopped_at(START):
        family = families.family(born=date(2018, 5, 5))
        for number in range(25):
            on_the_screen(family.child, security_codes=[] if number % 5 == 0 else ["NORN_FORANS"])
        on_the_screen(family.child, title="Hemmelig opplysning", security_codes=["NORN_FORANS"])
        mother, eyes = looking(family.mother, family.child), making.eyes(family.mother.pk, family.child.pk)
        found = on_screen.inbox(eyes)
        assert (unread_count(eyes), len(found.letters), found.older) == (5, 5, "")
        assert "Viser 5 brev" in page(mother)
        words = {word: _search(mother, family.child, word) for word in ("Hemmelig opplysning", "finnesikkenoested")}
    first, second = (text.replace(word, "") for word, text in words.items())
    assert _without_marks(first) == _without_marks(second)


def _search(client: Client, child: Person, words: str) -> str:
    form = {"sok": words, "for_person": str(child.pk)}
    return client.post("/brev/sok/", form, follow=True).content.decode()


def _without_marks(text: str) -> list[str]:
    """What the page says, without what is new each time: tokens of forms, the time left of the session."""
    return [line for line in text.partition("<main")[2].splitlines() if "csrf" not in line]


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-3"}, {"If-None-Match": '"x"'}, {"If-Modified-Since": "x"}])
def test_access_23_hidden_and_absent_answer_alike_to_every_kind_of_asking(headers: dict[str, str]) -> None:
    with clock.stopped_at(START):
        family = families.family(born=date(2018, 5, 5))
        hidden = on_the_screen(family.child, security_codes=["NORN_FORANS"])
        mother = looking(family.mother, family.child)
        for method in ("get", "head", "options", "post"):
            for one, other in zip(addresses(hidden), addresses(uuid4()), strict=True):
                answers = [getattr(mother, method)(path, headers=headers) for path in (one, other)]
                assert len({answer.status_code for answer in answers}) == 1
                assert {*answers[0].headers} == {*answers[1].headers}
                assert "ETag" not in answers[0].headers


def test_access_25_and_29_a_notice_queued_before_the_birthday_is_decided_anew_and_no_paper_goes_home() -> None:
    with clock.stopped_at(oslo(2026, 11, 21, 23, 58)):
        family = families.family(born=date(2014, 11, 22))
        letter = on_the_screen(family.child)
        posting = _waiting(letter)
        notice = Notice.objects.create(
            letter=letter, to_person=family.mother, channel="sms", round="first", send_after=clock.now()
        )
    with clock.stopped_at(oslo(2026, 11, 22, 0, 5)):
        assert not notices.still_wanted(notice_id=notice.pk)
        assert access.access_of(letter, clock.now()).parents_denied == "V16b"
    notice.refresh_from_db()
    posting.refresh_from_db()
    assert (notice.state, posting.state) == ("dropped", Postal.DUE)


def _waiting(letter: Letter, due_at: datetime | None = None) -> Posting:
    now = clock.now()
    return Posting.objects.create(
        letter=letter,
        addressee="parent",
        cause="young-reader",
        key=f"dis-{uuid4()}",
        state=Postal.WAITING,
        due_at=due_at or now + timedelta(days=4),
        created_at=now,
        changed_at=now,
    )


def test_access_31_a_letter_of_eleven_follows_the_rules_of_today_and_the_audit_shows_both() -> None:
    with clock.stopped_at(oslo(2026, 11, 20, 10)):
        family = families.family(born=date(2014, 11, 22))
        letter = on_the_screen(family.child)
        mother = looking(family.mother, family.child)
        mother.get(f"/brev/{letter.pk}/")
    with clock.stopped_at(oslo(2026, 11, 22, 10)):
        families.seen_by_register(clock.now(), family.mother, family.father, family.child)
        assert mother.get(f"/brev/{letter.pk}/").status_code == 404
    rows = AuditRow.objects.filter(item_id=str(letter.pk), action="read").order_by("id")
    assert [(row.result, row.rule, row.age_band) for row in rows] == [
        ("shown", "G05", "0-11"),
        ("refused", "V16b", "12"),
    ]


def test_access_35_an_item_of_an_open_and_a_denied_referral_is_hidden_and_one_of_none_is_not_assessed() -> None:
    with clock.stopped_at(START):
        family = families.family(born=date(2012, 3, 3), consented=True)
        opened = families.referral(family.child, outcome="open").pk
        denied = families.referral(family.child, outcome="parents_denied").pk
        both = on_the_screen(family.child, referral_ids=[opened, denied])
        one = on_the_screen(family.child, referral_ids=[opened])
        none = on_the_screen(family.child)
        eyes = making.eyes(family.mother.pk, family.child.pk)
        assert [each.pk for each in on_screen.visible_to(eyes)] == [one.pk]
        assert [on_screen.decision(eyes, each).rule for each in (both, one, none)] == ["V15", "G07", "V16"]


def test_access_37_until_noon_it_is_not_there_and_at_noon_it_is_and_told_of_once() -> None:
    noon = oslo(2026, 11, 23, 12)
    with clock.stopped_at(START):
        letter = making.decided()
        posting, due = making.posting_of(letter), making.posting_of(letter).due_at
        setting.set_codes(letter_id=letter.pk, codes=["NORU"], withheld_until=noon, reason="samtale", by=CLINICIAN)
        posting.refresh_from_db()
        assert posting.due_at == due + (noon - START)
    first = Notice.objects.filter(letter=letter, round="first").get()
    with clock.stopped_at(noon - timedelta(seconds=1)):
        assert unread_count(making.eyes(letter.person_id)) == 0
        assert not notices.still_wanted(notice_id=first.pk)
        assert looking_again.sweep() == 0
    posting.refresh_from_db()
    assert posting.state == Postal.WAITING
    with clock.stopped_at(noon):
        assert unread_count(making.eyes(letter.person_id)) == 1
        assert looking_again.sweep() == 1
        for _twice in range(2):
            looking_again.look_again(letter_id=letter.pk, registers=making.READER_NOW)
    told = Notice.objects.filter(letter=letter, round="opened_up")
    assert [(each.channel, each.state) for each in told] == [("sms", "queued")]
    assert Letter.objects.get(pk=letter.pk).security_codes == []


def test_access_38_once_the_talk_has_been_had_the_patient_is_told_and_not_before() -> None:
    with clock.stopped_at(START):
        letter = making.decided(security_codes=("NORN_FPB",))
        assert (letter.digital, making.posting_of(letter).hold_reason) == (Digital.NONE, "withheld")
        assert not Notice.objects.exists()
    with clock.stopped_at(START + timedelta(days=2)):
        setting.set_codes(
            letter_id=letter.pk, codes=["N"], withheld_until=None, reason="samtalen er tatt", by=CLINICIAN
        )
        looking_again.look_again(letter_id=letter.pk, registers=making.READER_NOW)
    letter.refresh_from_db()
    assert letter.digital == Digital.AVAILABLE
    assert Notice.objects.filter(round="first", to_person=letter.person_id).count() == 1
    states = {each.state: each.cause for each in Posting.objects.filter(letter=letter)}
    assert set(states) == {Postal.CANCELLED, Postal.WAITING}
    assert not ClerkTask.objects.filter(resolved_at=None).exists()


def test_access_39_what_is_kept_from_the_youth_is_seen_by_the_parents_and_leaves_no_gap() -> None:
    with clock.stopped_at(START):
        family = families.family(born=date(2012, 3, 3), consented=True)
        opened = families.referral(family.child, outcome="open").pk
        letters = [on_the_screen(family.child, referral_ids=[opened]) for _each in range(3)]
        setting.set_codes(
            letter_id=letters[1].pk, codes=["NORN_UNGDOM"], withheld_until=None, reason="fare for liv", by=CLINICIAN
        )
        mother, youth = looking(family.mother, family.child), looking(family.child)
        assert mother.get(f"/brev/{letters[1].pk}/").status_code == 200
        assert [youth.get(path).status_code for path in addresses(letters[1])] == [404] * 3
        assert ("Viser 3 brev" in page(mother), "Viser 2 brev" in page(youth)) == (True, True)
        assert [str(each.pk) in page(youth) for each in letters] == [True, False, True]
        eyes = making.eyes(family.child.pk)
        assert unread_count(eyes) == 2
        hidden = page(youth)
        Letter.objects.filter(pk=letters[1].pk).update(digital=Digital.NONE)
        assert _without_marks(page(youth)) == _without_marks(hidden), "hidden, and never there, look the same"


def test_access_40_an_unknown_code_hides_from_all_and_asks_a_person() -> None:
    with clock.stopped_at(START):
        letter = making.decided(security_codes=("NORN_XYZ",))
        assert (letter.digital, making.posting_of(letter).hold_reason) == (Digital.NONE, "unknown_code")
        assert AccessTask.objects.get(subject=letter.pk, closed_at=None).kind == AccessTask.Kind.UNKNOWN_CODE
        setting.set_codes(letter_id=letter.pk, codes=["N"], withheld_until=None, reason="rettet", by=CLINICIAN)
        looking_again.look_again(letter_id=letter.pk, registers=making.READER_NOW)
    assert not AccessTask.objects.filter(closed_at=None).exists()
    assert Letter.objects.get(pk=letter.pk).digital == Digital.AVAILABLE


def test_access_43_a_download_that_began_before_midnight_is_whole_and_no_new_one_begins() -> None:
    midnight = oslo(2026, 11, 24)
    with clock.stopped_at(midnight - timedelta(seconds=1)):
        giver, proxy = families.person("Gunn Giver", date(1950, 1, 1)), families.person("Pål Proxy", date(1980, 1, 1))
        families.seen_by_register(clock.now(), giver, proxy)
        families.fullmakt(giver, proxy, until=midnight)
        letter = on_the_screen(giver)
        Document.objects.filter(letter=letter).update(data=b"%PDF-1.7" + bytes(300_000))
        browser = looking(proxy, giver)
        under_way = iter(browser.get(f"/brev/{letter.pk}/pdf"))
        first = next(under_way)
    with clock.stopped_at(midnight):
        assert browser.get(f"/brev/{letter.pk}/pdf").status_code in (403, 404)
        assert len(first) + sum(len(each) for each in under_way) == 300_008
        assert browser.get(f"/brev/{letter.pk}/pdf").status_code in (403, 404)
    letter.refresh_from_db()
    assert (letter.opened_by, letter.opened_as) == (proxy.pk, "FU")


def test_letters_28_a_parents_opening_counts_and_the_child_grown_up_sees_who_has_read() -> None:
    with clock.stopped_at(START):
        family = families.family(born=date(2018, 5, 5))
        letter = on_the_screen(family.child)
        posting = _waiting(letter)
        looking(family.mother, family.child).get(f"/brev/{letter.pk}/")
        looking(family.father, family.child).get(f"/brev/{letter.pk}/")
    letter.refresh_from_db()
    posting.refresh_from_db()
    assert (letter.digital, letter.opened_by, posting.state) == (Digital.OPENED, family.mother.pk, Postal.CANCELLED)
    event = LetterEvent.objects.get(letter=letter, kind="digital.open")
    assert (event.actor_kind, event.actor_id) == ("citizen", str(family.mother.pk))
    with clock.stopped_at(oslo(2034, 5, 6, 10)):
        own = page(looking(family.child), f"/brev/{letter.pk}/")
    assert "Lest av Mona Mor som forelder" in own
    assert "Lest av Fredrik Far som forelder" in own
    assert "Du åpnet brevet" not in own


def test_one_who_reads_for_another_is_not_told_who_else_has() -> None:
    with clock.stopped_at(START):
        family: Family = families.family(born=date(2018, 5, 5))
        letter = on_the_screen(family.child)
        looking(family.mother, family.child).get(f"/brev/{letter.pk}/")
        assert "Mona Mor" not in page(looking(family.father, family.child), f"/brev/{letter.pk}/").replace(
            family.father.name, ""
        )


def test_a_letter_hidden_between_the_list_and_the_click_is_not_opened() -> None:
    with clock.stopped_at(START):
        family = families.family(born=date(2018, 5, 5))
        letter = on_the_screen(family.child, security_codes=["NORN_FORANS"])
        eyes = making.eyes(family.mother.pk, family.child.pk)
        shown = opening.open_letter(letter_id=letter.pk, reader=family.mother.pk, eyes=eyes)
        assert not opening.may_be_shown(shown, eyes)
    assert (shown.digital, shown.opened_by) == (Digital.AVAILABLE, None)
    assert not AuditRow.objects.filter(item_id=str(letter.pk)).exists()


def test_one_who_reads_twice_for_another_stands_once_in_the_history_and_twice_in_the_audit() -> None:
    with clock.stopped_at(START):
        family = families.family(born=date(2018, 5, 5))
        letter = on_the_screen(family.child)
        mother = looking(family.mother, family.child)
        for path in addresses(letter)[:1] * 2:
            assert mother.get(path).status_code == 200
    assert LetterEvent.objects.filter(letter=letter, kind="read_for").count() == 1
    assert AuditRow.objects.filter(item_id=str(letter.pk), basis="FO").count() == 2


def test_a_notice_waits_for_a_register_that_has_not_answered_for_a_day() -> None:
    with clock.stopped_at(START):
        family = families.family(born=date(2018, 5, 5))
        letter = on_the_screen(family.child)
        notice = Notice.objects.create(
            letter=letter, to_person=family.mother, channel="sms", round="reminder", send_after=clock.now()
        )
    with clock.stopped_at(START + timedelta(hours=25)):
        with pytest.raises(notices.RegisterSilent):
            notices.still_wanted(notice_id=notice.pk)
        families.seen_by_register(clock.now(), family.mother, family.father, family.child)
        assert notices.still_wanted(notice_id=notice.pk)
