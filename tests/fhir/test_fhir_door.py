"""Every failure behind /fhir/ is FHIR; bodies come whole, in pieces, or are refused; anyone may ask what is offered."""

import gzip
import json
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client, RequestFactory
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome
from pytest_django.fixtures import Settings

from portal.fhir.views import OpenFhirView
from tests.fhir.clients import signed_in
from tests.fhir.orders import outcome, send, words
from tests.fhir.urls import FAILURES, Echo

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.fhir.urls")]
JSON = "application/fhir+json"


@pytest.mark.parametrize("kind", sorted(FAILURES))
def test_every_failure_is_an_operation_outcome(client: Client, kind: str) -> None:
    answer = client.get(f"/fhir/trial/fail/{kind}")
    assert answer.status_code == int(kind[:3])
    assert answer["Content-Type"] == "application/fhir+json; charset=utf-8"
    OperationOutcome.model_validate(answer.json())
    assert "13097248022" not in answer.content.decode()
    assert ("Retry-After" in answer) == (answer.status_code == 503)


def test_an_unforeseen_error_is_logged_without_its_text(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/fhir/trial/fail/500")
    assert "RuntimeError" in caplog.text
    assert "13097248022" not in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/fhir/Patient/1", 404),
        ("POST", "/fhir/", 404),
        ("GET", "/fhir/CommunicationRequest", 405),
        ("DELETE", "/fhir/CommunicationRequest/1", 405),
        ("PATCH", "/fhir/CommunicationRequest/1", 405),
        ("OPTIONS", "/fhir/CommunicationRequest", 405),
        ("POST", "/fhir/metadata", 405),
        ("GET", "/fhir/Communication/_search", 405),
    ],
)
def test_what_is_not_offered_is_said_in_fhir(client: Client, method: str, path: str, status: int) -> None:
    answer = client.generic(method, path, headers=signed_in(client))
    assert answer.status_code == status
    assert outcome(answer)
    assert status != 405 or answer["Allow"]


def test_without_a_token_everything_else_is_401(client: Client) -> None:
    for path in ("CommunicationRequest", "CommunicationRequest/1", "Communication", "Communication/1"):
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = client.generic(method, f"/fhir/{path}")
            assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="fhir"')
            assert words(answer) == {"token-missing"}


@pytest.mark.parametrize("accept", ["application/fhir+xml", "text/turtle", "image/png"])
def test_other_formats_are_406(client: Client, accept: str) -> None:
    answer = client.get("/fhir/metadata", headers={"Accept": accept})
    assert (answer.status_code, words(answer)) == (406, {"format"})


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("*/*", JSON),
        ("application/json", "application/json"),
        ("application/fhir+json;q=0.9, application/json;q=0.1", JSON),
        ("text/html,application/xhtml+xml,*/*;q=0.8", JSON),
    ],
)
def test_the_client_gets_the_json_it_asks_for(client: Client, accept: str, given: str) -> None:
    assert client.get("/fhir/metadata", headers={"Accept": accept})["Content-Type"] == f"{given}; charset=utf-8"


@pytest.mark.parametrize(
    ("value", "status"), [("json", 200), ("application/fhir+json", 200), ("xml", 406), ("%00", 406)]
)
def test_the_format_may_stand_in_the_address(client: Client, value: str, status: int) -> None:
    headers = {"Accept": "application/fhir+xml"} if status == 200 else {}
    if value != "%00":
        assert client.get(f"/fhir/metadata?_format={value}", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("content_type", "headers", "code"),
    [
        ("application/fhir+xml", {}, "content-type"),
        ("text/plain", {}, "content-type"),
        ("application/x-www-form-urlencoded", {}, "content-type"),
        ("application/fhir+json; charset=iso-8859-1", {}, "charset"),
        ("application/fhir+json; fhirVersion=5.0", {}, "fhir-version"),
        (JSON, {"Content-Encoding": "gzip"}, "packed-content"),
    ],
)
def test_other_content_is_415(client: Client, content_type: str, headers: dict[str, str], code: str) -> None:
    content = gzip.compress(b"{}") if headers else b"{}"
    answer = client.post("/fhir/trial/echo", content, content_type=content_type, headers=headers)
    assert (answer.status_code, words(answer)) == (415, {code})


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "body-absent"),
        (b"[]", "not-a-resource"),
        (b'"x"', "not-a-resource"),
        (b'{"resourceType":"Patient"}', "resource-type"),
        (b'{"resourceType":"CommunicationRequest","resourceType":"CommunicationRequest"}', "duplicate-key"),
        (b'{"a":"\\u0000"}', "nul-character"),
        (b'{"a":"\xe6"}', "not-utf8"),
    ],
)
def test_a_body_that_cannot_be_read_is_400(client: Client, raw: bytes, code: str) -> None:
    answer = send(client, signed_in(client), raw)
    assert (answer.status_code, words(answer)) == (400, {code})


def test_a_body_beyond_the_limit_is_413(client: Client, settings: Settings) -> None:
    settings.FHIR_MAX_BYTES = 1000
    fits, too_large = b'"' + b"x" * 998 + b'"', b'"' + b"x" * 999 + b'"'
    assert words(client.post("/fhir/trial/echo", fits, content_type=JSON)) == {"not-a-resource"}
    answer = client.post("/fhir/trial/echo", too_large, content_type=JSON)
    assert (answer.status_code, words(answer)) == (413, {"too-large"})


def chunked(body: bytes) -> Any:
    """A request as the web server hands over a body sent in pieces."""
    request = RequestFactory().post("/fhir/trial/echo", content_type=JSON, headers={"Transfer-Encoding": "chunked"})
    request.META.pop("CONTENT_LENGTH", None)
    request.environ |= {"wsgi.input": BytesIO(body), "wsgi.input_terminated": True}
    answer = Echo.as_view()(request)
    answer.render()
    return answer


def test_a_body_may_come_in_chunks(settings: Settings) -> None:
    body = json.dumps({"resourceType": "CommunicationRequest"}).encode()
    assert json.loads(chunked(body).content) == {"kept": len(body)}
    settings.FHIR_MAX_BYTES = 10
    assert chunked(body).status_code == 413


def test_refusals_further_out_are_fhir_too(client: Client, settings: Settings) -> None:
    settings.MIDDLEWARE = ["portal.fhir.middleware.MachineAnswers", *configured.MIDDLEWARE]
    nul = client.get("/fhir/metadata?a=%00")
    assert (nul.status_code, words(nul)) == (400, {"bad-request"})
    stranger = client.get("/fhir/metadata", headers={"Host": "elsewhere.example"})
    assert (stranger.status_code, words(stranger)) == (400, {"bad-request"})
    many = "&".join(f"a{n}=1" for n in range(3000))
    token = client.post("/oauth/token", many, content_type="application/x-www-form-urlencoded")
    assert (token.status_code, token.json()) == (400, {"error": "invalid_request"})


def test_a_client_gone_astray_is_slowed_down(client: Client, settings: Settings) -> None:
    headers = signed_in(client, "hurried")
    settings.FHIR_REQUESTS_PER_MINUTE = 3
    answers = [client.get("/fhir/Communication/1", headers=headers) for _ in range(8)]
    slowed = [answer for answer in answers if answer.status_code == 429]
    assert slowed
    assert words(slowed[0]) == {"throttled"}
    assert 1 <= int(slowed[0]["Retry-After"]) <= 61


def test_anyone_may_read_what_is_offered(client: Client) -> None:
    answer = client.get("/fhir/metadata")
    statement = CapabilityStatement.model_validate(answer.json())
    assert statement.fhirVersion == "4.0.1"
    offered = {one["type"]: {i["code"] for i in one["interaction"]} for one in answer.json()["rest"][0]["resource"]}
    assert offered["CommunicationRequest"] == {"create", "read", "update"}
    assert offered["Communication"] == {"read", "search-type"}


def test_smart_clients_find_the_token_endpoint(client: Client) -> None:
    found = client.get("/fhir/.well-known/smart-configuration").json()
    assert found["token_endpoint"] == "http://localhost:8000/oauth/token"
    assert found["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert {"RS384", "ES384"} <= set(found["token_endpoint_auth_signing_alg_values_supported"])
    assert "system/CommunicationRequest.write" in found["scopes_supported"]


def test_open_addresses_say_so_by_their_class() -> None:
    assert OpenFhirView.permission_classes == ()
