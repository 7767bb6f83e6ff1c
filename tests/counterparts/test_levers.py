"""Levers and clock: what they take, what they refuse, and how long they last."""

from datetime import datetime, timedelta

import pytest

from portal.counterparts.contact_register.http import HttpContactRegister
from portal.counterparts.errors import CounterpartDown
from portal.kernel import clock
from tests.counterparts.running import COUNTERPARTS, World


@pytest.mark.parametrize("counterpart", COUNTERPARTS)
def test_every_counterpart_has_a_lever(world: World, counterpart: str) -> None:
    status, answer = world.ask("POST", f"/{counterpart}/behave", {"mode": "down", "times": 2})
    assert (status, answer["mode"], answer["times"]) == (200, "down", 2)


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"mode": "sulk"},
        {"mode": "down", "times": 0},
        {"mode": "slow", "seconds": "long"},
        {"mode": "hang", "seconds": 9999},
    ],
)
def test_a_wish_that_cannot_be_followed_is_refused(world: World, wish: dict[str, object]) -> None:
    status, answer = world.ask("POST", "/print/behave", wish)
    assert status == 400
    assert answer["detail"]


def test_an_unknown_counterpart_has_no_lever(world: World) -> None:
    assert world.ask("POST", "/butcher/behave", {"mode": "ok"})[0] == 404


def test_a_lever_lasts_as_many_calls_as_it_says(world: World) -> None:
    register = HttpContactRegister(world.client("contact-register"))
    pid = world.person("kari-nordli")["pid"]
    world.behave("contact-register", "down", times=2)
    for _ in range(2):
        with pytest.raises(CounterpartDown):
            register.look_up(pid)
    assert register.look_up(pid).registered


def test_the_clock_moves_and_comes_back(world: World) -> None:
    try:
        status, answer = world.ask("POST", "/clock", {"set": "2026-12-23T09:00:00+01:00"})
        assert status == 200
        assert answer["now"].startswith("2026-12-23T09:00:0")
        moved = datetime.fromisoformat(world.ask("POST", "/clock", {"advance": "P4DT1H"})[1]["now"])
        assert timedelta() <= moved - datetime.fromisoformat("2026-12-27T10:00:00+01:00") < timedelta(minutes=1)
    finally:
        world.ask("POST", "/clock", {"reset": True})
    now = datetime.fromisoformat(world.ask("GET", "/clock")[1]["now"])
    assert abs(now - clock.real_now()) < timedelta(minutes=1)


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"advance": "4 days"},
        {"advance": "P1M"},
        {"advance": "P"},
        {"advance": "PT"},
        {"advance": 4},
        {"advance": "P99999D"},
        {"set": "tomorrow"},
        {"set": "2026-13-01T00:00:00Z"},
        {"set": "2026-12-23T09:00:00+01:00", "advance": "P1D"},
    ],
)
def test_a_bad_wish_for_the_clock_is_refused_in_words(world: World, wish: dict[str, object]) -> None:
    before = world.ask("GET", "/clock")[1]["offset_seconds"]
    status, answer = world.ask("POST", "/clock", wish)
    assert status == 400
    assert answer["detail"]
    assert world.ask("GET", "/clock")[1]["offset_seconds"] == before
