"""Whoever signs in brings the register's word on those they may act for, and a new number is still the same person."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from pytest_django import Settings

from portal.kernel import clock
from portal.people import queries, register_feed
from portal.people.models import Account, ParentalResponsibility, Person
from tests.letters.making import synthetic_pid
from tests.sign_in.lying_provider import LyingProvider, signed
from tests.sign_in.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def region(standins_url: str) -> Iterator[None]:
    httpx.post(f"{standins_url}/reset")
    yield
    httpx.post(f"{standins_url}/reset")


def pid_of(standins_url: str, slug: str) -> str:
    rows = httpx.get(f"{standins_url}/people.json").json()
    return str(next(row["pid"] for row in rows if row["slug"] == slug))


def patch(standins_url: str, pid: str, **fields: Any) -> None:
    httpx.patch(f"{standins_url}/population-register/persons/{pid}", json=fields).raise_for_status()


def test_a_mother_comes_in_and_her_family_is_known(visitor: Visitor, standins_url: str) -> None:
    visitor.signs_in("Camilla Breivoll")
    oskar = queries.find_by_pid(pid_of(standins_url, "oskar-breivoll"))
    father = queries.find_by_pid(pid_of(standins_url, "anders-breivoll"))
    assert oskar is not None
    assert father is not None
    assert oskar.home_index == father.home_index != ""
    assert set(oskar.responsibilities.values_list("holder__name", flat=True)) == {"Camilla Breivoll", "Anders Breivoll"}
    assert Person.objects.count() == 3


def test_a_guardian_comes_in_and_both_wards_are_known(visitor: Visitor, standins_url: str) -> None:
    visitor.signs_in("Berit Nyheim")
    mandates = {row.person.name: row.personal for row in Person.objects.get(name="Berit Nyheim").guardian_of.all()}
    assert mandates == {"Arne Hellmo": True, "Solfrid Tverrå": False}


def test_a_mother_comes_in_while_the_register_is_down(
    visitor: Visitor, another_visitor: Visitor, standins_url: str
) -> None:
    visitor.signs_in("Camilla Breivoll")
    before = Person.objects.get(name="Oskar Breivoll").register_seen_at
    httpx.post(f"{standins_url}/population-register/behave", json={"mode": "down"})
    another_visitor.signs_in("Camilla Breivoll")
    assert another_visitor.is_signed_in()
    oskar = Person.objects.get(name="Oskar Breivoll")
    assert oskar.register_seen_at == before
    assert ParentalResponsibility.objects.filter(child=oskar).count() == 2


def test_a_new_number_is_recognised_at_the_door(visitor: Visitor, another_visitor: Visitor, standins_url: str) -> None:
    visitor.signs_in("Daria Kovach")
    person, old = Person.objects.get(), pid_of(standins_url, "daria-kovach")
    new = synthetic_pid(date(1994, 10, 9))
    patch(standins_url, old, new_pid=new)
    another_visitor.signs_in("Daria Kovach")
    assert Person.objects.get() == person
    assert queries.find_by_pid(new) == queries.find_by_pid(old) == person
    assert (Account.objects.count(), SocialAccount.objects.count()) == (1, 2)
    assert SocialAccount.objects.values("user").distinct().count() == 1


def test_the_old_number_leads_to_the_same_person_and_no_stranger(
    visitor: Visitor, another_visitor: Visitor, standins_url: str, settings: Settings
) -> None:
    visitor.signs_in("Daria Kovach")
    person, old = Person.objects.get(), pid_of(standins_url, "daria-kovach")
    patch(standins_url, old, new_pid=synthetic_pid(date(1994, 10, 9)))
    register_feed.read_feed()
    lying = LyingProvider()
    settings.IDENTITY_ISSUER = lying.issuer
    another_visitor.http.get("/logg-inn/", follow_redirects=False)
    lying.token_from = lambda pushed: signed(_claims(lying, pushed["nonce"], old))
    words = {"code": "c", "state": lying.pushed[-1]["state"], "iss": lying.issuer}
    another_visitor.http.get("/logg-inn/svar/", params=words)
    lying.stop()
    assert another_visitor.is_signed_in()
    assert Person.objects.get() == person


def _claims(provider: LyingProvider, nonce: str, pid: str) -> dict[str, Any]:
    now = int(time.time())
    return {
        "iss": provider.issuer,
        "aud": "dis-portal",
        "sub": "s",
        "iat": now,
        "exp": now + 60,
        "nonce": nonce,
        "acr": "idporten-loa-high",
        "auth_time": now,
        "sid": "sid",
        "pid": pid,
    }


def test_the_snapshot_is_of_the_moment_of_asking(visitor: Visitor) -> None:
    before = clock.now()
    visitor.signs_in("Camilla Breivoll")
    seen = Person.objects.get(name="Camilla Breivoll").register_seen_at
    assert seen is not None
    assert before <= seen <= clock.now() < seen + timedelta(minutes=1)
