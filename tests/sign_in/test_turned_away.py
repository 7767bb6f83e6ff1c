"""The dead are not signed in, a machine that knocks too often must wait, and neither leaves anything behind."""

from collections.abc import Iterator
from datetime import date

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client, RequestFactory
from pytest_django import Settings

from portal.fhir import limits
from portal.people.commands import register_person
from portal.people.models import Account, Person, SignInSession
from portal.people.rate_limit import client_address
from tests.sign_in.cast import pid_of
from tests.sign_in.visitor import STAFF_DOOR, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
SLUG = "kari-nordli"


@pytest.fixture
def dead(portal_url: str, standins_url: str) -> Iterator[str]:
    """Kari's number, on a day when the register has been told that she is dead."""
    address = f"{standins_url}/population-register/persons/{pid_of(SLUG)}"
    httpx.patch(address, json={"died_on": "2026-11-01"}).raise_for_status()
    yield pid_of(SLUG)
    httpx.patch(address, json={"died_on": None}).raise_for_status()


@pytest.mark.usefixtures("dead")
def test_a_dead_persons_key_opens_nothing_and_stores_nothing(visitor: Visitor) -> None:
    page = visitor.signs_in()
    assert page.status_code == 403
    assert "Folkeregisteret har fått melding om at personen" in page.text
    assert "Er du pårørende, kan du ringe oss" in page.text
    assert "Er meldingen feil, beklager vi" in page.text
    for model in (Person, Account, SocialAccount, SignInSession):
        assert not model.objects.exists()
    assert not visitor.is_signed_in()


def test_someone_who_was_here_before_is_refused_from_that_day(visitor: Visitor, dead: str) -> None:
    person = register_person(pid=dead, name="Kari Nordli")
    assert visitor.signs_in().status_code == 403
    assert not SignInSession.objects.exists()
    person.refresh_from_db()
    assert person.last_signed_in_at is None


def test_what_we_know_counts_while_the_register_is_silent(visitor: Visitor, settings: Settings) -> None:
    register_person(pid=pid_of(SLUG), died_on=date(2026, 11, 1))
    settings.POPULATION_REGISTER_URL = "http://localhost:9"
    assert visitor.signs_in().status_code == 403


def test_a_death_that_was_a_mistake_is_forgotten_at_once(visitor: Visitor) -> None:
    person = register_person(pid=pid_of(SLUG), died_on=date(2026, 11, 1))
    assert visitor.signs_in().json()["signed_in"] is True
    person.refresh_from_db()
    assert person.died_on is None


def kept_at(place: str) -> dict[str, dict[str, str]]:
    """Where the count is kept: in this process, so that a busy machine does not disturb it, or at a Redis."""
    backend = "redis.RedisCache" if place.startswith("redis:") else "locmem.LocMemCache"
    return {"default": {"BACKEND": f"django.core.cache.backends.{backend}", "LOCATION": place}}


class TestTooOften:
    @pytest.fixture(autouse=True)
    def counted_from_nothing(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.SIGN_IN_REQUESTS_PER_MINUTE = 3
        settings.CACHES = kept_at("sign-in-tests")
        monkeypatch.setattr(limits, "_quiet_until", 0.0)
        cache.clear()

    @pytest.mark.parametrize(
        "address", ["/logg-inn/", "/logg-inn/svar/", STAFF_DOOR, "/logg-inn/ansatt/svar/", "/logg-inn/pa-nytt/videre/"]
    )
    def test_a_minutes_worth_and_then_a_page_in_plain_words(self, client: Client, address: str) -> None:
        answers = [client.get(address) for _ in range(8)]  # a new minute may begin in between
        assert 429 not in [answer.status_code for answer in answers[:3]]
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert refused.headers["Retry-After"] == "60"
        assert "Vent ett minutt" in refused.content.decode()
        assert "no-store" in refused.headers["Cache-Control"]

    def test_other_addresses_and_other_pages_are_free(self, client: Client) -> None:
        assert 429 in {client.get("/logg-inn/svar/").status_code for _ in range(8)}
        assert client.get("/logg-inn/svar/", REMOTE_ADDR="192.0.2.7").status_code == 400
        assert client.get("/logg-ut/").status_code == 200
        assert client.get("/logg-ut/idporten/").status_code == 200, "a sign-out is never held up"

    def test_where_the_count_is_lost_nobody_is_kept_out(self, client: Client) -> None:
        for _ in range(5):
            client.get("/logg-inn/svar/")
        cache.clear()
        assert client.get("/logg-inn/svar/").status_code == 400

    def test_where_redis_is_gone_nobody_is_kept_out(self, client: Client, settings: Settings) -> None:
        settings.CACHES = kept_at("redis://127.0.0.1:9/0")
        assert {client.get("/logg-inn/svar/").status_code for _ in range(6)} == {400}

    def test_no_address_stands_in_the_count(self, client: Client) -> None:
        client.get("/logg-inn/svar/", REMOTE_ADDR="192.0.2.7")
        keys = [key for key in cache._cache if "sign-in" in key]  # type: ignore[attr-defined]  # the bare keys
        assert keys
        assert not [key for key in keys if "192.0.2.7" in key]


@pytest.mark.parametrize(
    ("proxies", "told", "found"),
    [
        (0, "", "127.0.0.1"),
        (0, "192.0.2.1", "127.0.0.1"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "198.51.100.9, 192.0.2.1", "192.0.2.1"),
        (2, "198.51.100.9, 192.0.2.1", "198.51.100.9"),
        (2, "192.0.2.1", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, " , ", "127.0.0.1"),
    ],
)
def test_a_client_cannot_choose_its_own_address(settings: Settings, proxies: int, told: str, found: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/logg-inn/", headers={"X-Forwarded-For": told} if told else {})
    assert client_address(request) == found
