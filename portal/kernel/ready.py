"""Queries that are compiled once in a process and sent many times with other values.

Building a statement from its parts takes the framework about as long as the database takes to answer it. Most requests
ask the same few questions about somebody else, so these are built once.
"""

from collections.abc import Callable
from copy import copy
from typing import Any, Final, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)


class Ready(Generic[M]):
    """A query with places for values: `Ready(lambda key: Session.objects.filter(pk=key), "place").rows("abc")`.

    `build` is called once, with the places: values of the right type that stand nowhere else in the query, and that are
    the same before and after the framework has prepared them for the driver (texts, UUIDs, aware datetimes). Whatever
    else `build` puts in is the same for ever, so an instant must be a place. No prefetching, no `values()`.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], *places: object) -> None:
        self._build: Final = build
        self._places: Final = places
        self._compiled: _Compiled[M] | None = None

    def rows(self, *values: object) -> list[M]:
        """The rows for these values, one for each place; one query.

        Raises TypeError, before anything is asked, where the query cannot be kept or a place is not in it.
        """
        if self._compiled is None:
            self._compiled = _Compiled(self._build(*self._places), self._places)
        return self._compiled.rows(values)


class _Compiled(Generic[M]):
    """The statement, which of its values are places, and what the framework knows of its columns."""

    def __init__(self, rows: QuerySet[M], places: tuple[object, ...]) -> None:
        if rows._iterable_class is not ModelIterable or rows._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise TypeError("only rows of a model, without prefetching, can be kept ready")
        self._compiler: SQLCompiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, values = self._compiler.as_sql()
        self._values = [(value, places.index(value) if value in places else None) for value in values]
        missing = {*range(len(places))} - {place for _value, place in self._values}
        if missing:
            raise TypeError(f"places that are not in the query: {sorted(missing)}")

    def rows(self, given: tuple[object, ...]) -> list[M]:
        values = [value if place is None else given[place] for value, place in self._values]
        compiler = copy(self._compiler)
        compiler.connection = connection
        vars(compiler)["as_sql"] = lambda *_arguments, **_options: (self._sql, values)
        return list(ModelIterable(cast("QuerySet[M]", _Asked(compiler))))


class _Asked:
    """What the framework's own reader of rows wants to know of a queryset."""

    db: Final = DEFAULT_DB_ALIAS
    _known_related_objects: Final[dict[Any, Any]] = {}

    def __init__(self, compiler: SQLCompiler) -> None:
        self._compiler = compiler
        self.query = self

    def get_compiler(self, using: str) -> SQLCompiler:
        """The statement with its values in place."""
        return self._compiler
