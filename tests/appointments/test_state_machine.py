"""Times under random events, with a crash at any statement: what must hold after each, and in the end.

A patient never loses the old time without getting the new; no two have one time; no time is lost.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.http import Http404
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from appointments.commands import answering, booking, cancelling, ending, holding, lapsing, moving
from appointments.models import Appointment, Claim, Request, Reservation, Slot
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError, RetryableError
from portal.kernel.moves import IllegalMoveError
from portal.outbox import registry
from portal.outbox.models import Errand
from tests.appointments import at_hand
from tests.appointments.at_hand import DAY, NOW, Killed, eyes, slot

KIND = "appointments.tell_hospital"
CLINICIAN = Actor("staff", str(uuid4()))
HOSPITAL = Actor("sender", "dips")
NO = (FinalError, Http404)
"""What a patient may be told; anything else is a page that broke."""
CRASH = st.none() | st.none() | st.none() | st.integers(0, 45)
ANY = st.integers(0, 5)
ANSWER = st.sampled_from(["", "ok", "reject", "ok"])
_UNDOING = ("SAVEPOINT", "RELEASE", "ROLLBACK")


class Bomb:
    """Kills whoever sends the n-th statement, once. What undoes a transaction is not stopped: a death undoes it too."""

    def __init__(self, at: int) -> None:
        self.left = at
        self.armed = True

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.left -= 1
        if self.armed and self.left < 0 and not str(statement[0]).startswith(_UNDOING):
            self.armed = False
            raise Killed
        return execute(*statement)


class Times(RuleBasedStateMachine):
    """Two patients with an appointment each, and a few times: for one, overlapping, and a group of two."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.hospital = at_hand.RecordSystem()
        self.around = patch("appointments.delivery.health_record", lambda: self.hospital)
        self.around.__enter__()
        self.now = NOW
        self.seen: dict[UUID, int] = {}
        self._stand_still()

    def _stand_still(self) -> None:
        self.stopped = clock.stopped_at(self.now)
        self.stopped.__enter__()

    def teardown(self) -> None:
        try:
            self._everything_settles()
        finally:
            self.stopped.__exit__(None, None, None)
            self.around.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @initialize()
    def a_clinic_with_free_times(self) -> None:
        self.people = [at_hand.person(name=name) for name in ("Kari", "Ola")]
        self.stranger = at_hand.person(name="Per")
        book = at_hand.schedule()
        sibling = at_hand.schedule(resource=book.resource)
        self.slots = [
            *at_hand.slots(book, 3),
            slot(book, DAY + timedelta(hours=3), capacity=2),
            slot(sibling, DAY + timedelta(minutes=15), minutes=60),
            slot(sibling, DAY + timedelta(hours=3), minutes=15),
        ]
        made = [at_hand.appointment(each, book, DAY + timedelta(days=2, hours=n)) for n, each in enumerate(self.people)]
        self.first: dict[UUID, datetime | None] = {each.pk: each.start for each in made}

    @contextmanager
    def _perhaps_killed(self, crash: int | None) -> Iterator[None]:
        """A transaction that is cut off anywhere; what was to happen has then not happened at all."""
        if crash is None:
            with suppress(*NO):
                yield
            return
        with suppress(Killed, *NO), connection.execute_wrapper(Bomb(crash)):
            yield

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours: int) -> None:
        if self.now + timedelta(hours=hours) < DAY - timedelta(days=2):
            self.stopped.__exit__(None, None, None)
            self.now += timedelta(hours=hours)
            self._stand_still()

    @rule(who=ANY, what=ANY, move=st.booleans(), crash=CRASH)
    def somebody_holds_a_time(self, who: int, what: int, move: bool, crash: int | None) -> None:
        person = self._person(who)
        mine = Appointment.objects.filter(person=person, status="booked").order_by("start").first() if move else None
        wanted = self.slots[what % len(self.slots)]
        with self._perhaps_killed(crash):
            holding.hold(slot_id=wanted.pk, eyes=eyes(person.pk), appointment_id=mine.pk if mine else None)

    @rule(turns=st.lists(st.tuples(ANY, ANY, st.booleans(), ANSWER), min_size=1, max_size=3), crash=CRASH)
    def some_get_times(self, turns: list[tuple[int, int, bool, str]], crash: int | None) -> None:
        """Held and confirmed in one go, and perhaps answered at once, by a worker that may die of it."""
        for who, what, move, answer in turns:
            self._get_a_time(who, what, move, answer, crash)

    def _get_a_time(self, who: int, what: int, move: bool, answer: str, crash: int | None) -> None:
        self.somebody_holds_a_time(who, what, move, None)
        for grip in Reservation.objects.filter(state="held", person=self._person(who), slot=self.slots[what]):
            self._confirm(grip, None)
            if answer:
                self.hospital.mode = answer
                asked = Request.objects.filter(reservation=grip, state="waiting").values_list("pk", flat=True)
                for errand in Errand.objects.filter(kind=KIND, state="waiting", subject__in=list(asked)):
                    self._carry_out(errand, crash)
                self.hospital.mode = "ok"

    def _person(self, who: int) -> Any:
        return self.people[who % len(self.people)]

    @rule(which=ANY, crash=CRASH)
    def somebody_lets_go(self, which: int, crash: int | None) -> None:
        held = self._pick(Reservation.objects.filter(state="held"), which)
        if held is not None:
            with self._perhaps_killed(crash):
                holding.let_go(reservation_id=held.pk, eyes=eyes(held.person_id))

    @rule(which=ANY)
    def a_hold_runs_out(self, which: int) -> None:
        held = self._pick(Reservation.objects.filter(state="held"), which)
        if held is not None:
            at_hand.lapse_now(held)

    @rule(crash=CRASH)
    def the_sweep_runs(self, crash: int | None) -> None:
        with self._perhaps_killed(crash):
            lapsing.lapse()
            lapsing.find_lost()

    @rule(which=ANY, crash=CRASH)
    def somebody_confirms(self, which: int, crash: int | None) -> None:
        grip = self._pick(Reservation.objects.all(), which)
        if grip is not None:
            self._confirm(grip, crash)

    def _confirm(self, grip: Reservation, crash: int | None) -> None:
        """A held time that is for an appointment is for moving it; of others, booking is what the page offers."""
        moves = grip.state == "held" and grip.appointment_id is not None
        confirm = moving.move if moves or grip.requests.filter(kind="move").exists() else booking.book
        with self._perhaps_killed(crash):
            confirm(reservation_id=grip.pk, key=uuid4(), eyes=eyes(grip.person_id))

    @rule(which=ANY, crash=CRASH)
    def somebody_cancels(self, which: int, crash: int | None) -> None:
        mine = self._pick(Appointment.objects.all(), which)
        if mine is not None:
            with self._perhaps_killed(crash):
                cancelling.cancel(appointment_id=mine.pk, key=uuid4(), eyes=eyes(mine.person_id), reason="ill")

    @rule(
        which=ANY,
        mode=st.sampled_from(["ok", "ok", "reject", "down", "accept_then_drop_reply"]),
        kill=st.sampled_from(["", "", "before", "after"]),
        crash=CRASH,
    )
    def a_worker_takes_an_errand(self, which: int, mode: str, kill: str, crash: int | None) -> None:
        errand = self._pick(Errand.objects.filter(kind=KIND, state="waiting"), which)
        if errand is not None:
            self.hospital.mode, self.hospital.kill = mode, kill
            self._carry_out(errand, crash)
            self.hospital.mode, self.hospital.kill = "ok", ""

    def _carry_out(self, errand: Errand, crash: int | None = None) -> None:
        """As the worker does; a kill leaves the errand as it was."""
        wrapper = connection.execute_wrapper(Bomb(10_000 if crash is None else crash))
        try:
            with wrapper:
                registry.kind(KIND).handler(errand.subject)
        except (Killed, RetryableError):
            return
        except FinalError as error:
            registry.kind(KIND).given_up(errand.subject, error.code)
            Errand.objects.filter(pk=errand.pk).update(state="given_up")
            return
        Errand.objects.filter(pk=errand.pk).update(state="done", done_at=clock.now())

    @rule(which=ANY)
    def the_same_errand_runs_again(self, which: int) -> None:
        errand = self._pick(Errand.objects.filter(kind=KIND), which)
        if errand is not None:
            with suppress(FinalError, RetryableError):
                registry.kind(KIND).handler(errand.subject)

    @rule(which=ANY)
    def an_errand_is_given_up(self, which: int) -> None:
        errand = self._pick(Errand.objects.filter(kind=KIND, state="waiting"), which)
        if errand is not None:
            registry.kind(KIND).given_up(errand.subject, "poison")
            Errand.objects.filter(pk=errand.pk).update(state="given_up")

    @rule(which=ANY, yes=st.booleans(), crash=CRASH)
    def a_clinician_settles_what_failed(self, which: int, yes: bool, crash: int | None) -> None:
        request = self._pick(Request.objects.filter(state="failed"), which)
        if request is not None:
            answer = answering.accept if yes else answering.refuse
            with self._perhaps_killed(crash):
                answer(request_id=request.pk, by=CLINICIAN)

    @rule(which=ANY, crash=CRASH)
    def the_hospital_cancels(self, which: int, crash: int | None) -> None:
        mine = self._pick(Appointment.objects.all(), which)
        if mine is not None:
            with self._perhaps_killed(crash), suppress(IllegalMoveError), transaction.atomic():
                locked = Appointment.objects.select_for_update().get(pk=mine.pk)
                ending.end(locked, by=HOSPITAL, cancelled_by="hospital")

    @rule(which=ANY, state=st.sampled_from(["free", "free", "busy", "busy-unavailable"]))
    def the_hospital_changes_a_time(self, which: int, state: str) -> None:
        Slot.objects.filter(pk=self.slots[which % len(self.slots)].pk).update(state=state)

    @invariant()
    def claims_and_reservations_are_twins(self) -> None:
        at_hand.twins()

    @invariant()
    def nobody_has_two_of_one_time_and_no_group_is_overfull(self) -> None:
        real = clock.real_now()
        claims = [each for each in Claim.objects.all() if each.held_until is None or each.held_until > real]
        for one in claims:
            for other in claims:
                apart = one.during.upper <= other.during.lower or other.during.upper <= one.during.lower
                same_group = one.slot_id == other.slot_id and not one.exclusive
                assert one is other or apart or same_group
        for each in self.slots:
            assert sum(claim.slot_id == each.pk for claim in claims) <= each.capacity

    @invariant()
    def every_appointment_is_where_the_hospital_last_said_yes_to(self) -> None:
        for mine in Appointment.objects.all():
            counts = self._counting(mine)
            if mine.status == "booked":
                assert mine.start == (counts.start if counts is not None else self.first[mine.pk])
                assert counts is None or counts.state == "booked"
            if mine.status == "proposed":
                [waiting] = Request.objects.filter(appointment=mine, kind="book", state__in=["waiting", "failed"])
                assert waiting.reservation is not None
                assert (waiting.reservation.state, waiting.reservation.start) == ("booked", mine.start)

    @invariant()
    def every_booked_time_has_somebody_it_is_for(self) -> None:
        """It is asked for, or it is the time that counts: nothing else keeps a time from others."""
        for grip in Reservation.objects.filter(state="booked").select_related("appointment"):
            assert grip.appointment is not None
            assert grip.appointment.status in ("proposed", "booked")
            asked_for = grip.requests.filter(state__in=["waiting", "failed"]).exists()
            assert asked_for or self._counting(grip.appointment) == grip

    def _counting(self, mine: Appointment) -> Reservation | None:
        """The time that the hospital said yes to last. Answers of one instant are told apart by their history lines."""
        yes = Request.objects.filter(appointment=mine, kind__in=["book", "move"], state="accepted")
        found = {str(each.pk): each.reservation for each in yes.select_related("reservation")}
        lines = mine.events.filter(kind="request.accept").order_by("-pk").values_list("details__request", flat=True)
        return next((found[each] for each in lines if each in found), None)

    @invariant()
    def what_is_offered_is_exactly_what_nobody_has(self) -> None:
        shown = {each for book in {each.schedule_id for each in self.slots} for each in self._offer(book)}
        live = list(Claim.objects.exclude(held_until__lte=clock.real_now()))
        for each in Slot.objects.filter(pk__in=[each.pk for each in self.slots]).select_related("schedule"):
            there = [c for c in live if c.resource == each.schedule.resource]
            over = [c for c in there if c.during.lower < each.end and each.start < c.during.upper]
            own = [c for c in over if c.slot_id == each.pk]
            room = len(own) < each.capacity and len(own) == len(over)
            assert (each.pk in shown) == (room and each.state == "free")

    def _offer(self, book: UUID) -> list[UUID]:
        """What somebody else is offered."""
        return at_hand.on_offer(self.stranger, schedule_id=book)

    def _everything_settles(self) -> None:
        """The record system is well again: every request gets its answer, and every time is somebody's or free."""
        Errand.objects.filter(kind=KIND, state="given_up").update(state="waiting")
        for errand in Errand.objects.filter(kind=KIND, state="waiting"):
            self._carry_out(errand)
        at_hand.lapse_now(*Reservation.objects.filter(state="held"))
        lapsing.lapse()
        assert not Request.objects.filter(state__in=["waiting", "failed"]).exists()
        assert not Reservation.objects.filter(state="held").exists()
        assert set(Claim.objects.values_list("pk", flat=True)) == set(
            Reservation.objects.filter(state="booked").values_list("pk", flat=True)
        )
        self.every_appointment_is_where_the_hospital_last_said_yes_to()
        for request in Request.objects.filter(state="accepted", answered_by=None, record_id__gt=""):
            assert f"request-{request.pk}" in self.hospital.filed

    def _pick(self, rows: Any, which: int) -> Any:
        """One of the rows, in the order they were first seen: the same walk picks the same ones again."""
        found = sorted(rows, key=lambda each: self.seen.setdefault(each.pk, len(self.seen)))
        return found[which % len(found)] if found else None


@pytest.mark.django_db
def test_times_hold_together_whatever_happens() -> None:
    run_state_machine_as_test(
        Times,
        settings=settings(
            max_examples=int(os.environ.get("STATE_MACHINE_RUNS", "25")),
            stateful_step_count=int(os.environ.get("STATE_MACHINE_STEPS", "30")),
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
