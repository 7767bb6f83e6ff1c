"""One PostgreSQL and one Valkey for a whole test run, and the environment that Django's settings read.

Nothing names the settings module before this file has run: pytest-django would load it at once, and without a
database address it does not load. With several test processes the servers are started by the one that hands out
the tests; each process has its own test database, and its own numbered Redis database, so that one may be flushed.
DATABASE_URL (a role that may create databases) and REDIS_URL are used instead where they are set.
"""

import base64
import gc
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import django
import hypothesis
import pytest
from pytest_django import DjangoDbBlocker

from portal.embedded import servers
from tests import cores, covering, template
from tests.dealing import dealt
from tests.stories.fixtures import alive, hospital, reader, reader_without_scripts, running
from tests.ui.browser import chromium, open_page

# Registered here and nowhere else: a folder that registered the living product again would start another one beside it,
# and the last to start would take the clock from the others.
__all__ = ["alive", "chromium", "hospital", "open_page", "reader", "reader_without_scripts", "running"]

# Before anything of ours is imported, in each process that runs tests.
_marks = covering.begin()

# Speed is measured in `make bench`; a test never fails because the machine was busy.
hypothesis.settings.register_profile("portal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("portal")

REDIS_DATABASES = 16
SETTINGS = {
    "PORTAL_ENV": "test",
    "SECRET_KEY": "only-for-tests-" + "s" * 40,
    "PORTAL_SEALING_KEYS": f"test:{base64.b64encode(b'k' * 32).decode()}",
    "PORTAL_INDEX_KEY": "only-for-tests-" + "i" * 40,
    "COUNTERPART_SECRET": "only-for-tests-" + "c" * 40,
}
_running = pytest.StashKey[servers.Servers]()
_template = pytest.StashKey[template.Making]()
_folder = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once per run, and tell this process' settings where they are."""
    worker: str | None = getattr(config, "workerinput", {}).get("workerid")
    if worker is None:
        _start_servers(config)
    if worker is not None or not _only_hands_out_tests(config):
        _name_settings(0 if worker is None else int(worker.removeprefix("gw")) + 1)
    if worker is not None:
        cores.stay_on_one(int(worker.removeprefix("gw")))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Once the order is a random one, let the long ones begin."""
    processes: int = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = [items[place] for place in dealt([item.nodeid for item in items], processes)]


def pytest_collection_finish() -> None:
    """Everything that tests need has been imported, and lives as long as the run: no use in looking for waste in it."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Save what was reached, stop the servers and delete their data."""
    if _marks is not None:
        covering.save(_marks, os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    running = config.stash.get(_running, None)
    if _template in config.stash:
        config.stash[_template].kill()
        config.stash[_template].wait()
    if running is not None:
        running.discard()
        config.stash[_folder].cleanup()


def _only_hands_out_tests(config: pytest.Config) -> bool:
    return bool(getattr(config.option, "numprocesses", None))


def _start_servers(config: pytest.Config) -> None:
    folder = tempfile.TemporaryDirectory(prefix="dis-portal-test-", ignore_cleanup_errors=True)
    config.stash[_folder] = folder
    config.stash[_running] = running = servers.ensure(Path(folder.name), durable=False)
    static = Path(folder.name) / "static"
    static.mkdir()
    os.environ |= SETTINGS | {
        "DATABASE_URL": running.database_url,
        "REDIS_URL": running.redis_url,
        "PORTAL_CLOCK_FILE": f"{folder.name}/clock.json",
        "STATIC_ROOT": str(static),
    }
    if running.postgres is not None and _only_hands_out_tests(config):
        config.stash[_template] = template.begin(Path(folder.name))


def _name_settings(number: int) -> None:
    parts = urlsplit(os.environ["REDIS_URL"])
    if parts.path in ("", "/", "/0"):
        os.environ["REDIS_URL"] = parts._replace(path=f"/{number % REDIS_DATABASES}").geturl()
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.config.settings"
    django.setup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A process' own database is a copy of one that the migrations have filled."""
    from django.conf import settings

    if ready := template.name():
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = ready


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Let tests that commit for real leave the database as they found it, history included."""
    from tests.emptying import Emptying

    with django_db_blocker.unblock():
        Emptying().take_over()
