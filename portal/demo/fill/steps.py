"""What fills a fresh demo, step by step; a demo that was filled before only gets its canary letters."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import cycle

from portal.counterparts.standins import appointment_order as order
from portal.counterparts.standins.units import BLOOD_BANK, COURSES, UNITS, Unit
from portal.demo.fill import canary, timeboker
from portal.demo.fill.browser import Browser
from portal.demo.fill.record_system import RecordSystem
from portal.demo.fill.region import Inhabitant, inhabitants
from portal.demo.fill.texts import TEXTS
from portal.demo.prepare import Call
from portal.demo.supervisor import Say, Supervisor
from portal.kernel import clock

RECORD_SYSTEM_CLIENT = "dips"
RECORD_SYSTEM_SCOPES = (
    "system/CommunicationRequest.write system/CommunicationRequest.read system/Communication.read "
    "system/ServiceRequest.cru system/Appointment.cruds system/Schedule.cru system/Slot.cru system/Task.cru"
)
AT_ONCE = 4


@dataclass
class Filling:
    """What the steps share."""

    supervisor: Supervisor
    people: list[Inhabitant]
    hospital: RecordSystem

    @property
    def citizens(self) -> list[Inhabitant]:
        """Those who get letters."""
        return [person for person in self.people if person.kind == "citizen"]

    @property
    def treating(self) -> list[dict[str, str]]:
        """Units that patients are referred to; nobody is called in to give blood or to a course."""
        return [unit for unit in self.hospital.units if unit["resh"] not in (BLOOD_BANK, COURSES)]


def let_the_hospital_in(filling: Filling) -> None:
    """The hospital's units, its record system's way in, and the roles of those who work there."""
    record_system = f"{filling.supervisor.layout.standins_url}/record-system"
    client = ["--client-id", RECORD_SYSTEM_CLIENT, "--name", "Sykehusets journalsystem"]
    keys = ["--jwks-url", f"{record_system}/jwks.json", "--scope", RECORD_SYSTEM_SCOPES]
    roles = [(person.pid, role) for person in filling.people for role in person.roles]
    filling.supervisor.manage_all(
        [
            Call(arguments=["import_units", f"{record_system}/units.json"], environment={}),
            Call(arguments=["import_clinics", f"{record_system}/clinics.json"], environment={}),
            Call(arguments=["register_fhir_client", *client, *keys], environment={}),
            *[Call(arguments=["grant_role", role], environment={"GRANT_ROLE_PID": pid}) for pid, role in roles],
        ]
    )


def sign_in_active(filling: Filling) -> None:
    """Every citizen who has used the portal before signs in once, as they would themselves."""
    active = [person for person in filling.citizens if person.active]
    address = filling.supervisor.layout.portal_url

    def sign_in(person: Inhabitant) -> None:
        with Browser() as browser:
            browser.sign_in(address, person.name)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(sign_in, active))


def send_letters(filling: Filling) -> None:
    """One letter for every citizen who is to have one, from the units in turn; each belongs to a referral.

    Clinicians treat in turn, so that each of them has patients, and no patient is everybody's.
    """
    filling.hospital.connect()
    units, texts = cycle(filling.treating), cycle(TEXTS)
    clinicians = cycle([person.hpr_number for person in filling.people if "clinician" in person.roles] or [""])
    readers = [person for person in filling.citizens if person.letter]
    cases = zip(readers, units, texts, clinicians, strict=False)
    for number, (person, unit, text, clinician) in enumerate(cases, start=1):
        referral = f"H-2026-{number:06}"
        filling.hospital.refer(referral, person.pid, unit["resh"], [clinician] if clinician else [])
        filling.hospital.send(f"B-2026-{number:06}", person.pid, unit["resh"], text, referral)


def send_appointments(filling: Filling) -> None:
    """Timebøker with free times, and an appointment for everyone who got a letter, at the unit that wrote."""
    filling.hospital.connect()
    for timebok in timeboker.TIMEBOKER:
        unit = _unit(timebok.resh)
        filling.hospital.tell(
            "Schedule",
            order.schedule(timebok.name, unit, type_code=timebok.type_code, booking=timebok.booking, hpr=timebok.hpr),
        )
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(partial(_send_time, filling, timebok), timeboker.free_times(timebok, clock.today())))
    readers = [person for person in filling.citizens if person.letter]
    for number, (person, row) in enumerate(zip(readers, cycle(filling.treating), strict=False), start=1):
        words = timeboker.words(number, row["resh"], clock.today())
        filling.hospital.tell("Appointment", order.appointment(words, person.pid, _unit(row["resh"])))


def _send_time(filling: Filling, timebok: timeboker.Timebok, free: timeboker.FreeTime) -> None:
    unit = _unit(timebok.resh)
    filling.hospital.tell("Slot", order.slot(timebok.name, unit, type_code=timebok.type_code, **free))


def _unit(resh: str) -> Unit:
    return next(unit for unit in UNITS if unit.resh == resh)


Step = tuple[str, Callable[[Filling], None]]
STEPS: tuple[Step, ...] = (
    ("letting the hospital in: units, record system, roles", let_the_hospital_in),
    ("signing in those who have used the portal before", sign_in_active),
    ("sending referrals and letters from the hospital", send_letters),
    ("sending appointments and free times from the hospital", send_appointments),
)


def fill(supervisor: Supervisor, say: Say) -> None:
    """Fill the demo where it is fresh, and prove with two canary letters that the whole chain works."""
    layout = supervisor.layout
    filling = Filling(supervisor, inhabitants(layout.standins_url), RecordSystem(layout))
    done = layout.folder / "filled"
    fresh = not done.exists()
    for name, step in STEPS if fresh else ():
        say(name)
        step(filling)
    filling.hospital.connect()
    say("sending a letter to be read and a letter to be printed")
    canary.prove(layout, filling.people, filling.hospital)
    done.touch()
