"""Whoever is given a fullmakt is told in daytime that something waits: once, in neutral words, decided at sending."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from portal.audit.basis import Basis
from portal.counterparts import signing
from portal.counterparts.contact_register import ContactPoint, ContactPreferences
from portal.counterparts.errors import CounterpartDown, Refused
from portal.counterparts.messaging import Message, MessageAccepted, MessageStatus
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.outbox.models import Errand
from portal.outbox.work import work
from portal.people import neutral_messages
from portal.people.models import Person
from portal.people.queries import pid_of
from tests.youth_access import families
from tests.youth_access.families import oslo
from tests.youth_access.fullmakter import give
from youth_access import fullmakt_notice
from youth_access.commands import assigned, telling
from youth_access.facts import Service
from youth_access.models import Fullmakt, FullmaktNotice

pytestmark = pytest.mark.django_db
MORNING = oslo(2026, 11, 25, 10)
NIGHT = oslo(2026, 11, 25, 23, 30)
NEXT_MORNING = oslo(2026, 11, 26, 9)
FRESH = oslo(2026, 10, 1)


class World:
    """The contact register and both gateways."""

    def __init__(self) -> None:
        self.found: dict[str, ContactPreferences] = {}
        self.sent: list[Message] = []
        self.fault: Exception | None = None

    def look_up(self, pid: str) -> ContactPreferences:
        unknown = ContactPreferences(pid, False, False, False, None, None, None)
        return self.found.get(pid, unknown)

    def send(self, message: Message) -> MessageAccepted:
        if self.fault is not None:
            raise self.fault
        if message.key not in {each.key for each in self.sent}:
            self.sent.append(message)
        return MessageAccepted(f"P-{message.key}")

    def status(self, key: str) -> MessageStatus:
        raise NotImplementedError

    def knows(self, who: Person, **changes: object) -> None:
        mobile, email = ContactPoint("90000001", FRESH, None), ContactPoint("unni@example.no", FRESH, None)
        told = ContactPreferences(pid_of(who), True, False, True, email, mobile, "nb")
        self.found[pid_of(who)] = replace(told, **changes)  # type: ignore[arg-type]  # its own fields


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()
    monkeypatch.setattr(fullmakt_notice, "contact", lambda: made)
    monkeypatch.setattr(neutral_messages, "sms", lambda: made)
    monkeypatch.setattr(neutral_messages, "email", lambda: made)
    return made


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.stopped_at(MORNING):
        yield


@pytest.fixture
def giver() -> Person:
    return families.person("Oddrun Øyjord", date(1940, 3, 1))


@pytest.fixture
def receiver(world: World) -> Person:
    made = families.person("Unni Øyjord", date(1968, 2, 2), home=families.OTHER_HOME)
    world.knows(made)
    return made


def sends(world: World, at: datetime = MORNING) -> list[str]:
    """The channels of what the workers send at that time."""
    before = len(world.sent)
    with clock.stopped_at(at):
        work("notices")
    return sorted("email" if "@" in each.to else "sms" for each in world.sent[before:])


def test_the_receiver_is_told_once_on_each_channel_and_nothing_of_what_or_who(
    world: World, giver: Person, receiver: Person
) -> None:
    give(giver, receiver)
    assert sends(world) == ["email", "sms"]
    assert sends(world, MORNING + timedelta(hours=3)) == []
    for message in world.sent:
        assert message.text == "Du har fått noe nytt på Min helse. Logg inn på Min helse for å lese det."
        told = f"{message.text} {message.subject} {message.key}".lower()
        assert not {word for word in ("oddrun", "unni", "øyjord", "fullmakt") if word in told}
    assert [row.state for row in FullmaktNotice.objects.all()] == ["sent", "sent"]
    assert world.sent[0].to == "+4790000001"


def test_the_words_are_those_of_any_other_notice_in_the_receivers_language(
    world: World, giver: Person, receiver: Person
) -> None:
    Person.objects.filter(pk=receiver.pk).update(language="en")
    give(giver, receiver)
    sends(world)
    assert world.sent[0].text.startswith("You have")


def test_the_giver_is_told_nothing(world: World, giver: Person, receiver: Person) -> None:
    world.knows(giver, mobile=ContactPoint("90000009", FRESH, None))
    give(giver, receiver)
    sends(world)
    assert "+4790000009" not in {each.to for each in world.sent}


def test_at_night_it_waits_for_daytime(world: World, giver: Person, receiver: Person) -> None:
    with clock.stopped_at(NIGHT):
        give(giver, receiver)
    assert sends(world, NIGHT) == []
    assert sends(world, NEXT_MORNING - timedelta(seconds=1)) == []
    assert sends(world, NEXT_MORNING) == ["email", "sms"]


def test_an_errand_that_was_late_waits_for_the_next_day(world: World, giver: Person, receiver: Person) -> None:
    give(giver, receiver)
    assert sends(world, NIGHT) == []
    assert sends(world, NEXT_MORNING) == ["email", "sms"]


def revoked(row: Fullmakt) -> None:
    families.revoke(row)


def run_out(row: Fullmakt) -> None:
    Fullmakt.objects.filter(pk=row.pk).update(ends_at=NEXT_MORNING)


def giver_protected(row: Fullmakt) -> None:
    families.register_says(row.giver, protected=True)


def receiver_protected(row: Fullmakt) -> None:
    families.register_says(row.receiver, protected=True)


def giver_dead(row: Fullmakt) -> None:
    families.register_says(row.giver, died_on=date(2026, 11, 25))


def receiver_dead(row: Fullmakt) -> None:
    families.register_says(row.receiver, died_on=date(2026, 11, 25))


@pytest.mark.parametrize("change", [revoked, run_out, giver_protected, receiver_protected, giver_dead, receiver_dead])
def test_what_opens_nothing_any_more_when_it_is_sent_is_not_sent(
    world: World, giver: Person, receiver: Person, change: Callable[[Fullmakt], None]
) -> None:
    with clock.stopped_at(NIGHT):
        row = give(giver, receiver)
        change(row)
    assert sends(world, NEXT_MORNING) == []
    assert not FullmaktNotice.objects.exists()
    assert Errand.objects.get(kind=telling.ERRAND).state == Errand.State.DONE


def test_one_that_begins_later_is_told_of_now(world: World, giver: Person, receiver: Person) -> None:
    give(giver, receiver, starts_at=MORNING + timedelta(days=20))
    assert sends(world) == ["email", "sms"]


@pytest.mark.parametrize(
    ("changes", "channels"),
    [
        ({"reserved": True}, []),
        ({"registered": False}, []),
        ({"can_be_notified": False}, []),
        ({"mobile": None}, ["email"]),
        ({"email": ContactPoint("unni@example.no", oslo(2025, 5, 1), None)}, ["sms"]),
        ({"email": None, "mobile": ContactPoint("12", FRESH, None)}, []),
    ],
)
def test_only_where_the_contact_register_lets_us(
    world: World, giver: Person, receiver: Person, changes: dict[str, object], channels: list[str]
) -> None:
    world.knows(receiver, **changes)
    give(giver, receiver)
    assert sends(world) == channels


def test_an_assigned_one_is_told_of_too(world: World, giver: Person, receiver: Person) -> None:
    assigned.assign(
        giver_id=giver.pk,
        receiver_id=receiver.pk,
        areas=[Service.LETTER.value],
        ends_at=None,
        confirmation="Fastlegen, i dag",
        by=Actor("staff", str(families.CLERK)),
        basis=Basis(relation="clinician"),
    )
    assert sends(world) == ["email", "sms"]


def test_however_often_it_is_changed_the_receiver_is_told_once_a_day(
    world: World, giver: Person, receiver: Person
) -> None:
    give(giver, receiver)
    assert sends(world) == ["email", "sms"]
    for minutes in (1, 2, 3):
        with clock.stopped_at(MORNING + timedelta(minutes=minutes)):
            give(giver, receiver)
    assert sends(world, MORNING + timedelta(minutes=5)) == []
    with clock.stopped_at(MORNING + timedelta(days=1, minutes=5)):
        give(giver, receiver)
    assert sends(world, MORNING + timedelta(days=1, minutes=6)) == ["email", "sms"]


def test_a_gateway_that_is_down_is_tried_again_and_what_was_sent_is_not_sent_again(
    world: World, giver: Person, receiver: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(giver, receiver)
    down = World()
    down.fault = CounterpartDown("down")
    with monkeypatch.context() as patch:
        patch.setattr(neutral_messages, "email", lambda: down)
        assert sends(world) == ["sms"]
    assert sends(world, MORNING + timedelta(minutes=30)) == ["email"]


def test_an_address_that_cannot_receive_stops_that_channel_alone(
    world: World, giver: Person, receiver: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    give(giver, receiver)
    picky = World()
    picky.fault = Refused("cannot-receive")
    monkeypatch.setattr(neutral_messages, "sms", lambda: picky)
    assert sends(world) == ["email"]
    assert FullmaktNotice.objects.get(channel="sms").failure == "cannot-receive"


def test_what_is_given_up_is_noted(world: World, giver: Person, receiver: Person) -> None:
    row = give(giver, receiver)
    telling.begin(fullmakt_id=row.pk, channel="sms")
    telling.give_up(fullmakt_id=row.pk, code="poison")
    assert FullmaktNotice.objects.get().failure == "poison"


def test_reports_are_taken_and_never_move_it_back(world: World, giver: Person, receiver: Person) -> None:
    give(giver, receiver)
    sends(world)
    sms = FullmaktNotice.objects.get(channel="sms")
    assert telling.take_report(sms.pk, delivered=True)
    assert telling.take_report(sms.pk, delivered=False)
    sms.refresh_from_db()
    assert sms.state == "delivered"
    assert not telling.take_report(giver.pk, delivered=True)


def test_a_gateways_report_comes_in_by_the_same_door_as_for_letters(
    client: Client, world: World, giver: Person, receiver: Person, settings: Settings
) -> None:
    give(giver, receiver)
    sends(world)
    for key, status in ((world.sent[0].key, 200), (f"notice-{giver.pk}", 404)):
        body = json.dumps({"key": key, "kind": "delivered"}).encode()
        headers = signing.signed_headers(settings.COUNTERPART_SECRET, body)
        answer = client.post("/kvitteringer/varsel/", body, content_type="application/json", headers=headers)
        assert answer.status_code == status, answer.content
    assert sorted(FullmaktNotice.objects.values_list("state", flat=True)) == ["delivered", "sent"]
