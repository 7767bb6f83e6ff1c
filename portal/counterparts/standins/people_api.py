"""Persons as a trial sees and changes them; what is changed holds from the next lookup on."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_safe

from portal.counterparts.standins import changes, region, register_events
from portal.counterparts.standins.asked import BadInput, values
from portal.counterparts.standins.numbers import is_synthetic
from portal.counterparts.standins.person import Person
from portal.counterparts.standins.protocol import refusal
from portal.counterparts.standins.store import Row, store

Shape = Callable[[Person], Row]
Change = Callable[[str, Person | None, Row], Person]
Tell = Callable[[Person | None, Person], None]


@require_safe
def people_json(request: HttpRequest) -> JsonResponse:
    """Everyone, the plain readers first."""
    rows = [
        {
            "pid": person.pid,
            "name": person.name,
            "birth_date": person.birth_date.isoformat() if person.birth_date else None,
            "kind": person.kind,
            "note": person.note,
            "slug": person.slug,
            "active": person.active,
            "can_sign_in": person.can_sign_in,
            "roles": list(person.roles),
            "letter": person.letter,
            "hpr_number": person.hpr_number,
            "organisation": person.organisation,
        }
        for person in region.people()
    ]
    return JsonResponse(rows, safe=False)


@require_http_methods(["GET", "HEAD", "PATCH", "POST", "PUT"])
def contact_person(request: HttpRequest, pid: str) -> HttpResponse:
    """One entry in the contact register."""
    return _person(request, pid, shape=contact_shape, change=_changed_contact)


@require_http_methods(["GET", "HEAD", "PATCH", "POST", "PUT"])
def population_person(request: HttpRequest, pid: str) -> HttpResponse:
    """One person in the population register; a number nobody has is added."""
    return _person(request, pid, shape=population_shape, change=_changed_person, tell=register_events.note)


@require_safe
def persons_json(request: HttpRequest) -> JsonResponse:
    """Everyone in the population register, with family and address."""
    return JsonResponse([population_shape(person) for person in region.people()], safe=False)


def contact_shape(person: Person) -> Row:
    """What the contact register keeps, under the names a change is told with."""
    return {"pid": person.pid, **region.to_row(person)["contact"]}


def population_shape(person: Person) -> Row:
    """What the population register keeps, under the names a change is told with."""
    row = region.to_row(person)
    return {name: value for name, value in row.items() if name != "contact"} | {"name": person.name}


def _person(request: HttpRequest, pid: str, *, shape: Shape, change: Change, tell: Tell | None = None) -> HttpResponse:
    if request.method in ("GET", "HEAD"):
        person = region.find(pid)
        return JsonResponse(shape(person)) if person is not None else refusal(404, "unknown_person")
    if not is_synthetic(pid):
        return refusal(400, "not_synthetic", "only synthetic numbers with right check digits are taken")
    try:
        with store().held():
            before = region.find(pid)
            after = change(pid, before, values(request))
            region.save(after)
            if tell is not None:
                tell(before, after)
    except BadInput as fault:
        return refusal(400, "bad_input", str(fault))
    return JsonResponse(shape(after), status=200 if before is not None else 201)


def _changed_person(pid: str, person: Person | None, asked: Row) -> Person:
    new_pid = changes.new_number(asked)
    wish = changes.of_person(asked)
    changed = changes.newcomer(pid, wish) if person is None else changes.apply(person, wish)
    return changed if new_pid in (None, changed.pid) else region.renumber(changed, str(new_pid))


def _changed_contact(pid: str, person: Person | None, asked: Row) -> Person:
    wish = changes.of_contact(asked)
    known = person if person is not None else changes.newcomer(pid, {})
    return changes.apply(known, {"contact": region.to_row(known)["contact"] | wish})
