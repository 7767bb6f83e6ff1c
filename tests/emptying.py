"""Empties the database after a test that has committed for real.

Django truncates every table and then makes permissions and content types anew, a second each time on a busy machine.
Here only tables that hold something are emptied, and those that migrations have filled are left alone; the letter
types, which tests do change, are put back.
"""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import TransactionTestCase

_TYPES = "letters_lettertype"


class Emptying:
    """Knows which tables migrations have filled; made when nothing else is in the database."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            self.names = connection.introspection.table_names(cursor)
            _let_history_be_emptied(cursor)
        filled = set(self._holding_something(self.names))
        self.names = [name for name in self.names if name not in filled]
        self.types = self._types()

    def take_over(self) -> None:
        """Empty the tables in place of Django's own way, for the rest of the run."""
        TransactionTestCase._fixture_teardown = lambda _case: self.empty()  # type: ignore[attr-defined]

    def empty(self) -> None:
        """Leave the database as the migrations left it."""
        tables = self._holding_something(self.names)
        if self._types() != self.types:
            tables.append(_TYPES)
        if tables:
            with connection.cursor() as cursor:
                cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in tables) + " CASCADE")
        if _TYPES in tables:
            import_module("letters.migrations.0003_letter_types").add(apps, None)
            self.types = self._types()

    @staticmethod
    def _holding_something(names: list[str]) -> list[str]:
        asked = ", ".join(f"CASE WHEN EXISTS (TABLE \"{name}\") THEN '{name}' END" for name in names)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT array_remove(ARRAY[{asked}], NULL)")
            [found] = cursor.fetchone()
        return list(found)

    @staticmethod
    def _types() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT row::text FROM letters_lettertype row ORDER BY code")
            return cursor.fetchall()


def _let_history_be_emptied(cursor: Any) -> None:
    """Switch off the guards that keep history from being truncated, in this test database alone."""
    cursor.execute("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE '%\\_no\\_truncate'")
    for table, trigger in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')
