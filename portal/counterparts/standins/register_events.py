"""The population register's feed of events (hendelsesliste): one row for everyone a change is about."""

from typing import Any, Final

from portal.counterparts.standins.person import Person
from portal.counterparts.standins.store import store
from portal.kernel import clock

KIND: Final = "event"
MOST: Final = 1000
_NEW: Final = "foedselEllerInnflytting"
_KINDS: Final = {
    "pid": "endringIIdentifikator",
    "given_name": "endringINavn",
    "middle_name": "endringINavn",
    "family_name": "endringINavn",
    "birth_date": "endringIFoedsel",
    "birth_year": "endringIFoedsel",
    "died_on": "doedsfall",
    "protection": "endringIAdressebeskyttelse",
    "residence": "endringIBostedsadresse",
    "contact_address": "endringIKontaktadresse",
    "no_fixed_abode": "endringIBostedsadresse",
    "parental_responsibility": "endringIForeldreansvar",
    "parents": "endringIFamilierelasjon",
    "shared_homes": "endringIDeltBosted",
    "guardianships": "endringIVergemaal",
}
_TELLS_RELATIVES: Final = frozenset({"parental_responsibility", "parents", "guardianships"})


def note(before: Person | None, after: Person) -> None:
    """Tell of a change: to the person, and to those who came to answer for them or ceased to."""
    changed = [name for name in _KINDS if before is None or getattr(before, name) != getattr(after, name)]
    kinds = [_NEW] if before is None else list(dict.fromkeys(_KINDS[name] for name in changed))
    with store().held():
        for kind in kinds:
            _tell(kind, after.pid)
        if not _TELLS_RELATIVES.isdisjoint(changed):
            for pid in sorted({*_relatives(after), *(_relatives(before) if before is not None else ())}):
                _tell("endringIFamilierelasjon", pid)


def page(after: int, most: int) -> dict[str, Any]:
    """The events after a sequence number, and the number of the latest there is."""
    rows = store().after(KIND, after, min(most, MOST))
    events = [{"sekvensnummer": number, **row} for number, row in rows]
    return {"hendelser": events, "sisteSekvensnummer": store().last(KIND)}


def _tell(kind: str, pid: str) -> None:
    at = clock.now().isoformat()
    store().append(KIND, {"hendelsestype": kind, "personidentifikator": pid, "tidspunkt": at})


def _relatives(person: Person) -> set[str]:
    holders = {row.responsible_pid for row in person.parental_responsibility if row.responsible_pid}
    return {*holders, *person.parents, *(row.guardian_pid for row in person.guardianships)}
