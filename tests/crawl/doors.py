"""Every address, and whom it opens for: written from the rules and the table of roles, never read off the views.

A new address must be entered in `DOORS` with the rule for who gets what; until it is, the crawl fails and names it.
"""

import re
from collections.abc import Callable
from typing import Final
from uuid import UUID

from portal.people.models import Role
from tests.crawl.cast import Cast, Visitor
from tests.fuzz.addresses import ADMIN, PART
from youth_access.acting_choices import is_open
from youth_access.eyes import Eyes
from youth_access.facts import Kind, Service

Rule = Callable[[Visitor, Eyes], set[int]]
NOTHING: Final = UUID(int=5)
"""The id of nothing at all."""
SIGN_IN, GONE, OTHERWISE = 302, 404, 403


def everyone(*statuses: int) -> Rule:
    """The same for all who come."""
    return lambda visitor, eyes: set(statuses)


def citizens(*statuses: int) -> Rule:
    """The same for all who are signed in."""
    return everyone(*(statuses or (200,)))


def service(asked: Service, *, act: bool = False, shown: int = 200, closed: int = OTHERWISE) -> Rule:
    """Open where the decision for the service as such says so."""

    def answer(visitor: Visitor, eyes: Eyes) -> set[int]:
        decision = eyes.decide(asked)
        return {shown if (decision.act if act else decision.see) else closed}

    return answer


def roles(*allowed: Role, shown: tuple[int, ...] = (200,)) -> Rule:
    """Open for those who hold one of these roles; to all others as if it were not there."""
    return lambda visitor, eyes: set(shown) if set(visitor.roles) & set(allowed) else {GONE}


def treating(*statuses: int) -> Rule:
    """Open for a clinician who treats the patient; to all others as if the patient were not there."""
    return lambda visitor, eyes: set(statuses or (200,)) if visitor.name == "treating" else {GONE}


def consents(visitor: Visitor, eyes: Eyes) -> set[int]:
    """A parent's page, and everybody's own."""
    return {OTHERWISE if eyes.acting_for_another and eyes.relation.kind != Kind.PARENT else 200}


CLERK, CLINICIAN, REVIEWER, OPERATOR = Role.CLERK, Role.CLINICIAN, Role.REVIEWER, Role.OPERATOR
_PATIENT: Final = "behandler/tilgang/<uuid:patient_id>/"
_LETTER: Final = "behandler/brev/<uuid:letter_id>/"
LETTERS: Final = ("brev/<uuid:letter_id>/", "brev/<uuid:letter_id>/pdf", "brev/<uuid:letter_id>/vedlegg/<int:number>/")
"""Addresses of one letter: open where `decide` says see, otherwise as if there were none."""

APPOINTMENTS: Final = (
    "timer/<uuid:appointment_id>/",
    "timer/<uuid:appointment_id>/kalender.ics",
    "timer/<uuid:appointment_id>/endre/",
    "timer/<uuid:appointment_id>/avlys/",
)
"""Addresses of one appointment, the same way; what cannot be changed now leads back to its page."""

OPEN: Final[dict[str, Rule]] = {
    "": everyone(200),
    "om/": everyone(200),
    "om/tilgjengelighet/": everyone(200),
    "om/personvern/": everyone(200),
    "livez": everyone(200),
    ".well-known/idporten-jwks.json": everyone(200),
    "sprak/": everyone(405),
    "logg-inn/tid-igjen/": everyone(200, 401),
    "innsyn/fortsett/": everyone(200, 401),
}
CITIZENS: Final[dict[str, Rule]] = {
    "brev/": citizens(),
    "brev/sok/": citizens(405),
    "timer/": citizens(),
    "timer/bestill/": citizens(),
    "timer/bestill/<uuid:schedule_id>/": citizens(GONE),
    "timer/bestill/bekreft/<uuid:reservation_id>/": citizens(GONE),
    "timer/onske/": citizens(GONE),
    "timer/kalender/": citizens(),
    "timer/kalender/ny/": citizens(405),
    "timer/kalender/<uuid:feed_id>/avslutt/": citizens(405),
    "timer/kvittering/<uuid:request_id>/": citizens(GONE),
    "timer/kvittering/<uuid:request_id>/trekk/": citizens(405),
    "timer/<uuid:appointment_id>/bekreft/": citizens(405),
    "timer/<uuid:appointment_id>/kort-varsel/": citizens(405),
    "timer/<uuid:appointment_id>/video/": citizens(405),
    "timer/<uuid:appointment_id>/endre/bekreft/<uuid:reservation_id>/": citizens(GONE),
    "innsyn/": service(Service.LOG, closed=GONE),
    "innsyn/innstillinger/": citizens(),
    "innsyn/bekreft/<str:name>/": citizens(GONE),
    "innsyn/ikke-sendt/<str:name>/": citizens(GONE),
    "innsyn/fullmakter/": service(Service.PROXIES),
    "innsyn/fullmakter/ny/": service(Service.PROXIES, act=True),
    "innsyn/fullmakter/ny/bekreft/": service(Service.PROXIES, act=True, shown=302),
    "innsyn/fullmakter/<uuid:fullmakt_id>/avslutt/": citizens(405),
    "innsyn/samtykke/": consents,
    "innsyn/samtykke/endre/": citizens(405),
    "paa-vegne-av/": citizens(),
    "paa-vegne-av/velg/": citizens(405),
    "paa-vegne-av/tilbake/": citizens(405),
    "logg-inn/pa-nytt/": citizens(),
}
STAFF: Final[dict[str, Rule]] = {
    "behandler/": roles(*Role, shown=(200, 302)),
    "behandler/brev/": roles(CLERK),
    "behandler/brev/finn/": roles(CLERK, shown=(405,)),
    "behandler/brev/funnet/": roles(CLERK, shown=(200, 302)),
    "behandler/brev/grupper/": roles(CLERK),
    "behandler/brev/grupper/<slug:reason>/<slug:type_code>/": roles(CLERK, shown=(200, 302, GONE)),
    _LETTER: roles(CLERK),
    f"{_LETTER}oppgave/<uuid:task_id>/ta/": roles(CLERK, shown=(405,)),
    f"{_LETTER}oppgave/<uuid:task_id>/legg-tilbake/": roles(CLERK, shown=(405,)),
    f"{_LETTER}oppgave/<uuid:task_id>/lukk/": roles(CLERK, shown=(405, GONE)),
    f"{_LETTER}oppgave/<uuid:task_id>/prov-igjen/": roles(CLERK, shown=(405, GONE)),
    f"{_LETTER}papir/<uuid:posting_id>/frigi/": roles(CLERK, shown=(405, GONE)),
    f"{_LETTER}papir/<uuid:posting_id>/stopp/": roles(CLERK, shown=(405, GONE)),
    f"{_LETTER}papir/<uuid:posting_id>/send-pa-nytt/": roles(CLERK, shown=(405, GONE)),
    f"{_LETTER}papir/<uuid:posting_id>/avklar/": roles(CLERK, shown=(405, GONE)),
    "behandler/timer/": roles(CLERK, CLINICIAN),
    "behandler/timer/uke/": roles(CLERK, CLINICIAN),
    "behandler/timer/onsker/": roles(CLERK, CLINICIAN),
    "behandler/timer/onsker/<uuid:request_id>/": roles(CLERK, CLINICIAN, shown=(GONE,)),
    "behandler/timer/avlys/": roles(CLERK, shown=(GONE,)),
    "behandler/timer/apne/": roles(CLERK, CLINICIAN, shown=(GONE,)),
    "behandler/timer/ledig/<uuid:slot_id>/steng/": roles(CLERK, CLINICIAN, shown=(405,)),
    "behandler/timer/<uuid:appointment_id>/": roles(CLERK, CLINICIAN, shown=(GONE,)),
    "behandler/tilgang/": roles(CLINICIAN),
    "behandler/tilgang/finn/": roles(CLINICIAN, shown=(405,)),
    "behandler/tilgang/ingen-relasjon/": roles(CLINICIAN, shown=(302,)),
    "behandler/tilgang/nodtilgang/": roles(CLINICIAN, shown=(302,)),
    "behandler/tilgang/nodtilgang/<uuid:break_glass_id>/avslutt/": roles(CLINICIAN, shown=(405,)),
    "behandler/tilgang/kontroll/": roles(REVIEWER),
    "behandler/tilgang/kontroll/<uuid:break_glass_id>/": roles(REVIEWER, shown=(GONE,)),
    "behandler/tilgang/kontroll/nekting/<uuid:task_id>/": roles(REVIEWER, shown=(GONE,)),
    _PATIENT: treating(),
    f"{_PATIENT}forhandsvis/": treating(),
    f"{_PATIENT}oppgave/<uuid:task_id>/lukk/": treating(200, GONE),
    f"{_PATIENT}henvisning/<uuid:referral_id>/vurder/": treating(200),
    f"{_PATIENT}vurdering/<uuid:assessment_id>/avslutt/": treating(200, GONE),
    f"{_PATIENT}onske/ny/": treating(),
    f"{_PATIENT}onske/<uuid:wish_id>/svar/": treating(200, GONE),
    f"{_PATIENT}stengt/ny/": treating(),
    f"{_PATIENT}stengt/<uuid:block_id>/apne/": treating(200, GONE),
    f"{_PATIENT}behandler/<uuid:clinician_id>/sperr/": treating(200, GONE),
    f"{_PATIENT}sperre/<uuid:block_id>/opphev/": treating(200, GONE),
    f"{_PATIENT}koder/<slug:service>/<uuid:item_id>/": treating(200, GONE),
    f"{_PATIENT}fullmakt/ny/": treating(200, GONE),
    f"{_PATIENT}fullmakt/<uuid:fullmakt_id>/avslutt/": treating(200, GONE),
    "behandler/tilgang/regler/": roles(*Role),
    "drift/": roles(OPERATOR),
    "drift/aerend/<uuid:errand_id>/": roles(OPERATOR, shown=(GONE,)),
}
MACHINES: Final = (
    "readyz",
    "metrics",
    "kvitteringer/trykk/",
    "kvitteringer/varsel/",
    "timer/kalender/<str:token>.ics",
    "oauth/token",
    "fhir/metadata",
    "fhir/.well-known/smart-configuration",
    "fhir/CommunicationRequest",
    "fhir/CommunicationRequest/<str:letter_id>",
    "fhir/Communication",
    "fhir/Communication/_search",
    "fhir/Communication/<str:letter_id>",
    "fhir/ServiceRequest",
    "fhir/ServiceRequest/<str:referral_id>",
    "fhir/Appointment",
    "fhir/Appointment/_search",
    "fhir/Appointment/<str:appointment_id>",
    "fhir/Schedule",
    "fhir/Schedule/<str:schedule_id>",
    "fhir/Slot",
    "fhir/Slot/<str:slot_id>",
    "fhir/Task",
    "fhir/Task/<str:invitation_id>",
    "fhir/",
)
"""Addresses for other systems: whoever is signed in in a browser gets what a stranger gets."""
COMING_AND_GOING: Final = (
    "logg-inn/",
    "logg-inn/svar/",
    "logg-inn/ansatt/",
    "logg-inn/ansatt/svar/",
    "logg-inn/pa-nytt/videre/",
    "logg-ut/",
    "logg-ut/utlopt/",
    "logg-ut/idporten/",
    "logg-ut/helseid/",
)
"""Addresses that begin or end a session; `tests/sign_in` tries them."""
DOORS: Final = {*OPEN, *CITIZENS, *STAFF, *LETTERS, *APPOINTMENTS, *MACHINES, *COMING_AND_GOING}
OWN_WHOEVER_IS_CHOSEN: Final = (
    ".well-known/",
    "behandler/",
    "drift/",
    "innsyn/fortsett/",
    "logg-inn/",
    "paa-vegne-av/",
    "sprak/",
)


def unlisted(routes: list[str]) -> set[str]:
    """Routes that nobody has said whom they open for. The framework's own pages below `admin/` are for operators."""
    return {route for route in routes if not route.startswith(ADMIN)} - DOORS


def expected(route: str, visitor: Visitor, eyes: Eyes | None) -> set[int]:
    """The statuses that a visitor may get for a page that exists."""
    if eyes is None:
        return OPEN[route](visitor, _NOBODY) if route in OPEN else {SIGN_IN}
    shut = eyes.acting_for_another and not is_open(eyes)
    if shut and not route.startswith(OWN_WHOEVER_IS_CHOSEN):
        return {OTHERWISE}
    return (OPEN | CITIZENS | STAFF)[route](visitor, eyes)


_NOBODY: Eyes = None  # type: ignore[assignment]  # open doors never look at the eyes


def filled(route: str, known: dict[str, UUID | str]) -> str:
    """The route with what is known in its places, and otherwise something that does not exist."""
    return "/" + PART.sub(lambda part: str(known.get(part["name"], NOTHING if part["kind"] == "uuid" else "1")), route)


def places(cast: Cast, word: str) -> dict[str, UUID | str]:
    """What stands in the addresses: one letter, its patient, and what the clinic holds about the patient."""
    item = cast.items[word]
    return {
        "letter_id": item.letter.pk,
        "item_id": item.letter.pk,
        "patient_id": item.letter.person_id,
        "referral_id": cast.open.pk if item.letter.person_id == cast.youth.child.pk else cast.unassessed.pk,
        "service": "letter",
        "number": "1",
    }


def plain(body: bytes, asked: UUID | str) -> bytes:
    """A page without what differs by itself: token, nonce, the error's code, the time left, and what was asked for."""
    text = re.sub(rb'(csrfmiddlewaretoken" value|nonce|csrf-token" content|data-seconds)="[^"]+"', b"", body)
    text = re.sub(rb'"X-CSRFToken": *"[^"]+"', b"", text)
    text = re.sub(rb"kl\.(?: |\xc2\xa0|&nbsp;)\d\d\.\d\d", b"kl.", text)  # the session's end moves with the minute
    return re.sub(rb"koden [0-9a-f]{12}", b"koden", text).replace(str(asked).encode(), b"ID")
