"""Every address for every kind of person: each gets what the decision and the table of roles say, and no hint more."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase
from pytest_django import DjangoDbBlocker

from tests.crawl.cast import Cast, Item, Visitor
from tests.crawl.doors import (
    APPOINTMENTS,
    CITIZENS,
    LETTERS,
    MACHINES,
    OPEN,
    STAFF,
    expected,
    filled,
    places,
    plain,
    unlisted,
)
from tests.fuzz.addresses import ADMIN, all_routes
from youth_access.facts import Service
from youth_access.models import Fullmakt

pytestmark = pytest.mark.django_db
VARIES = {"set-cookie", "content-security-policy", "x-request-id", "content-security-policy-report-only"}


@pytest.fixture(scope="module")
def cast(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Cast]:
    """One cast for the whole crawl, which reads and changes nothing but what has been opened."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Cast()
        transaction.set_rollback(True)


def inside(cast: Cast) -> Iterator[tuple[Visitor, set[UUID]]]:
    """Those who come in to letters, with the letters they may see; whoever is signed out sees none."""
    for visitor in cast.visitors.values():
        eyes = visitor.eyes()
        if eyes is None or expected("brev/", visitor, eyes) == {200}:
            yield visitor, visitor.sees(cast.items.values())


def nearest(cast: Cast, visitor: Visitor) -> list[Item]:
    """The letters of the one this visitor looks at, and two of others."""
    person = visitor.acting_for or visitor.person
    mine = [item for item in cast.items.values() if person is not None and item.letter.person_id == person.pk]
    return mine + [item for item in cast.items.values() if item not in mine][-3:-1]


def body(answer: HttpResponseBase) -> bytes:
    return answer.getvalue() if hasattr(answer, "getvalue") else bytes(answer.content)  # type: ignore[attr-defined]


def headers(answer: HttpResponseBase) -> dict[str, str]:
    return {name.lower(): value for name, value in answer.items() if name.lower() not in VARIES}


def hidden_marks(cast: Cast, visitor: Visitor) -> list[str]:
    items = cast.items.values()
    letters, times = visitor.sees(items), visitor.sees(items, Service.APPOINTMENT)
    found = [mark for item in items if item.letter.pk not in letters for mark in item.marks]
    found += [mark for item in items if item.letter.pk not in times for mark in item.time_marks]
    shared = {mark for item in items if item.letter.pk in letters | times for mark in item.marks if "enhet" in mark}
    return [mark for mark in found if mark not in shared]


def leaks(answer: HttpResponseBase, marks: list[str], asked: str) -> list[str]:
    """Words of hidden letters in the answer or its headers; what the visitor wrote in the address is no news."""
    text = (body(answer) + repr(headers(answer)).encode()).decode(errors="replace")
    return [mark for mark in marks if mark in text and mark not in asked]


def test_every_address_has_a_door_that_says_whom_it_opens_for() -> None:
    missing = unlisted(all_routes())
    assert not missing, f"enter these in tests/crawl/doors.py with the rule for who may come in: {sorted(missing)}"


def ordinary_pages() -> Iterator[str]:
    yield from sorted({*OPEN, *CITIZENS, *STAFF} & set(all_routes()))


def test_every_page_opens_for_those_the_rules_let_in_and_shows_nothing_hidden(cast: Cast) -> None:
    wrong: list[Any] = []
    for visitor in [each.anew() for each in cast.visitors.values()]:
        eyes, marks = visitor.eyes(), hidden_marks(cast, visitor)
        for route in ordinary_pages():
            path = filled(route, places(cast, "DDeik"))
            visitor.choose()
            answer = visitor.client.get(path)
            if answer.status_code not in expected(route, visitor, eyes):
                wrong.append((visitor.name, route, answer.status_code, expected(route, visitor, eyes)))
            if not visitor.roles and (found := leaks(answer, marks, path)):
                wrong.append((visitor.name, route, "tells", found))
    assert not wrong, "\n".join(map(str, wrong))


def test_each_letter_is_shown_to_those_the_decision_lets_see_it_and_to_nobody_else(cast: Cast) -> None:
    wrong: list[Any] = []
    for visitor, seen in inside(cast):
        for item in nearest(cast, visitor):
            for route in LETTERS:
                answer = visitor.client.get(filled(route, {"letter_id": item.letter.pk, "number": "1"}))
                body(answer)
                wanted = 302 if visitor.person is None else 200 if item.letter.pk in seen else 404
                if answer.status_code != wanted:
                    wrong.append((visitor.name, item.word, route, answer.status_code, wanted))
    assert not wrong, "\n".join(map(str, wrong))


def test_the_list_and_the_search_hold_exactly_what_may_be_seen(cast: Cast) -> None:
    wrong: list[Any] = []
    for visitor, seen in inside(cast):
        if visitor.person is None:
            continue
        wanted = {item.word for item in cast.items.values() if item.letter.pk in seen}
        hidden = next(word for word in cast.items if word not in wanted)
        for sought, found in (("", wanted), ("UNN Tromsø", wanted), (f"{hidden}tittel", set())):
            shown = listed(cast, visitor, sought)
            if shown != found:
                wrong.append((visitor.name, sought, shown, found))
    assert not wrong, "\n".join(map(str, wrong))


def listed(cast: Cast, visitor: Visitor, sought: str) -> set[str]:
    whose = visitor.acting_for or visitor.person
    assert whose is not None
    if sought:
        visitor.client.post("/brev/sok/", {"sok": sought, "for_person": str(whose.pk)})
    page = body(visitor.client.get("/brev/?vis=sok" if sought else "/brev/")).decode()
    return {word for word in cast.items if f">{word}tittel" in page or f"{word}tittel<" in page}


ASKED: dict[str, dict[str, Any]] = {
    "GET": {},
    "HEAD": {},
    "Range": {"HTTP_RANGE": "bytes=0-10"},
    "If-None-Match": {"HTTP_IF_NONE_MATCH": '"x"'},
    "htmx": {"HTTP_HX_REQUEST": "true"},
}


@pytest.mark.parametrize("way", ASKED)
def test_hidden_is_answered_like_absent_to_the_byte(cast: Cast, way: str) -> None:
    wrong: list[Any] = []
    for visitor, seen in inside(cast):
        hidden = [item.letter.pk for item in nearest(cast, visitor) if item.letter.pk not in seen]
        for route in LETTERS:
            absent = answered(visitor, route, uuid4(), way)
            wrong += [
                (visitor.name, route, part)
                for letter_id in (hidden if way == "GET" else hidden[::3])
                for part, one, other in zip(PARTS, answered(visitor, route, letter_id, way), absent, strict=True)
                if one != other
            ]
    assert not wrong, "\n".join(map(str, wrong))


def test_each_appointment_is_shown_to_those_the_decision_lets_see_it_and_to_nobody_else(cast: Cast) -> None:
    wrong: list[Any] = []
    for visitor, _seen in inside(cast):
        seen = visitor.sees(cast.items.values(), Service.APPOINTMENT)
        hidden = [mark for item in cast.items.values() if item.letter.pk not in seen for mark in item.time_marks]
        for item in nearest(cast, visitor):
            for route in APPOINTMENTS:
                path = filled(route, {"appointment_id": item.appointment.pk})
                answer = visitor.client.get(path)
                may = {200, 302} if route.endswith(("endre/", "avlys/")) else {200}
                wanted = {302} if visitor.person is None else may if item.letter.pk in seen else {404}
                if answer.status_code not in wanted or leaks(answer, hidden, path):
                    wrong.append((visitor.name, item.word, route, answer.status_code, wanted))
    assert not wrong, "\n".join(map(str, wrong))


def test_the_lists_of_appointments_hold_exactly_what_may_be_seen(cast: Cast) -> None:
    wrong: list[Any] = []
    for visitor, _seen in inside(cast):
        if visitor.person is None:
            continue
        seen = visitor.sees(cast.items.values(), Service.APPOINTMENT)
        wanted = {item.word for item in cast.items.values() if item.letter.pk in seen}
        page = body(visitor.client.get("/timer/")).decode()
        shown = {word for word in cast.items if f"{word}time" in page}
        if shown != wanted:
            wrong.append((visitor.name, shown, wanted))
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("way", ASKED)
def test_a_hidden_appointment_is_answered_like_none_to_the_byte(cast: Cast, way: str) -> None:
    wrong: list[Any] = []
    for visitor, _seen in inside(cast):
        seen = visitor.sees(cast.items.values(), Service.APPOINTMENT)
        hidden = [item.appointment.pk for item in nearest(cast, visitor) if item.letter.pk not in seen]
        for route in APPOINTMENTS:
            absent = answered(visitor, route, uuid4(), way)
            wrong += [
                (visitor.name, route, part)
                for appointment_id in (hidden if way == "GET" else hidden[::3])
                for part, one, other in zip(PARTS, answered(visitor, route, appointment_id, way), absent, strict=True)
                if one != other
            ]
    assert not wrong, "\n".join(map(str, wrong))


PARTS = ("status", "headers", "body")


def answered(visitor: Visitor, route: str, item_id: UUID, way: str) -> tuple[int, dict[str, str], bytes]:
    ask = visitor.client.head if way == "HEAD" else visitor.client.get
    answer = ask(filled(route, {"letter_id": item_id, "appointment_id": item_id, "number": "1"}), **ASKED[way])
    there = {name: value.replace(str(item_id), "ID") for name, value in headers(answer).items()}
    return answer.status_code, there, plain(body(answer), item_id)


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_clinicians_patient_is_answered_like_nobody(cast: Cast, method: str) -> None:
    wrong: list[Any] = []
    for name in ("other clinician", "clerk", "reviewer", "operator", "stranger", "mother for child"):
        visitor = cast.visitors[name]
        for route in STAFF:
            if "patient_id" not in route:
                continue
            there, nowhere = places(cast, "DDeik"), {**places(cast, "DDeik"), "patient_id": uuid4()}
            one, other = (staff_page(visitor, method, route, where) for where in (there, nowhere))
            if one[0] not in (404, 405 if method == "post" else 404) or one != other:
                wrong.append((name, route, one[0], other[0]))
    assert not wrong, "\n".join(map(str, wrong))


def staff_page(
    visitor: Visitor, method: str, route: str, where: dict[str, UUID | str]
) -> tuple[int, dict[str, str], bytes]:
    answer = getattr(visitor.client, method)(filled(route, where))
    return answer.status_code, headers(answer), plain(body(answer), where["patient_id"])


def test_a_strangers_fullmakt_cannot_be_ended_or_told_from_none(cast: Cast) -> None:
    given = Fullmakt.objects.get(giver=cast.ward.child, revoked_at=None)
    route = "innsyn/fullmakter/<uuid:fullmakt_id>/avslutt/"
    for name in ("stranger", "verge", "mother as herself", "clerk", "treating", "operator"):
        visitor = cast.visitors[name]
        whose = visitor.acting_for or visitor.person
        assert whose is not None
        answers = [
            visitor.client.post(filled(route, {"fullmakt_id": each}), {"for_person": str(whose.pk)})
            for each in (given.pk, uuid4())
        ]
        assert [each.status_code for each in answers] == [404, 404], name
    given.refresh_from_db()
    assert given.revoked_at is None


def test_the_machines_doors_know_no_browser_session(cast: Cast) -> None:
    stranger = cast.visitors["signed out"]
    for route in MACHINES:
        path = filled(route, {"letter_id": cast.items["AAlv"].letter.pk})
        wanted = stranger.client.get(path)
        for name in ("mother for child", "clerk", "operator", "treating"):
            answer = cast.visitors[name].client.get(path)
            assert answer.status_code == wanted.status_code, (name, route)
            assert not leaks(answer, [mark for item in cast.items.values() for mark in item.marks], path), (name, route)


def test_the_look_up_pages_are_for_operators_alone(cast: Cast) -> None:
    routes = [route for route in all_routes() if route.startswith(ADMIN) and "<path" not in route and "(" not in route]
    for name in ("mother for child", "clerk", "treating", "reviewer"):
        for route in routes:
            answer = cast.visitors[name].client.get(f"/{route}")
            assert answer.status_code in (302, 403, 404), (name, route, answer.status_code)
            assert "/logg-inn/" in answer.get("Location", "/logg-inn/"), (name, route)
