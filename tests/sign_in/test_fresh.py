"""Sensitive deeds ask for a fresh sign-in, believe only a fresh one, and lose nothing that was typed."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs
from uuid import uuid4

import httpx
import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from portal.kernel import clock
from portal.people import kept_forms
from portal.people.models import Role, SignInSession
from portal.people.viewer import fresh_sign_in_required
from tests.sign_in import sensitive_urls
from tests.sign_in.cast import CLINICIAN, employed
from tests.sign_in.visitor import Visitor, link_to

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.sign_in.sensitive_urls")]
PAGE = "/sensitive/"
IN_HAND = "test.in_hand"
WISH = {"receiver": "Ola", "areas": ["letters", "timer"], "words": "Hemmelig «tekst» <b>\nto linjer"}


@pytest.fixture(autouse=True)
def nothing_done() -> Iterator[None]:
    sensitive_urls.done.clear()
    yield
    sensitive_urls.done.clear()


def signed_in_for(minutes: float) -> None:
    """Everybody's proof of who they are, moved back in time."""
    SignInSession.objects.update(authenticated_at=clock.real_now() - timedelta(minutes=minutes))


def token_on(page: httpx.Response) -> str:
    found = re.search(r"name=['\"]csrfmiddlewaretoken['\"] value=['\"]([^'\"]+)", page.text)
    assert found, page.text
    return found[1]


def sends(visitor: Visitor, token: str, **fields: object) -> httpx.Response:
    return visitor.http.post(PAGE, data={"csrfmiddlewaretoken": token, **(fields or WISH)})


@pytest.mark.parametrize(("minutes", "asked"), [(0, False), (4.9, False), (5.1, True), (60, True)])
def test_five_minutes_is_the_limit(visitor: Visitor, minutes: float, asked: bool) -> None:
    visitor.signs_in()
    signed_in_for(minutes)
    page = visitor.http.get(PAGE)
    assert ("Vis hvem du er på nytt" in page.text) is asked
    assert (page.url.path == PAGE) is not asked


def test_after_a_new_proof_one_is_back_on_the_page(visitor: Visitor) -> None:
    visitor.signs_in()
    old = SignInSession.objects.get()
    signed_in_for(20)
    explained = visitor.http.get(f"{PAGE}?for=x")
    provider = visitor.http.get(link_to(explained, "Logg inn på nytt"))
    assert "Fortsett som" not in provider.text, "the provider's own session is not enough"
    assert "Hvem vil du logge inn som?" in provider.text
    back = visitor.chooses(provider, "Kari Nordli")
    assert (back.url.path, back.url.query, back.status_code) == (PAGE, b"for=x", 200)
    old.refresh_from_db()
    assert old.ending == SignInSession.Ending.REPLACED
    assert visitor.http.get(PAGE).url.path == PAGE


def test_a_form_that_comes_too_late_is_offered_back_whole(visitor: Visitor) -> None:
    visitor.signs_in()
    token = token_on(visitor.http.get(PAGE))
    signed_in_for(6)
    explained = sends(visitor, token)
    assert "Vi har tatt vare på det du fylte ut" in explained.text
    assert sensitive_urls.done == []
    kept = visitor.chooses(visitor.http.get(link_to(explained, "Logg inn på nytt")), "Kari Nordli")
    assert "Fullfør det du holdt på med" in kept.text
    assert sensitive_urls.done == [], "only the person's own press of a button sends it"
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', kept.text)
    form = httpx.QueryParams([(name, unescape(value)) for name, value in fields])
    answer = visitor.http.post(PAGE, content=str(form), headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert (answer.url.path, answer.url.query) == (PAGE, b"done=1")
    sent = sensitive_urls.done[0]
    assert {name: sent[name] for name in WISH} == {
        name: value if isinstance(value, list) else [value] for name, value in WISH.items()
    }


def test_what_was_typed_lies_sealed_and_in_no_address(visitor: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    visitor.signs_in()
    token = token_on(visitor.http.get(PAGE))
    signed_in_for(6)
    seen: list[str] = []
    visitor.http.event_hooks["request"] = [lambda request: seen.append(str(request.url))]
    sends(visitor, token)
    stored = "".join(str(session.get_decoded()) for session in Session.objects.all())
    assert "kept_forms" in stored
    for text in ("Hemmelig", "receiver", "letters"):
        assert text not in stored
        assert not [url for url in seen if text in url]
        assert text not in caplog.text


def test_it_opens_for_nobody_else_and_not_for_ever(visitor: Visitor, another_visitor: Visitor) -> None:
    visitor.signs_in()
    token = token_on(visitor.http.get(PAGE))
    signed_in_for(6)
    explained = sends(visitor, token)
    address = parse_qs(httpx.URL(link_to(explained, "Logg inn på nytt")).query.decode())["next"][0]
    assert visitor.http.get(address).status_code == 200
    another_visitor.signs_in("Torbjørn Ytterås")
    assert another_visitor.http.get(address).status_code == 404
    assert visitor.http.get("/innsyn/bekreft/x/").status_code == 404
    session = Session.objects.get(session_key=visitor.session_key)
    store = session.get_decoded()
    for kept in store["people.kept_forms"].values():
        kept["until"] = clock.real_now().timestamp() - 1
    session.session_data = Session.objects.encode(store)
    session.save()
    assert visitor.http.get(address).status_code == 404


def test_another_person_who_comes_back_gets_nothing_of_the_first(visitor: Visitor) -> None:
    visitor.signs_in()
    token = token_on(visitor.http.get(PAGE))
    signed_in_for(6)
    explained = sends(visitor, token)
    kept = parse_qs(httpx.URL(link_to(explained, "Logg inn på nytt")).query.decode())["next"][0]
    page = visitor.chooses(visitor.http.get(link_to(explained, "Logg inn på nytt")), "Torbjørn Ytterås")
    assert page.url.path == "/"
    assert visitor.http.get(kept).status_code == 404


@pytest.mark.parametrize(("name", "kept"), [("Kari Nordli", True), ("Torbjørn Ytterås", False)])
def test_what_was_in_hand_is_still_there_for_the_same_person_only(visitor: Visitor, name: str, kept: bool) -> None:
    """As whom one acts for, which stands in the session and must not be lost between a form and its sending."""
    visitor.signs_in()
    session = Session.objects.get(session_key=visitor.session_key)
    session.session_data = Session.objects.encode(session.get_decoded() | {IN_HAND: "x"})
    session.save()
    signed_in_for(6)
    visitor.chooses(visitor.http.get("/logg-inn/pa-nytt/videre/"), name)
    now = Session.objects.get(session_key=visitor.session_key).get_decoded()
    assert (IN_HAND in now) is kept
    assert now["_auth_user_id"] == str(SignInSession.objects.get(ended_at=None).person.account.pk)


def test_at_most_three_are_kept_the_newest(visitor: Visitor) -> None:
    visitor.signs_in()
    token = token_on(visitor.http.get(PAGE))
    signed_in_for(6)
    addresses = []
    for number in range(4):
        explained = sends(visitor, token, number=str(number))
        addresses.append(parse_qs(httpx.URL(link_to(explained, "Logg inn på nytt")).query.decode())["next"][0])
    assert [visitor.http.get(address).status_code for address in addresses] == [404, 200, 200, 200]


def test_what_is_too_large_is_not_kept_and_that_is_said(visitor: Visitor) -> None:
    visitor.signs_in()
    token = token_on(visitor.http.get(PAGE))
    signed_in_for(6)
    explained = sends(visitor, token, words="x" * (kept_forms.MOST_BYTES + 1))
    assert "Vi kunne ikke ta vare på det du sendte" in explained.text
    assert "Vi har tatt vare på" not in explained.text


def test_files_are_not_kept() -> None:
    request = RequestFactory().post(PAGE, {"file": SimpleUploadedFile("a.txt", b"a"), "words": "x"})
    request.session = {}  # type: ignore[assignment]
    assert kept_forms.keep(request, uuid4()) == ""


def test_fragments_move_the_whole_page(visitor: Visitor) -> None:
    visitor.signs_in()
    signed_in_for(6)
    answer = visitor.http.get(PAGE, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/logg-inn/pa-nytt/?next=")


def test_a_clinician_proves_it_at_helseid(visitor: Visitor) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    visitor.signs_in_as_staff()
    signed_in_for(6)
    provider = visitor.http.get(link_to(visitor.http.get(PAGE), "Logg inn på nytt"))
    assert provider.url.path == "/identity/helseid/authorize"
    assert visitor.chooses(provider, CLINICIAN[1]).url.path == PAGE
    assert SignInSession.objects.get(ended_at=None).hpr_number


@pytest.mark.parametrize("address", ["/logg-inn/pa-nytt/", "/logg-inn/pa-nytt/videre/", PAGE, "/innsyn/bekreft/x/"])
def test_signed_out_it_is_an_ordinary_sign_in(visitor: Visitor, address: str) -> None:
    assert "Hvem vil du logge inn som?" in visitor.http.get(address).text


def test_nobody_is_sent_away_from_here(visitor: Visitor) -> None:
    visitor.signs_in()
    page = visitor.http.get("/logg-inn/pa-nytt/", params={"next": "https://evil.example/"})
    assert "evil" not in link_to(page, "Logg inn på nytt")
    anew = visitor.http.get("/logg-inn/pa-nytt/videre/", params={"next": "//evil.example/"})
    assert visitor.chooses(anew, "Kari Nordli").url.path == "/"


def test_the_guard_alone_asks_whoever_is_signed_out_to_sign_in(settings: Settings) -> None:
    @fresh_sign_in_required(minutes=1)
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse("in")

    assert page(RequestFactory().get(PAGE)).headers["Location"].startswith("/logg-inn/?next=")
