"""What a web process does about a Redis that accepts and never answers: it waits once, then leaves it alone."""

import os
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.core.cache import cache, caches

from portal.fhir import limits
from tests.faults.proxy import Proxy


@pytest.fixture
def hanging(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    parts = urlsplit(os.environ["REDIS_URL"])
    assert parts.port is not None
    proxy = Proxy(parts.port)
    proxy.start()
    netloc = f"{parts.netloc.rsplit(':', 1)[0]}:{proxy.port}"
    default = settings.CACHES["default"] | {"LOCATION": parts._replace(netloc=netloc).geturl()}
    settings.CACHES = {"default": default}
    monkeypatch.setattr(limits, "_quiet_until", 0.0)
    yield proxy
    proxy.stop()
    del caches["default"]


def test_calls_are_let_through_and_only_the_first_waits(hanging: Proxy) -> None:
    assert limits.within_limit("test", "somebody", 1000)
    hanging.hang()
    began = time.monotonic()
    assert limits.within_limit("test", "somebody", 0)
    assert time.monotonic() - began < 2
    asked_in_vain = hanging.swallowed
    assert asked_in_vain
    for _ in range(20):
        assert limits.within_limit("test", "somebody", 0)
    assert hanging.swallowed == asked_in_vain


def test_a_limit_that_can_be_counted_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_quiet_until", 0.0)
    cache.clear()
    answers = [limits.within_limit("test", "another", 3) for _ in range(5)]
    assert answers[:3] == [True, True, True]
    assert False in answers[3:] or len(set(answers)) == 1
