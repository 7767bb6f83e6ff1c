"""When the register gives somebody a new number, as a fødselsnummer for a D-number: one person, and history kept."""

import logging
from typing import Final

from django.db import transaction

from portal.counterparts.population_register import RegisteredPerson
from portal.kernel import clock
from portal.people import numbers, queries, sealing
from portal.people.models import FormerNumber, Person

_LOG: Final = logging.getLogger("portal.register")


def recognise(*, pid: str, registered: RegisteredPerson) -> None:
    """Where nobody is known by a number, but somebody is by one the same person had before: it is them."""
    if queries.find_by_pid(pid) is None:
        for former in registered.former_pids:
            known = queries.find_by_pid(former)
            if known is not None:
                follow_number(person=known, registered=registered)
                return


@transaction.atomic
def follow_number(*, person: Person, registered: RegisteredPerson) -> bool:
    """Give a person the number the register uses now, if it is another; the old one still finds the same person.

    False where nothing was changed. A number that somebody else has here is never taken from them: two rows are then
    one person, which takes a human to mend.
    """
    old = queries.pid_of(person)
    if registered.pid == old:
        return False
    try:
        new = queries.welcome_number(registered.pid).digits
    except numbers.NotAnIdentityNumber as refused:
        _LOG.warning("a new number cannot be used", extra={"code": refused.code})
        return False
    index = sealing.blind_index(new)
    if _is_somebody_elses(index, person):
        _LOG.error("two persons here are one in the register", extra={"person": str(person.pk)})
        return False
    FormerNumber.objects.filter(pid_index=index, person=person).delete()
    _keep_former(person, old)
    person.pid_index = index
    person.pid_sealed = sealing.seal(new, queries.pid_place(person.pk))
    person.save(update_fields=["pid_index", "pid_sealed"])
    return True


def reseal_former_numbers() -> int:
    """Move every former number to the newest key; says how many were moved."""
    return sum(_reseal(row) for row in FormerNumber.objects.iterator(chunk_size=500))


def _is_somebody_elses(index: str, person: Person) -> bool:
    return (
        Person.objects.filter(pid_index=index).exclude(pk=person.pk).exists()
        or FormerNumber.objects.filter(pid_index=index).exclude(person=person).exists()
    )


def _keep_former(person: Person, pid: str) -> None:
    row = FormerNumber(person=person, pid_index=person.pid_index, pid_sealed=b"", changed_at=clock.now())
    row.save()
    row.pid_sealed = sealing.seal(pid, _place(row))
    row.save(update_fields=["pid_sealed"])


def _place(row: FormerNumber) -> sealing.Place:
    return sealing.Place("people_formernumber", str(row.pk), "pid_sealed")


def _reseal(row: FormerNumber) -> bool:
    before = bytes(row.pid_sealed)
    fresh = sealing.reseal(before, _place(row))
    if fresh is None:
        return False
    return bool(FormerNumber.objects.filter(pk=row.pk, pid_sealed=before).update(pid_sealed=fresh))
