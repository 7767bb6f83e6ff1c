"""Fullmakt between adults: what one may give, ending it from either side, and what stays."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person
from tests.people.signed_in import signed_in
from tests.youth_access import families
from tests.youth_access.fullmakter import LETTERS, LIST, give, text
from youth_access.commands import grants
from youth_access.commands.grants import Grant, NotGiven
from youth_access.eyes import ACTING_FOR, eyes_for
from youth_access.facts import Service
from youth_access.models import Fullmakt

pytestmark = pytest.mark.django_db


# Giving.


def test_a_fullmakt_opens_its_areas_and_no_others(giver: Person, receiver: Person) -> None:
    give(giver, receiver)
    eyes = eyes_for(families.viewer(receiver), giver.pk, clock.now())
    assert eyes.decide(Service.LETTER).see
    assert not eyes.decide(Service.JOURNAL).see
    assert not eyes.decide(Service.PROXIES).see
    rows = AuditRow.objects.filter(action="fullmakt.give").order_by("id")
    assert [(row.person_id, row.actor_id, row.basis) for row in rows] == [
        (giver.pk, str(giver.pk), "self"),
        (receiver.pk, str(giver.pk), ""),
    ]


def test_a_new_one_ends_the_old_and_history_stays(giver: Person, receiver: Person) -> None:
    first = give(giver, receiver)
    second = give(giver, receiver, areas=frozenset({Service.JOURNAL}))
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert second.revoked_at is None
    assert Fullmakt.objects.count() == 2
    mine = AuditRow.objects.filter(person_id=giver.pk).order_by("id")
    assert [row.action for row in mine] == ["fullmakt.give", "fullmakt.end", "fullmakt.give"]


def test_one_that_ran_out_does_not_stand_in_the_way(giver: Person, receiver: Person) -> None:
    now = clock.now()
    with clock.stopped_at(now - timedelta(days=10)):
        give(giver, receiver, ends_at=now - timedelta(days=1))
    give(giver, receiver)
    assert eyes_for(families.viewer(receiver), giver.pk, clock.now()).decide(Service.LETTER).see


def test_what_was_assigned_by_staff_is_left_alone(giver: Person, receiver: Person) -> None:
    assigned = families.fullmakt(giver, receiver, assigned=True)
    give(giver, receiver)
    assigned.refresh_from_db()
    assert assigned.revoked_at is None
    for one in (giver, receiver):
        by = Actor("citizen", str(one.pk))
        assert not grants.end_fullmakt(fullmakt_id=assigned.pk, person_id=one.pk, by=by)


def test_who_may_not_give_or_receive(giver: Person, receiver: Person) -> None:
    today = clock.today()
    nearly_18 = families.person("Ung Mottaker", today.replace(year=today.year - 17, day=1))
    under_16 = families.person("Ung Giver", today.replace(year=today.year - 15, day=1))
    by_year = families.person("Bare År", None, year=today.year - 18)
    hidden = families.person("Tuva Skjermli", protected=True)
    dead = families.person("Olav Grindvoll", died_on=today)
    for one, other, code in (
        (giver, nearly_18, "receiver_age"),
        (giver, by_year, "receiver_age"),
        (giver, dead, "receiver_age"),
        (under_16, receiver, "giver_age"),
        (giver, hidden, "protected"),
        (hidden, receiver, "protected"),
        (giver, giver, "oneself"),
    ):
        with pytest.raises(NotGiven, match=rf"^{code}$"):
            give(one, other)
    assert Fullmakt.objects.count() == 0


def test_nobody_gives_more_than_they_have_or_nothing_or_backwards(giver: Person, receiver: Person) -> None:
    by, basis = Actor("citizen", str(giver.pk)), Basis(relation="self")
    for areas in (frozenset({Service.JOURNAL}), frozenset({Service.PROXIES}), frozenset[Service]()):
        with pytest.raises(NotGiven, match=r"^areas$"):
            grants.give_fullmakt(
                giver_id=giver.pk,
                receiver_id=receiver.pk,
                grant=Grant(areas, clock.now()),
                may_give=LETTERS,
                by=by,
                basis=basis,
            )
    with pytest.raises(NotGiven, match=r"^period$"):
        give(giver, receiver, ends_at=clock.now())


def test_at_sixteen_years_and_a_minute_a_youth_gives_a_parent_fullmakt_that_works_at_once() -> None:
    with clock.stopped_at(families.oslo(2026, 11, 22, 0, 1)):
        home = families.family(born=date(2010, 11, 22))
        eyes = eyes_for(families.viewer(home.mother), home.child.pk, clock.now())
        assert not eyes.decide(Service.LETTER).see
        give(home.child, home.mother)
        assert eyes_for(families.viewer(home.mother), home.child.pk, clock.now()).decide(Service.LETTER).see


# Ending.


@pytest.mark.parametrize("side", ["giver", "receiver"])
def test_either_side_ends_it_at_once(client: Client, giver: Person, receiver: Person, side: str) -> None:
    row = give(giver, receiver)
    signed_in(client, giver if side == "giver" else receiver)
    assert client.post(f"{LIST}{row.pk}/avslutt/")["Location"] == LIST
    assert not eyes_for(families.viewer(receiver), giver.pk, clock.now()).decide(Service.LETTER).see
    page = text(client.get(LIST))
    assert "Tidligere fullmakter" in page
    assert f"av {(giver if side == 'giver' else receiver).name}" in page
    ended = AuditRow.objects.filter(action="fullmakt.end").order_by("id").values_list("person_id", "basis")
    by_giver = side == "giver"
    assert list(ended) == [(giver.pk, "self" if by_giver else "FU"), (receiver.pk, "" if by_giver else "self")]


def test_a_strangers_fullmakt_is_not_there(client: Client, giver: Person, receiver: Person) -> None:
    row = give(giver, receiver)
    signed_in(client, families.person("Stian Fremmed"))
    assert client.post(f"{LIST}{row.pk}/avslutt/").status_code == 404
    assert client.post(f"{LIST}{uuid4()}/avslutt/").status_code == 404
    row.refresh_from_db()
    assert row.revoked_at is None


def test_ended_in_another_tab_the_next_request_is_refused(client: Client, giver: Person, receiver: Person) -> None:
    row = give(giver, receiver)
    signed_in(client, receiver)
    client.post("/paa-vegne-av/velg/", {"person": str(giver.pk)})
    assert client.get("/brev/").status_code == 200
    grants.end_fullmakt(fullmakt_id=row.pk, person_id=giver.pk, by=Actor("citizen", str(giver.pk)))
    answer = client.get("/brev/")
    assert answer.status_code == 403
    assert "Oddrun" not in text(answer)
    assert ACTING_FOR not in client.session


def test_it_ends_at_midnight_after_its_last_day(client: Client, giver: Person, receiver: Person) -> None:
    with clock.stopped_at(families.oslo(2026, 11, 22, 12)):
        families.seen_by_register(clock.now(), giver, receiver)
        give(giver, receiver, ends_at=families.oslo(2026, 11, 25))
        assert "til og med 24.\xa0november\xa02026" in signed_in(client, giver).get(LIST).content.decode()
    for instant, opens in ((families.oslo(2026, 11, 24, 23, 59, 59), True), (families.oslo(2026, 11, 25), False)):
        assert eyes_for(families.viewer(receiver), giver.pk, instant).decide(Service.LETTER).see == opens
