"""Takes over what the population register says: facts, ties, and a new number for somebody we know."""

import logging
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import models, transaction

from portal.counterparts.population_register import RegisteredPerson
from portal.kernel import clock
from portal.people import commands, family_queries, numbers, register_numbers, register_ties
from portal.people.homes import home_index
from portal.people.models import Person, RegisterFeed

_LOG: Final = logging.getLogger("portal.register")


@transaction.atomic
def keep_snapshot(*, person: Person, registered: RegisteredPerson | None, asked_at: datetime) -> bool:
    """Replace all that is held about a person and their ties with the answer the register gave.

    None, a number the register does not know, means that nobody is tied to it. False, and nothing done, where a later
    answer has been kept already.
    """
    held = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if _kept_later(held, asked_at):
        return False
    known = family_queries.by_numbers(register_ties.tied_numbers(registered)) if registered is not None else {}
    for manager, rows in register_ties.rows_of(held, registered, known):
        _replace(manager, rows)
    if registered is not None:
        register_numbers.follow_number(person=held, registered=registered)
        commands.note_register_facts(
            person=held,
            name=registered.display_name,
            birth_date=registered.birth_date,
            birth_year=registered.birth_year,
            died_on=registered.died_on,
            protected=registered.protected,
        )
    home = home_index(registered.residence) if registered is not None else ""
    Person.objects.filter(pk=held.pk).update(home_index=home, register_seen_at=asked_at, register_asked_at=asked_at)
    return True


def note_unreadable(*, people: Collection[Person], asked_at: datetime) -> int:
    """The register's answer about these cannot be read. They are asked about again, after everyone else."""
    return Person.objects.filter(pk__in=[person.pk for person in people]).update(register_asked_at=asked_at)


def distrust_snapshots(*, people: Collection[Person]) -> int:
    """Something has changed about these and we do not know what: until we do, nobody acts for them or through them."""
    return Person.objects.filter(pk__in=[person.pk for person in people]).update(register_seen_at=None)


def register_known(*, pids: Collection[str]) -> dict[str, Person]:
    """The people with these numbers, made where nobody knew them. A number that cannot be used is left out."""
    found = family_queries.by_numbers(pids)
    for pid in sorted(set(pids) - set(found)):
        try:
            found[pid] = commands.register_person(pid=pid)
        except numbers.NotAnIdentityNumber as refused:
            _LOG.warning("a number in the register cannot be used", extra={"code": refused.code})
    return found


@transaction.atomic
def read_feed_to(*, expected: int, sequence: int) -> bool:
    """Note that events up to `sequence` are dealt with. False where another process has moved on from `expected`.

    Call it first in the transaction that deals with them: it holds the feed until the end.
    """
    RegisterFeed.objects.get_or_create(pk=1)
    feed = RegisterFeed.objects.select_for_update().get(pk=1)
    if feed.sequence != expected:
        return False
    RegisterFeed.objects.filter(pk=1).update(sequence=sequence, read_at=clock.now())
    return True


def _kept_later(held: Person, asked_at: datetime) -> bool:
    """A snapshot far ahead was taken before the demo's clock was moved back, and does not count as later."""
    seen = held.register_seen_at
    return seen is not None and asked_at < seen <= asked_at + family_queries.CLOCKS_APART


def _replace(manager: "models.Manager[Any]", fresh: Sequence[models.Model]) -> None:
    """All rows of one table for one person; left alone where they say the same already."""
    columns = [field.attname for field in manager.model._meta.concrete_fields if not field.primary_key]
    wanted = [tuple(getattr(row, column) for column in columns) for row in fresh]
    if Counter(manager.values_list(*columns)) == Counter(wanted):
        return
    manager.all().delete()
    manager.model._default_manager.bulk_create(fresh)
