"""Asks the registers about a patient, and turns their answers into what the rules need.

Nothing here is kept: a reservation, a death or a protected address counts from the moment the register has it.
Both calls may raise CounterpartDown; then nothing is decided and the errand tries again.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from letters.addressing import FIRST_OWN_AGE, Hold, Party, Recipient, ages_on, recipient
from letters.commands.decision import Contact, Registers
from letters.models import Letter, Posting
from letters.queries import access
from letters.states import Postal
from portal.counterparts import contact_register, population_register
from portal.counterparts.contact_register.http import connect as contact
from portal.counterparts.population_register import RegisteredPerson, ResponsibilityKind
from portal.counterparts.population_register.http import connect as population
from portal.kernel import clock
from portal.people import commands as people
from portal.people import sealing
from portal.people.contact_points import fresh_channels, points
from portal.people.models import Person
from portal.people.queries import is_active_user, pid_of
from portal.people.register_snapshots import take_snapshot
from youth_access.readers import tied_to


def ask(letter: Letter) -> Registers:
    """Both registers about a letter's patient, and about those tied to the patient, for the channel decision."""
    person, now = letter.person, clock.now()
    registered = _look_up(person)
    ages = _ages(registered)
    if registered is not None and _is_young(ages):
        take_snapshot(person)
    preferences = contact().look_up(pid_of(person))
    shared = channels_shared(letter, preferences, now)
    return Registers(
        registered=registered is not None,
        deceased=registered is not None and registered.died_on is not None,
        ages=ages,
        active_user=is_active_user(person, now),
        reserved=preferences.reserved,
        can_be_notified=preferences.registered and preferences.can_be_notified,
        fresh_channels=tuple(each for each in fresh_channels(preferences, now) if each not in shared),
        contacts=_contacts(tied_to(person.pk, now), now),
    )


def _contacts(people_ids: list[UUID], now: datetime) -> dict[UUID, Contact]:
    """How those tied to a patient can be told; only those who use the portal are asked about."""
    found = {}
    for person in Person.objects.filter(pk__in=people_ids):
        if is_active_user(person, now):
            preferences = contact().look_up(pid_of(person))
            told = preferences.registered and preferences.can_be_notified
            channels = fresh_channels(preferences, now) if told else ()
            found[person.pk] = Contact(True, preferences.reserved, channels)
    return found


def channels_shared(letter: Letter, preferences: contact_register.ContactPreferences, now: datetime) -> set[str]:
    """Channels on which the patient's own notice would reach somebody tied to the patient who may not see the letter.

    A youth's number in the contact register is often the mother's.
    """
    shared: set[str] = set()
    for reader in access.readers_of_letter(letter, now)[1:]:
        if not reader.decision.see:
            theirs = contact().look_up(pid_of(reader.person))
            shared |= {channel for channel, point in points(theirs).items() if point in points(preferences).values()}
    return shared


def _is_young(ages: tuple[int | None, int | None]) -> bool:
    return ages[0] is None or ages[0] < FIRST_OWN_AGE


def know_name(person: Person) -> None:
    """Fetch the name of a patient nobody has written to before; without it a letter cannot say whom it concerns."""
    if not person.name:
        _look_up(person)


def _look_up(person: Person) -> RegisteredPerson | None:
    registered = population().look_up(pid_of(person))
    if registered is not None:
        people.note_register_facts(
            person=person,
            name=registered.display_name,
            birth_date=registered.birth_date,
            birth_year=registered.birth_year,
            died_on=registered.died_on,
            protected=registered.protected,
        )
    return registered


def recipient_of(posting: Posting) -> Recipient | Hold:
    """Who the posting goes to and where, as the population register has it this moment."""
    person = posting.letter.person
    register = population()
    patient = register.look_up(pid_of(person))
    if patient is None:
        return Hold("unknown_person")
    ages = _ages(patient)
    parents = _parents(register, patient) if ages[0] is None or ages[0] < 18 else []
    return recipient(
        _party(patient),
        ages,
        parents,
        posting.released_reasons,
        parents_unknown=_parents_unknown(patient),
        access=access.access_of(posting.letter, clock.now()),
        came_back=_returned_before(person),
    )


def address_digest(lines: tuple[str, ...]) -> str:
    """What recognises an address again without telling it."""
    return sealing.blind_index("\n".join(lines[1:]).casefold())


def _returned_before(person: Person) -> Callable[[tuple[str, ...]], bool]:
    digests = set(
        Posting.objects.filter(letter__person=person, state=Postal.RETURNED).values_list("address_digest", flat=True)
    )
    return lambda lines: address_digest(lines) in digests


def _ages(registered: RegisteredPerson | None) -> tuple[int | None, int | None]:
    if registered is None:
        return None, None
    return ages_on(clock.today(), registered.birth_date, registered.birth_year)


def _responsibility(child: RegisteredPerson) -> list[population_register.ParentalResponsibility]:
    """The rows that hold today."""
    today = clock.today()
    return [
        row
        for row in child.parental_responsibility
        if (row.valid_from is None or row.valid_from <= today) and (row.ended_on is None or today < row.ended_on)
    ]


def _parents_unknown(child: RegisteredPerson) -> bool:
    """Whether all that the register says of who is responsible is that it does not know.

    A row that we could not read says something else, and then a person looks.
    """
    rows = _responsibility(child)
    return bool(rows) and all(row.kind == ResponsibilityKind.UNKNOWN and row.is_read for row in rows)


def _parents(register: population_register.PopulationRegister, child: RegisteredPerson) -> list[Party]:
    pids = [
        row.responsible_pid
        for row in _responsibility(child)
        if row.responsible_pid is not None and row.kind not in (ResponsibilityKind.OTHERS, ResponsibilityKind.UNKNOWN)
    ]
    found = [register.look_up(pid) for pid in dict.fromkeys(pids)]
    return [_party(parent) for parent in found if parent is not None]


def _party(person: RegisteredPerson) -> Party:
    return Party(
        name=person.display_name,
        deceased=person.died_on is not None,
        protected=person.protected,
        contact=person.contact_address,
        residence=person.residence,
        no_fixed_abode=person.no_fixed_abode,
    )
