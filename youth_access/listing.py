"""What the lists of one service start from, and the question which combinations of labels one patient's rows have.

Every list asks that question, so it is compiled once in a process and not for each request.
"""

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Generic, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Expression, Field, Model, Q, QuerySet, TextField
from django.db.models.sql.compiler import SQLCompiler

from portal.kernel.ready import Ready
from youth_access.circumstances import ItemFacts
from youth_access.eyes import Eyes
from youth_access.facts import Service

M = TypeVar("M", bound=Model)
Combination = tuple[Any, ...]
"""One row's values in the columns the rules depend on."""
NOTHING: Final = Q(pk__in=[])
OCCURRING: Final = "occurring"
"""The annotation of `Listing.with_occurring`."""
_NEW: Final = "new_ones"
_ANYBODY: Final = uuid4()
"""Stands in a compiled statement where the patient's id belongs; no person has it."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """One row for each combination that a patient's rows have, with its number of new rows last."""

    sql: str
    values: tuple[object, ...]

    def about(self, patient_id: UUID) -> tuple[Any, ...]:
        """The values to send it with."""
        return tuple(patient_id if value == _ANYBODY else value for value in self.values)


class _Occurring(Expression):
    """The same as a text of JSON inside another statement; it hangs on no row, so it is asked once."""

    def __init__(self, statement: _Statement, patient_id: UUID) -> None:
        super().__init__(output_field=TextField())
        self._statement, self._patient_id = statement, patient_id

    def as_sql(self, _compiler: SQLCompiler, _connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """The statement in brackets."""
        sql = f"(SELECT json_agg(each)::text FROM ({self._statement.sql}) AS each)"  # noqa: S608 - compiled by Django
        return sql, self._statement.about(self._patient_id)


@dataclass(frozen=True, eq=False)
class Shape(Generic[M]):
    """How a list narrows, sorts and cuts what may be seen, and which columns it reads.

    `of` keeps annotations. One that is `kept` is the same at every call and made once, where the service's reads are:
    its first statement is then compiled once in a process.
    """

    of: Callable[[QuerySet[M]], QuerySet[M]]
    kept: bool = False
    _ready: dict[Hashable, Ready[M]] = field(default_factory=dict, init=False, repr=False)

    def fetch(self, name: Hashable, rows_of: Callable[[UUID], QuerySet[M]], patient_id: UUID) -> list[M]:
        """The rows of one patient. `name` stands for everything but the patient that `rows_of` puts in."""
        if not self.kept:
            return list(rows_of(patient_id))
        if name not in self._ready:
            self._ready[name] = Ready(rows_of, _ANYBODY)
        return self._ready[name].rows(patient_id)


@dataclass(frozen=True, eq=False)
class Listing(Generic[M]):
    """What all lists of one service start from; made once, where the service's reads are.

    `rows` gives one patient's items and no other's, and asks for nothing but the patient's id. `columns` names those
    that the rules depend on for some eyes, in the order `facts` takes them. `new` is what is counted along. `usual`
    are combinations that most rows have, for eyes with as many columns.
    """

    service: Service
    rows: Callable[[UUID], QuerySet[M]]
    columns: Callable[[Eyes], tuple[str, ...]]
    facts: Callable[..., ItemFacts]
    new: Q = NOTHING
    usual: Sequence[Combination] = ()
    _compiled: dict[tuple[str, ...], _Statement] = field(default_factory=dict, init=False, repr=False)

    def ask(self, patient_id: UUID, columns: tuple[str, ...]) -> Iterator[tuple[Combination, int]]:
        """The combinations of one patient's rows, each with how many rows are new. One query.

        Raises TypeError for columns whose values the framework would have to convert.
        """
        statement = self._statement(columns)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.about(patient_id))
            found = cursor.fetchall()
        return ((tuple(combination), new) for *combination, new in found)

    def with_occurring(self, rows: QuerySet[M], patient_id: UUID, columns: tuple[str, ...]) -> QuerySet[M]:
        """The rows, each told which combinations there are of this patient's, for `read`."""
        told: QuerySet[M] = rows.annotate(**{OCCURRING: _Occurring(self._statement(columns), patient_id)})
        return told

    def read(self, columns: tuple[str, ...], told: str) -> Iterable[tuple[Combination, int]]:
        """What `ask` would answer, from a row's annotation."""
        fields: list[tuple[str, Field[Any, Any]]] = [(name, self._fields[name]) for name in columns]
        for each in json.loads(told):
            yield tuple(one.to_python(each[name]) for name, one in fields), each[_NEW]

    @cached_property
    def _fields(self) -> dict[str, Field[Any, Any]]:
        return {one.attname: one for one in self.rows(_ANYBODY).model._meta.concrete_fields}

    def _statement(self, columns: tuple[str, ...]) -> _Statement:
        if columns not in self._compiled:
            self._compiled[columns] = self._compile(columns)
        return self._compiled[columns]

    def _compile(self, columns: tuple[str, ...]) -> _Statement:
        asked = self.rows(_ANYBODY).order_by().values_list(*columns).annotate(**{_NEW: Count("pk", filter=self.new)})
        compiler = asked.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        if compiler.get_converters([expression for expression, *_ in compiler.select[:-1]]):
            raise TypeError(f"columns that must be converted: {columns}")
        if _ANYBODY not in values:
            raise TypeError("rows that are not one patient's")
        return _Statement(sql, tuple(values))
