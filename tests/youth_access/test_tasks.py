"""Tasks before birthdays, for wishes left alone and unknown codes: once each, and nobody sees more or less by them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from threading import Thread

import pytest
from django.db import connections

from portal.kernel import clock, reach
from portal.people.models import Person
from tests.letters.world import Killed
from tests.youth_access import families
from tests.youth_access.staff_at_work import HOME, clinician, desk, papers
from youth_access import sweeps
from youth_access import tasks as celery_tasks
from youth_access.circumstances import ItemFacts
from youth_access.commands import tasks
from youth_access.eyes import eyes_for
from youth_access.facts import Service
from youth_access.models import AccessTask

pytestmark = pytest.mark.django_db
NOW = families.oslo(2026, 11, 22, 12)


@pytest.fixture(autouse=True)
def _still() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def days_before(birthday: date, days: int) -> datetime:
    """Noon in Oslo some days before."""
    day = birthday - timedelta(days=days)
    return families.oslo(day.year, day.month, day.day, 12)


def open_steps(child: Person) -> list[str]:
    return list(AccessTask.objects.filter(patient=child, closed_at=None).values_list("step", flat=True))


def test_ninety_thirty_and_seven_days_before_twelve() -> None:
    """Scenario 32."""
    child = families.person("Nora Barn", date(2015, 6, 1))
    families.referral(child)
    birthday = date(2027, 6, 1)
    for days, expected in ((91, []), (90, ["90"]), (31, ["90"]), (30, ["30"]), (8, ["30"]), (7, ["7"]), (1, ["7"])):
        with clock.stopped_at(days_before(birthday, days)):
            sweeps.look()
            sweeps.look()
        assert open_steps(child) == expected, days
    assert sorted(AccessTask.objects.values_list("step", flat=True)) == ["30", "7", "90"]
    task = AccessTask.objects.get(step="7")
    assert task.due_at == families.oslo(2027, 6, 1)
    assert task.unit_id == "4200001"


def test_a_job_that_stood_still_opens_only_the_nearest_step() -> None:
    child = families.person("Nora Barn", date(2015, 6, 1))
    families.referral(child)
    with clock.stopped_at(days_before(date(2027, 6, 1), 5)):
        sweeps.look()
    assert open_steps(child) == ["7"]


def test_what_is_assessed_for_the_day_needs_no_task_and_closes_one() -> None:
    done, left = families.person("Ada", date(2015, 6, 1)), families.person("Bo", date(2015, 6, 1))
    families.referral(done, outcome="open")
    waiting = families.referral(left)
    with clock.stopped_at(days_before(date(2027, 6, 1), 60)):
        sweeps.look()
        assert (open_steps(done), open_steps(left)) == ([], ["90"])
        families.assess(waiting, "open")
        sweeps.look()
        assert open_steps(left) == []


def test_a_denial_that_ends_before_the_day_does_not_count() -> None:
    child = families.person("Nora Barn", date(2015, 6, 1))
    families.assess(families.referral(child), "open", until=families.oslo(2027, 5, 1))
    with clock.stopped_at(days_before(date(2027, 6, 1), 60)):
        sweeps.look()
    assert open_steps(child) == ["90"]


@pytest.mark.parametrize(
    ("born", "year", "told"),
    [
        (date(2011, 1, 10), None, True),
        (date(2014, 2, 1), None, False),
        (None, 2015, True),
        (None, 2014, False),
        (date(1980, 1, 10), None, False),
    ],
)
def test_twelve_and_sixteen_and_no_other_birthday(born: date | None, year: int | None, told: bool) -> None:
    child = families.person("Nora Barn", born, year=year)
    families.treats(clinician(), child)
    sweeps.look()
    assert bool(open_steps(child)) is told


def test_those_without_treatment_and_the_dead_are_left_alone() -> None:
    families.person("Ada", date(2015, 1, 10))
    families.referral(families.person("Bo", date(2015, 1, 10), died_on=date(2026, 1, 1)))
    ended = families.referral(families.person("Liv", date(2015, 1, 10)))
    ended.ended_at = NOW
    ended.save()
    assert sweeps.look() == 0


def test_each_unit_is_told_and_clinicians_see_it_on_their_list() -> None:
    child, who = families.person("Nora Barn", date(2015, 1, 10)), clinician()
    families.referral(child)
    families.referral(child, families.unit("4200002", "Øyepoliklinikken"))
    families.treats(who, child)
    sweeps.look()
    assert AccessTask.objects.filter(closed_at=None).count() == 2
    page = desk(who).get(HOME).content.decode()
    assert "Øyepoliklinikken" in page
    assert "Fødselsdag endrer innsyn" in page


def test_a_wish_left_for_ten_days_is_told_once_and_closed_by_the_answer() -> None:
    child = families.person("Nora Barn", date(2013, 5, 3))
    wish = families.wish(child)
    with clock.stopped_at(NOW + timedelta(days=10, seconds=-1)):
        assert sweeps.wishes() == 0
    with clock.stopped_at(NOW + timedelta(days=10)):
        assert sweeps.wishes() == 1
        assert sweeps.wishes() == 0
    assert AccessTask.objects.get().subject == wish.pk


def test_an_unknown_code_hides_the_item_and_tells_once() -> None:
    """Scenario 40, the task."""
    mine = families.family(born=date(2019, 1, 1))
    with papers() as kept:
        item = kept.add(mine.child, codes=["N", "NORN_XYZ"])
        kept.add(mine.child)
        assert [sweeps.unknown_codes(), sweeps.unknown_codes()] == [1, 0]
        assert AccessTask.objects.get(kind="unknown_code").subject == item.id
        eyes = eyes_for(families.viewer(mine.mother), mine.child.pk, clock.now())
        decision = eyes.decide(Service.LETTER, ItemFacts(codes=("N", "NORN_XYZ")))
        assert (decision.see, decision.rule) == (False, "V29")


def test_what_anyone_sees_is_the_same_whether_or_not_the_job_ran() -> None:
    """Scenario 6."""
    mine = families.family(born=date(2015, 1, 10))
    families.referral(mine.child)
    midnight = families.oslo(2027, 1, 10)

    def seen(instant: datetime) -> bool:
        families.seen_by_register(instant, mine.mother, mine.child)
        return eyes_for(families.viewer(mine.mother), mine.child.pk, instant).decide(Service.LETTER, ItemFacts()).see

    without = [seen(midnight - timedelta(seconds=1)), seen(midnight)]
    with clock.stopped_at(midnight):
        sweeps.look()
    assert without == [seen(midnight - timedelta(seconds=1)), seen(midnight)] == [True, False]


def test_killed_between_two_tasks_and_run_again_there_is_one_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    children = [families.person(f"Barn {n}", date(2015, 1, 10)) for n in range(5)]
    for child in children:
        families.referral(child)
    real, calls = tasks.open_task, iter(range(100))

    def dying(**words: object) -> bool:
        opened = real(**words)  # type: ignore[arg-type]  # handed on as they are
        if next(calls) == 2:
            raise Killed
        return opened

    monkeypatch.setattr(tasks, "open_task", dying)
    with pytest.raises(Killed):
        sweeps.look()
    monkeypatch.undo()
    celery_tasks.look_for_tasks()
    celery_tasks.look_for_tasks()
    assert [open_steps(child) for child in children] == [["90"]] * 5


@pytest.mark.django_db(transaction=True)
def test_two_at_once_open_one() -> None:
    child = families.person("Nora Barn", date(2015, 1, 10))
    families.referral(child)

    def look() -> None:
        try:
            with clock.stopped_at(NOW), reach.everyone("job:access.tasks"):
                sweeps.look()
        finally:
            connections.close_all()

    runs = [Thread(target=look) for _each in range(4)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert open_steps(child) == ["90"]
