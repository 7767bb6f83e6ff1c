"""Whatever a false HelseID says, nobody becomes a clinician by it."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from portal.people.helseid.provider import NAMES
from portal.people.models import Person, Role, SignInSession
from tests.people.test_people import PID
from tests.sign_in.cast import employed, pid_of
from tests.sign_in.lying_provider import LyingProvider, signed
from tests.sign_in.visitor import PROOF_PAGE, STAFF_DOOR, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Claims = dict[str, Any]
HPR = "9214301"
UNN = "983974899"


@pytest.fixture
def clinician(portal_url: str) -> Person:
    return employed("astrid-fossheim", Role.CLINICIAN)


@pytest.fixture
def provider(portal_url: str, settings: Settings) -> Iterator[LyingProvider]:
    lying = LyingProvider()
    settings.HELSEID_ISSUER = lying.issuer
    lying.user_info = {"sub": "s", "helseid://claims/hpr/hpr_details": approved()}
    yield lying
    lying.stop()


def approved(**changes: Any) -> Claims:
    return {"hpr_number": int(HPR), "approvals": [{"profession": "LE"}]} | changes


def true_claims(provider: LyingProvider) -> Claims:
    now = int(time.time())
    return {
        "iss": provider.issuer,
        "aud": django_settings.HELSEID_CLIENT_ID,
        "sub": "s",
        "iat": now,
        "exp": now + 60,
        "nonce": provider.pushed[-1]["nonce"],
        "auth_time": now,
        "sid": "sid",
        NAMES.pid: pid_of("astrid-fossheim"),
        NAMES.level: "4",
        NAMES.hpr_number: HPR,
        NAMES.organisation: UNN,
    }


def comes_back(visitor: Visitor, provider: LyingProvider, lie: Callable[[Claims], Claims]) -> httpx.Response:
    visitor.http.get(STAFF_DOOR, params={"next": PROOF_PAGE}, follow_redirects=False)
    provider.token_from = lambda _pushed: signed(lie(true_claims(provider)))
    words = {"code": "c", "state": provider.pushed[-1]["state"], "iss": provider.issuer}
    return visitor.http.get("/logg-inn/ansatt/svar/", params=words)


def without(name: str) -> Callable[[Claims], Claims]:
    return lambda true: {key: value for key, value in true.items() if key != name}


LIES: dict[str, Callable[[Claims], Claims]] = {
    "another audience": lambda true: true | {"aud": "dis-portal"},
    "another issuer": lambda true: true | {"iss": django_settings.IDENTITY_ISSUER},
    "another nonce": lambda true: true | {"nonce": "replayed"},
    "level 3": lambda true: true | {NAMES.level: "3"},
    "a level that is a number": lambda true: true | {NAMES.level: 4},
    "the level in another claim": lambda true: without(NAMES.level)(true) | {"acr": "4"},
    "no level": without(NAMES.level),
    "no number": without(NAMES.pid),
    "ID-porten's claim instead": lambda true: without(NAMES.pid)(true) | {"pid": true[NAMES.pid]},
    "another person's number": lambda true: true | {NAMES.pid: PID},
    "a number that is none": lambda true: true | {NAMES.pid: "12345678901"},
    "long ago": lambda true: true | {"auth_time": 1},
}


@pytest.mark.usefixtures("clinician")
@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_is_refused_and_nothing_is_stored(
    visitor: Visitor, provider: LyingProvider, lie: Callable[[Claims], Claims]
) -> None:
    page = comes_back(visitor, provider, lie)
    assert page.status_code == 403
    assert "<h1" in page.text
    assert PID not in page.text
    assert not SignInSession.objects.exists()
    assert Person.objects.count() == 1


def test_the_truth_is_let_in(visitor: Visitor, provider: LyingProvider, clinician: Person) -> None:
    assert comes_back(visitor, provider, lambda true: true).json()["signed_in"] is True
    session = SignInSession.objects.get()
    assert (session.person, session.hpr_number, session.organisation) == (clinician, HPR, UNN)


NO_NUMBER: dict[str, tuple[Callable[[Claims], Claims], Claims]] = {
    "no HPR number": (without(NAMES.hpr_number), {}),
    "a number that is text": (lambda true: true | {NAMES.hpr_number: "' OR 1"}, {}),
    "a number that is too long": (lambda true: true | {NAMES.hpr_number: "1" * 10}, {}),
    "no approvals": (dict, approved(approvals=[])),
    "approvals of nothing": (dict, approved(approvals=[{}, None, "LE"])),
    "approvals that are no list": (dict, approved(approvals={"profession": "LE"})),
    "another one's approvals": (dict, approved(hpr_number=1)),
    "details that are none": (dict, {}),
}


@pytest.mark.usefixtures("clinician")
@pytest.mark.parametrize(("lie", "details"), NO_NUMBER.values(), ids=NO_NUMBER)
def test_without_an_authorisation_the_session_has_no_number_and_is_no_clinicians(
    visitor: Visitor, provider: LyingProvider, lie: Callable[[Claims], Claims], details: Claims
) -> None:
    provider.user_info["helseid://claims/hpr/hpr_details"] = details
    assert comes_back(visitor, provider, lie).json()["signed_in"] is True
    assert SignInSession.objects.get().hpr_number == ""
    assert visitor.http.get("/behandler/").status_code == 403


@pytest.mark.usefixtures("clinician")
@pytest.mark.parametrize("organisation", [None, "", "98397489X", "9" * 10, 983974899])
def test_an_employer_that_is_none_makes_no_clinician(
    visitor: Visitor, provider: LyingProvider, organisation: object
) -> None:
    comes_back(visitor, provider, lambda true: true | {NAMES.organisation: organisation})
    assert SignInSession.objects.get().organisation == ""
    assert visitor.http.get("/behandler/").status_code == 403


@pytest.mark.usefixtures("clinician")
def test_details_about_somebody_else_stop_it_all(visitor: Visitor, provider: LyingProvider) -> None:
    provider.user_info["sub"] = "another"
    assert comes_back(visitor, provider, dict).status_code == 403
    assert not SignInSession.objects.exists()


@pytest.mark.usefixtures("clinician")
def test_what_is_asked_of_helseid(visitor: Visitor, provider: LyingProvider) -> None:
    comes_back(visitor, provider, dict)
    pushed = provider.pushed[-1]
    assert pushed["client_id"] == "dis-portal-ansatt"
    assert pushed["redirect_uri"] == f"{django_settings.PORTAL_URL}/logg-inn/ansatt/svar/"
    assert pushed["acr_values"] == "Level4"
    assert "helseid://scopes/hpr/hpr_number" in pushed["scope"].split()
    assert pushed["code_challenge_method"] == "S256"
    assert "prompt" not in pushed
