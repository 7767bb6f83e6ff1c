"""The contract of both message providers: the adapter of production against the stand-ins, over real HTTP."""

from uuid import uuid4

import pytest

from portal.counterparts.errors import ConflictingDuplicate, CounterpartDown, Refused, UnknownOutcome
from portal.counterparts.messaging import Message, MessageStatus
from portal.counterparts.messaging_http import HttpMessageProvider
from tests.counterparts.running import World, wait

CHANNELS = pytest.mark.parametrize("channel", ["sms", "email"])


def _message(channel: str, *, key: str = "", to: str = "+4740000000", text: str = "Du har fått et brev.") -> Message:
    subject = "Nytt brev" if channel == "email" else None
    return Message(key=key or str(uuid4()), to=to, sender="Min helse", text=text, subject=subject)


@CHANNELS
def test_a_message_is_taken_once_per_key_and_delivered(world: World, channel: str) -> None:
    provider = HttpMessageProvider(world.client(channel))
    sent = _message(channel)
    assert provider.status(sent.key) is MessageStatus.UNKNOWN_KEY
    first, second = provider.send(sent), provider.send(sent)
    assert first == second
    wait(lambda: provider.status(sent.key) is MessageStatus.DELIVERED)
    rows = [row for row in world.ask("GET", "/messages.json")[1] if row["key"] == sent.key]
    assert [(row["channel"], row["to"], row["sender"], row["text"]) for row in rows] == [
        (channel, sent.to, sent.sender, sent.text)
    ]


@CHANNELS
def test_the_same_key_with_another_text_is_never_a_success(world: World, channel: str) -> None:
    provider = HttpMessageProvider(world.client(channel))
    sent = _message(channel)
    provider.send(sent)
    with pytest.raises(ConflictingDuplicate):
        provider.send(_message(channel, key=sent.key, text="Noe annet."))


@CHANNELS
@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("down", CounterpartDown),
        ("error", UnknownOutcome),
        ("slow", UnknownOutcome),
        ("hang", UnknownOutcome),
        ("garbage", UnknownOutcome),
        ("accept_then_drop_reply", UnknownOutcome),
        ("reject", Refused),
    ],
)
def test_every_failure_is_told_for_what_it_is(world: World, channel: str, mode: str, error: type[Exception]) -> None:
    provider = HttpMessageProvider(world.client(channel, seconds=0.4))
    world.behave(channel, mode, times=1, seconds=0.6)
    with pytest.raises(error) as failure:
        provider.send(_message(channel))
    assert type(failure.value) is error


@CHANNELS
def test_a_dropped_answer_and_the_same_key_make_one_message(world: World, channel: str) -> None:
    provider = HttpMessageProvider(world.client(channel))
    sent = _message(channel)
    world.behave(channel, "accept_then_drop_reply", times=1)
    with pytest.raises(UnknownOutcome):
        provider.send(sent)
    provider.send(sent)
    rows = [row for row in world.ask("GET", "/messages.json")[1] if row["key"] == sent.key]
    assert [row["copies"] for row in rows] == [1]


@CHANNELS
def test_forgotten_keys_make_a_second_message(world: World, channel: str) -> None:
    provider = HttpMessageProvider(world.client(channel))
    sent = _message(channel)
    provider.send(sent)
    world.behave(channel, "forget_keys", times=1)
    assert provider.status(sent.key) is MessageStatus.UNKNOWN_KEY
    provider.send(sent)
    rows = [row for row in world.ask("GET", "/messages.json")[1] if row["key"] == sent.key]
    assert [row["copies"] for row in rows] == [1, 2]


@CHANNELS
@pytest.mark.parametrize("mode", ["down", "error", "garbage"])
def test_a_failed_question_is_not_an_answer(world: World, channel: str, mode: str) -> None:
    world.behave(channel, mode, times=1)
    with pytest.raises(CounterpartDown):
        HttpMessageProvider(world.client(channel)).status("any")


@CHANNELS
def test_whose_messages_bounce_is_told_so_later(world: World, channel: str) -> None:
    pid = world.person("maja-solbakk")["pid"]
    contact = world.ask("GET", f"/contact-register/persons/{pid}")[1]
    provider = HttpMessageProvider(world.client(channel))
    sent = _message(channel, to=contact["mobile" if channel == "sms" else "email"])
    provider.send(sent)
    wait(lambda: provider.status(sent.key) is MessageStatus.FAILED)
    wait(lambda: world.portal.about(sent.key))
    (told,) = world.portal.about(sent.key)
    assert (told["path"], told["kind"], told["channel"]) == ("/kvitteringer/varsel/", "failed", channel)
    assert told["reason"] == "address_unknown"
