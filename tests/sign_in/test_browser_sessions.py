"""The browser session and the sign-in behind it come together, and each limit holds as before."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore as FrameworkStore
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.kernel import clock
from portal.people import sessions
from portal.people.browser_sessions import SessionStore
from portal.people.models import Role, SignInSession
from tests.letters import making
from tests.people.signed_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def key() -> str:
    """The key of a signed-in browser session."""
    found = signed_in(Client(), making.person(), [Role.CLERK]).session.session_key
    assert found is not None
    return found


def test_one_statement_brings_both(key: str) -> None:
    store = SessionStore(key)
    sessions.behind(key)
    with CaptureQueriesContext(connection) as seen:
        assert "_auth_user_id" in store
        row = store.sign_in()
        assert row is not None
        opened = sessions.judge(row)
        assert isinstance(opened, sessions.OpenSession)
        assert (opened.roles, row.person.pk) == (frozenset({Role.CLERK}), row.person_id)
    assert len(seen) == 1


def test_the_frameworks_own_store_reads_what_ours_wrote_and_the_other_way(key: str) -> None:
    ours = SessionStore(key)
    ours["word"] = "ours"
    ours.save()
    theirs = FrameworkStore(key)
    assert theirs["word"] == "ours"
    theirs["word"] = "theirs"
    theirs.save()
    assert SessionStore(key)["word"] == "theirs"


def test_a_browser_session_without_a_sign_in_is_read_too() -> None:
    store = SessionStore()
    store["word"] = "kept"
    store.save()
    again = SessionStore(store.session_key)
    assert (again["word"], again.sign_in()) == ("kept", None)


def test_a_browser_session_that_has_run_out_is_gone_whatever_stands_behind_it(key: str) -> None:
    Session.objects.filter(pk=key).update(expire_date=clock.real_now() - timedelta(seconds=1))
    store = SessionStore(key)
    assert "_auth_user_id" not in store
    assert (store.session_key, store.sign_in()) == (None, None)


def test_under_another_key_the_sign_in_is_not_the_old_ones(key: str) -> None:
    store = SessionStore(key)
    assert store.sign_in() is not None
    store.cycle_key()
    assert store.sign_in() is None


def test_an_ended_sign_in_lets_nobody_in(client: Client) -> None:
    signed_in(client, making.person())
    assert client.get("/brev/").status_code == 200
    sessions.end(SignInSession.objects.get(), SignInSession.Ending.PROVIDER)
    assert client.get("/brev/").status_code == 302
