"""Fullmakt on the pages: finding the receiver, giving after a summary, and what is said when that is not possible."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.counterparts.population_register import Protection
from portal.kernel import clock
from portal.people.models import Person, SignInSession
from tests.letters.making import synthetic_pid
from tests.people.signed_in import signed_in
from tests.youth_access import families
from tests.youth_access.fullmakter import CONFIRM, LIST, NEW, Register, give, registered, text
from youth_access import views_fullmakt
from youth_access.fullmakt_receiver import NobodyFound, find_receiver
from youth_access.models import Fullmakt

pytestmark = pytest.mark.django_db


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
