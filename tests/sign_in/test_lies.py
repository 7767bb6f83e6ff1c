"""Whatever a false or broken provider says, nothing false is let in and nothing is stored."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from pytest_django import Settings

from portal.counterparts.identity.client_key import client_key
from portal.people.models import Account, Person, SignInSession
from tests.people.test_people import PID, REAL_PID
from tests.sign_in.lying_provider import LyingProvider, signed
from tests.sign_in.visitor import PROOF_PAGE, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Lie = Callable[[dict[str, Any]], str]


@pytest.fixture
def provider(portal_url: str, settings: Settings) -> Iterator[LyingProvider]:
    lying = LyingProvider()
    settings.IDENTITY_ISSUER = lying.issuer
    yield lying
    lying.stop()


def true_claims(provider: LyingProvider) -> dict[str, Any]:
    now = int(time.time())
    return {
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


def comes_back(visitor: Visitor, provider: LyingProvider, lie: Lie) -> httpx.Response:
    """Go to the provider and come back with its lie."""
    visitor.http.get("/logg-inn/", params={"next": PROOF_PAGE}, follow_redirects=False)
    provider.token_from = lambda _pushed: lie(true_claims(provider))
    words = {"code": "c", "state": provider.pushed[-1]["state"], "iss": provider.issuer}
    return visitor.http.get("/logg-inn/svar/", params=words)


OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
LIES: dict[str, Lie] = {
    "another audience": lambda true: signed(true | {"aud": "someone-else"}),
    "another issuer": lambda true: signed(true | {"iss": "https://idporten.example"}),
    "another nonce": lambda true: signed(true | {"nonce": "replayed"}),
    "no nonce": lambda true: signed({name: value for name, value in true.items() if name != "nonce"}),
    "unsigned": lambda true: jwt.encode(true, "", algorithm="none", headers={"kid": "1"}),
    "signed by a secret in the key set": lambda true: signed(true, key="secret" * 6, algorithm="HS256", kid="2"),
    "signed by another key": lambda true: signed(true, key=OTHER_KEY),
    "level too low": lambda true: signed(true | {"acr": "idporten-loa-substantial"}),
    "long ago": lambda true: signed(true | {"auth_time": 1}),
    "expired": lambda true: signed(true | {"exp": 1}),
    "no number": lambda true: signed({name: value for name, value in true.items() if name != "pid"}),
    "a number that is none": lambda true: signed(true | {"pid": "12345678901"}),
    "a real person's number": lambda true: signed(true | {"pid": REAL_PID}),
    "not a token": lambda true: "garbage",
    "nothing": lambda true: "",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_is_refused_in_plain_words_and_nothing_is_stored(
    visitor: Visitor, provider: LyingProvider, lie: Lie
) -> None:
    page = comes_back(visitor, provider, lie)
    assert page.status_code in (403, 503)
    assert "<h1" in page.text
    assert PID not in page.text
    assert REAL_PID not in page.text
    for model in (Person, Account, SocialAccount, SignInSession):
        assert not model.objects.exists()
    assert not any(PID in str(session.get_decoded()) for session in Session.objects.all())
    assert not visitor.is_signed_in()


def test_the_truth_is_let_in(visitor: Visitor, provider: LyingProvider) -> None:
    """Or the tests above would prove nothing."""
    assert comes_back(visitor, provider, signed).json()["signed_in"] is True


def test_what_is_pushed_and_exchanged(visitor: Visitor, provider: LyingProvider) -> None:
    comes_back(visitor, provider, signed)
    comes_back(visitor, provider, signed)
    visitor.http.cookies.clear()
    comes_back(visitor, provider, signed)
    pushed, exchanged = provider.pushed[-1], provider.exchanged[-1]
    assert pushed["acr_values"] == "idporten-loa-high"
    assert pushed["scope"] == "openid profile"
    assert pushed["response_type"] == "code"
    assert pushed["redirect_uri"] == f"{django_settings.PORTAL_URL}/logg-inn/svar/"
    assert pushed["ui_locales"] == "nb"
    digest = hashlib.sha256(exchanged["code_verifier"].encode()).digest()
    assert pushed["code_challenge"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert pushed["code_challenge_method"] == "S256"
    for secret in ("state", "nonce", "code_challenge"):
        seen = [push[secret] for push in provider.pushed]
        assert len(set(seen)) == len(seen)


def test_how_we_prove_ourselves(visitor: Visitor, provider: LyingProvider) -> None:
    comes_back(visitor, provider, signed)
    published = visitor.http.get("/.well-known/idporten-jwks.json").json()["keys"][0]
    assert "d" not in published
    for form in (provider.pushed[-1], provider.exchanged[-1]):
        assert form["client_assertion_type"].endswith("jwt-bearer")
        claims = jwt.decode(
            form["client_assertion"],
            jwt.PyJWK(published),
            algorithms=[client_key().algorithm],
            audience=provider.issuer,
        )
        assert claims["iss"] == claims["sub"] == form["client_id"] == "dis-portal"
        assert claims["exp"] - claims["iat"] <= 120
    first, second = (
        jwt.decode(form["client_assertion"], options={"verify_signature": False})
        for form in (provider.pushed[-1], provider.exchanged[-1])
    )
    assert first["jti"] != second["jti"]


@pytest.mark.parametrize(("accept", "expected"), [("nn", "nn"), ("se", "se"), ("en", "en"), ("fr", "nb")])
def test_the_pages_language_goes_along(visitor: Visitor, provider: LyingProvider, accept: str, expected: str) -> None:
    visitor.http.get("/logg-inn/", headers={"Accept-Language": accept}, follow_redirects=False)
    assert provider.pushed[-1]["ui_locales"] == expected


def test_the_host_header_decides_nothing(visitor: Visitor, provider: LyingProvider) -> None:
    visitor.http.get("/logg-inn/", headers={"Host": "127.0.0.1", "X-Forwarded-Host": "evil"}, follow_redirects=False)
    assert provider.pushed[-1]["redirect_uri"] == f"{django_settings.PORTAL_URL}/logg-inn/svar/"


def test_a_provider_that_is_gone(visitor: Visitor, provider: LyingProvider, settings: Settings) -> None:
    settings.IDENTITY_ISSUER = "http://localhost:9"
    page = visitor.http.get("/logg-inn/")
    assert page.status_code == 503
    assert "Vi får ikke kontakt med ID-porten" in page.text


def test_a_population_register_that_is_gone(visitor: Visitor, provider: LyingProvider, settings: Settings) -> None:
    settings.POPULATION_REGISTER_URL = "http://localhost:9"
    assert comes_back(visitor, provider, signed).json()["signed_in"] is True
    assert Person.objects.get().name == ""
