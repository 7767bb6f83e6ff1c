"""Ready changes to a person, one button each, for whoever plays with the registers by hand."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from portal.counterparts.standins.casting import FRESH_DAYS, STALE_DAYS, home
from portal.counterparts.standins.numbers import DNR_DAY, number_for
from portal.counterparts.standins.person import Address, Contact, Person, Responsibility
from portal.kernel import clock

PROTECTION_WORDS: tuple[tuple[str, str], ...] = (
    ("ugradert", "Ingen"),
    ("klientadresse", "Klientadresse"),
    ("fortrolig", "Fortrolig (kode 7)"),
    ("strengtFortrolig", "Strengt fortrolig (kode 6)"),
)
SOT6 = Address(("SOT6", "Postboks 2094 Vika"), "0125", "Oslo")
POST_BOX = Address(("Postboks 77",), "9252", "Tromsø")
NEW_HOME = home("Nyveien 1", "9017", "Tromsø")


@dataclass(frozen=True)
class Ready:
    """A change with a name, the register it belongs to, and the words on its button."""

    name: str
    register: str
    words: str
    make: Callable[[Person], Person]


def _contact(**fields: object) -> Callable[[Person], Person]:
    def make(person: Person) -> Person:
        return replace(person, contact=replace(person.contact, **fields))  # type: ignore[arg-type]  # names are Contact's own

    return make


def _verified(email_days: int, mobile_days: int) -> Callable[[Person], Person]:
    def make(person: Person) -> Person:
        email_at, mobile_at = (clock.now() - timedelta(days=days) for days in (email_days, mobile_days))
        contact = replace(
            person.contact,
            registered=True,
            can_be_notified=None,
            email=person.contact.email or f"{person.slug}@epost.example",
            email_updated=email_at,
            email_verified=email_at,
            mobile=person.contact.mobile or "+4740999999",
            mobile_updated=mobile_at,
            mobile_verified=mobile_at,
        )
        return replace(person, contact=contact)

    return make


def _register(**fields: object) -> Callable[[Person], Person]:
    def make(person: Person) -> Person:
        return replace(person, **fields)  # type: ignore[arg-type]  # names are Person's own

    return make


def _died(person: Person) -> Person:
    return replace(person, died_on=clock.today())


def _responsibility_ends(person: Person) -> Person:
    """The first holder whose responsibility runs loses it from today, as after a ruling; the rest keep theirs."""
    rows = list(person.parental_responsibility)
    first = next((number for number, row in enumerate(rows) if row.ended_on is None and row.responsible_pid), None)
    if first is not None:
        rows[first] = replace(rows[first], ended_on=clock.today())
    return replace(person, parental_responsibility=tuple(rows))


def _unclear(person: Person) -> Person:
    rows = (Responsibility("ukjent", None, clock.today()),) if person.parental_responsibility else ()
    return replace(person, parental_responsibility=rows)


def _new_number(person: Person) -> Person:
    """A fødselsnummer where there was a D-number; the day of a D-number is marked with forty."""
    has_d_number = int(person.pid[:2]) > DNR_DAY
    born = person.birth_date
    if not has_d_number or born is None:
        return person
    return replace(person, pid=number_for(person.slug, born), former_pids=(*person.former_pids, person.pid))


CHANGES: tuple[Ready, ...] = (
    Ready("reserve", "contact", "Reserver mot digital post", _contact(reserved=True)),
    Ready("unreserve", "contact", "Opphev reservasjonen", _contact(reserved=False)),
    Ready("fresh", "contact", "Friske opplysninger", _verified(FRESH_DAYS, FRESH_DAYS)),
    Ready("stale-email", "contact", "Foreldet e-post, fersk mobil", _verified(STALE_DAYS, FRESH_DAYS)),
    Ready("stale", "contact", "Alt foreldet", _verified(STALE_DAYS, STALE_DAYS)),
    Ready("bounce", "contact", "Meldinger kommer ikke fram", _contact(bounces=True)),
    Ready("arrive", "contact", "Meldinger kommer fram", _contact(bounces=False)),
    Ready(
        "leave", "contact", "Slett fra registeret", lambda person: replace(person, contact=Contact(registered=False))
    ),
    Ready("move", "register", "Flytt til Nyveien 1 i Tromsø", _register(residence=NEW_HOME, no_fixed_abode=False)),
    Ready(
        "no-abode", "register", "Uten fast bosted", _register(residence=None, contact_address=None, no_fixed_abode=True)
    ),
    Ready("kode7", "register", "Gi kode 7", _register(protection="fortrolig", contact_address=POST_BOX)),
    Ready("kode6", "register", "Gi kode 6", _register(protection="strengtFortrolig", contact_address=SOT6)),
    Ready("unprotect", "register", "Fjern adressevernet", _register(protection="ugradert", contact_address=None)),
    Ready("lose", "register", "Den første mister foreldreansvaret", _responsibility_ends),
    Ready("unclear", "register", "Foreldreansvaret blir ukjent", _unclear),
    Ready("number", "register", "Bytt D-nummer til fødselsnummer", _new_number),
    Ready("die", "register", "Meld som død", _died),
    Ready("live", "register", "Angre dødsmeldingen", _register(died_on=None)),
)


def ready(register: str, person: Person) -> list[Ready]:
    """The changes of one register (`contact` or `register`) that would change anything for this person."""
    return [change for change in CHANGES if change.register == register and change.make(person) != person]


def make(person: Person, name: str) -> Person | None:
    """The person after a ready change; None where there is no such change."""
    change = next((change for change in CHANGES if change.name == name), None)
    return change.make(person) if change is not None else None
