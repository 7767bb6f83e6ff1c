"""What the page tests share: the browser, and a server of sample pages that needs no database."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler

from portal.ui import navigation
from portal.ui.navigation import NavItem

STAFF: dict[str, Any] = {"shell": "staff"}
SAMPLE_MENU = {
    "front": NavItem(key="front", label="Forside", url_name="site:front", icon="house", order=0),
    "letters": NavItem(
        key="letters",
        label="Brev",
        url_name="gallery-inbox",
        icon="envelope-closed",
        badge=lambda viewer: 12,
        badge_words=lambda count: f"{count} uleste",
        tile="Brev fra sykehuset",
    ),
    "clerk": NavItem(key="clerk", label="Brev", url_name="gallery-staff", icon="envelope-closed", **STAFF),
}


@pytest.fixture(scope="session")
def sample_server() -> Iterator[str]:
    """The product on a free port, for pages that ask no database."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="No directory at")
        handler = StaticFilesHandler(WSGIHandler())
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    server.daemon_threads = True
    server.set_app(handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def gallery(sample_server: str, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> str:
    """Serves `tests.ui.gallery` with a menu that counts without a database; gives the address it lies under."""
    monkeypatch.setattr(navigation, "_items", dict(SAMPLE_MENU))
    templates: list[dict[str, Any]] = [dict(each) for each in settings.TEMPLATES]
    templates[0]["DIRS"] = [*templates[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.ui.gallery"
    return f"{sample_server}/galleri/"
