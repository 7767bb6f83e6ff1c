"""Front page, inbox, letter and settings over real rows: the words a reader meets, and the cost in queries."""

from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from letters import views as letter_pages
from letters.models import Letter
from portal.kernel import clock
from portal.people.models import Person
from portal.people.viewer import Viewer
from portal.site import views as site_pages
from tests.letters import making
from youth_access.eyes import own_eyes

pytestmark = pytest.mark.django_db


def asked_by(person: Person, request: HttpRequest) -> HttpRequest:
    """The request as middleware would have left it for somebody who is signed in."""
    viewer = Viewer(
        person_id=person.pk,
        display_name=person.name,
        roles=frozenset(),
        assurance="idporten-loa-high",
        authenticated_at=clock.real_now(),
        language=person.language,
    )
    session = SessionStore()
    vars(request).update(
        eyes=own_eyes(viewer), viewer=viewer, session=session, session_ends_at=clock.real_now() + timedelta(minutes=30)
    )
    vars(request)["_messages"] = FallbackStorage(request)
    return request


@pytest.fixture
def letter() -> Letter:
    return making.decided()


def test_front_page_shows_what_waits_and_until_when(rf: RequestFactory, letter: Letter) -> None:
    words = site_pages.front(asked_by(letter.person, rf.get("/"))).content.decode()
    assert "Hei, Kari" in words
    assert "Les brevet «Innkalling til undersøkelse av kneet»" in words
    assert "ellers sender vi det i posten" in words
    assert '<span class="ds-sr-only">, 1 ulest</span>' in words
    assert "is undefined" not in words


def test_front_page_of_someone_without_letters_is_calm(rf: RequestFactory) -> None:
    words = site_pages.front(asked_by(making.person(), rf.get("/"))).content.decode()
    assert "Ingenting venter på deg" in words
    assert "is undefined" not in words


def test_inbox_then_letter_then_read(rf: RequestFactory, letter: Letter) -> None:
    inbox = letter_pages.inbox(asked_by(letter.person, rf.get("/brev/"))).content.decode()  # type: ignore[attr-defined]
    assert "Ulest" in inbox
    page = letter_pages.letter(asked_by(letter.person, rf.get("/brev/x/")), letter.id)
    shown = page.content.decode()  # type: ignore[attr-defined]
    assert "<p>Du har fått time.</p>" in shown
    assert "Det blir ikke sendt i posten." in shown
    assert "77 62 60 00" in shown
    assert "is undefined" not in inbox + shown
    again = letter_pages.inbox(asked_by(letter.person, rf.get("/brev/"))).content.decode()  # type: ignore[attr-defined]
    assert "Ulest:" not in again


def test_a_strangers_letter_is_missing(rf: RequestFactory, letter: Letter) -> None:
    stranger = making.person(name="Ola Berg")
    for wanted in (letter.id, uuid4()):
        with pytest.raises(Http404):
            letter_pages.letter(asked_by(stranger, rf.get("/brev/x/")), wanted)


def test_a_letter_may_hold_words_that_look_like_markup(rf: RequestFactory) -> None:
    letter = making.decided(title="<script>alert(1)</script> & «sitat»")
    shown = letter_pages.inbox(asked_by(letter.person, rf.get("/brev/"))).content.decode()  # type: ignore[attr-defined]
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_front_page_costs_the_same_with_many_letters(
    rf: RequestFactory, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    number = making.synthetic_pid()
    patient = making.person(pid=number)
    for _ in range(4):
        making.decided(patient=patient, pid=number)
    request = asked_by(patient, rf.get("/"))
    with django_assert_max_num_queries(6):
        site_pages.front(request)


def test_settings_keep_the_language_on_the_person(rf: RequestFactory) -> None:
    person = making.person()
    answer = site_pages.settings_page(asked_by(person, rf.post("/innsyn/innstillinger/", {"sprak": "se"})))
    assert answer.status_code == HTTPStatus.FOUND
    assert Person.objects.get(pk=person.pk).language == "se"
    assert answer.cookies["sprak"].value == "se"


def test_settings_refuse_an_unknown_language_in_plain_words(rf: RequestFactory) -> None:
    person = making.person()
    answer = site_pages.settings_page(asked_by(person, rf.post("/innsyn/innstillinger/", {"sprak": "xx"})))
    words = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "<title>Feil: Innstillinger" in words
    assert "Det du valgte, finnes ikke lenger. Velg på nytt." in words
    assert Person.objects.get(pk=person.pk).language == ""
