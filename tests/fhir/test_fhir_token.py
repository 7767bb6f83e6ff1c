"""The token endpoint, with real keys and real forgeries."""

from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from portal.fhir.models import AccessToken, ApiClient, UsedAssertion
from portal.fhir.tokens import find, sweep
from portal.kernel import clock
from tests.fhir.clients import System, ask, bearer, rsa_system, unsigned

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.fhir.urls")]


@pytest.fixture
def system() -> System:
    """A registered system with an elliptic key."""
    system = System("dips-test")
    system.register()
    return system


def seconds_from_now(seconds: int) -> int:
    return int((clock.real_now() + timedelta(seconds=seconds)).timestamp())


def test_a_signed_assertion_gives_a_token_for_five_minutes(client: Client, system: System) -> None:
    answer = ask(client, system.sign(), "system/CommunicationRequest.write")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("bearer", 300)
    assert body["scope"] == "system/CommunicationRequest.write"
    sender = find(body["access_token"])
    assert sender is not None
    assert (sender.client_id, sender.scopes) == ("dips-test", ("system/CommunicationRequest.write",))
    assert not AccessToken.objects.filter(sha256=body["access_token"]).exists()


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "PS256", "PS384"])
def test_rsa_keys_sign_as_well(client: Client, algorithm: str) -> None:
    system = rsa_system("rsa-system", algorithm)
    system.register()
    assert ask(client, system.sign()).status_code == 200


def test_without_a_scope_the_token_gets_what_the_client_is_registered_with(client: Client, system: System) -> None:
    answer = ask(client, system.sign(), scope=None)
    assert len(answer.json()["scope"].split()) == 3


def test_one_key_needs_no_name_and_two_keys_are_told_apart(client: Client, system: System) -> None:
    assert ask(client, system.sign(header={})).status_code == 200
    other = System("dips-test", kid="key-2")
    ApiClient.objects.update(jwks={"keys": [system.public_jwk(), other.public_jwk()]})
    assert ask(client, other.sign()).status_code == 200
    assert ask(client, system.sign()).status_code == 200


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("another audience", {"aud": "http://localhost:8000/fhir"}),
    ("another audience in a list", {"aud": ["https://elsewhere.example/oauth/token"]}),
    ("no audience", {"aud": None}),
    ("expired", {"exp": seconds_from_now(-60)}),
    ("too long a life", {"exp": seconds_from_now(86_400)}),
    ("no end", {"exp": None}),
    ("an end that is no time", {"exp": "soon"}),
    ("an end beyond the calendar", {"exp": 10**17}),
    ("not valid yet", {"nbf": seconds_from_now(86_400)}),
    ("issued in the future", {"iat": seconds_from_now(86_400)}),
    ("another subject", {"sub": "somebody-else"}),
    ("no subject", {"sub": None}),
    ("no issuer", {"iss": None}),
    ("an unknown issuer", {"iss": "nobody", "sub": "nobody"}),
    ("no name of its own", {"jti": None}),
    ("an empty name", {"jti": ""}),
    ("a name that is a list", {"jti": ["a"]}),
    ("too long a name", {"jti": "x" * 256}),
]


@pytest.mark.parametrize("changes", [changes for _, changes in WRONG], ids=[name for name, _ in WRONG])
def test_a_wrong_claim_gives_no_token(client: Client, system: System, changes: dict[str, Any]) -> None:
    try:
        assertion = system.sign(**changes)
    except TypeError:  # the library refuses to write it, so it is written without the library
        assertion = unsigned(system.claims(**changes), "ES384")
    answer = ask(client, assertion)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert not AccessToken.objects.exists()


def test_an_assertion_buys_one_token_only(client: Client, system: System) -> None:
    assertion = system.sign()
    assert ask(client, assertion).status_code == 200
    again = ask(client, assertion)
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")
    assert AccessToken.objects.count() == 1


def test_the_same_name_from_another_client_is_another_assertion(client: Client, system: System) -> None:
    other = System("other-system")
    other.register()
    assert ask(client, system.sign(jti="the-same")).status_code == 200
    assert ask(client, other.sign(jti="the-same")).status_code == 200


def test_another_clients_key_does_not_sign_for_this_one(client: Client, system: System) -> None:
    other = System("other-system")
    other.register()
    forged = jwt.encode(system.claims(), other.key, algorithm="ES384", headers={"kid": "key-1"})
    answer = ask(client, forged)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert "signature" in answer.json()["error_description"]


def test_unknown_clients_and_wrong_signatures_are_told_alike(client: Client, system: System) -> None:
    unknown = ask(client, System("nobody").sign())
    forged = ask(client, System("dips-test").sign())
    assert (unknown.status_code, unknown.content) == (forged.status_code, forged.content)


def test_a_client_shut_out_gets_no_token_and_loses_those_it_has(client: Client, system: System) -> None:
    token = ask(client, system.sign()).json()["access_token"]
    ApiClient.objects.update(active=False)
    assert ask(client, system.sign()).status_code == 401
    assert find(token) is None


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS384", "EdDSA", "ES512"])
def test_algorithms_that_are_not_asymmetric_or_not_ours_are_refused(
    client: Client, system: System, algorithm: str
) -> None:
    answer = ask(client, unsigned(system.claims(), algorithm))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_the_public_key_used_as_a_shared_secret_is_refused(client: Client, system: System) -> None:
    secret = str(system.public_jwk()["x"]) * 2
    answer = ask(client, jwt.encode(system.claims(), secret, algorithm="HS384", headers={"kid": "key-1"}))
    assert answer.status_code == 401


def test_a_header_that_asks_for_more_than_we_understand_is_refused(client: Client, system: System) -> None:
    for header in ({"kid": "key-1", "crit": ["exp"]}, {"kid": "key-1", "typ": "at+jwt"}):
        assert ask(client, system.sign(header=header)).status_code == 401


@pytest.mark.parametrize("scope", ["system/Appointment.write", "patient/*.read", "nonsense", "system/Patient.rs"])
def test_a_client_cannot_widen_its_scopes(client: Client, system: System, scope: str) -> None:
    for asked in (scope, f"system/CommunicationRequest.write {scope}"):
        answer = ask(client, system.sign(), asked)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "unsupported_grant_type"),
        ({"client_assertion_type": None}, "invalid_request"),
        ({"client_assertion_type": "something"}, "invalid_request"),
        ({"client_assertion": None}, "invalid_request"),
        ({"client_assertion": "a.b.c"}, "invalid_client"),
        ({"client_assertion": "%ff%fe.%ff"}, "invalid_client"),
        ({"client_assertion": "x" * 20_000}, "invalid_client"),
        ({"client_id": "somebody-else"}, "invalid_client"),
        ({"scope": "x" * 3000}, "invalid_scope"),
        ({"grant_type": "client_credentials&grant_type=client_credentials"}, "invalid_request"),
    ],
)
def test_a_wrong_form_is_answered_in_rfc_6749s_words(
    client: Client, system: System, changes: dict[str, Any], error: str
) -> None:
    answer = ask(client, system.sign(), **changes)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] == error
    assert answer.json()["error_description"].isascii()
    assert answer["Cache-Control"] == "no-store"


def test_only_a_posted_form_is_read(client: Client) -> None:
    assert (client.get("/oauth/token").status_code, client.get("/oauth/token")["Allow"]) == (405, "POST")
    answer = client.post("/oauth/token", "{}", content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_client_gone_astray_is_slowed_down_alone(client: Client, system: System, settings: Settings) -> None:
    settings.OAUTH_TOKENS_PER_MINUTE = 2
    cache.clear()
    answers = [ask(client, system.sign()).status_code for _ in range(4)]
    other = System("other-system")
    other.register()
    assert answers.count(429) >= 1
    assert ask(client, other.sign()).status_code == 200


def test_what_has_expired_is_swept_away(client: Client, system: System) -> None:
    ask(client, system.sign())
    past = clock.real_now() - timedelta(minutes=1)
    AccessToken.objects.update(expires_at=past)
    UsedAssertion.objects.update(expires_at=past)
    sweep()
    assert not AccessToken.objects.exists()
    assert not UsedAssertion.objects.exists()


def test_a_token_opens_what_its_scopes_say(client: Client) -> None:
    system = System("reader")
    system.register("system/Patient.rs", "system/CommunicationRequest.write")
    may = bearer(client, system, "system/Patient.read")
    may_not = bearer(client, system, "system/CommunicationRequest.write")
    assert client.get("/fhir/trial/guarded", headers=may).json() == {"caller": "reader"}
    refused = client.get("/fhir/trial/guarded", headers=may_not)
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused["WWW-Authenticate"]


def test_an_expired_token_opens_nothing(client: Client) -> None:
    system = System("reader")
    system.register("system/Patient.rs")
    header = bearer(client, system)
    AccessToken.objects.update(expires_at=clock.real_now())
    refused = client.get("/fhir/trial/guarded", headers=header)
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused["WWW-Authenticate"]


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer æ", "Bearer " + "a" * 5000])
def test_any_other_authorization_is_401(client: Client, header: str) -> None:
    assert client.get("/fhir/trial/guarded", headers={"Authorization": header}).status_code == 401


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_small_rsa_keys_are_of_no_use(client: Client) -> None:
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - a weak key is the point
    system = System("small", algorithm="RS384", key=small)
    system.register()
    assert ask(client, system.sign()).status_code == 401
