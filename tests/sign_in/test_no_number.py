"""After a day's use the identity number stands nowhere: no table, no log line, no session, no page."""

import logging

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from portal.people import queries
from portal.people.models import Person
from tests.sign_in.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


def everything_in_the_database() -> str:
    """Every row of every table as text, binary columns as both hex and escaped text."""
    found: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            for style in ("hex", "escape"):
                cursor.execute(f"SET bytea_output = '{style}'")
                cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608 - the table's own name
                found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_the_number_is_nowhere(visitor: Visitor, another_visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    page = visitor.signs_in("Kari Nordli")
    lowered = another_visitor.begins()
    another_visitor.chooses(another_visitor.http.get(lowered.url, params={**lowered.url.params, "acr": "low"}), "Kari")
    another_visitor.signs_in("Kari Nordli")
    visitor.signs_out()
    pid = queries.pid_of(Person.objects.get())
    stored = everything_in_the_database()
    assert "Kari Nordli" in stored
    for form in (pid, pid.encode().hex()):
        assert form not in stored
    assert not any(pid in str(session.get_decoded()) for session in Session.objects.all())
    assert pid not in page.text
    assert pid not in caplog.text
    assert "Kari" not in caplog.text
