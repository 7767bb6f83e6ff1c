"""Fills a database with appointments and their reminders, as copies of one that the product made itself.

As a process of its own (`python -m tests.bench.time_rows`) it makes that one. Run after `tests.bench.rows` has filled
the same database with people.
"""

import sys

import django
import psycopg

from tests.bench.rows import LETTERS_PER_PERSON, copy

READER = "(SELECT person_id FROM letters_letter WHERE source_key LIKE '%MOULD')"
"""The one who looks at their lists in the measurements."""
READERS_OWN = 200


def fill(address: str, *, appointments: int, waiting: int) -> None:
    """Copies so many appointments with a reminder each; about `waiting` of them wait, scattered over the table.

    The others have been told, and their appointments lie behind.
    """
    step = max(appointments // waiting, 1)
    planned = f"g % {step} = 0"
    ago = f"now() - (({appointments} - g) * interval '700 days' / {appointments}) - interval '1 day'"
    ahead = "now() + interval '30 days' + (g % 1000) * interval '1 hour'"
    start = f"CASE WHEN {planned} THEN {ahead} ELSE {ago} END"
    people = max(appointments // LETTERS_PER_PERSON, 1)
    somebody = f"md5('p' || (1 + g % {people}))::uuid"
    with psycopg.connect(address, autocommit=True) as connection:
        run = connection.execute
        run(b"SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
        copy(
            connection,
            "appointments_appointment",
            appointments,
            {
                "id": "md5('a' || g)::uuid",
                "source_key": "'https://dips.example/time|BENCH-' || g",
                "person_id": f"CASE WHEN g <= {READERS_OWN} THEN {READER} ELSE {somebody} END",
                "start": start,
                "end": f"({start}) + interval '30 minutes'",
                "received_at": f"({start}) - interval '60 days'",
                "sent_at": f"({start}) - interval '60 days'",
                "status": f"CASE WHEN {planned} THEN 'booked' ELSE 'fulfilled' END",
            },
        )
        copy(
            connection,
            "appointments_reminder",
            appointments,
            {
                "id": "md5('r' || g)::uuid",
                "appointment_id": "md5('a' || g)::uuid",
                "kind": "'hours'",
                "hours": "72",
                "due_at": f"({start}) - interval '72 hours'",
                "state": f"CASE WHEN {planned} THEN 'planned' ELSE 'done' END",
                "settled_at": f"CASE WHEN NOT ({planned}) THEN ({start}) - interval '72 hours' END",
            },
        )
        run(b"VACUUM ANALYZE appointments_appointment, appointments_reminder")


def main() -> None:
    """Make the mould: one appointment that has been told of, with its reminders."""
    django.setup()
    from datetime import timedelta

    from portal.kernel import clock
    from tests.appointments import told
    from tests.letters import making

    told.made(making.person(), clock.now() + timedelta(days=30), no_notice=True)
    sys.stdout.write("{}\n")


if __name__ == "__main__":
    main()
