"""Pages for people: who can sign in, one person's registers, and the levers."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from portal.counterparts.standins import behave, levers, person_changes, region, register_events
from portal.counterparts.standins.person import Person
from portal.counterparts.standins.registers import can_be_notified
from portal.counterparts.standins.store import store

GROUPS: tuple[tuple[str, str, str], ...] = (
    ("everyday", "Leser på nett", "Vanlige innbyggere. Begynn her."),
    ("paper", "Skal ha papir", "Hver av dem av sin egen grunn."),
    ("family", "Familier", "Barn og ungdom får aldersgrensene sine fra dagen demoen startet."),
    (
        "relations",
        "Hvem ser hva",
        "Familier, verger og voksne barn, én for hver regel om hvem som kan se på vegne av hvem.",
    ),
    ("address", "Uvanlige adresser", "Lange, utenlandske og manglende."),
    ("protected", "Vern og dødsfall", "Adresser som aldri skal lekke, og brev som ikke skal sendes."),
    ("canary", "Kanarifugl", "Et prøvebrev om dagen, så vi merker feil før noen ringer."),
    ("staff", "Ansatte", "Merkantile, driftsfolk og behandlere."),
    ("added", "Lagt til underveis", "Opprettet mens stedfortrederne gikk."),
)
KINDS = {"clerk": "Merkantil", "operator": "Drift", "clinician": "Behandler"}
LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "se": "Nordsamisk", "en": "Engelsk"}
MODE_WORDS: tuple[tuple[str, str], ...] = (
    ("ok", "Oppfører seg"),
    ("down", "Er nede (503)"),
    ("slow", "Er treg"),
    ("hang", "Henger, og kutter"),
    ("error", "Svarer 500 uten å gjøre noe"),
    ("reject", "Avviser"),
    ("garbage", "Gjør jobben, svarer tull"),
    ("accept_then_drop_reply", "Gjør jobben, kutter svaret"),
    ("forget_keys", "Glemmer nøklene"),
    ("duplicate_receipts", "Kvitterer dobbelt og i feil rekkefølge"),
    ("late_receipts", "Kvitterer tre dager for sent"),
    ("no_receipts", "Kvitterer aldri"),
)


@dataclass(frozen=True)
class Group:
    """People who show the same thing."""

    name: str
    title: str
    lead: str
    people: list[Person]


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everyone, grouped by what they show."""
    everyone = region.people()
    groups = [Group(*words, [one for one in everyone if one.group == words[0]]) for words in GROUPS]
    found = [group for group in groups if group.people]
    return render(request, "standins/people.html", {"page": "people", "groups": found, "kinds": KINDS})


@require_safe
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """One person as the registers know them, with ready changes."""
    found = _known(slug)
    everyone = region.people()
    by_number = {pid: one for one in everyone for pid in (*one.former_pids, one.pid)}
    holders = [(row, by_number.get(row.responsible_pid or "")) for row in found.parental_responsibility]
    children = [child for child in everyone if _has_responsibility(found, child)]
    words = {
        "page": "people",
        "person": found,
        "holders": holders,
        "parents": [by_number[pid] for pid in found.parents if pid in by_number],
        "children": children,
        "guardians": [(row, by_number.get(row.guardian_pid)) for row in found.guardianships],
        "wards": [one for one in everyone if any(row.guardian_pid == found.pid for row in one.guardianships)],
        "protection": dict(person_changes.PROTECTION_WORDS).get(found.protection, found.protection),
        "language": LANGUAGES.get(found.contact.language or "", "Ikke valgt"),
        "can_be_notified": can_be_notified(found.contact),
        "contact_changes": person_changes.ready("contact", found),
        "register_changes": person_changes.ready("register", found),
    }
    return render(request, "standins/person.html", words)


@require_POST
def change_person(request: HttpRequest, slug: str) -> HttpResponse:
    """Make one of the ready changes to a person."""
    found = _known(slug)
    changed = person_changes.make(found, request.POST.get("change", ""))
    if changed is None:
        raise Http404
    with store().held():
        changed = region.renumber(found, changed.pid) if changed.pid != found.pid else changed
        region.save(changed)
        register_events.note(found, changed)
    return HttpResponseRedirect(f"/people/{slug}")


@require_safe
def levers_page(request: HttpRequest) -> HttpResponse:
    """How every counterpart behaves, and a form for each."""
    rows = [(name, title, what, behave.current(name)) for name, title, what in levers.COUNTERPARTS]
    words = {"page": "levers", "rows": rows, "modes": MODE_WORDS, "mode_words": dict(MODE_WORDS)}
    return render(request, "standins/levers.html", words)


def _has_responsibility(found: Person, child: Person) -> bool:
    rows = child.parental_responsibility
    return any(row.responsible_pid == found.pid and row.ended_on is None for row in rows)


def _known(slug: str) -> Person:
    found = region.find_slug(slug)
    if found is None:
        raise Http404
    return found
