"""One round of questions at a time, kept for a while, and nobody waits long."""

import time
from threading import Event

import pytest
from django.utils.translation import get_language, override

from portal.counterparts.probe import CounterpartHealth
from portal.site import counterpart_watch
from portal.site.counterpart_watch import Watch


def sms(detail: str = "Svarer") -> CounterpartHealth:
    return CounterpartHealth("sms", "SMS", True, detail, 1)


def test_the_answer_is_kept_and_asked_for_anew_when_it_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def check() -> list[CounterpartHealth]:
        asked.append(1)
        return [sms()]

    watch = Watch(check)
    assert watch.latest() == watch.latest() == (sms(),)
    assert len(asked) == 1
    monkeypatch.setattr(counterpart_watch, "KEPT_SECONDS", -1.0)
    assert watch.latest() == (sms(),)
    assert len(asked) == 2


def test_each_language_gets_its_own_words() -> None:
    watch = Watch(lambda: [sms(str(get_language()))])
    for language in ("nb", "en"):
        with override(language):
            assert watch.latest() == (sms(language),)


def test_a_hanging_round_gives_the_last_answer_and_is_not_started_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, rounds = Event(), []

    def check() -> list[CounterpartHealth]:
        rounds.append(1)
        if len(rounds) > 1:
            let_go.wait(10)
        return [sms()]

    watch = Watch(check, patience=0.05)
    watch.latest()
    monkeypatch.setattr(counterpart_watch, "KEPT_SECONDS", -1.0)
    started = time.perf_counter()
    assert watch.latest() == watch.latest() == (sms(),)
    assert time.perf_counter() - started < 1
    assert len(rounds) == 2
    monkeypatch.setattr(counterpart_watch, "OLDEST_SECONDS", -1.0)
    assert watch.latest() is None
    let_go.set()
