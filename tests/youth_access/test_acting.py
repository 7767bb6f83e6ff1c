"""Choosing whom to act for, the banner, the person in each form, and what happens when a tie ends under way."""

import re
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.people.models import ParentalResponsibility, Person, SignInSession
from tests.people.signed_in import signed_in
from tests.youth_access import families
from youth_access.acting_session import ASK_FIRST
from youth_access.acting_words import NEUTRAL, reason_text
from youth_access.eyes import ACTING_FOR
from youth_access.models import LocalBlock

pytestmark = pytest.mark.django_db
CHOOSE, PICK, BACK = "/paa-vegne-av/", "/paa-vegne-av/velg/", "/paa-vegne-av/tilbake/"


def born(age: int) -> date:
    """So old now, with the birthday half a year ago."""
    day = clock.today() - timedelta(days=180)
    return day.replace(year=day.year - age, day=min(day.day, 28))


def text(response: object) -> str:
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


def acting(client: Client, parent: Person, child: Person) -> Client:
    signed_in(client, parent)
    answer = client.post(PICK, {"person": str(child.pk)})
    assert answer.status_code == 302, text(answer)
    return client


@pytest.fixture
def home() -> families.Family:
    return families.family(born=born(8))


def test_oneself_stands_first_and_the_open_before_the_closed(client: Client, home: families.Family) -> None:
    grown = families.person("Oddrun Øyjord", date(1940, 1, 2), home=families.OTHER_HOME)
    families.fullmakt(grown, home.mother)
    sixteen = families.person("Alma Barn", born(16))
    families.responsible(sixteen, home.mother)
    page = text(signed_in(client, home.mother).get(CHOOSE))
    order = [page.index(each) for each in ("Deg selv", "Nora Barn", "Oddrun Øyjord", "Alma Barn")]
    assert order == sorted(order)
    assert "Barnet ditt" in page
    assert "Du har fullmakt" in page
    assert reason_text("sixteen") in page
    assert "is undefined" not in page


def test_nobody_without_a_tie_is_listed_or_may_be_chosen(client: Client, home: families.Family) -> None:
    signed_in(client, home.stranger)
    assert "Nora Barn" not in text(client.get(CHOOSE))
    answers = [client.post(PICK, {"person": each}) for each in (home.child.pk, uuid4(), "x", "")]
    assert [each.status_code for each in answers] == [404] * 4
    assert ACTING_FOR not in client.session


def test_a_former_parent_is_told_the_same_as_everyone(client: Client, home: families.Family) -> None:
    page = text(signed_in(client, home.former).get(CHOOSE))
    assert "Nora Barn" not in page
    assert "be sykehuset skriftlig om innsyn" in page


@pytest.mark.parametrize("closed_by", ["block", "block_of_one", "child_protected", "parent_protected", "dead"])
def test_what_must_not_be_told_has_one_text(client: Client, home: families.Family, closed_by: str) -> None:
    if closed_by == "block":
        families.block_parents(home.child)
    elif closed_by == "block_of_one":
        families.block_parents(home.child, home.mother)
    elif closed_by == "dead":
        families.register_says(home.child, died_on=clock.today())
    else:
        families.register_says(home.child if closed_by == "child_protected" else home.mother, protected=True)
    page = text(signed_in(client, home.mother).get(CHOOSE))
    assert page.count(str(NEUTRAL)) == 1
    assert client.post(PICK, {"person": str(home.child.pk)})["Location"] == CHOOSE
    assert ACTING_FOR not in client.session
    refused = AuditRow.objects.get(action="acting.begin", result="refused")
    assert refused.person_id == home.child.pk
    assert refused.actor_id == str(home.mother.pk)


def test_the_address_rule_and_an_old_register_are_told_honestly(client: Client, home: families.Family) -> None:
    signed_in(client, home.mother)
    families.seen_by_register(clock.now() - timedelta(hours=25), home.child)
    assert reason_text("register_unavailable") in text(client.get(CHOOSE))
    families.seen_by_register(clock.now(), home.child)
    for parent in (home.mother, home.father, home.former):
        families.register_says(parent, home_index=families.OTHER_HOME)
    assert reason_text("address") in text(client.get(CHOOSE))
    families.register_says(home.father, home_index=families.ONE_HOME)
    assert reason_text("address") not in text(client.get(CHOOSE))


def test_andre_and_ukjent_are_told_that_it_cannot_be_used(client: Client) -> None:
    child, aunt = families.person("Ylva Lundmo", born(9)), families.person("Jorunn Lundmo")
    families.responsible(child, aunt, "andre")
    assert reason_text("responsibility_unclear") in text(signed_in(client, aunt).get(CHOOSE))


def test_a_parent_acts_with_a_banner_on_every_page_and_one_click_back(client: Client, home: families.Family) -> None:
    signed_in(client, home.mother)
    answer = client.post(PICK, {"person": str(home.child.pk), "next": "/brev/?vis=uleste"})
    assert answer["Location"] == "/brev/?vis=uleste"
    assert client.session[ACTING_FOR] == str(home.child.pk)
    for path in ("/", "/brev/", "/om/", "/innsyn/innstillinger/", CHOOSE):
        page = text(client.get(path))
        assert "Du ser siden for Nora Barn (8 år) som forelder" in page, path
        assert "Logget inn: Mona Mor" in page
        assert "<title>For Nora: " in page
        assert "is undefined" not in page
    assert client.post(BACK)["Location"] == "/"
    assert "Du ser siden for" not in text(client.get("/"))
    deeds = list(AuditRow.objects.filter(item_kind="person").order_by("id").values_list("action", "basis", "actor_id"))
    assert deeds == [(each, "FO", str(home.mother.pk)) for each in ("acting.begin", "acting.end")]


def test_choosing_leads_nowhere_else(client: Client, home: families.Family) -> None:
    signed_in(client, home.mother)
    for elsewhere in ("https://vond.example/", "//vond.example", "/\\vond", "javascript:1"):
        assert client.post(PICK, {"person": str(home.child.pk), "next": elsewhere})["Location"] == "/"


def test_staff_pages_show_no_banner(client: Client, home: families.Family) -> None:
    acting(client, home.mother, home.child)
    assert "Du ser siden for" not in text(client.get("/behandler/"))


# Ties that end under way.


def end_responsibility(home: families.Family) -> None:
    ParentalResponsibility.objects.filter(holder=home.mother).update(ended_on=clock.today())


def set_block(home: families.Family) -> None:
    families.block_parents(home.child)


def grow_up(home: families.Family) -> None:
    families.register_says(home.child, birth_date=born(16), birth_year=born(16).year)


def lose_register(home: families.Family) -> None:
    families.seen_by_register(clock.now() - timedelta(hours=24, seconds=1), home.child)


def protect(home: families.Family) -> None:
    families.register_says(home.child, protected=True)


@pytest.mark.parametrize("happens", [end_responsibility, set_block, grow_up, lose_register, protect])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_next_request_after_a_tie_ended_shows_nothing_of_the_patient(
    client: Client, home: families.Family, happens: object, method: str
) -> None:
    acting(client, home.mother, home.child)
    happens(home)  # type: ignore[operator]
    typed = {"for_person": str(home.child.pk), "sok": "hemmelig"}
    answer = client.get("/brev/") if method == "get" else client.post("/brev/sok/", typed)
    assert answer.status_code == 403
    page = text(answer)
    assert "Du kan ikke lenger handle for denne personen" in page
    assert "Nora" not in page
    assert "hemmelig" not in page
    assert str(home.child.pk) not in page
    assert ACTING_FOR not in client.session
    assert "letters.search" not in client.session
    assert client.get("/brev/").status_code == 200
    assert AuditRow.objects.filter(action="acting.lost", person_id=home.child.pk).count() == 1


def test_at_midnight_before_the_sixteenth_birthday_it_is_over_with_no_job(client: Client) -> None:
    with clock.stopped_at(families.oslo(2026, 11, 21, 23, 59, 59)):
        home = families.family(born=date(2010, 11, 22))
        acting(client, home.mother, home.child)
        assert client.get("/").status_code == 200
    with clock.stopped_at(families.oslo(2026, 11, 22)):
        assert client.get("/").status_code == 403
        assert client.get("/").status_code == 200


def test_a_choice_smuggled_into_the_session_gives_nothing(client: Client, home: families.Family) -> None:
    signed_in(client, home.stranger)
    session = client.session
    session[ACTING_FOR] = str(home.child.pk)
    session.save()
    answer = client.get("/brev/")
    assert answer.status_code == 403
    assert "Nora" not in text(answer)


def test_signing_out_and_going_back_work_after_a_tie_ended(client: Client, home: families.Family) -> None:
    acting(client, home.mother, home.child)
    set_block(home)
    assert "Du ser siden for" not in text(client.get(CHOOSE))
    assert client.post(BACK).status_code == 302
    assert client.get("/").status_code == 200


# Two tabs.


def test_a_form_for_another_than_the_session_has_is_not_carried_out(client: Client, home: families.Family) -> None:
    acting(client, home.mother, home.child)
    client.post(BACK)
    answer = client.post("/brev/sok/", {"for_person": str(home.child.pk), "sok": "kne"})
    assert answer.status_code == 409
    page = text(answer)
    assert "Du har byttet person i en annen fane" in page
    assert "Ingenting er sendt." in page
    assert "Bytt tilbake til Nora Barn" in page
    assert "letters.search" not in client.session
    kept = re.search(r'name="next" value="([^"]+)"', page)
    assert kept
    assert client.get(kept[1]).status_code == 404  # still oneself
    assert client.post(PICK, {"person": str(home.child.pk), "next": kept[1]})["Location"] == kept[1]
    again = text(client.get(kept[1]))
    assert 'name="sok" value="kne"' in again
    assert f'value="{home.child.pk}"' in again
    assert client.post("/brev/sok/", {"for_person": str(home.child.pk), "sok": "kne"}).status_code == 302


def test_a_form_without_its_person_is_refused_while_acting(client: Client, home: families.Family) -> None:
    acting(client, home.mother, home.child)
    for said in ({}, {"for_person": ""}, {"for_person": "x"}, {"for_person": str(home.mother.pk)}):
        assert client.post("/brev/sok/", {"sok": "kne"} | said).status_code == 409
    assert client.post("/sprak/", {"sprak": "nb", "tilbake": "/"}).status_code == 302


def test_a_mismatch_about_a_stranger_names_nobody(client: Client, home: families.Family) -> None:
    signed_in(client, home.stranger)
    page = text(client.post("/brev/sok/", {"for_person": str(home.child.pk), "sok": "kne"}))
    assert "Nora" not in page
    assert "Bytt tilbake" not in page


def test_every_form_of_citizens_pages_says_whom_it_is_about() -> None:
    own = (
        "/logg-ut/",
        "people:sign_out",
        "/sprak/",
        "/innsyn/fortsett/",
        "youth_access:choose_person",
        "youth_access:back",
        "kept.path",
    )
    pages = Path(__file__).parents[2] / "templates"
    for path in sorted(pages.rglob("*.html")):
        words = path.read_text()
        if "staff" in str(path.relative_to(pages)) or "operations" in path.name or "staff.html" in words[:60]:
            continue
        for form in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", words, re.DOTALL):
            if not any(each in form for each in own):
                assert "{% for_whom %}" in form, path


# Coming by a link.


def test_whoever_comes_by_a_link_chooses_first_and_only_once(client: Client, home: families.Family) -> None:
    for person, asked in ((home.mother, True), (home.stranger, False)):
        signed_in(client, person)
        session = client.session
        session[ASK_FIRST] = True
        session.save()
        link = f"/brev/{uuid4()}/"
        answer = client.get(link)
        assert answer.status_code == (302 if asked else 404)
        if asked:
            assert answer["Location"] == f"{CHOOSE}?next={link.replace('/', '%2F')}"
            assert f'name="next" value="{link}"' in text(client.get(answer["Location"]))
        assert client.get(link).status_code == 404


def test_the_front_page_is_never_in_the_way(client: Client, home: families.Family) -> None:
    signed_in(client, home.mother)
    session = client.session
    session[ASK_FIRST] = True
    session.save()
    assert client.get("/").status_code == 200
    assert client.get(f"/brev/{uuid4()}/").status_code == 404


# Costs.


def test_each_person_on_the_list_costs_a_few_queries_and_no_more(client: Client) -> None:
    def cost(wards: int) -> int:
        keeper = families.person("Vera Verge", home=families.OTHER_HOME)
        for number in range(wards):
            families.guardian(families.person(f"Arne Hellmo {number}", date(1995, 1, 1 + number)), keeper)
        signed_in(client, keeper)
        client.get(CHOOSE)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(CHOOSE).status_code == 200
        return len(caught)

    one, eleven = cost(1), cost(11)
    assert (eleven - one) / 10 <= 9


def test_signed_out_one_is_asked_to_sign_in(client: Client) -> None:
    for path in (CHOOSE, "/innsyn/fullmakter/", "/innsyn/fullmakter/ny/", "/innsyn/samtykke/"):
        assert client.get(path)["Location"].startswith("/logg-inn/")
    assert SignInSession.objects.count() == LocalBlock.objects.count() == 0
