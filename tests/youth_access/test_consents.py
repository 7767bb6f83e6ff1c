"""Parents' consent to a youth's own access: either parent gives and withdraws, the last word counts, all is kept."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client

from portal.audit.models import AuditRow
from portal.counterparts.contact_register import ContactPoint, ContactPreferences
from portal.counterparts.errors import CounterpartDown
from portal.kernel import clock
from portal.people.models import Person, SignInSession
from portal.people.queries import pid_of
from tests.people.signed_in import signed_in
from tests.youth_access import families
from youth_access import views_consents
from youth_access.circumstances import ItemFacts
from youth_access.consents_contact import shares_contact_with_parent
from youth_access.eyes import eyes_for
from youth_access.facts import Outcome, Service
from youth_access.models import YouthConsent

pytestmark = pytest.mark.django_db
PAGE, CHANGE = "/innsyn/samtykke/", "/innsyn/samtykke/endre/"


def text(response: object) -> str:
    return re.sub(r"\s+", " ", response.content.decode())  # type: ignore[attr-defined]


def aged(years: int) -> date:
    return clock.today() - timedelta(days=years * 365 + 100)


@pytest.fixture
def home() -> families.Family:
    return families.family(born=aged(14))


def says(client: Client, parent: Person, child: Person, word: str) -> int:
    client.logout()
    signed_in(client, parent)
    return client.post(CHANGE, {"barn": str(child.pk), "samtykke": word}).status_code


def youth_sees(home: families.Family) -> bool:
    about = families.referral(home.child, outcome=Outcome.OPEN)
    facts = ItemFacts(codes=("N",), referral_ids=(about.pk,), unit_id=about.unit_id)
    return eyes_for(families.viewer(home.child), home.child.pk, clock.now()).decide(Service.LETTER, facts).see


def test_one_gives_the_other_withdraws_the_last_word_wins_and_both_are_kept(
    client: Client, home: families.Family
) -> None:
    assert not youth_sees(home)
    assert says(client, home.mother, home.child, "ja") == 302
    assert youth_sees(home)
    assert "Mona Mor samtykket" in text(client.get(PAGE))
    assert says(client, home.father, home.child, "nei") == 302
    assert not youth_sees(home)
    assert "Fredrik Far trakk samtykket" in text(client.get(PAGE))
    assert list(YouthConsent.objects.order_by("id").values_list("parent_id", "gives")) == [
        (home.mother.pk, True),
        (home.father.pk, False),
    ]
    rows = AuditRow.objects.filter(item_kind="youth_consent").order_by("id")
    assert [(row.action, row.actor_id, row.basis, row.person_id) for row in rows] == [
        ("consent.give", str(home.mother.pk), "FO", home.child.pk),
        ("consent.withdraw", str(home.father.pk), "FO", home.child.pk),
    ]


def test_saying_the_same_again_is_not_kept_but_each_parents_own_word_is(client: Client, home: families.Family) -> None:
    for parent, word, kept in (
        (home.mother, "nei", 0),
        (home.mother, "ja", 1),
        (home.mother, "ja", 1),
        (home.father, "ja", 2),
        (home.mother, "nei", 3),
        (home.father, "nei", 3),
    ):
        assert says(client, parent, home.child, word) == 302
        assert YouthConsent.objects.count() == kept


@pytest.mark.parametrize("closed_by", ["stranger", "former", "block", "old register", "protected", "too old", "child"])
def test_whoever_may_not_act_for_the_child_may_not_consent(
    client: Client, home: families.Family, closed_by: str
) -> None:
    parent = {"stranger": home.stranger, "former": home.former, "child": home.child}.get(closed_by, home.mother)
    if closed_by == "block":
        families.block_parents(home.child)
    elif closed_by == "old register":
        families.seen_by_register(clock.now() - timedelta(hours=25), home.child)
    elif closed_by == "protected":
        families.register_says(home.child, protected=True)
    elif closed_by == "too old":
        families.register_says(home.child, birth_date=aged(16), birth_year=aged(16).year)
    assert says(client, parent, home.child, "ja") == 404
    assert not YouthConsent.objects.exists()


def test_nonsense_is_not_there(client: Client, home: families.Family) -> None:
    signed_in(client, home.mother)
    for sent in ({}, {"barn": "x", "samtykke": "ja"}, {"barn": str(home.child.pk), "samtykke": "kanskje"}):
        assert client.post(CHANGE, sent).status_code == 404


def test_the_youth_sees_how_it_stands_and_cannot_change_it(client: Client, home: families.Family) -> None:
    signed_in(client, home.child)
    page = text(client.get(PAGE))
    assert "Din tilgang" in page
    assert "Ingen har samtykket." in page
    families.consent(home.child, home.father)
    page = text(client.get(PAGE))
    assert "Fredrik Far samtykket" in page
    assert 'name="samtykke"' not in page


def test_only_children_between_12_and_15_are_asked_about(client: Client, home: families.Family) -> None:
    for name, years in (("Liten Barn", 8), ("Stor Barn", 16), ("Tolv Barn", 12)):
        families.responsible(families.person(name, aged(years)), home.mother)
    signed_in(client, home.mother)
    page = text(client.get(PAGE))
    assert page.count('name="samtykke"') == 2
    assert "Nora Barn (14 år)" in page
    assert "Tolv Barn (12 år)" in page
    client.post("/paa-vegne-av/velg/", {"person": str(home.child.pk)})
    page = text(client.get(PAGE))
    assert page.count('name="samtykke"') == 1
    assert "Tolv Barn" not in page


def test_acting_for_a_grown_up_the_page_is_closed(client: Client, home: families.Family) -> None:
    grown = families.person("Oddrun Øyjord", date(1940, 1, 1), home=families.OTHER_HOME)
    families.fullmakt(grown, home.mother)
    signed_in(client, home.mother)
    client.post("/paa-vegne-av/velg/", {"person": str(grown.pk)})
    answer = client.get(PAGE)
    assert answer.status_code == 403
    assert "Nora" not in text(answer)
    sent = {"barn": str(home.child.pk), "samtykke": "ja", "for_person": str(grown.pk)}
    assert client.post(CHANGE, sent).status_code == 404


def test_a_fresh_sign_in_is_asked_for(client: Client, home: families.Family) -> None:
    signed_in(client, home.mother)
    SignInSession.objects.update(authenticated_at=clock.real_now() - timedelta(minutes=6))
    answer = client.post(CHANGE, {"barn": str(home.child.pk), "samtykke": "ja"})
    assert answer["Location"].startswith("/logg-inn/pa-nytt/")
    assert not YouthConsent.objects.exists()


def test_somebody_without_children_is_told_whom_the_page_is_for(client: Client, home: families.Family) -> None:
    assert "Du har ingen barn her nå." in text(signed_in(client, home.stranger).get(PAGE))


class ContactRegister:
    """A contact register with these mobiles and e-mails by person; it does not know the others."""

    def __init__(self, points: dict[Person, tuple[str, str]], *, down: bool = False) -> None:
        self.points, self.down = {pid_of(person): point for person, point in points.items()}, down

    def look_up(self, pid: str) -> ContactPreferences:
        if self.down:
            raise CounterpartDown("no_answer")
        mobile, email = (ContactPoint(value, None, None) if value else None for value in self.points.get(pid, ("", "")))
        return ContactPreferences(pid, pid in self.points, False, True, email, mobile, None)


@pytest.mark.parametrize(
    ("youth", "parent", "shared"),
    [
        (("+4740000001", ""), ("+4740000001", "m@example.no"), True),
        (("+4740000001", "Mona@example.no"), ("+4740000002", "mona@example.no"), True),
        (("+4740000001", "nora@example.no"), ("+4740000002", "mona@example.no"), False),
        (("", ""), ("", ""), False),
    ],
)
def test_a_youth_is_warned_where_notices_would_reach_a_parent(
    home: families.Family, youth: tuple[str, str], parent: tuple[str, str], shared: bool
) -> None:
    register = ContactRegister({home.child: youth, home.former: parent})
    assert shares_contact_with_parent(register, home.child) == shared
    assert not shares_contact_with_parent(ContactRegister({}, down=True), home.child)


def test_the_warning_stands_on_the_youths_page(
    client: Client, home: families.Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    same = ("+4740000001", "")
    register = ContactRegister({home.child: same, home.mother: same})
    monkeypatch.setattr(views_consents, "_contact_register", lambda: register)
    assert "samme mobilnummer eller e-post som en forelder" in text(signed_in(client, home.child).get(PAGE))
