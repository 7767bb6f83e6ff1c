"""The printer's contract: the adapter of production against the stand-in, over real HTTP."""

from datetime import timedelta
from uuid import uuid4

import pytest

from portal.counterparts.client import CounterpartClient
from portal.counterparts.errors import ConflictingDuplicate, CounterpartDown, Refused, UnknownOutcome
from portal.counterparts.print_provider import CancelAnswer, ReceiptKind
from portal.counterparts.print_provider.http import HttpPrintProvider
from portal.counterparts.standins.running import free_port
from portal.kernel import clock
from tests.counterparts.running import SECRET, World, order, pdf, wait


@pytest.fixture
def printer(world: World) -> HttpPrintProvider:
    return HttpPrintProvider(world.client("print"))


def test_an_order_is_taken_and_found_again(world: World, printer: HttpPrintProvider) -> None:
    sent = order(pages=3)
    accepted = printer.submit(sent)
    found = printer.find(sent.key)
    assert not accepted.duplicate
    assert found is not None
    assert (found.provider_id, found.letter, found.sha256) == (accepted.provider_id, sent.letter, sent.sha256)
    assert (found.pages, found.copies) == (3, 1)
    assert printer.find_by_letter(sent.letter, sent.sha256) == found
    assert printer.find_by_letter(sent.letter, "0" * 64) is None
    assert printer.find("nobody's key") is None


def test_the_same_key_and_content_is_the_same_order(world: World, printer: HttpPrintProvider) -> None:
    sent = order()
    first, second = printer.submit(sent), printer.submit(sent)
    assert second.duplicate
    assert second.provider_id == first.provider_id
    assert world.copies(sent.key) == 1


def test_the_same_key_with_another_content_is_never_a_success(world: World, printer: HttpPrintProvider) -> None:
    sent = order()
    printer.submit(sent)
    with pytest.raises(ConflictingDuplicate):
        printer.submit(order(key=sent.key, content=pdf(words="Noe annet")))
    assert world.copies(sent.key) == 1


@pytest.mark.parametrize(
    ("content", "pages", "code"),
    [
        (b"not a pdf", 1, "not_pdf_1.0_to_1.7"),
        (b"%PDF-2.0\n" + pdf()[9:], 1, "not_pdf_1.0_to_1.7"),
        (b"%PDF-1.7 torn", 1, "unreadable_pdf"),
        (pdf(empty=True), 1, "first_page_empty"),
        (pdf(2), 3, "page_count_differs"),
    ],
    ids=["not a PDF", "PDF 2.0", "torn", "empty first page", "wrong page count"],
)
def test_a_bad_sheet_is_refused_with_its_reason(
    printer: HttpPrintProvider, content: bytes, pages: int, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        printer.submit(order(content=content, pages=pages))
    assert refusal.value.code == code


def test_what_was_surely_not_done(world: World, printer: HttpPrintProvider) -> None:
    sent = order()
    world.behave("print", "down", times=1)
    with pytest.raises(CounterpartDown):
        printer.submit(sent)
    assert printer.find(sent.key) is None


@pytest.mark.parametrize(
    ("mode", "done"),
    [("error", False), ("hang", False), ("slow", True), ("garbage", True), ("accept_then_drop_reply", True)],
)
def test_what_may_have_been_done_is_unknown(world: World, mode: str, done: bool) -> None:
    impatient = HttpPrintProvider(world.client("print", seconds=0.4))
    sent = order()
    world.behave("print", mode, times=1, seconds=0.8)
    with pytest.raises(UnknownOutcome):
        impatient.submit(sent)
    patient = HttpPrintProvider(world.client("print"))
    if done:
        wait(lambda: patient.find(sent.key))
    else:
        assert patient.find(sent.key) is None
    patient.submit(sent)
    assert world.copies(sent.key) == 1


def test_a_hanging_counterpart_that_cuts_is_unknown(world: World, printer: HttpPrintProvider) -> None:
    world.behave("print", "hang", times=1, seconds=0.2)
    with pytest.raises(UnknownOutcome):
        printer.submit(order())


def test_a_refusal_is_final_and_carries_its_code(world: World, printer: HttpPrintProvider) -> None:
    world.behave("print", "reject", times=1)
    with pytest.raises(Refused) as refusal:
        printer.submit(order())
    assert refusal.value.code == "rejected"


def test_a_provider_that_forgets_keys_prints_twice_and_says_so(world: World, printer: HttpPrintProvider) -> None:
    sent = order()
    world.behave("print", "forget_keys")
    printer.submit(sent)
    assert printer.find(sent.key) is None
    known = printer.find_by_letter(sent.letter, sent.sha256)
    assert known is not None
    printer.submit(sent)
    assert world.copies(sent.key) == 2
    again = printer.find_by_letter(sent.letter, sent.sha256)
    assert again is not None
    assert again.copies == 2


def test_keys_held_before_are_forgotten_too(world: World, printer: HttpPrintProvider) -> None:
    sent = order()
    printer.submit(sent)
    world.behave("print", "forget_keys", times=1)
    assert printer.find(sent.key) is None


@pytest.mark.parametrize("mode", ["down", "error", "garbage", "slow", "hang"])
def test_a_failed_lookup_is_not_an_answer(world: World, mode: str) -> None:
    impatient = HttpPrintProvider(world.client("print", seconds=0.4))
    world.behave("print", mode, times=2, seconds=0.8)
    with pytest.raises(CounterpartDown):
        impatient.find("any")
    with pytest.raises(CounterpartDown):
        impatient.find_by_letter(uuid4(), "0" * 64)


def test_wrong_credentials_can_be_mended_so_nothing_is_given_up(world: World) -> None:
    stranger = HttpPrintProvider(world.client("print", secret="x" * 40))
    with pytest.raises(CounterpartDown) as failure:
        stranger.submit(order())
    assert failure.value.code == "http_401"


def test_a_refused_connection_is_surely_not_done() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    nobody = HttpPrintProvider(CounterpartClient(base_url=address, secret=SECRET, seconds=1.0))
    with pytest.raises(CounterpartDown):
        nobody.submit(order())


def test_an_order_is_stopped_until_it_is_posted(world: World, printer: HttpPrintProvider) -> None:
    early, late = order(), order()
    printer.submit(early)
    printer.submit(late)
    assert printer.cancel(early.key) is CancelAnswer.CANCELLED
    assert printer.cancel(early.key) is CancelAnswer.CANCELLED
    assert printer.cancel("nobody's key") is CancelAnswer.UNKNOWN_KEY
    wait(lambda: _state(printer, late.key) is ReceiptKind.POSTED)
    assert printer.cancel(late.key) is CancelAnswer.TOO_LATE
    assert _state(printer, early.key) is ReceiptKind.CANCELLED
    assert world.copies(early.key) == 0
    assert {event["kind"] for event in world.portal.about(early.key)} == {"received", "cancelled"}


def test_the_days_orders_come_page_by_page(world: World, printer: HttpPrintProvider) -> None:
    begun = clock.real_now()
    content = pdf()
    sent = [order(content=content) for _ in range(205)]
    for one in sent:
        printer.submit(one)
    until = clock.real_now() + timedelta(minutes=1)
    found = [row.key for row in printer.orders_received(begun, until)]
    assert [key for key in found if key in {one.key for one in sent}] == [one.key for one in sent]
    assert list(printer.orders_received(begun - timedelta(days=2), begun - timedelta(days=1))) == []


def _state(printer: HttpPrintProvider, key: str) -> ReceiptKind | None:
    found = printer.find(key)
    return found.state if found is not None else None
