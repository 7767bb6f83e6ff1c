"""Who a member of staff is at the clinic's book, and whom they see there by name.

Clerks see everybody's name, time and status and never what an appointment is about (row G14). Clinicians see the
patients they treat; others are busy times to them. Whoever has a protected address is masked in every list.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appointments.commands.clinic_day import BASIS as CLERK_BASIS
from appointments.models import Appointment
from appointments.queries.access import facts_of
from portal.audit.basis import Basis
from portal.audit.refusals import AccessRefused
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.people.models import Person, Role
from portal.people.viewer import Viewer
from youth_access.codes import Code
from youth_access.staff_footing import Footing, footing, own_patients


@dataclass(frozen=True, slots=True)
class Desk:
    """One member of staff in front of a list. `own` are those in it whom they treat; a clerk needs none."""

    viewer: Viewer
    own: frozenset[UUID] = frozenset()

    @property
    def clerk(self) -> bool:
        """Whether they sit there as a clerk; whoever is both, does."""
        return Role.CLERK in self.viewer.roles

    @property
    def actor(self) -> Actor:
        """The member of staff as the one who acts."""
        return Actor("staff", str(self.viewer.person_id))

    @property
    def basis(self) -> str:
        """The audit's word for what lets them look at a list."""
        return CLERK_BASIS if self.clerk else "clinician"

    def may_open(self, person_id: UUID, codes: Collection[str] = ()) -> bool:
        """Whether a line of a list leads anywhere for them."""
        return self.clerk or (person_id in self.own and Code.STAFF_BLOCKED not in codes)

    def names(self, person: Person, codes: Collection[str] = ()) -> str:
        """The patient as this list shows them."""
        if not self.may_open(person.pk, codes):
            return _("Pasient du ikke behandler")
        return _("Skjermet person") if person.protected else listed_name(person)


@dataclass(frozen=True, slots=True)
class Standing:
    """A member of staff in front of one patient. `ground` is there for a clinician who treats them."""

    desk: Desk
    ground: Footing | None

    @property
    def reads_words(self) -> bool:
        """Whether they may read what the patient and the hospital have written."""
        return self.ground is not None

    @property
    def may_act(self) -> bool:
        """Whether they may decide anything; in an emergency one only looks."""
        return self.desk.clerk or (self.ground is not None and self.ground.may_act)

    @property
    def basis(self) -> Basis | str:
        """What the audit writes down as the ground."""
        return self.ground.basis if self.ground is not None else self.desk.basis


def desk(viewer: Viewer, people: Iterable[UUID] = ()) -> Desk:
    """The desk in front of a list of some patients. One query for clinicians, none for clerks."""
    if Role.CLERK in viewer.roles:
        return Desk(viewer)
    found = own_patients(viewer, clock.now()).filter(pk__in=set(people)).values_list("pk", flat=True)
    return Desk(viewer, frozenset(found))


def patients_of(viewer: Viewer) -> "QuerySet[Person] | None":
    """Whose requests somebody handles: everyone's for clerks (None), else those they treat."""
    return None if Role.CLERK in viewer.roles else own_patients(viewer, clock.now())


def stand(
    viewer: Viewer, person: Person, *, item_kind: str, item_id: UUID, appointment: Appointment | None, act: bool = False
) -> Standing:
    """How somebody stands in front of one patient, about one item. Raises AccessRefused, a 404 that leaves a row."""
    ground = footing(viewer, person, clock.now()) if Role.CLINICIAN in viewer.roles else None
    if ground is not None and appointment is not None and not ground.sees(facts_of(appointment)):
        ground = None
    found = Standing(Desk(viewer), ground)
    if (ground is None and not found.desk.clerk) or (act and not found.may_act):
        raise AccessRefused(
            by=found.desk.actor,
            action="change" if act else "read",
            item_kind=item_kind,
            item_id=item_id,
            person_id=person.pk,
            basis=ground.basis if ground is not None else Basis(relation="clinician"),
        )
    return found


def full_name(person: Person, standing: Standing) -> str:
    """The patient on their own page: masked for clerks where the address is protected, with birth date for others."""
    if person.protected and not standing.reads_words:
        return _("Skjermet person")
    born = person.birth_date
    return f"{listed_name(person)}, f. {born:%d.%m.%Y}" if born else listed_name(person)


def listed_name(person: Person) -> str:
    """As in a clinician's list: "Nordli, Kari (44)"."""
    if not person.name:
        return _("Navnet er ikke hentet ennå")
    first, _space, last = person.name.strip().rpartition(" ")
    name = f"{last}, {first}" if first else last
    if person.died_on is not None:
        return _("%(name)s (død)") % {"name": name}
    return f"{name} ({_age(person)})" if person.birth_date else name


def _age(person: Person) -> int:
    today, born = clock.today(), person.birth_date
    if born is None:
        return 0
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
