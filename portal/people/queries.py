"""Finding people, and reading what is known about them."""

from calendar import monthrange
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from portal.kernel import clock
from portal.people import numbers, sealing
from portal.people.models import Person, Role

ACTIVE_MONTHS: Final = 18


class NumberNotWelcome(numbers.NotAnIdentityNumber):
    """A real person's number outside production, or an invented one in it. Code `not_welcome_here`."""


def welcome_number(text: str) -> numbers.IdentityNumber:
    """Read a number and make sure that it belongs in this environment.

    Raises `NotAnIdentityNumber`, of which `NumberNotWelcome` is one kind.
    """
    number = numbers.parse(text)
    if not numbers.accepted_here(number, settings.PORTAL_ENV):
        raise NumberNotWelcome("not_welcome_here")
    return number


def find_by_pid(pid: str) -> Person | None:
    """The person who has or had this identity number, or None; None also for a text that is no number."""
    try:
        number = numbers.parse(pid)
    except numbers.NotAnIdentityNumber:
        return None
    index = sealing.blind_index(number.digits)
    return (
        Person.objects.filter(pid_index=index).first() or Person.objects.filter(former_numbers__pid_index=index).first()
    )


def pid_place(person_id: UUID) -> sealing.Place:
    """Where a person's sealed number belongs."""
    return sealing.Place("people_person", str(person_id), "pid_sealed")


def pid_of(person: Person) -> str:
    """The person's identity number, for a call to a counterpart and nothing else. Raises `SealBroken`."""
    return sealing.unseal(bytes(person.pid_sealed), pid_place(person.pk))


def is_active_user(person: Person, at: datetime) -> bool:
    """Whether a letter on screen can be expected to be seen: signed in here within 18 months.

    The same limit as for looking up contact preferences (eForvaltningsforskriften § 32).
    """
    if person.activated_at is None or person.last_signed_in_at is None:
        return False
    return at < _months_later(person.last_signed_in_at, ACTIVE_MONTHS)


def roles_of(person: Person) -> frozenset[Role]:
    """The staff roles a person holds now."""
    held = person.roles.filter(ended_at__isnull=True).values_list("role", flat=True)
    return frozenset(Role(role) for role in held)


def _months_later(instant: datetime, months: int) -> datetime:
    """The same wall-clock time in Oslo some months on; the 31st becomes the last day of a shorter month."""
    local = instant.astimezone(clock.OSLO)
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    return local.replace(year=year, month=month + 1, day=min(local.day, monthrange(year, month + 1)[1]))
