"""Reads the population register's feed of events, and asks anew about those we know.

Events and how far we have read are dealt with in one transaction: a process that is killed anywhere has either done
both or neither, and the next one reads the same events again.
"""

import time
from typing import Final

from django.db import transaction

from portal.counterparts.population_register import PopulationRegister, RegisteredPerson, RegisterEvent
from portal.counterparts.population_register.http import connect
from portal.people import family_commands, family_queries, register_snapshots
from portal.people.models import Person, RegisterFeed

AT_ONCE: Final = 500
SECONDS: Final = 30.0
NEW_NUMBER: Final = "endringIIdentifikator"


def read_feed(*, seconds: float = SECONDS) -> int:
    """Deal with everything new, for so long at most; says how many people were asked about.

    Raises `CounterpartDown` or `Refused`, and then reads on from the same place next time.
    """
    register = connect()
    until = time.monotonic() + seconds
    done = 0
    while time.monotonic() < until:
        expected = _read_so_far()
        page = register.events_after(expected, most=AT_ONCE)
        if page.latest < expected:
            family_commands.read_feed_to(expected=expected, sequence=0)
            continue
        if not page.events:
            family_commands.read_feed_to(expected=expected, sequence=expected)
            break
        done += _deal_with(register, page.events, expected)
    return done


def _read_so_far() -> int:
    return RegisterFeed.objects.filter(pk=1).values_list("sequence", flat=True).first() or 0


def _deal_with(register: PopulationRegister, events: tuple[RegisterEvent, ...], expected: int) -> int:
    people = _known(register, events)
    answers = register_snapshots.ask(register, people)
    users = [answer for answer in answers.found if answer.person.activated_at is not None]
    families = register_snapshots.with_dependants(
        register, register_snapshots.Answers(tuple(users), (), answers.asked_at)
    )
    found = {answer.person.pk: answer for answer in (*answers.found, *families.found)}
    everyone = register_snapshots.with_relatives(
        register, register_snapshots.Answers(tuple(found.values()), answers.unreadable, answers.asked_at)
    )
    with transaction.atomic():
        if not family_commands.read_feed_to(expected=expected, sequence=events[-1].sequence):
            return 0
        family_commands.distrust_snapshots(people=answers.unreadable)
        register_snapshots.keep(everyone)
    return len(people)


def _known(register: PopulationRegister, events: tuple[RegisterEvent, ...]) -> list[Person]:
    """Those of the events' people whom we know, also those we know by a number they had before."""
    named = {event.pid: event.kind for event in events if event.pid}
    known = family_queries.by_numbers(named)
    renumbered = [pid for pid, kind in named.items() if kind == NEW_NUMBER and pid not in known]
    told = register.look_up_many(renumbered) if renumbered else {}
    former = [pid for registered in told.values() for pid in _former(registered)]
    people = [*known.values(), *family_queries.by_numbers(former).values()]
    return list({person.pk: person for person in people}.values())


def _former(registered: RegisteredPerson | None) -> tuple[str, ...]:
    return registered.former_pids if registered is not None else ()
