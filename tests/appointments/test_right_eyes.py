"""One answer for the same eyes wherever they look: list, count, page, file, calendar, front page, tasks and notices."""

import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments import pages
from appointments.commands import answering
from appointments.models import Appointment, CalendarFeed, Clinic, PreparationTask, Request
from appointments.queries import access, asked, on_screen, requests, wishing
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from tests.appointments.at_hand import DAY, NOW, appointment
from tests.appointments.at_screen import Screen
from tests.youth_access import families
from tests.youth_access.families import Family
from youth_access.ages import OSLO
from youth_access.eyes import Eyes, eyes_for
from youth_access.facts import Outcome

LOOKED_AT = datetime(2026, 11, 23, 10, tzinfo=OSLO)
CODES = ("N", "NORN_FORANS", "NORN_UNGDOM", "NORN_FPB", "NORN_EPO", "NORU", "NORS", "NORN_XYZ")
WHO = ("child", "mother", "father", "guardian", "proxy", "stranger")

births = st.sampled_from(
    [date(2018, 5, 5), date(2014, 11, 23), date(2014, 11, 24), date(2012, 2, 29), date(2010, 11, 24), date(1990, 1, 1)]
)
labels = st.lists(st.sampled_from(CODES), max_size=2, unique=True)
outcomes = st.lists(st.sampled_from(["open", "parents_denied", "youth_denied", None]), max_size=2)
made_of = st.lists(st.tuples(labels, outcomes, st.sampled_from([None, -1, 1])), min_size=1, max_size=3)


@pytest.mark.django_db
@settings(max_examples=int(os.environ.get("EYES", "10")), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    born=births,
    planned=made_of,
    at_home=st.sampled_from([("mother", "father"), ("mother",), ()]),
    consented=st.booleans(),
    later=st.sampled_from([timedelta(), timedelta(hours=14), timedelta(hours=25)]),
)
def test_the_same_eyes_see_the_same_everywhere(
    born: date,
    planned: list[tuple[list[str], list[str | None], int | None]],
    at_home: tuple[str, ...],
    consented: bool,
    later: timedelta,
) -> None:
    with transaction.atomic():
        with clock.stopped_at(LOOKED_AT):
            family = families.family(
                born=born, at_home=at_home, consented=consented, with_guardian=True, with_proxy=True
            )
            made = [put(family, number, *each) for number, each in enumerate(planned)]
        with clock.stopped_at(LOOKED_AT + later):
            for who in WHO:
                all_places_agree(eyes_of(family, who), made)
        transaction.set_rollback(True)


def put(family: Family, number: int, codes: list[str], outcomes: list[str | None], noru: int | None) -> Appointment:
    until = LOOKED_AT + timedelta(hours=2 * noru) if noru is not None and "NORU" in codes else None
    made = appointment(
        family.child,
        start=LOOKED_AT + timedelta(days=2, hours=number),
        security_codes=codes,
        referral_ids=[families.referral(family.child, outcome=outcome).pk for outcome in outcomes],
        withheld_until=until,
        call_in_letter=str(uuid4()),
    )
    PreparationTask.objects.create(appointment=made, number=0, kind="form", title=f"Skjema{number}")
    Request.objects.create(
        person=family.child,
        unit_id=made.unit_id,
        appointment=made,
        kind="video",
        key=uuid4(),
        made_at=LOOKED_AT,
        made_by=family.mother.pk,
        made_as="FO",
    )
    return made


def eyes_of(family: Family, who: str) -> Eyes:
    return eyes_for(families.viewer(family.relatives[who]), family.child.pk, clock.now())


def all_places_agree(eyes: Eyes, made: list[Appointment]) -> None:
    expected = {each.pk for each in made if on_screen.decision(eyes, each).see}
    acting = {each.pk for each in made if on_screen.decision(eyes, each).act}
    assert ids(on_screen.visible_to(eyes)) == expected
    assert ids(on_screen.coming(eyes)) == ids(on_screen.in_calendars(eyes)) == expected
    assert on_screen.unconfirmed_count(eyes) == len(acting)
    assert ids(on_screen.unconfirmed(eyes)) == acting
    assert {task.appointment_id for task in on_screen.open_tasks(eyes, 25)} == expected
    first = on_screen.next_one(eyes)
    assert (first.pk if first else None) == (next((each.pk for each in made if each.pk in expected), None))
    assert set(requests.waiting_for(eyes, [each.pk for each in made])) == expected
    assert set(asked.about(eyes, list(expected))) == expected
    assert len(pages._waiting(eyes)) == len(acting) + len(expected)
    for each in made:
        seen = each.pk in expected
        assert (on_screen.one(eyes, each.pk) is not None) == seen
        assert (on_screen.hidden_from(eyes, each.pk) is None) == seen
        request = Request.objects.get(appointment=each)
        assert (requests.one(eyes, request.pk) is not None) == seen
        told = access.reader_of_appointment(each, eyes.viewer.person_id, clock.now()).decision.notify == "message"
        assert told == seen


def ids(rows: object) -> set[UUID]:
    return {row.pk for row in rows}  # type: ignore[attr-defined]  # a list or a queryset of appointments


@pytest.fixture
def youth(db: None) -> Iterator[Family]:
    with clock.stopped_at(NOW):
        yield families.family(born=date(2012, 5, 5), consented=True)


def hidden_and_open(family: Family) -> tuple[Appointment, Appointment]:
    opened = families.referral(family.child, outcome=Outcome.OPEN)
    kept = appointment(
        family.child,
        title="Samtale om prevensjon",
        start=DAY,
        security_codes=["NORN_FORANS"],
        referral_ids=[opened.pk],
    )
    shown = appointment(
        family.child, title="Kontroll av tennene", start=DAY + timedelta(days=1), referral_ids=[opened.pk]
    )
    return kept, shown


def test_a_parent_sees_no_trace_of_what_is_kept_from_parents_and_the_youth_sees_it(youth: Family) -> None:
    kept, shown = hidden_and_open(youth)
    PreparationTask.objects.create(appointment=kept, number=0, kind="form", title="Skjema om prevensjon")
    mother, own = Screen(youth.mother, youth.child), Screen(youth.child)
    for path in ("/", "/timer/", "/timer/?vis=tidligere", f"/timer/{shown.id}/", "/timer/bestill/"):
        page = mother.opens(path)
        assert "prevensjon" not in page
        assert str(kept.id) not in mother.html(path)
        assert "1. desember" not in page
    assert "prevensjon" in own.opens("/timer/")
    assert "prevensjon" in own.opens(f"/timer/{kept.id}/")
    refused = 0
    for tail in ("", "endre/", "avlys/", "kalender.ics"):
        mother.opens(f"/timer/{kept.id}/{tail}", 404)
        refused += 1
    assert AuditRow.objects.filter(result="refused", item_id=str(kept.id)).count() == refused


def test_a_label_that_is_set_later_removes_it_at_the_parents_next_request(youth: Family) -> None:
    _kept, shown = hidden_and_open(youth)
    mother = Screen(youth.mother, youth.child)
    assert "Kontroll av tennene" in mother.opens("/timer/")
    Appointment.objects.filter(pk=shown.pk).update(security_codes=["NORN_FORANS"])
    assert "Kontroll av tennene" not in mother.opens("/timer/")
    assert "Neste time" not in mother.opens("/")
    mother.opens(f"/timer/{shown.id}/", 404)


def test_a_part_that_is_hidden_leaves_no_gap_in_the_bundle(youth: Family) -> None:
    kept, shown = hidden_and_open(youth)
    Appointment.objects.filter(pk=kept.pk).update(part_of=shown)
    mother = Screen(youth.mother, youth.child)
    assert "Timen har flere deler" not in mother.opens("/timer/")
    assert "hører sammen" not in mother.opens(f"/timer/{shown.id}/")
    assert "Timen har flere deler" in Screen(youth.child).opens("/timer/")
    Appointment.objects.filter(pk=kept.pk).update(part_of=None)
    Appointment.objects.filter(pk=shown.pk).update(part_of=kept)
    page = mother.opens("/timer/")
    assert "Kontroll av tennene" in page
    assert "flere deler" not in page


def test_cancelling_for_a_child_never_names_a_part_that_is_hidden(youth: Family) -> None:
    kept, shown = hidden_and_open(youth)
    Appointment.objects.filter(pk=kept.pk).update(part_of=shown)
    mother = Screen(youth.mother, youth.child)
    assert "prevensjon" not in mother.opens(f"/timer/{shown.id}/avlys/")
    forged = {f"part_{kept.id.hex}": "cancel"}
    mother.sends(f"/timer/{shown.id}/avlys/", key=uuid4(), reason="ill", more=forged)
    assert [each.appointment_id for each in Request.objects.all()] == [shown.id]


def test_a_youth_sees_the_telephone_instead_of_buttons(youth: Family) -> None:
    _kept, shown = hidden_and_open(youth)
    own = Screen(youth.child)
    page = own.opens(f"/timer/{shown.id}/")
    assert "Avlys time" not in page
    assert "Bekreft at timen passer" not in page
    assert "Passer ikke timen? Ring avdelingen." in page
    assert "foreldre" not in page, "the appointment may be one that parents know nothing of"
    assert "å bekrefte" not in own.html("/timer/")
    own.sends(f"/timer/{shown.id}/bekreft/", 404, key=uuid4())
    assert not Request.objects.exists()


def test_a_wish_is_between_the_youth_and_the_clinic(youth: Family) -> None:
    unit = families.unit("4200009", "Ungdomsklinikken")
    Clinic.objects.create(unit=unit, youth_wish=True)
    families.referral(youth.child, unit, Outcome.OPEN)
    own, mother = Screen(youth.child), Screen(youth.mother, youth.child)
    for closed in (mother, Screen(youth.mother)):
        closed.opens("/timer/onske/", 404)
        closed.sends("/timer/onske/", 404, unit=unit.pk, key=uuid4(), comment="")
    assert wishing.clinics(eyes_of(youth, "child")) == [unit]
    key = own.key_at("/timer/onske/")
    assert "Velg hvor du vil ha time." in own.sends("/timer/onske/", 422, key=key, comment="Jeg er redd")
    receipts = {own.sends("/timer/onske/", key=key, unit=unit.pk, comment="Jeg er redd") for _ in range(2)}
    assert len(receipts) == 1
    receipt = receipts.pop()
    assert "Vi har sendt ønsket ditt" in own.opens(receipt)
    assert "Vi har sendt ønsket ditt" in own.opens("/timer/")
    assert "redd" not in own.opens("/timer/")
    clinician = Actor("staff", str(youth.stranger.pk))
    mother.opens(receipt, 404)
    for path in ("/", "/timer/", "/timer/bestill/", "/innsyn/"):
        answer = mother.client.get(path)
        assert "Ungdomsklinikken" not in answer.content.decode()
    mother.sends(f"{receipt}trekk/", 404)
    assert own.sends(f"{receipt}trekk/") == receipt
    assert Request.objects.get().state == "withdrawn"
    receipt = own.sends("/timer/onske/", key=uuid4(), unit=unit.pk, comment="")
    answering.accept(request_id=Request.objects.get(state="waiting").pk, by=clinician, answer="Torsdag kl. 10")
    assert "Du har fått svar" in own.opens(receipt)
    assert "Svaret var: «Torsdag kl. 10»" in own.opens("/timer/onske/")


def test_a_parents_calendar_and_the_youths_own_are_strangers(youth: Family) -> None:
    Screen(youth.mother, youth.child).sends("/timer/kalender/ny/")
    assert CalendarFeed.objects.count() == 1
    assert "Avslutt" not in Screen(youth.child).opens("/timer/kalender/")
