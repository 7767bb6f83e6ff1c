"""The portal on a real port, and the ID-porten stand-in in a process of its own beside it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from portal.counterparts.client import trusted
from tests.sign_in.visitor import Visitor

START_SECONDS = 20


@pytest.fixture(scope="session")
def standins_url(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The stand-ins' own process, told where this run's portal is."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://localhost:{port}"
    log = tmp_path_factory.mktemp("standins") / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "granian",
                "--interface",
                "wsgi",
                "--host",
                "127.0.0.1",
                "--port",
                str(port),
                "--blocking-threads",
                "8",
                "portal.counterparts.standins.wsgi:application",
            ],
            env=_environment(live_server.url, url),
            cwd=Path(__file__).parents[2],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"{url}/identity/.well-known/openid-configuration", process, log)
            yield url
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture
def portal_url(live_server: LiveServer, standins_url: str, settings: Settings) -> str:
    """The portal, told where its counterparts are."""
    issuer = f"{standins_url}/identity"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.PORTAL_URL = live_server.url
    settings.IDENTITY_ISSUER = issuer
    settings.HELSEID_ISSUER = f"{issuer}/helseid"
    settings.IDENTITY_ORIGINS = settings.HELSEID_ORIGINS = [standins_url]
    settings.POPULATION_REGISTER_URL = f"{standins_url}/population-register"
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives | {"form-action": ["'self'", standins_url]}}
    return str(live_server.url)


@pytest.fixture
def visitor(portal_url: str) -> Iterator[Visitor]:
    """Someone with a browser and nothing in it."""
    with httpx.Client(base_url=portal_url, follow_redirects=True, timeout=20, verify=trusted()) as client:
        yield Visitor(client)


@pytest.fixture
def another_visitor(portal_url: str) -> Iterator[Visitor]:
    """Somebody else, at another computer."""
    with httpx.Client(base_url=portal_url, follow_redirects=True, timeout=20, verify=trusted()) as client:
        yield Visitor(client)


def _environment(portal_url: str, url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "portal.counterparts.standins.settings",
        "PORTAL_URL": portal_url,
        "STANDINS_URL": url,
        "IDENTITY_ISSUER": f"{url}/identity",
        "STANDINS_STATE": "",
    }


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(address, verify=trusted()).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    pytest.fail(f"the stand-ins did not start:\n{log.read_text()[-3000:]}")
