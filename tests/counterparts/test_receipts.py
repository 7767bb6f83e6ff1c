"""Receipts reach the portal signed, in their order or out of it, and are not lost while it is away."""

import pytest

from portal.counterparts.print_provider.http import HttpPrintProvider
from tests.counterparts.running import World, order, wait


@pytest.fixture
def printer(world: World) -> HttpPrintProvider:
    return HttpPrintProvider(world.client("print"))


def _kinds(world: World, key: str) -> list[str]:
    return [event["kind"] for event in world.portal.about(key)]


def test_received_at_once_and_posted_later(world: World, printer: HttpPrintProvider) -> None:
    sent = order(pages=2)
    accepted = printer.submit(sent)
    wait(lambda: _kinds(world, sent.key) == ["received", "posted"])
    told = world.portal.about(sent.key)
    assert {event["path"] for event in told} == {"/kvitteringer/trykk/"}
    assert {event["provider_id"] for event in told} == {accepted.provider_id}
    assert [event["pages"] for event in told] == [2, 2]
    assert len({event["event_id"] for event in told}) == 2
    assert told[0]["occurred_at"] < told[1]["occurred_at"]
    assert world.portal.badly_signed == 0


def test_a_portal_that_is_away_is_told_later(world: World, printer: HttpPrintProvider) -> None:
    world.portal.answers.extend([503, 503])
    sent = order()
    printer.submit(sent)
    wait(lambda: _kinds(world, sent.key) == ["received", "posted"])


def test_one_receipt_the_portal_chokes_on_does_not_hold_up_the_rest(world: World, printer: HttpPrintProvider) -> None:
    first, second = order(), order()
    world.portal.answers.append(500)
    printer.submit(first)
    printer.submit(second)
    wait(lambda: {*_kinds(world, first.key)} == {*_kinds(world, second.key)} == {"received", "posted"})


def test_doubled_receipts_carry_the_same_event_id_and_come_in_the_wrong_order(
    world: World, printer: HttpPrintProvider
) -> None:
    world.behave("print", "duplicate_receipts", times=1)
    sent = order()
    printer.submit(sent)
    wait(lambda: len(_kinds(world, sent.key)) == 4)
    assert _kinds(world, sent.key) == ["received", "posted", "posted", "received"]
    ids = [event["event_id"] for event in world.portal.about(sent.key)]
    assert ids[0] == ids[3]
    assert ids[1] == ids[2]


def test_no_receipts_means_none_though_the_letter_is_posted(world: World, printer: HttpPrintProvider) -> None:
    world.behave("print", "no_receipts", times=1)
    sent = order()
    printer.submit(sent)
    wait(lambda: _state(printer, sent.key) == "posted")
    other = order()
    printer.submit(other)
    wait(lambda: "received" in _kinds(world, other.key))
    assert _kinds(world, sent.key) == []


def test_late_receipts_come_when_the_clock_has_moved(world: World, printer: HttpPrintProvider) -> None:
    world.behave("print", "late_receipts", times=1)
    sent = order()
    printer.submit(sent)
    wait(lambda: _state(printer, sent.key) == "posted")
    assert _kinds(world, sent.key) == []
    try:
        assert world.ask("POST", "/clock", {"advance": "P3DT1H"})[0] == 200
        wait(lambda: _kinds(world, sent.key) == ["received", "posted"])
    finally:
        assert world.ask("POST", "/clock", {"reset": True})[0] == 200


def _state(printer: HttpPrintProvider, key: str) -> str | None:
    found = printer.find(key)
    return found.state.value if found is not None else None
