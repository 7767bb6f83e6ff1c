"""The database's clock, for everything that falls due.

A worker whose own clock is ten minutes ahead must not print early, so "is it due?" is asked of PostgreSQL.
"""

from datetime import datetime

from django.db import connection

from portal.kernel import clock


def due_now() -> datetime:
    """The database server's present instant, moved like the shared clock in demo and test."""
    standing = clock.stopped()
    if standing is not None:
        return standing
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    server_now: datetime = row[0]
    return server_now + clock.offset()
