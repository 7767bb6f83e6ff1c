"""The stand-in is as strict as ID-porten, and misbehaves when told to; the portal answers each in plain words."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.conf import settings

from portal.counterparts.client import trusted
from portal.counterparts.identity.client_key import client_assertion
from portal.people.idporten.provider import idporten
from portal.people.models import Person
from portal.people.openid.provider import authorization_request
from tests.sign_in.visitor import Visitor, link_to

pytestmark = pytest.mark.django_db(transaction=True)
VERIFIER = "v" * 50


@pytest.fixture
def idp(portal_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{settings.IDENTITY_ISSUER}/", timeout=10, verify=trusted()) as client:
        yield client


def proof() -> dict[str, str]:
    return {
        "client_id": "dis-portal",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": client_assertion(issuer=settings.IDENTITY_ISSUER, client_id="dis-portal"),
    }


def request() -> dict[str, str]:
    return authorization_request(idporten(), state="s", nonce="n", verifier=VERIFIER)


def code_for(idp: httpx.Client) -> str:
    pushed = idp.post("par", data=request() | proof()).json()
    page = idp.get("authorize", params={"client_id": "dis-portal", "request_uri": pushed["request_uri"]})
    back = idp.get(link_to(page, "Kari Nordli"), follow_redirects=False).headers["Location"]
    return parse_qs(urlsplit(back).query)["code"][0]


def exchange(code: str, /, **changes: str) -> dict[str, str]:
    form = {"grant_type": "authorization_code", "code": code, "code_verifier": VERIFIER}
    return form | {"redirect_uri": f"{settings.PORTAL_URL}/logg-inn/svar/"} | proof() | changes


def test_the_description_fits_its_issuer(idp: httpx.Client) -> None:
    said = idp.get(".well-known/openid-configuration").json()
    assert said["issuer"] == settings.IDENTITY_ISSUER
    assert said["require_pushed_authorization_requests"] is True
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": ""},
        {"nonce": ""},
        {"response_type": "token"},
        {"redirect_uri": "https://evil.example/"},
        {"scope": "profile"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
    ],
)
def test_a_request_that_is_not_whole_is_refused(idp: httpx.Client, wrong: dict[str, str]) -> None:
    answer = idp.post("par", data=request() | proof() | wrong)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("wrong", [{"client_id": "x"}, {"client_assertion": "x"}, {"client_assertion_type": "x"}])
@pytest.mark.parametrize("endpoint", ["par", "token"])
def test_a_caller_that_cannot_prove_itself_is_refused(idp: httpx.Client, endpoint: str, wrong: dict[str, str]) -> None:
    answer = idp.post(endpoint, data=request() | proof() | wrong)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_assertion_is_good_once(idp: httpx.Client) -> None:
    form = request() | proof()
    assert idp.post("par", data=form).status_code == 201
    assert idp.post("par", data=form).status_code == 401


def test_a_request_must_be_pushed_and_is_answered_once(idp: httpx.Client) -> None:
    assert idp.get("authorize", params=request()).status_code == 400
    pushed = idp.post("par", data=request() | proof()).json()
    page = idp.get("authorize", params={"client_id": "dis-portal", "request_uri": pushed["request_uri"]})
    assert idp.get(link_to(page, "Kari Nordli"), follow_redirects=False).status_code == 302
    assert idp.get(link_to(page, "Kari Nordli"), follow_redirects=False).status_code == 400


def test_a_code_is_good_once(idp: httpx.Client) -> None:
    code = code_for(idp)
    tokens = idp.post("token", data=exchange(code)).json()
    assert set(tokens) == {"access_token", "token_type", "expires_in", "scope", "id_token"}
    said = idp.get("userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}).json()
    assert set(said) == {"sub", "pid"}
    assert idp.post("token", data=exchange(code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "wrong",
    [{"code_verifier": "w" * 50}, {"code_verifier": ""}, {"redirect_uri": "https://evil.example/"}, {"code": "x"}],
)
def test_a_code_needs_its_verifier_and_address(idp: httpx.Client, wrong: dict[str, str]) -> None:
    assert idp.post("token", data=exchange(code_for(idp), **wrong)).json()["error"] == "invalid_grant"


def test_a_made_up_access_token_tells_nothing(idp: httpx.Client) -> None:
    assert idp.get("userinfo", headers={"Authorization": "Bearer x"}).status_code == 401


def test_its_page_names_no_number_and_runs_no_script(idp: httpx.Client, visitor: Visitor) -> None:
    page = visitor.begins()
    assert not re.search(r"\d{11}", page.text)
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert "stedfortreder" in page.text


@pytest.mark.parametrize(
    ("lever", "status", "words"),
    [
        ({"mode": "down"}, 503, "Vi får ikke kontakt med ID-porten"),
        ({"mode": "error"}, 503, "Vi får ikke kontakt med ID-porten"),
        ({"mode": "garbage"}, 503, "Vi får ikke kontakt med ID-porten"),
        ({"mode": "hang", "seconds": 7}, 503, "Vi får ikke kontakt med ID-porten"),
        ({"mode": "reject"}, 403, "Innloggingen ble stanset"),
    ],
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_provider_that_misbehaves(
    visitor: Visitor, standins_url: str, lever: dict[str, object], status: int, words: str, when: str
) -> None:
    """Before: the request cannot be pushed. After: the code cannot be exchanged."""
    try:
        if when == "before":
            httpx.post(f"{standins_url}/identity/behave", json=lever).raise_for_status()
            page = visitor.begins()
        else:
            answer = visitor.answer_for(visitor.begins(), "Kari Nordli")
            httpx.post(f"{standins_url}/identity/behave", json=lever).raise_for_status()
            page = visitor.http.get(answer)
    finally:
        httpx.post(f"{standins_url}/identity/behave", json={"mode": "ok"}).raise_for_status()
    assert (page.status_code, words in page.text) == (status, True), page.text
    assert not Person.objects.exists()
    assert visitor.signs_in().json()["signed_in"] is True
