"""Calendars that phones subscribe to: made, fetched without a session, decided anew each time, ended."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
import vobject
from django.core.cache import cache
from django.test import Client

from appointments.commands import feeds
from appointments.models import Appointment, CalendarFeed
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.people.models import Person
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, appointment
from tests.appointments.at_screen import Screen, field
from tests.youth_access import families
from youth_access.facts import Outcome
from youth_access.models import Fullmakt

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    cache.clear()
    with clock.stopped_at(NOW):
        yield


@pytest.fixture
def kari() -> Person:
    return at_hand.person(name="Kari Nordli")


def subscribed(screen: Screen) -> str:
    """Make a calendar; the path of its address."""
    screen.sends("/timer/kalender/ny/")
    found = re.search(r">http[^<]*?(/timer/kalender/[^<]+\.ics)<", screen.html("/timer/kalender/"))
    assert found is not None
    return found[1]


def fetched(path: str, status: int = 200, headers: dict[str, str] | None = None) -> Any:
    """Fetch as a phone does: no cookies."""
    answer = Client().get(path, headers=headers or {})
    assert answer.status_code == status, answer.status_code
    return answer


def ids(path: str) -> set[str]:
    """The appointments in the calendar, by a parser of its own."""
    found = vobject.readOne(fetched(path).content.decode())
    return {event.uid.value.partition("@")[0] for event in found.contents.get("vevent", [])}


def test_the_address_is_told_once_and_only_its_hash_is_kept(kari: Person) -> None:
    screen = Screen(kari)
    path = subscribed(screen)
    token = path.removeprefix("/timer/kalender/").removesuffix(".ics")
    assert len(token) >= 43
    assert token not in screen.html("/timer/kalender/")
    row = CalendarFeed.objects.get()
    assert row.token_hash == feeds.hash_of(token)
    assert token not in str(vars(row))
    assert token not in str(list(AuditRow.objects.values()))
    assert "Laget mandag 23. november kl. 09.00" in screen.opens("/timer/kalender/")


def test_it_holds_what_is_fixed_and_nothing_that_is_cancelled_asked_for_or_long_past(kari: Person) -> None:
    mine = appointment(kari)
    past = appointment(kari, start=NOW - timedelta(days=20), status="fulfilled")
    appointment(kari, start=NOW - timedelta(days=40), status="fulfilled")
    appointment(kari, status="proposed")
    off = appointment(kari, start=DAY)
    path = subscribed(Screen(kari))
    assert ids(path) == {str(mine.id), str(past.id), str(off.id)}
    Appointment.objects.filter(pk=off.pk).update(status="cancelled", cancelled_at=NOW)
    assert ids(path) == {str(mine.id), str(past.id)}


def test_it_says_nothing_of_why_or_whose_and_nobody_else_keeps_it(kari: Person) -> None:
    appointment(kari, title="Samtale om rus", place="Rusavdelingen")
    answer = fetched(subscribed(Screen(kari)), headers={"accept-language": "en"})
    text = re.sub(rb"\r\n ", b"", answer.content).decode()
    assert "SUMMARY:Time på sykehuset" in text
    for word in ("Kari", "Nordli", "rus", "Rus", "Barneklinikken"):
        assert word not in text
    assert answer["Cache-Control"] == "private, no-cache"
    assert "filename" not in answer["Content-Disposition"]


def test_what_goes_out_leaves_a_row_and_an_unchanged_calendar_goes_nowhere(kari: Person) -> None:
    mine = appointment(kari)
    path = subscribed(Screen(kari))
    mark = fetched(path)["ETag"]
    assert fetched(path, 304, {"if-none-match": mark}).content == b""
    [row] = AuditRow.objects.filter(item_kind="calendar_feed", action="read")
    assert row.details == {"appointments": [str(mine.id)]}
    assert (row.actor_id, row.person_id) == (str(kari.pk), kari.pk)
    appointment(kari, start=DAY)
    assert fetched(path, headers={"if-none-match": mark})["ETag"] != mark
    assert AuditRow.objects.filter(item_kind="calendar_feed", action="read").count() == 2


def test_ended_it_is_as_if_it_never_was(kari: Person) -> None:
    screen = Screen(kari)
    path = subscribed(screen)
    end = field_of_action(screen.html("/timer/kalender/"))
    assert screen.sends(end) == "/timer/kalender/"
    pages = [fetched(each, 404).content for each in (path, f"/timer/kalender/{'x' * 43}.ics")]
    assert _plain(pages[0]) == _plain(pages[1])
    assert "Kalenderen er avsluttet. Adressen virker ikke lenger." in screen.opens("/timer/kalender/")
    screen.sends(end, 404)


def field_of_action(html: str) -> str:
    found = re.search(r'action="(/timer/kalender/[^"]+/avslutt/)"', html)
    assert found is not None
    return found[1]


def _plain(content: bytes) -> str:
    page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", content.decode())
    return re.sub(r"koden \w+|/timer/kalender/[^\"]*", "", page)


def test_nobody_ends_or_sees_anothers_calendar(kari: Person) -> None:
    subscribed(Screen(kari))
    row = CalendarFeed.objects.get()
    other = Screen(at_hand.person(name="Ola"))
    other.sends(f"/timer/kalender/{row.id}/avslutt/", 404)
    other.sends(f"/timer/kalender/{uuid4()}/avslutt/", 404)
    assert "Avslutt" not in other.opens("/timer/kalender/")
    row.refresh_from_db()
    assert row.revoked_at is None


def test_a_calendar_made_for_one_patient_is_shown_beside_that_patient_alone() -> None:
    family = families.family(born=date(2018, 5, 5))
    for_child, own = Screen(family.mother, family.child), Screen(family.mother)
    subscribed(for_child)
    assert "Avslutt" in for_child.opens("/timer/kalender/")
    assert "Avslutt" not in own.opens("/timer/kalender/")
    assert "Avslutt" not in Screen(family.father, family.child).opens("/timer/kalender/")


def test_there_is_an_end_to_how_many_one_may_have(kari: Person) -> None:
    screen = Screen(kari)
    for _number in range(feeds.MOST):
        subscribed(screen)
    screen.sends("/timer/kalender/ny/")
    assert "så mange kalendere som du kan ha" in screen.opens("/timer/kalender/")
    assert CalendarFeed.objects.count() == feeds.MOST


def test_too_many_fetches_are_asked_to_wait(kari: Person) -> None:
    path = subscribed(Screen(kari))
    statuses = [Client().get(path).status_code for _number in range(22)]
    assert statuses[:20] == [200] * 20
    assert set(statuses[20:]) <= {429, 200}
    assert 429 in statuses


# Who may look is asked at each fetch.


def test_a_label_that_is_set_later_takes_it_out_of_the_parents_calendar_and_not_of_the_youths() -> None:
    family = families.family(born=date(2012, 5, 5), consented=True)
    opened = families.referral(family.child, outcome=Outcome.OPEN)
    one = appointment(family.child, referral_ids=[opened.pk])
    other = appointment(family.child, start=DAY, referral_ids=[opened.pk])
    mothers, own = subscribed(Screen(family.mother, family.child)), subscribed(Screen(family.child))
    assert ids(mothers) == ids(own) == {str(one.id), str(other.id)}
    Appointment.objects.filter(pk=one.pk).update(security_codes=["NORN_FORANS"])
    assert ids(mothers) == {str(other.id)}
    assert ids(own) == {str(one.id), str(other.id)}
    Appointment.objects.filter(pk=other.pk).update(status="cancelled", cancelled_at=NOW)
    hidden = fetched(mothers).content
    assert b"VEVENT" not in hidden


def test_a_parents_calendar_dies_at_sixteen_at_a_block_and_with_the_responsibility() -> None:
    family = families.family(born=date(2010, 11, 24), consented=True)
    appointment(family.child, referral_ids=[families.referral(family.child, outcome=Outcome.OPEN).pk])
    mothers = subscribed(Screen(family.mother, family.child))
    block = families.block_parents(family.child)
    fetched(mothers, 404)
    families.end_block(block)
    fetched(mothers)
    with clock.stopped_at(NOW + timedelta(hours=15)):
        families.seen_by_register(clock.now(), family.child, family.mother)
        fetched(mothers, 404)


def test_a_fullmakt_that_is_taken_back_ends_the_calendar() -> None:
    family = families.family(born=date(1980, 5, 5), with_proxy=True)
    appointment(family.child)
    path = subscribed(Screen(family.proxy, family.child))
    fetched(path)
    families.revoke(Fullmakt.objects.get(giver=family.child))
    fetched(path, 404)


def test_a_youth_without_consent_and_a_dead_owner_have_none() -> None:
    family = families.family(born=date(2012, 5, 5), consented=True)
    appointment(family.child, referral_ids=[families.referral(family.child, outcome=Outcome.OPEN).pk])
    own = subscribed(Screen(family.child))
    mothers = subscribed(Screen(family.mother, family.child))
    fetched(own)
    families.consent(family.child, family.mother, gives=False)
    fetched(own, 404)
    fetched(mothers)
    families.register_says(family.mother, died_on=date(2026, 11, 22))
    fetched(mothers, 404)


def test_the_page_keeps_the_address_from_whoever_is_looked_at_next() -> None:
    family = families.family(born=date(2018, 5, 5))
    screen = Screen(family.mother, family.child)
    screen.sends("/timer/kalender/ny/")
    own = Screen(family.mother)
    own.client.cookies = screen.client.cookies
    session = own.client.session
    session.pop("acting_for")
    session.save()
    assert ".ics" not in own.html("/timer/kalender/")
    assert field(own.html("/timer/kalender/"), "for_person") == str(family.mother.pk)
