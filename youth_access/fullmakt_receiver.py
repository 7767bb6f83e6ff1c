"""Finding the one who is to receive a fullmakt: by number and family name, both right or nothing said.

The register is asked every time, whoever is known here, so that neither the answer nor its time tells anything of a
number alone. The number goes no further than this.
"""

import unicodedata
from typing import Final

from portal.counterparts.population_register import PopulationRegister, RegisteredPerson
from portal.kernel import clock
from portal.kernel.errors import FinalError
from portal.people import numbers
from portal.people.family_commands import keep_snapshot, register_known
from portal.people.models import Person
from portal.people.queries import welcome_number
from youth_access.commands.grants import is_of_age

PATIENCE: Final = 3.0


class NobodyFound(FinalError):
    """No adult with this number and this name may receive a fullmakt. It never says which of these it was."""


def find_receiver(register: PopulationRegister, *, pid: str, family_name: str) -> Person:
    """The adult with this number and family name, known here from now on.

    Raises `NobodyFound`, and `CounterpartDown` or `Refused` where the register does not answer.
    """
    try:
        number = welcome_number(pid)
    except numbers.NotAnIdentityNumber:
        raise NobodyFound("nobody") from None
    asked_at = clock.now()
    registered = register.look_up_many([number.digits]).get(number.digits)
    if registered is None or not _fits(registered, family_name):
        raise NobodyFound("nobody")
    person = register_known(pids=[registered.pid]).get(registered.pid)
    if person is None:
        raise NobodyFound("nobody")
    keep_snapshot(person=person, registered=registered, asked_at=asked_at)
    person.refresh_from_db()
    if not is_of_age(person, asked_at):
        raise NobodyFound("nobody")
    return person


def _fits(registered: RegisteredPerson, family_name: str) -> bool:
    same_name = _plain(family_name) == _plain(registered.family_name) != ""
    return same_name and registered.died_on is None and not registered.protected


def _plain(name: str) -> str:
    """A name as it is compared: capitals, spaces and kinds of hyphens make no difference, letters do."""
    text = unicodedata.normalize("NFC", name).casefold()
    return " ".join("".join("-" if unicodedata.category(letter) == "Pd" else letter for letter in text).split())
