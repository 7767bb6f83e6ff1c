"""Sessions end: after 30 minutes without activity, after 120 minutes whatever happens, on the machine's real time."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.kernel import clock
from portal.people import sessions
from portal.people.models import SignInSession
from tests.sign_in.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Ending = SignInSession.Ending
MINUTE = timedelta(minutes=1)


def aged(*, idle: timedelta, started: timedelta) -> SignInSession:
    """The only session, moved back in time."""
    now = clock.real_now()
    SignInSession.objects.update(last_seen_at=now - idle, started_at=now - started)
    return SignInSession.objects.get()


def time_left(visitor: Visitor) -> dict[str, object]:
    answer: dict[str, object] = visitor.http.get("/logg-inn/tid-igjen/").json()
    return answer


@pytest.mark.parametrize(
    ("idle", "started", "ending"),
    [
        (29 * MINUTE, 60 * MINUTE, ""),
        (30 * MINUTE, 60 * MINUTE, Ending.IDLE),
        (1 * MINUTE, 119 * MINUTE, ""),
        (1 * MINUTE, 120 * MINUTE, Ending.ABSOLUTE),
        (31 * MINUTE, 121 * MINUTE, Ending.ABSOLUTE),
    ],
)
def test_the_two_limits(visitor: Visitor, idle: timedelta, started: timedelta, ending: str) -> None:
    visitor.signs_in()
    row = aged(idle=idle, started=started)
    assert visitor.is_signed_in() is (not ending)
    row.refresh_from_db()
    assert row.ending == ending
    assert visitor.is_signed_in() is (not ending)


def test_an_ended_session_is_told_of_and_leads_back(visitor: Visitor) -> None:
    visitor.signs_in()
    aged(idle=40 * MINUTE, started=60 * MINUTE)
    page = visitor.http.get("/brev/?side=2")
    assert page.url.path == "/logg-ut/utlopt/"
    assert "Det er over 30 minutter siden" in page.text
    assert "next=%2Fbrev%2F%3Fside%3D2" in page.text


def test_activity_moves_the_idle_limit_and_never_the_absolute_one(visitor: Visitor) -> None:
    visitor.signs_in()
    aged(idle=29 * MINUTE, started=100 * MINUTE)
    assert 0 < int(str(time_left(visitor)["seconds"])) <= 60
    extended = visitor.http.get("/innsyn/fortsett/").json()
    assert 19 * 60 < extended["seconds"] <= 20 * 60
    assert extended["can_extend"] is False
    row = SignInSession.objects.get()
    assert clock.real_now() - row.last_seen_at < MINUTE


def test_asking_how_long_is_left_is_not_activity(visitor: Visitor) -> None:
    visitor.signs_in()
    before = aged(idle=10 * MINUTE, started=10 * MINUTE).last_seen_at
    left = time_left(visitor)
    assert 19 * 60 < int(str(left["seconds"])) <= 20 * 60
    assert SignInSession.objects.get().last_seen_at == before
    visitor.http.get("/logg-ut/")
    assert SignInSession.objects.get().last_seen_at > before


def test_busy_sessions_are_not_written_at_every_click(visitor: Visitor) -> None:
    visitor.signs_in()
    before = SignInSession.objects.get().last_seen_at
    visitor.http.get("/logg-ut/")
    assert SignInSession.objects.get().last_seen_at == before


def test_moving_the_demos_clock_throws_nobody_out(visitor: Visitor) -> None:
    visitor.signs_in()
    with clock.stopped_at(datetime(2031, 1, 1, tzinfo=UTC)):
        assert visitor.is_signed_in()


def test_nobody_signed_in_has_no_time_left(visitor: Visitor) -> None:
    answer = visitor.http.get("/logg-inn/tid-igjen/")
    assert answer.status_code == 401
    assert answer.json() == {"signed_in": False, "seconds": 0}


def test_a_session_that_was_never_opened_here_counts_for_nothing(visitor: Visitor) -> None:
    """A browser session with a user in it, but no sign-in behind it, is nobody's."""
    visitor.signs_in()
    key = visitor.session_key
    SignInSession.objects.all().delete()
    assert sessions.current(key) is None
    assert not visitor.is_signed_in()


def test_old_sessions_are_forgotten(visitor: Visitor, another_visitor: Visitor) -> None:
    visitor.signs_in()
    aged(idle=timedelta(days=31), started=timedelta(days=31))
    another_visitor.signs_in()
    assert sessions.forget_old(older_than=timedelta(days=30)) == 1
    assert another_visitor.is_signed_in()
    assert not visitor.is_signed_in()
