"""Scenarios 45 to 50 of the access design, each by its number, from end to end."""

import json
import logging
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from portal.kernel import clock
from portal.people import queries
from portal.people.models import Account, Person, Role, SignInSession
from tests.people.test_people import PID
from tests.sign_in.cast import CLINICIAN, employed, pid_of
from tests.sign_in.lying_provider import LyingProvider, signed
from tests.sign_in.test_fresh import signed_in_for
from tests.sign_in.test_no_number import everything_in_the_database
from tests.sign_in.visitor import PROOF_PAGE, STAFF_DOOR, Visitor, link_to

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def provider(portal_url: str, settings: Settings) -> Iterator[LyingProvider]:
    lying = LyingProvider()
    settings.IDENTITY_ISSUER = lying.issuer
    yield lying
    lying.stop()


def token(provider: LyingProvider, **changes: Any) -> str:
    now = int(time.time())
    right = {
        "iss": provider.issuer,
        "aud": "dis-portal",
        "sub": "s",
        "iat": now,
        "exp": now + 60,
        "nonce": provider.pushed[-1]["nonce"],
        "acr": "idporten-loa-high",
        "auth_time": now,
        "sid": "sid",
        "pid": PID,
    }
    return signed({name: value for name, value in (right | changes).items() if value is not None})


def comes_back(visitor: Visitor, provider: LyingProvider, **changes: Any) -> httpx.Response:
    provider.token_from = lambda _pushed: token(provider, **changes)
    words = {"code": "c", "state": provider.pushed[-1]["state"], "iss": provider.issuer}
    return visitor.http.get("/logg-inn/svar/", params=words)


def nothing_is_stored() -> bool:
    return not any(model.objects.exists() for model in (Person, Account, SocialAccount, SocialToken, SignInSession))


def test_45_a_substantial_level_is_refused_with_an_explanation_and_nothing_is_stored(visitor: Visitor) -> None:
    page = visitor.begins("/brev/")
    lowered = visitor.http.get(page.url, params={**page.url.params, "acr": "substantial"})
    refused = visitor.chooses(lowered, "Kari Nordli")
    assert refused.status_code == 403
    assert "MinID er ikke nok" in refused.text
    assert "Har du ikke BankID? Spør banken din." in refused.text
    assert "får du brevene dine på papir" in refused.text
    assert nothing_is_stored()
    assert visitor.http.get("/brev/", follow_redirects=False).headers["Location"] == "/logg-inn/?next=%2Fbrev%2F"


@pytest.mark.parametrize("door", ["/logg-inn/", STAFF_DOOR])
@pytest.mark.parametrize(
    "words",
    [
        {"auth_params": "acr_values=idporten-loa-low"},
        {"scope": "openid evil"},
        {"acr_values": "low", "prompt": "none", "process": "connect", "action": "reauthenticate"},
    ],
)
def test_46_words_in_the_address_change_nothing(visitor: Visitor, door: str, words: dict[str, str]) -> None:
    page = visitor.begins(PROOF_PAGE, door, **words)
    assert set(page.url.params) == {"client_id", "request_uri"}
    assert "Du har valgt et annet sikkerhetsnivå" not in page.text


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "replayed"},
        {"iss": "https://evil.example"},
        {"aud": "someone-else"},
        {"auth_time": 1},
        {"auth_time": None},
        {"pid": None},
    ],
    ids=json.dumps,
)
def test_47_a_false_token_is_refused_and_its_number_stands_nowhere(
    visitor: Visitor, provider: LyingProvider, caplog: pytest.LogCaptureFixture, lie: dict[str, Any]
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor.http.get("/logg-inn/", follow_redirects=False)
    page = comes_back(visitor, provider, **lie)
    assert page.status_code == 403
    assert nothing_is_stored()
    stored = everything_in_the_database()
    redis = cache._cache.get_client()  # type: ignore[attr-defined]  # Redis itself
    for place in (stored, page.text, caplog.text, str(page.headers), str(redis.keys("*"))):
        assert PID not in place


def test_47_a_clinicians_numbers_stand_only_where_they_belong(
    visitor: Visitor, another_visitor: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    employed(CLINICIAN[0], Role.CLINICIAN)
    seen: list[str] = []
    visitor.http.event_hooks["request"] = [lambda request: seen.append(str(request.url))]
    page = visitor.signs_in_as_staff(next_url="")
    another_visitor.signs_in(CLINICIAN[1])
    hpr = SignInSession.objects.get(issuer=django_settings.HELSEID_ISSUER).hpr_number
    visitor.signs_out()
    pid = pid_of(CLINICIAN[0])
    stored = everything_in_the_database()
    for text in (stored, caplog.text, page.text, " ".join(seen)):
        assert pid not in text
        assert pid.encode().hex() not in text
    for text in (caplog.text, page.text, " ".join(seen)):
        assert hpr not in text
        assert CLINICIAN[1] not in caplog.text


def test_48_front_channel_logout_ends_exactly_that_session_and_replay_is_harmless(
    visitor: Visitor, another_visitor: Visitor
) -> None:
    visitor.signs_in()
    another_visitor.signs_in()
    mine = SignInSession.objects.earliest("started_at")
    words = {"iss": django_settings.IDENTITY_ISSUER, "sid": mine.sid}
    with httpx.Client(base_url=django_settings.PORTAL_URL) as frame:
        answer = frame.get("/logg-ut/idporten/", params=words)
        mine.refresh_from_db()
        ended_at = mine.ended_at
        assert frame.get("/logg-ut/idporten/", params=words).status_code == 200
        assert not frame.cookies
    assert not visitor.is_signed_in()
    assert another_visitor.is_signed_in()
    mine.refresh_from_db()
    assert (mine.ending, mine.ended_at) == (SignInSession.Ending.PROVIDER, ended_at)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(("path", "origin"), [("/logg-ut/idporten/", "IDENTITY"), ("/logg-ut/helseid/", "HELSEID")])
def test_48_only_the_provider_may_frame_it(client: Client, settings: Settings, path: str, origin: str) -> None:
    setattr(settings, f"{origin}_ORIGINS", ["https://id.example", "https://login.id.example"])
    policy = client.get(path).headers["Content-Security-Policy"]
    assert "frame-ancestors https://id.example https://login.id.example;" in f"{policy};"


def test_48_id_portens_pages_live_at_another_host_than_its_issuer() -> None:
    signin = import_module("portal.config.settings.signin")

    assert signin._origins("https://idporten.no") == ["https://idporten.no", "https://login.idporten.no"]
    assert signin._origins("http://localhost:8001/identity") == ["http://localhost:8001"]


@pytest.mark.urls("tests.sign_in.sensitive_urls")
class TestScenario49:
    def test_49_a_sensitive_deed_asks_for_a_sign_in_of_the_last_five_minutes(self, visitor: Visitor) -> None:
        visitor.signs_in()
        assert visitor.http.get("/sensitive/").url.path == "/sensitive/"
        signed_in_for(6)
        asked = visitor.http.get("/sensitive/")
        assert asked.url.path == "/logg-inn/pa-nytt/"
        again = visitor.chooses(visitor.http.get(link_to(asked, "Logg inn på nytt")), "Kari Nordli")
        assert again.url.path == "/sensitive/"

    def test_49_the_provider_is_told_and_not_believed_if_it_sends_an_old_proof(
        self, visitor: Visitor, provider: LyingProvider
    ) -> None:
        visitor.http.get("/logg-inn/", follow_redirects=False)
        assert "prompt" not in provider.pushed[-1]
        comes_back(visitor, provider)
        signed_in_for(6)
        first = SignInSession.objects.get()
        asked = visitor.http.get("/sensitive/")
        visitor.http.get(link_to(asked, "Logg inn på nytt"), follow_redirects=False)
        assert provider.pushed[-1]["prompt"] == "login"
        page = comes_back(visitor, provider, auth_time=int(time.time()) - 60)
        assert page.status_code == 403
        assert "Du må vise hvem du er på nytt" in page.text
        assert SignInSession.objects.get() == first
        assert visitor.http.get("/sensitive/").url.path == "/logg-inn/pa-nytt/"
        visitor.http.get(link_to(asked, "Logg inn på nytt"), follow_redirects=False)
        assert comes_back(visitor, provider).url.path == "/sensitive/"


@pytest.mark.parametrize(
    ("idle", "age", "ending"),
    [(29, 119, ""), (30, 60, "idle"), (1, 120, "absolute"), (1, 121, "absolute")],
)
def test_50_the_two_limits_hold_through_both_doors(visitor: Visitor, idle: int, age: int, ending: str) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    for begin in (visitor.signs_in, visitor.signs_in_as_staff):
        begin(CLINICIAN[1])
        now = clock.real_now()
        session = SignInSession.objects.get(ended_at=None)
        SignInSession.objects.filter(pk=session.pk).update(
            last_seen_at=now - idle * MINUTE, started_at=now - age * MINUTE
        )
        assert visitor.is_signed_in() is (not ending)
        session.refresh_from_db()
        assert session.ending == ending
        visitor.http.cookies.clear()
        SignInSession.objects.all().delete()


def test_50_the_time_left_is_warned_of_while_it_can_still_be_moved(visitor: Visitor) -> None:
    visitor.signs_in()
    page = visitor.http.get("/logg-ut/")
    found = re.search(r'id="session"[^>]*data-seconds="(\d+)" data-warn="(\d+)"', page.text)
    assert found
    assert 29 * 60 < int(found[1]) <= 30 * 60
    assert int(found[2]) == 300


def test_the_next_page_of_a_new_proof_holds_no_health(visitor: Visitor) -> None:
    """What is kept in the address is a path of ours; the rest stays on the server."""
    visitor.signs_in()
    signed_in_for(6)
    page = visitor.http.get("/logg-inn/pa-nytt/", params={"next": "/brev/?side=2"})
    words = parse_qs(httpx.URL(link_to(page, "Logg inn på nytt")).query.decode())
    assert words == {"next": ["/brev/?side=2"]}
    assert queries.find_by_pid(PID) is None
