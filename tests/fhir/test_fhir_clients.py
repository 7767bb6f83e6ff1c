"""Registering client systems, and fetching their keys over HTTP when they change."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from portal.fhir.http import KeysUnavailable, fetch_keys
from portal.fhir.keys import UnfitKeys, usable
from portal.fhir.models import ApiClient
from portal.kernel import clock
from tests.fhir.clients import ALL_SCOPES, System, ask, rsa_system

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.fhir.urls")]


class KeyServer:
    """A client system's own web server with its public keys."""

    def __init__(self) -> None:
        self.status = 200
        self.content = b"{}"
        self.asked = 0
        holder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                holder.asked += 1
                self.send_response(holder.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(holder.content)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class' own name
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/jwks"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def publish(self, *systems: System) -> None:
        self.content = json.dumps({"keys": [system.public_jwk() for system in systems]}).encode()


@pytest.fixture
def keys() -> Iterator[KeyServer]:
    server = KeyServer()
    yield server
    server.server.shutdown()
    server.server.server_close()


def register(*more: str) -> str:
    out = StringIO()
    arguments = ["--client-id", "dips", "--name", "DIPS", "--scope", " ".join(ALL_SCOPES), *more]
    call_command("register_fhir_client", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_registering_twice_changes_nothing_but_what_is_said(tmp_path: Path) -> None:
    system = System("dips")
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [system.public_jwk()]}))
    assert register("--jwks-file", str(file)) == "registered dips\n"
    assert register("--jwks-file", str(file), "--scope", "system/Appointment.rs") == "changed dips\n"
    client = ApiClient.objects.get()
    assert client.scopes == [*ALL_SCOPES, "system/Appointment.rs"]
    assert client.active
    register("--jwks-file", str(file), "--inactive")
    assert not ApiClient.objects.get().active


def test_keys_are_fetched_at_once_where_they_can_be(client: Client, keys: KeyServer) -> None:
    system = System("dips")
    keys.publish(system)
    register("--jwks-url", keys.url)
    assert ask(client, system.sign()).status_code == 200
    assert keys.asked == 1


def test_a_system_may_be_registered_before_it_has_started(client: Client, keys: KeyServer) -> None:
    keys.status = 503
    assert "not fetched yet" in register("--jwks-url", keys.url)
    system = System("dips")
    keys.status = 200
    keys.publish(system)
    assert ask(client, system.sign()).status_code == 200


def test_a_new_key_is_found_and_the_address_is_not_pestered(client: Client, keys: KeyServer) -> None:
    old, new = System("dips", kid="old"), System("dips", kid="new")
    keys.publish(old)
    register("--jwks-url", keys.url)
    keys.publish(old, new)
    assert ask(client, new.sign()).status_code == 200
    assert ask(client, old.sign()).status_code == 200
    for _ in range(3):
        assert ask(client, System("dips", kid="unknown").sign()).status_code == 401
    assert keys.asked == 2
    ApiClient.objects.update(jwks_tried_at=clock.real_now() - timedelta(minutes=2))
    assert ask(client, System("dips", kid="unknown").sign()).status_code == 401
    assert keys.asked == 3


def test_known_keys_are_kept_while_the_address_fails(client: Client, keys: KeyServer) -> None:
    system = System("dips")
    keys.publish(system)
    register("--jwks-url", keys.url)
    for status, content in ((500, b""), (200, b"<html>"), (200, b'{"keys":[]}'), (302, b"")):
        keys.status, keys.content = status, content
        ApiClient.objects.update(jwks_tried_at=None)
        assert ask(client, System("dips", kid="unknown").sign()).status_code == 401
        assert ask(client, system.sign()).status_code == 200


@pytest.mark.parametrize("content", [b"<html>", b"[" * 100_000, b" " * 200_000, b"\xff"])
def test_an_address_that_gives_no_keys_is_left(keys: KeyServer, content: bytes) -> None:
    keys.content = content
    with pytest.raises(KeysUnavailable):
        fetch_keys(keys.url)


def test_redirects_are_not_followed_and_silence_is_told(keys: KeyServer) -> None:
    keys.status = 302
    with pytest.raises(KeysUnavailable) as redirected:
        fetch_keys(keys.url)
    with pytest.raises(KeysUnavailable) as silent:
        fetch_keys("http://127.0.0.1:1/jwks")
    assert redirected.value.code == silent.value.code == "no-answer"
    assert keys.asked == 1


def test_production_fetches_keys_over_https_only(keys: KeyServer, settings: Settings) -> None:
    settings.OAUTH_KEYS_OVER_PLAIN_HTTP = False
    with pytest.raises(KeysUnavailable) as refused:
        fetch_keys(keys.url)
    assert (refused.value.code, keys.asked) == ("plain-http", 0)


def test_only_public_keys_that_are_strong_enough_are_kept() -> None:
    good = System("a").public_jwk()
    assert usable({"keys": [good | {"x5c": ["…"]}]}) == {"keys": [good]}
    assert len(usable({"keys": [good, rsa_system("b").public_jwk()]})["keys"]) == 2
    unfit: list[object] = [
        {},
        {"keys": []},
        {"keys": "x"},
        [],
        None,
        {"keys": [good | {"use": "enc"}]},
        {"keys": [{"kty": "oct"}]},
    ]
    for bad in unfit:
        with pytest.raises(UnfitKeys):
            usable(bad)
    for secret in ({"d": "x"}, {"k": "x"}):
        with pytest.raises(UnfitKeys) as refused:
            usable({"keys": [good | secret]})
        assert refused.value.code == "private-key"


@pytest.mark.parametrize(
    "wrong",
    [
        ["--jwks-url", "not an address"],
        ["--jwks-url", "file:///etc/passwd"],
        ["--jwks-file", "/nowhere/jwks.json"],
        ["--jwks-file", "/dev/null"],
        ["--jwks-url", "http://127.0.0.1:1/", "--scope", "patient/*.read"],
        ["--jwks-url", "http://127.0.0.1:1/", "--client-id", "x" * 61],
    ],
)
def test_a_registration_that_cannot_work_is_refused(wrong: list[str]) -> None:
    with pytest.raises(CommandError):
        register(*wrong)
    assert not ApiClient.objects.exists()
