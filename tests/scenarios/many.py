"""Very many waiting letters, copied inside the database from one that came in by the front door."""

from django.db import connection
from django.db.models import Model

from letters.models import Letter, Posting
from tests.stories.living import Alive, Patient, posting_of


def many_waiting(alive: Alive, count: int, patient: Patient | None = None) -> Letter:
    """So many unopened letters of one patient, all with the same limit; the first of them."""
    letter = alive.letter(patient or alive.patient())
    posting = posting_of(letter)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE copies AS SELECT gen_random_uuid() AS id, n FROM generate_series(2, %s) n", [count]
        )
        _copy(
            cursor, Letter, letter.pk, id="copies.id", source_key="'copy-' || copies.n", title="'Brev nr. ' || copies.n"
        )
        _copy(cursor, Posting, posting.pk, id="gen_random_uuid()", letter_id="copies.id", key="'dis-copy-' || copies.n")
        cursor.execute("DROP TABLE copies")
    return letter


def _copy(cursor: object, model: type[Model], pk: object, **changes: str) -> None:
    columns = [field.column for field in model._meta.concrete_fields]
    chosen = ", ".join(
        changes.get(column, f'"{column}"') if column in changes else f'old."{column}"' for column in columns
    )
    names = ", ".join(f'"{column}"' for column in columns)
    table = model._meta.db_table
    statement = f'INSERT INTO "{table}" ({names}) SELECT {chosen} FROM "{table}" old, copies WHERE old.id = %s'  # noqa: S608 (our own names)
    cursor.execute(statement, [pk])  # type: ignore[attr-defined]  # a database cursor
