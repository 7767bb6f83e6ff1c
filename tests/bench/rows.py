"""Fills a database with letters by the hundred thousand, as copies of one that the product made itself.

As a process of its own (`python -m tests.bench.rows`) it makes that one: a letter on screen with paper waiting.
Copies take every column from it except those named here, so that a new column needs no change of this file.
"""

import sys
from dataclasses import dataclass

import django
import psycopg

LETTERS_PER_PERSON = 20
READER_LETTERS = 200
BODY = "'<p>' || repeat('Du har fått time til undersøkelse hos oss. ', 12) || g || '</p>'"
# Of every hundred letters: the rest was opened and its paper stopped.
WAITING, PRINTED = 3, 27

_DIGITAL = "CASE WHEN {waiting} OR {printed} THEN 'available' ELSE 'opened' END"
_STATE = "CASE WHEN {waiting} THEN 'waiting' WHEN {printed} THEN 'posted' ELSE 'cancelled' END"


@dataclass(frozen=True)
class _Load:
    """So many copies, and how each is told from the others; `g` counts them, in SQL."""

    connection: psycopg.Connection[tuple[object, ...]]
    letters: int
    waiting: int

    @property
    def people(self) -> int:
        """How many they are spread over."""
        return max(self.letters // LETTERS_PER_PERSON, 1)

    @property
    def shares(self) -> dict[str, str]:
        """Which of them wait for their limit, and which are printed."""
        step = max(self.letters // self.waiting, 1)
        return {"waiting": f"g % {step} = 0", "printed": f"g % 100 < {PRINTED}"}

    @property
    def ago(self) -> str:
        """When it happened: evenly over sixty days."""
        return f"now() - (({self.letters} - g) * interval '60 days' / {self.letters})"


def fill(address: str, *, letters: int, waiting: int) -> None:
    """Copies so many letters; about `waiting` of them wait for their limit, scattered over the table.

    Connects as superuser, to pass over the checks that a bulk load would repeat a million times.
    """
    with psycopg.connect(address, autocommit=True) as connection:
        run = connection.execute
        run(b"SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
        indexes = _without_indexes(connection)
        load = _Load(connection, letters, waiting)
        _people_and_letters(load)
        _postings(load)
        _history(load)
        for definition in indexes:
            run(definition.encode())
        run(b"VACUUM ANALYZE")


def _people_and_letters(load: _Load) -> None:
    person = f"md5('p' || (1 + g % {load.people}))::uuid"
    opened = "CASE WHEN NOT ({waiting} OR {printed}) THEN ".format(**load.shares)
    copy(
        load.connection,
        "people_person",
        load.people,
        {"id": "md5('p' || g)::uuid", "pid_index": "md5('i' || g) || md5(g::text)"},
    )
    copy(
        load.connection,
        "letters_letter",
        load.letters,
        {
            "id": "md5('l' || g)::uuid",
            "source_key": "'https://dips.example/brev|B-' || g",
            "person_id": person,
            "body_html": BODY,
            "digital": _DIGITAL.format(**load.shares),
            "received_at": load.ago,
            "available_at": load.ago,
            "opened_at": f"{opened}{load.ago} END",
            "opened_by": f"{opened}{person} END",
        },
    )


def _postings(load: _Load) -> None:
    waits, printed = load.shares["waiting"], load.shares["printed"]
    copy(
        load.connection,
        "letters_posting",
        load.letters,
        {
            "id": "md5('t' || g)::uuid",
            "letter_id": "md5('l' || g)::uuid",
            "key": "'dis-' || md5('t' || g)::uuid",
            "state": _STATE.format(**load.shares),
            "due_at": f"CASE WHEN {waits} THEN now() + interval '30 days' ELSE {load.ago} END",
            "created_at": load.ago,
            "changed_at": load.ago,
            "provider_id": f"CASE WHEN {printed} THEN 'T-' || g ELSE '' END",
            "handed_over_at": f"CASE WHEN {printed} THEN {load.ago} END",
            "posted_at": f"CASE WHEN {printed} THEN {load.ago} END",
        },
    )


def _history(load: _Load) -> None:
    """Events, and errands that are done: kept for thirty days, so of sixty days' letters one in two, in some state."""
    event = {
        "letter_id": f"md5('l' || (1 + g % {load.letters}))::uuid",
        "posting_id": "NULL::uuid",
        "kind": "'digital.publish'",
    }
    copy(load.connection, "letters_letterevent", load.letters * 2, event, without=("id",))
    copy(
        load.connection,
        "outbox_errand",
        load.letters // 2,
        {
            "id": "md5('e' || g)::uuid",
            "subject": "md5('l' || g)::uuid",
            "key": "'letters.decide:' || md5('l' || g)::uuid || ':'",
            "kind": "'letters.decide'",
            "state": "'done'",
            "done_at": load.ago,
            "lease": "NULL::uuid",
            "lease_until": "NULL::timestamptz",
        },
    )


def _without_indexes(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    """Drop the indexes of the large tables that no constraint owns; their definitions, to make them again."""
    found = connection.execute(
        b"SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND indexname NOT IN "
        b"(SELECT conname FROM pg_constraint)",
        [["letters_letter", "letters_posting", "letters_letterevent", "outbox_errand"]],
    ).fetchall()
    for name, _definition in found:
        connection.execute(f'DROP INDEX "{name}"'.encode())
    return [str(definition) for _name, definition in found]


def give_reader_letters(address: str) -> None:
    """The mould's own patient becomes one with a long inbox."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            b"UPDATE letters_letter SET person_id = "
            b"(SELECT person_id FROM letters_letter WHERE source_key LIKE '%%MOULD')"
            b" WHERE id IN (SELECT md5('l' || (g * 37))::uuid FROM generate_series(1, %s) g)",
            [READER_LETTERS],
        )
        connection.execute(b"VACUUM ANALYZE letters_letter")


def copy(
    connection: psycopg.Connection[tuple[object, ...]],
    table: str,
    count: int,
    changed: dict[str, str],
    without: tuple[str, ...] = (),
) -> None:
    """Insert so many copies of a table's first row; `changed` are SQL expressions over the copy's number `g`."""
    found = connection.execute(
        b"SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", [table]
    ).fetchall()
    columns = [str(row[0]) for row in found if row[0] not in without]
    quoted = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    source = f"(SELECT * FROM {table} LIMIT 1) t, generate_series(1, {count}) g"  # noqa: S608 (our own tables)
    connection.execute(f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {source}".encode())  # noqa: S608 (ours)


def main() -> None:
    """Make the mould: one unit, one reader, one letter that is decided and waits."""
    django.setup()
    from django.db import transaction

    from tests.letters import making

    with transaction.atomic():
        making.decided(key="https://dips.example/brev|MOULD")
    sys.stdout.write("{}\n")


if __name__ == "__main__":
    main()
