"""Letters to those under 16, through registers, workers, gateways and printer: scenario 28, and those of access."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from django.test import Client
from django.urls import reverse

from letters import registers, sweeps
from letters.commands import clerk, looking_again
from letters.commands.codes import set_codes
from letters.models import ChannelDecision, ClerkTask, Letter
from letters.states import Digital, Postal, Stage
from portal.counterparts.population_register import RegisteredPerson
from portal.counterparts.population_register.http import connect
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Role
from portal.people.register_snapshots import take_snapshot
from tests.letters import making
from tests.people.signed_in import signed_in
from tests.stories.living import Alive, Patient, open_reasons, posting_of
from tests.youth_access import families
from youth_access.eyes import ACTING_FOR
from youth_access.facts import Outcome

MOTHERS, FATHERS, YOUTHS = "+4740000001", "+4740000002", "+4740000003"


@dataclass
class Home:
    """A child with both parents at one address."""

    child: Patient
    mother: Patient
    father: Patient


def home(
    alive: Alive,
    born: date,
    *,
    child_reads: bool = False,
    mobile: str = YOUTHS,
    kind: str = "felles",
    **contact: Any,
) -> Home:
    mother = alive.patient(name="Elin Brattli", born=date(1981, 9, 9), contact={"mobile": MOTHERS})
    father = alive.patient(name="Jon Brattli", born=date(1980, 2, 2), contact={"mobile": FATHERS})
    rows = [{"kind": kind, "responsible_pid": each.pid, "valid_from": born.isoformat()} for each in (mother, father)]
    child = alive.patient(
        name="Ask Brattli",
        born=born,
        active=child_reads,
        parental_responsibility=rows,
        contact={"mobile": mobile} | contact,
    )
    return Home(child, mother, father)


def referral(child: Patient, outcome: Outcome = Outcome.OPEN) -> str:
    """The record system's name for a referral that a clinician has assessed."""
    return families.referral(child.person, making.unit(), outcome).source_key


def acting(who: Patient, child: Patient) -> Client:
    client = signed_in(Client(), who.person)
    session = client.session
    session[ACTING_FOR] = str(child.person.pk)
    session.save()
    return client


def numbers_told(alive: Alive) -> list[str]:
    return sorted(message["to"] for message in alive.messages())


def test_s28_given_a_childs_letter_that_one_parent_opens_then_no_paper_and_both_have_been_told(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5))
    letter = alive.letter(family.child)
    assert ChannelDecision.objects.get(letter=letter).rule == "C19"
    assert numbers_told(alive) == [MOTHERS, FATHERS]
    assert all("Brattli" not in message["text"] for message in alive.messages())
    page = acting(family.mother, family.child).get(f"/brev/{letter.pk}/")
    assert page.status_code == 200
    letter.refresh_from_db()
    assert (letter.opened_by, letter.opened_as) == (family.mother.person.pk, "FO")
    alive.time_passes(days=6)
    alive.sweep()
    assert alive.orders() == []


def test_access_27_a_childs_letter_that_nobody_opens_goes_to_the_parent_at_home(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5))
    letter = alive.letter(family.child)
    alive.time_passes(days=4, minutes=5)
    alive.sweep()
    [order] = alive.orders(letter)
    assert order["recipient_lines"][0] in ("Elin Brattli", "Jon Brattli")


def test_access_10_where_nobody_is_known_to_be_responsible_the_letter_goes_by_post(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5), kind="ukjent")
    letter = alive.letter(family.child)
    assert alive.messages() == []
    assert acting(family.mother, family.child).get(f"/brev/{letter.pk}/").status_code in (403, 404)
    [order] = alive.orders(letter)
    assert order["recipient_lines"][0] == "Foresatte til Ask Brattli"


def test_access_10_a_row_that_cannot_be_read_is_no_word_that_nobody_is_known(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5), kind="ukjent")
    register = connect()

    def unread(pid: str) -> RegisteredPerson | None:
        found = type(register).look_up(register, pid)
        rows = found.parental_responsibility if found else ()
        return found and replace(found, parental_responsibility=tuple(replace(row, is_read=False) for row in rows))

    with patch.object(registers, "population", lambda: register), patch.object(register, "look_up", unread):
        letter = alive.letter(family.child)
    assert alive.orders() == []
    assert (posting_of(letter).state, open_reasons(letter)) == (Postal.HELD, [ClerkTask.Reason.NO_PARENT])


def test_access_11_where_others_are_responsible_a_person_decides_where_the_letter_goes(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5), kind="andre")
    letter = alive.letter(family.child)
    assert acting(family.mother, family.child).get(f"/brev/{letter.pk}/").status_code in (403, 404)
    assert (alive.messages(), alive.orders()) == ([], [])
    assert (posting_of(letter).state, open_reasons(letter)) == (Postal.HELD, [ClerkTask.Reason.NO_PARENT])


def test_access_26_a_number_shared_with_a_parent_who_is_shut_out_is_told_nothing(alive: Alive) -> None:
    family = home(alive, date(2012, 3, 3), child_reads=True, mobile=MOTHERS)
    families.consent(family.child.person, family.mother.person)
    letter = alive.letter(family.child, security_codes=("NORN_FORANS",), referrals=(referral(family.child),))
    assert alive.messages() == []
    assert signed_in(Client(), family.child.person).get(f"/brev/{letter.pk}/").status_code == 200
    assert acting(family.mother, family.child).get(f"/brev/{letter.pk}/").status_code == 404


def test_access_29_nothing_goes_home_to_parents_who_are_shut_out_until_two_have_said_so(alive: Alive) -> None:
    family = home(alive, date(2012, 3, 3))
    letter = alive.letter(family.child, referrals=(referral(family.child, Outcome.PARENTS_DENIED),))
    posting = posting_of(letter)
    assert (posting.state, open_reasons(letter)) == (Postal.HELD, [ClerkTask.Reason.PARENTS_DENIED])
    alive.time_passes(days=10)
    alive.sweep()
    assert alive.orders() == alive.messages() == []
    for number in (1, 2):
        clerk.release(posting_id=posting.id, by=alive.patient(name=f"Ansatt {number}").person.id, note="avtalt")
    alive.work()
    assert [order["recipient_lines"][0] for order in alive.orders()] == ["Ask Brattli"]


def test_access_29_a_youth_who_reads_alone_is_given_time_and_then_a_person_is_asked(alive: Alive) -> None:
    family = home(alive, date(2012, 3, 3), child_reads=True)
    families.consent(family.child.person, family.mother.person)
    letter = alive.letter(family.child, security_codes=("NORN_FORANS",), referrals=(referral(family.child),))
    assert (numbers_told(alive), posting_of(letter).state) == ([YOUTHS], Postal.WAITING)
    alive.time_passes(days=4, minutes=5)
    alive.sweep()
    assert open_reasons(letter) == [ClerkTask.Reason.PARENTS_DENIED]
    assert alive.orders() == []


def test_access_30_a_shut_out_parent_who_has_not_read_is_no_reason_for_paper(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5))
    families.block_parents(family.child.person, only=family.father.person)
    letter = alive.letter(family.child)
    assert numbers_told(alive) == [MOTHERS]
    acting(family.mother, family.child).get(f"/brev/{letter.pk}/")
    alive.time_passes(days=9)
    alive.sweep()
    assert (posting_of(letter).state, alive.orders()) == (Postal.CANCELLED, [])


def test_access_30_when_the_only_reader_loses_access_paper_does_not_wait_for_the_limit(alive: Alive) -> None:
    family = home(alive, date(2018, 5, 5))
    letter = alive.letter(family.child)
    alive.time_passes(hours=20)
    assert sweeps.check_readers() == 0
    alive.time_passes(hours=6)
    assert sweeps.check_readers() == 0, "the register has not answered for a day, and that is no reason for paper"
    ended = [
        {"kind": "felles", "responsible_pid": each.pid, "valid_from": "2018-05-05", "ended_on": "2026-11-24"}
        for each in (family.mother, family.father)
    ]
    alive.change(family.child.pid, parental_responsibility=ended)
    take_snapshot(family.child.person)
    assert sweeps.check_readers() == 1
    alive.work()
    assert posting_of(letter).state == Postal.HELD
    assert open_reasons(letter) == [ClerkTask.Reason.NO_PARENT]


def test_access_32_a_referral_assessed_after_the_letter_came_opens_it_and_tells_its_readers(alive: Alive) -> None:
    family = home(alive, date(2012, 3, 3))
    pending = families.referral(family.child.person, making.unit())
    letter = alive.letter(family.child, referrals=(pending.source_key,))
    assert (letter.digital, open_reasons(letter)) == (Digital.AVAILABLE, [ClerkTask.Reason.PARENTS_DENIED])
    assert acting(family.mother, family.child).get(f"/brev/{letter.pk}/").status_code == 404
    families.assess(pending, Outcome.OPEN)
    assert "kneet" in acting(family.mother, family.child).get("/brev/").content.decode()
    assert (sweeps.check_held(), looking_again.sweep()) == (1, 1)
    alive.work()
    assert numbers_told(alive) == [MOTHERS, FATHERS]
    assert open_reasons(letter) == []


def test_access_37_a_letter_withheld_until_noon_is_chosen_a_way_at_noon_and_told_of_once(alive: Alive) -> None:
    patient = alive.patient()
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    letter = alive.letter(patient, security_codes=("NORU",), withheld_until=noon)
    assert (letter.stage, letter.digital, alive.messages()) == (Stage.RENDERED, Digital.NONE, [])
    alive.set_clock(noon - timedelta(seconds=30))
    assert (looking_again.sweep(), sweeps.find_lost()) == (0, 0)
    alive.set_clock(noon + timedelta(seconds=1))
    for _twice in range(2):
        looking_again.sweep()
        alive.work()
    letter = Letter.objects.get(pk=letter.pk)
    assert (letter.digital, letter.look_again_at, len(alive.messages())) == (Digital.AVAILABLE, None, 1)


def test_paper_that_a_clerk_stopped_stays_stopped_when_the_letters_time_comes(alive: Alive) -> None:
    patient = alive.patient()
    letter = alive.letter(patient)
    staff, noon = making.person(name="Anne Bjørnsen"), clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    desk = signed_in(Client(), staff, [Role.CLERK])
    stop = reverse("clerk:stop", args=[letter.pk, posting_of(letter).pk])
    set_codes(
        letter_id=letter.pk, codes=("NORU",), withheld_until=noon, reason="Samtale", by=Actor("staff", str(staff.pk))
    )
    assert "Papiret er stoppet" in desk.post(stop, {"note": "Feil vedlegg"}, follow=True).content.decode()
    alive.set_clock(noon + timedelta(seconds=1))
    looking_again.sweep()
    alive.work()
    alive.set_clock(noon + timedelta(days=30))
    alive.sweep()
    alive.work()
    assert (alive.orders(), posting_of(letter).state) == ([], Postal.CANCELLED)
    assert Letter.objects.get(pk=letter.pk).title in signed_in(Client(), patient.person).get("/brev/").content.decode()
