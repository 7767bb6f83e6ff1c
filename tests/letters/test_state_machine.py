"""The letter's two tracks under random events and crashes: what must hold after each, and in the end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from letters import sweeps
from letters.commands import clerk, fallback, looking_again, opening, receipts, withdrawal
from letters.commands.codes import set_codes
from letters.commands.receipts import Receipt
from letters.models import ClerkTask, Letter, LetterEvent, Posting
from letters.queries import access, on_screen
from letters.states import FINISHED, POSTAL_MOVES, Digital, Postal, PostalEvent
from portal.counterparts.population_register import Protection
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.errors import FinalError, PortalError, RetryableError
from portal.outbox import registry
from portal.outbox.models import Errand
from tests.letters import making, world

START = datetime(2026, 11, 23, 10, tzinfo=clock.OSLO)
KINDS = ("letters.prepare", "letters.hand_over", "letters.ask_cancel", "letters.look_again")
CODES: tuple[list[str], ...] = ([], ["N"], ["NORN_FPB"], ["NORN_EPO"], ["NORN_FORANS"])


class LetterLife(RuleBasedStateMachine):
    """One or two letters of one patient; every step is the product's own."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.printer, self.registers = world.Printer(), world.Registers()
        self.around = world.around(self.printer, self.registers)
        self.around.__enter__()
        self.now = START
        self._stand_still()
        self.opened: dict[UUID, datetime | None] = {}
        self.keys: dict[UUID, str] = {}
        self.clerks = [making.person(name="A").id, making.person(name="B").id]
        self.events_of_printer = 0

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

    @initialize(route=st.sampled_from(["wait", "now", "reserved"]))
    def a_letter_arrives(self, route: str) -> None:
        registers = {
            "wait": making.READER_NOW,
            "now": making.reader(fresh_channels=()),
            "reserved": making.reader(reserved=True),
        }[route]
        self.registers.reserved = route == "reserved"
        self.letter = making.decided(registers).id

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.stopped.__exit__(None, None, None)
        self.now += timedelta(hours=hours)
        self._stand_still()

    @rule()
    def the_sweep_runs(self) -> None:
        fallback.sweep()

    @rule()
    def the_routes_are_checked(self) -> None:
        with suppress(RetryableError):
            sweeps.check_routes()

    @rule(
        crash=st.sampled_from(["", "", "before", "after"]),
        mode=st.sampled_from(["ok", "ok", "down", "accept_then_drop_reply"]),
    )
    def a_worker_takes_an_errand(self, crash: str, mode: str) -> None:
        self.printer.kill, self.printer.mode = crash, mode
        errand = Errand.objects.filter(kind__in=KINDS, state="waiting").order_by("?").first()
        if errand is not None:
            self._carry_out(errand)
        self.printer.kill, self.printer.mode = "", "ok"

    def _carry_out(self, errand: Errand) -> None:
        """As the worker does; a kill leaves the errand as it was."""
        with self._nothing_withheld_is_handed_over():
            self._handle(errand)

    @contextmanager
    def _nothing_withheld_is_handed_over(self) -> Iterator[None]:
        """Unless a clerk has let that very copy go."""
        before = set(self.printer.orders)
        withheld = access.access_of(Letter.objects.get(pk=self.letter), clock.now()).withheld
        yield
        for posting in Posting.objects.filter(key__in=set(self.printer.orders) - before):
            assert not withheld or withheld in posting.released_reasons

    def _handle(self, errand: Errand) -> None:
        kind = registry.kind(errand.kind)
        try:
            kind.handler(errand.subject)
        except world.Killed:
            return
        except RetryableError:
            return
        except FinalError as error:
            kind.given_up(errand.subject, error.code)
        Errand.objects.filter(pk=errand.pk).update(state="done", done_at=clock.now())

    @rule()
    def the_same_errand_runs_again(self) -> None:
        errand = Errand.objects.filter(kind__in=KINDS).order_by("?").first()
        if errand is not None:
            with suppress(world.Killed, PortalError):
                registry.kind(errand.kind).handler(errand.subject)

    @rule()
    def the_patient_opens_it(self) -> None:
        letter = Letter.objects.get(pk=self.letter)
        eyes = making.eyes(letter.person_id)
        if on_screen.one(eyes, letter.id) is not None:
            shown = opening.open_letter(letter_id=letter.id, reader=letter.person_id, eyes=eyes)
            assert opening.may_be_shown(shown, eyes)
            self.opened.setdefault(letter.id, Letter.objects.get(pk=letter.id).opened_at)

    @rule(codes=st.sampled_from(CODES), hours=st.none() | st.integers(1, 48))
    def staff_set_codes(self, codes: list[str], hours: int | None) -> None:
        until = self.now + timedelta(hours=hours) if hours else None
        wanted = [*(code for code in codes if code != "N"), "NORU"] if until else codes
        with suppress(clerk.NotPossible):
            by = Actor("staff", str(self.clerks[0]))
            set_codes(letter_id=self.letter, codes=wanted, withheld_until=until, reason="n", by=by)

    @rule()
    def those_whose_time_has_come_are_looked_at(self) -> None:
        looking_again.sweep()

    @rule()
    def the_readers_are_checked(self) -> None:
        with suppress(RetryableError):
            sweeps.check_readers()

    @rule()
    def the_sender_withdraws_it(self) -> None:
        withdrawal.withdraw(letter_id=self.letter, by=making.SENDER, reason="wrong")

    @rule(kind=st.sampled_from(["received", "posted", "returned", "failed"]), doubled=st.booleans())
    def a_receipt_comes(self, kind: str, doubled: bool) -> None:
        posting = Posting.objects.filter(key__in=self.printer.orders).order_by("?").first()
        if posting is None:
            return
        self.events_of_printer += 1
        receipt = Receipt(f"e{self.events_of_printer}", posting.key, kind, clock.now(), "P-x", 2, b"{}")
        receipts.take(receipt)
        if doubled:
            assert not receipts.take(receipt)

    @rule(died=st.booleans(), protected=st.booleans(), moved=st.booleans(), down=st.booleans())
    def the_registers_change(self, died: bool, protected: bool, moved: bool, down: bool) -> None:
        self.registers.died_on = date(2026, 11, 20) if died else self.registers.died_on
        self.registers.protection = Protection.CONFIDENTIAL if protected else Protection.NONE
        self.registers.street = "Nygata 2" if moved else self.registers.street
        self.registers.down = down

    @rule(who=st.sampled_from([0, 1]), what=st.sampled_from(["release", "stop", "again", "printed", "not_printed"]))
    def a_clerk_acts(self, who: int, what: str) -> None:
        posting, by = Posting.objects.order_by("?").first(), self.clerks[who]
        if posting is None:
            return
        with suppress(clerk.NotPossible):
            if what == "release":
                clerk.release(posting_id=posting.id, by=by, note="n")
            elif what == "stop":
                clerk.stop(posting_id=posting.id, by=by, note="n")
            elif what == "again" and Posting.objects.count() < 3 and posting.state != Postal.UNKNOWN:
                clerk.send_again(posting_id=posting.id, by=by, note="n")
            elif what == "printed" and posting.key in self.printer.orders:
                clerk.settle_unknown(posting_id=posting.id, by=by, printed=True, note="n")
            elif what == "not_printed" and posting.key not in self.printer.orders:
                clerk.settle_unknown(posting_id=posting.id, by=by, printed=False, note="n")

    @invariant()
    def i2_one_key_for_each_cause_and_it_never_changes(self) -> None:
        for posting_id, key in Posting.objects.values_list("id", "key"):
            assert self.keys.setdefault(posting_id, key) == key

    @invariant()
    def nothing_is_printed_twice(self) -> None:
        assert all(copies == 1 for copies in self.printer.copies.values())

    @invariant()
    def i3_an_opening_that_came_first_stopped_the_paper(self) -> None:
        for posting in Posting.objects.filter(obligatory=False):
            kinds = list(
                LetterEvent.objects.filter(letter=posting.letter_id).order_by("id").values_list("kind", "posting")
            )
            opened = [n for n, (kind, _) in enumerate(kinds) if kind == "digital.open"]
            handed = [n for n, (kind, which) in enumerate(kinds) if kind == "postal.hand_over" and which == posting.id]
            if opened and (not handed or opened[0] < handed[0]):
                assert posting.key not in self.printer.orders

    @invariant()
    def i4_the_printer_holds_nothing_we_do_not_know(self) -> None:
        assert set(self.printer.orders) <= set(self.keys.values())
        for posting in Posting.objects.filter(state__in=[Postal.ACCEPTED, Postal.POSTED, Postal.RETURNED]):
            assert posting.provider_id

    @invariant()
    def i5_every_move_is_in_the_history_and_follows_the_table(self) -> None:
        moves = LetterEvent.objects.filter(kind__startswith="postal.", posting__isnull=False).order_by("id")
        now: dict[UUID | None, str] = {}
        for event in moves:
            assert event.actor_kind
            assert event.actor_id
            if event.kind != "postal.begin":
                step = PostalEvent(event.kind.removeprefix("postal."))
                assert now[event.posting_id] == event.details["from"]
                assert POSTAL_MOVES[Postal(event.details["from"]), step] == event.details["to"]
            now[event.posting_id] = event.details["to"]
        assert now == dict(Posting.objects.values_list("id", "state"))

    @invariant()
    def i7_no_address_outside_the_print_sheets(self) -> None:
        for row in [*LetterEvent.objects.values_list("details", flat=True)]:
            assert "gata" not in str(row)

    @invariant()
    def i9_the_time_of_opening_never_changes(self) -> None:
        for letter_id, opened_at in self.opened.items():
            assert Letter.objects.get(pk=letter_id).opened_at == opened_at

    @invariant()
    def the_list_shows_the_letter_only_where_the_decision_does(self) -> None:
        if not hasattr(self, "letter"):
            return
        letter = Letter.objects.get(pk=self.letter)
        eyes = making.eyes(letter.person_id)
        shown = letter.digital in (Digital.AVAILABLE, Digital.OPENED) and on_screen.decision(eyes, letter).see
        assert on_screen.visible_to(eyes).exists() == shown

    @invariant()
    def i12_what_is_held_has_an_open_task(self) -> None:
        for posting in Posting.objects.filter(state=Postal.HELD):
            assert ClerkTask.objects.filter(posting=posting, resolved_at=None).exists()

    def _everything_settles(self) -> None:
        """I1 and I8: with working counterparts and time, every posting finishes or waits for a named person."""
        if not hasattr(self, "letter"):
            return
        self.registers.down = False
        for _ in range(2):  # what is looked at again may wait for an opening once more
            self.time_passes(24 * 30)
            looking_again.sweep()
            fallback.sweep()
            for _ in range(6):
                for errand in Errand.objects.filter(kind__in=KINDS, state="waiting"):
                    self._carry_out(errand)
        for posting in Posting.objects.exclude(state__in=FINISHED):
            assert posting.state in (Postal.HELD, Postal.ACCEPTED, Postal.CANCEL_ASKED), posting.state
            if posting.state != Postal.HELD:
                assert posting.key in self.printer.orders
        letter = Letter.objects.get(pk=self.letter)
        reached = letter.opened_at or letter.withdrawn_at or self.printer.orders
        stopped = LetterEvent.objects.filter(kind__in=["clerk.stop_asked", "clerk.settled"]).exists()
        assert reached or stopped or ClerkTask.objects.filter(resolved_at=None).exists()


@pytest.mark.django_db
def test_two_tracks_under_random_events_and_crashes() -> None:
    few = settings(
        max_examples=int(os.environ.get("STATE_WALKS", "60")),
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(LetterLife, settings=few)
