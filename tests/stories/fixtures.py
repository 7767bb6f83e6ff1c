"""Fixtures around `tests.stories.living`, which is imported late: conftest files are read before the settings."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from pytest_django import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.stories.living import Alive
    from tests.stories.reader import Hospital, Reader


@pytest.fixture(scope="session")
def running(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Alive]":
    """The portal on a port and the stand-ins beside it, once per test process, with a clock of their own."""
    from django.conf import settings as configured

    from portal.counterparts.standins.running import start_standins
    from tests.counterparts.running import ListeningPortal, World
    from tests.stories.living import Alive
    from tests.stories.server import portal_on_a_port

    folder = tmp_path_factory.mktemp("standins")
    clock_file = folder / "clock.json"
    shared_clock, os.environ["PORTAL_CLOCK_FILE"] = os.environ["PORTAL_CLOCK_FILE"], str(clock_file)
    Path(configured.STATIC_ROOT).mkdir(exist_ok=True)
    with portal_on_a_port() as (portal_url, door):
        standins = start_standins(
            folder,
            portal_url,
            secret=configured.COUNTERPART_SECRET,
            clock_file=clock_file,
            environment={"STANDINS_POSTING_SECONDS": "60", "STANDINS_DELIVERY_SECONDS": "1"},
        )
        try:
            yield Alive(portal_url, World(standins.url, ListeningPortal(portal_url)), door)
        finally:
            standins.stop()
            os.environ["PORTAL_CLOCK_FILE"] = shared_clock


@pytest.fixture
def alive(running: "Alive", transactional_db: None, settings: Settings) -> "Iterator[Alive]":
    """The product on a Monday morning: everyone behaves, nobody has been written to."""
    from django.core.cache import cache

    from portal.kernel import clock
    from tests.stories import living

    cache.clear()
    _point_at(settings, running)
    running.set_clock(living.START)
    running.ask("POST", "/reset")
    running.door.open()
    yield running
    running.ask("POST", "/reset")
    running.door.close()
    clock.move(timedelta())


def _point_at(settings: Settings, running: "Alive") -> None:
    """Every address of a counterpart, and the permission to end at ID-porten when signing out."""
    standins = running.world.url
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(standins))
    settings.PORTAL_URL = running.portal_url
    settings.STANDINS_URL = standins
    settings.IDENTITY_ISSUER = f"{standins}/identity"
    settings.HELSEID_ISSUER = f"{standins}/identity/helseid"
    settings.IDENTITY_ORIGINS = settings.HELSEID_ORIGINS = [origin]
    settings.CONTACT_REGISTER_URL = f"{standins}/contact-register"
    settings.POPULATION_REGISTER_URL = f"{standins}/population-register"
    settings.PRINT_PROVIDER_URL = f"{standins}/print"
    settings.SMS_URL = f"{standins}/sms"
    settings.EMAIL_URL = f"{standins}/email"
    settings.HEALTH_RECORD_URL = f"{standins}/record-system"
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives | {"form-action": ["'self'", origin]}}


@pytest.fixture
def hospital(alive: "Alive") -> "Hospital":
    """A record system that may send letters."""
    from tests.stories.reader import Hospital

    made = Hospital(alive)
    made.given_it_is_connected()
    return made


@pytest.fixture
def reader(alive: "Alive", chromium: "Browser") -> "Iterator[Reader]":
    """Somebody at a screen."""
    from tests.stories.reader import Reader

    made = Reader(alive, chromium)
    yield made
    made.leaves()


@pytest.fixture
def reader_without_scripts(alive: "Alive", chromium: "Browser") -> "Iterator[Reader]":
    """Somebody at a phone whose browser runs no scripts."""
    from tests.stories.reader import Reader

    made = Reader(alive, chromium, width=360, scripts=False)
    yield made
    made.leaves()
