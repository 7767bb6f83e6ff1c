"""Fullmakt between adults: whom one finds, what one may give, ending it from either side, and what stays."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.counterparts.errors import CounterpartDown
from portal.counterparts.population_register import EventPage, Protection, RegisteredPerson
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person, SignInSession
from tests.letters.making import synthetic_pid
from tests.people.signed_in import signed_in
from tests.youth_access import families
from youth_access import views_fullmakt
from youth_access.commands import grants
from youth_access.commands.grants import Grant, NotGiven
from youth_access.eyes import ACTING_FOR, eyes_for
from youth_access.facts import Service
from youth_access.fullmakt_receiver import NobodyFound, find_receiver
from youth_access.models import Fullmakt

pytestmark = pytest.mark.django_db
LIST, NEW, CONFIRM = "/innsyn/fullmakter/", "/innsyn/fullmakter/ny/", "/innsyn/fullmakter/ny/bekreft/"
LETTERS = frozenset({Service.LETTER})


class Register:
    """A population register that holds one person, or does not answer at all."""

    def __init__(self, holds: RegisteredPerson | None = None, *, down: bool = False) -> None:
        self.holds, self.down, self.asked = holds, down, 0

    def look_up_many(self, pids: Collection[str]) -> Mapping[str, RegisteredPerson | None]:
        self.asked += 1
        if self.down:
            raise CounterpartDown("no_answer")
        return {pid: self.holds if self.holds and self.holds.pid == pid else None for pid in pids}

    def look_up(self, pid: str) -> RegisteredPerson | None:
        return self.look_up_many([pid])[pid]

    def events_after(self, sequence: int, *, most: int) -> EventPage:
        return EventPage((), sequence)


def registered(**changes: object) -> RegisteredPerson:
    born = date(1968, 2, 2)
    found = RegisteredPerson(
        pid=synthetic_pid(born),
        given_name="Unni",
        middle_name=None,
        family_name="Øyjord-Å",
        birth_date=born,
        birth_year=born.year,
        died_on=None,
        protection=Protection.NONE,
        residence=None,
        contact_address=None,
        no_fixed_abode=False,
        parental_responsibility=(),
    )
    return replace(found, **changes)  # type: ignore[arg-type]  # tests name the register's own fields


def text(response: object) -> str:
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


@pytest.fixture
def giver() -> Person:
    return families.person("Oddrun Øyjord", date(1940, 3, 1))


@pytest.fixture
def receiver() -> Person:
    return families.person("Unni Øyjord", date(1968, 2, 2), home=families.OTHER_HOME)


def give(giver: Person, receiver: Person, **changes: object) -> Fullmakt:
    grant = replace(Grant(LETTERS, clock.now()), **changes)  # type: ignore[arg-type]
    return grants.give_fullmakt(
        giver_id=giver.pk,
        receiver_id=receiver.pk,
        grant=grant,
        may_give=[*Service],
        by=Actor("citizen", str(giver.pk)),
        basis=Basis(relation="self"),
    )


# Finding the receiver.


@pytest.mark.parametrize("name", ["Øyjord-Å", "øyjord-å", " ØYJORD-Å ", "Øyjord–Å", "Øyjord-A\u030a"])
def test_number_and_name_find_somebody_the_portal_did_not_know(name: str) -> None:
    unni = registered()
    found = find_receiver(Register(unni), pid=unni.pid, family_name=name)
    assert found.name == "Unni Øyjord-Å"
    assert found.birth_date == unni.birth_date


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "Oyjord-Å"),
        ({}, "Øyjord"),
        ({}, ""),
        ({"birth_date": date(2010, 2, 2), "birth_year": 2010}, "Øyjord-Å"),
        ({"birth_date": None, "birth_year": clock.today().year - 18}, "Øyjord-Å"),
        ({"died_on": date(2026, 1, 1)}, "Øyjord-Å"),
        ({"protection": Protection.STRICTLY_CONFIDENTIAL}, "Øyjord-Å"),
        ({"protection": Protection.CONFIDENTIAL}, "Øyjord-Å"),
    ],
)
def test_everything_that_does_not_fit_has_one_answer(changes: dict[str, object], name: str) -> None:
    register = Register(registered(**changes))
    assert register.holds is not None
    with pytest.raises(NobodyFound, match=r"^nobody$"):
        find_receiver(register, pid=register.holds.pid, family_name=name)
    assert register.asked == 1


def test_an_unknown_number_and_nonsense_have_the_same_answer() -> None:
    for pid in (synthetic_pid(date(1980, 1, 1)), "12345678901", "abc", ""):
        with pytest.raises(NobodyFound, match=r"^nobody$"):
            find_receiver(Register(registered()), pid=pid, family_name="Øyjord-Å")


# Giving.


def test_a_fullmakt_opens_its_areas_and_no_others(giver: Person, receiver: Person) -> None:
    give(giver, receiver)
    eyes = eyes_for(families.viewer(receiver), giver.pk, clock.now())
    assert eyes.decide(Service.LETTER).see
    assert not eyes.decide(Service.JOURNAL).see
    assert not eyes.decide(Service.PROXIES).see
    rows = AuditRow.objects.filter(action="fullmakt.give").order_by("id")
    assert [(row.person_id, row.actor_id, row.basis) for row in rows] == [
        (giver.pk, str(giver.pk), "self"),
        (receiver.pk, str(giver.pk), ""),
    ]


def test_a_new_one_ends_the_old_and_history_stays(giver: Person, receiver: Person) -> None:
    first = give(giver, receiver)
    second = give(giver, receiver, areas=frozenset({Service.JOURNAL}))
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert second.revoked_at is None
    assert Fullmakt.objects.count() == 2
    mine = AuditRow.objects.filter(person_id=giver.pk).order_by("id")
    assert [row.action for row in mine] == ["fullmakt.give", "fullmakt.end", "fullmakt.give"]


def test_one_that_ran_out_does_not_stand_in_the_way(giver: Person, receiver: Person) -> None:
    now = clock.now()
    with clock.stopped_at(now - timedelta(days=10)):
        give(giver, receiver, ends_at=now - timedelta(days=1))
    give(giver, receiver)
    assert eyes_for(families.viewer(receiver), giver.pk, clock.now()).decide(Service.LETTER).see


def test_what_was_assigned_by_staff_is_left_alone(giver: Person, receiver: Person) -> None:
    assigned = families.fullmakt(giver, receiver, assigned=True)
    give(giver, receiver)
    assigned.refresh_from_db()
    assert assigned.revoked_at is None
    for one in (giver, receiver):
        by = Actor("citizen", str(one.pk))
        assert not grants.end_fullmakt(fullmakt_id=assigned.pk, person_id=one.pk, by=by)


def test_who_may_not_give_or_receive(giver: Person, receiver: Person) -> None:
    today = clock.today()
    nearly_18 = families.person("Ung Mottaker", today.replace(year=today.year - 17, day=1))
    under_16 = families.person("Ung Giver", today.replace(year=today.year - 15, day=1))
    by_year = families.person("Bare År", None, year=today.year - 18)
    hidden = families.person("Tuva Skjermli", protected=True)
    dead = families.person("Olav Grindvoll", died_on=today)
    for one, other, code in (
        (giver, nearly_18, "receiver_age"),
        (giver, by_year, "receiver_age"),
        (giver, dead, "receiver_age"),
        (under_16, receiver, "giver_age"),
        (giver, hidden, "protected"),
        (hidden, receiver, "protected"),
        (giver, giver, "oneself"),
    ):
        with pytest.raises(NotGiven, match=rf"^{code}$"):
            give(one, other)
    assert Fullmakt.objects.count() == 0


def test_nobody_gives_more_than_they_have_or_nothing_or_backwards(giver: Person, receiver: Person) -> None:
    by, basis = Actor("citizen", str(giver.pk)), Basis(relation="self")
    for areas in (frozenset({Service.JOURNAL}), frozenset({Service.PROXIES}), frozenset[Service]()):
        with pytest.raises(NotGiven, match=r"^areas$"):
            grants.give_fullmakt(
                giver_id=giver.pk,
                receiver_id=receiver.pk,
                grant=Grant(areas, clock.now()),
                may_give=LETTERS,
                by=by,
                basis=basis,
            )
    with pytest.raises(NotGiven, match=r"^period$"):
        give(giver, receiver, ends_at=clock.now())


def test_at_sixteen_years_and_a_minute_a_youth_gives_a_parent_fullmakt_that_works_at_once() -> None:
    with clock.stopped_at(families.oslo(2026, 11, 22, 0, 1)):
        home = families.family(born=date(2010, 11, 22))
        eyes = eyes_for(families.viewer(home.mother), home.child.pk, clock.now())
        assert not eyes.decide(Service.LETTER).see
        give(home.child, home.mother)
        assert eyes_for(families.viewer(home.mother), home.child.pk, clock.now()).decide(Service.LETTER).see


# Ending.


@pytest.mark.parametrize("side", ["giver", "receiver"])
def test_either_side_ends_it_at_once(client: Client, giver: Person, receiver: Person, side: str) -> None:
    row = give(giver, receiver)
    signed_in(client, giver if side == "giver" else receiver)
    assert client.post(f"{LIST}{row.pk}/avslutt/")["Location"] == LIST
    assert not eyes_for(families.viewer(receiver), giver.pk, clock.now()).decide(Service.LETTER).see
    page = text(client.get(LIST))
    assert "Tidligere fullmakter" in page
    assert f"av {(giver if side == 'giver' else receiver).name}" in page
    ended = AuditRow.objects.filter(action="fullmakt.end").order_by("id").values_list("person_id", "basis")
    by_giver = side == "giver"
    assert list(ended) == [(giver.pk, "self" if by_giver else "FU"), (receiver.pk, "" if by_giver else "self")]


def test_a_strangers_fullmakt_is_not_there(client: Client, giver: Person, receiver: Person) -> None:
    row = give(giver, receiver)
    signed_in(client, families.person("Stian Fremmed"))
    assert client.post(f"{LIST}{row.pk}/avslutt/").status_code == 404
    assert client.post(f"{LIST}{uuid4()}/avslutt/").status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


def test_ended_in_another_tab_the_next_request_is_refused(client: Client, giver: Person, receiver: Person) -> None:
    row = give(giver, receiver)
    signed_in(client, receiver)
    client.post("/paa-vegne-av/velg/", {"person": str(giver.pk)})
    assert client.get("/brev/").status_code == 200
    grants.end_fullmakt(fullmakt_id=row.pk, person_id=giver.pk, by=Actor("citizen", str(giver.pk)))
    answer = client.get("/brev/")
    assert answer.status_code == 403
    assert "Oddrun" not in text(answer)
    assert ACTING_FOR not in client.session


def test_it_ends_at_midnight_after_its_last_day(client: Client, giver: Person, receiver: Person) -> None:
    with clock.stopped_at(families.oslo(2026, 11, 22, 12)):
        families.seen_by_register(clock.now(), giver, receiver)
        give(giver, receiver, ends_at=families.oslo(2026, 11, 25))
        assert "til og med 24.\xa0november\xa02026" in signed_in(client, giver).get(LIST).content.decode()
    for instant, opens in ((families.oslo(2026, 11, 24, 23, 59, 59), True), (families.oslo(2026, 11, 25), False)):
        assert eyes_for(families.viewer(receiver), giver.pk, instant).decide(Service.LETTER).see == opens


# The pages.


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> Register:
    """A register that the pages ask, in place of one on the network."""
    register = Register(registered())
    monkeypatch.setattr(views_fullmakt, "connect", lambda seconds: register)
    return register


def answers(register: Register, **changes: object) -> dict[str, object]:
    assert register.holds is not None
    first = clock.today().strftime("%d.%m.%Y")
    filled = {"number": register.holds.pid, "family_name": "Øyjord-Å", "areas": ["letter", "log"], "first_day": first}
    return filled | {"last_day": ""} | changes


def test_a_fullmakt_is_given_after_a_summary(client: Client, giver: Person, found: Register) -> None:
    signed_in(client, giver)
    assert "Journal" in text(client.get(NEW))
    assert client.post(NEW, answers(found))["Location"] == CONFIRM
    assert Fullmakt.objects.count() == 0
    page = text(client.get(CONFIRM))
    assert "Unni Øyjord-Å" in page
    assert "Brev fra sykehuset, Hvem som har sett opplysningene" in page
    assert "uten sluttdato" in page
    token = re.search(r'name="draft" value="([^"]+)"', page)
    assert token
    assert client.post(CONFIRM, {"draft": "x"})["Location"] == CONFIRM
    assert client.post(CONFIRM, {"draft": token[1]})["Location"] == LIST
    page = text(client.get(LIST))
    assert "Fullmakten er gitt." in page
    assert "Unni Øyjord-Å" in page
    assert client.get(CONFIRM)["Location"] == NEW
    assert found.holds is not None
    assert found.holds.pid not in str(dict(client.session.items()))
    assert "is undefined" not in page


def test_what_is_wrong_is_said_and_the_number_never_comes_back(client: Client, giver: Person, found: Register) -> None:
    signed_in(client, giver)
    for changes, words in (
        ({"family_name": "Feil"}, "Vi fant ingen som kan få fullmakt"),
        ({"number": "12345678901"}, "Vi fant ingen som kan få fullmakt"),
        ({"number": ""}, "Skriv fødselsnummeret"),
        ({"areas": []}, "Velg minst én tjeneste."),
        ({"areas": ["proxies"]}, "Et av valgene finnes ikke lenger."),
        ({"first_day": "01.01.2020"}, "tidligst gjelde fra i dag"),
        ({"last_day": "01.01.2020"}, "Siste dag må komme etter"),
        ({"first_day": "i går"}, "Skriv"),
        ({"last_day": "31.12.9999"}, "nærmere i tid"),
    ):
        answer = client.post(NEW, answers(found, **changes))
        assert answer.status_code == 422
        page = text(answer)
        assert words in page, changes
        assert "<title>Feil: " in page
        assert str(answers(found, **changes)["number"] or "—") not in page
        assert "is undefined" not in page
    assert Fullmakt.objects.count() == 0


def test_a_register_that_is_away_is_said_honestly(client: Client, giver: Person, found: Register) -> None:
    found.down = True
    assert "Vi får ikke kontakt med Folkeregisteret nå" in text(signed_in(client, giver).post(NEW, answers(found)))


def test_guessing_is_slowed_down(
    client: Client, giver: Person, found: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.real_now()
    monkeypatch.setattr(clock, "real_now", lambda: now)  # all within one minute, however slow the machine
    signed_in(client, giver)
    pages = [text(client.post(NEW, answers(found, family_name="Feil"))) for _guess in range(12)]
    assert "Du har prøvd mange ganger" in pages[-1]
    assert found.asked <= 10


def test_a_fresh_sign_in_is_asked_for_and_no_number_is_put_aside(
    client: Client, giver: Person, found: Register
) -> None:
    signed_in(client, giver)
    client.post(NEW, answers(found))
    SignInSession.objects.update(authenticated_at=clock.real_now() - timedelta(minutes=6))
    for answer in (client.get(NEW), client.get(CONFIRM), client.post(CONFIRM, {"draft": "x"})):
        assert answer["Location"].startswith("/logg-inn/pa-nytt/")
    assert client.post(NEW, answers(found))["Location"] == CONFIRM
    wrong_person = client.post(NEW, answers(found, for_person=str(uuid4())))
    assert wrong_person.status_code == 409
    assert found.holds is not None
    assert Fullmakt.objects.count() == 0


def test_a_fullmektig_sees_no_fullmakter(client: Client, giver: Person, receiver: Person) -> None:
    give(giver, receiver)
    signed_in(client, receiver)
    client.post("/paa-vegne-av/velg/", {"person": str(giver.pk)})
    for path in (LIST, NEW, CONFIRM):
        answer = client.get(path)
        assert answer.status_code == 403
        assert "bare se og gi for deg selv" in text(answer)


def test_under_sixteen_there_is_nothing_to_give(client: Client) -> None:
    young = families.person("Emma Brattli", clock.today() - timedelta(days=14 * 365))
    answer = signed_in(client, young).get(LIST)
    assert answer.status_code == 403
    assert "Du må ha fylt 16 år" in text(answer)


def test_the_list_costs_the_same_at_any_length(client: Client, giver: Person) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LIST).status_code == 200
        return len(caught)

    signed_in(client, giver)
    give(giver, families.person("Mottaker"))
    client.get(LIST)
    before = cost()
    for number in range(12):
        give(giver, families.person(f"Mottaker {number}"))
        give(families.person(f"Giver {number}"), giver)
    assert cost() == before
