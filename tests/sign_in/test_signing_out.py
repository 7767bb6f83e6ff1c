"""Signing out: here, at ID-porten, and when ID-porten says so."""

from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from django.conf import settings

from portal.people.models import SignInSession
from tests.sign_in.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Ending = SignInSession.Ending


def front_channel(http: httpx.Client, **words: str) -> httpx.Response:
    """ID-porten's call, from a frame that sends no cookie of ours."""
    return http.get(f"/logg-ut/idporten/?{urlencode(words)}", headers={"Cookie": ""})


def test_signing_out_here_goes_on_to_the_provider_and_back(visitor: Visitor) -> None:
    visitor.signs_in()
    key = visitor.session_key
    answer = visitor.signs_out()
    assert answer.status_code == 302
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    target = urlsplit(answer.headers["Location"])
    assert target.path == "/identity/endsession"
    assert parse_qs(target.query) == {
        "client_id": ["dis-portal"],
        "post_logout_redirect_uri": [f"{settings.PORTAL_URL}/logg-ut/"],
    }
    assert not visitor.is_signed_in()
    assert SignInSession.objects.get().ending == Ending.SIGNED_OUT
    frames = visitor.http.get(answer.headers["Location"])
    assert "/logg-ut/idporten/?iss=" in frames.text
    assert frames.headers["Refresh"] == f"1; url={settings.PORTAL_URL}/logg-ut/"
    assert "Du er logget ut" in visitor.http.get("/logg-ut/").text
    visitor.http.cookies.set("session", key)
    assert not visitor.is_signed_in()


def test_after_signing_out_nobody_is_offered_to_go_on(visitor: Visitor) -> None:
    visitor.signs_in()
    visitor.http.get(visitor.signs_out().headers["Location"])
    assert "Fortsett som" not in visitor.begins().text


def test_before_that_one_is(visitor: Visitor) -> None:
    visitor.signs_in()
    visitor.signs_out()
    page = visitor.begins()
    assert "Fortsett som Kari Nordli" in page.text
    assert visitor.chooses(page, "Fortsett som").json()["signed_in"] is True
    sids = set(SignInSession.objects.values_list("sid", flat=True))
    assert len(sids) == 1


def test_get_only_asks(visitor: Visitor) -> None:
    visitor.signs_in()
    assert "Vil du logge ut?" in visitor.http.get("/logg-ut/").text
    assert visitor.is_signed_in()


def test_a_form_from_elsewhere_cannot_sign_out(visitor: Visitor) -> None:
    visitor.signs_in()
    assert visitor.http.post("/logg-ut/").status_code == 403
    assert visitor.is_signed_in()


def test_the_providers_call_ends_exactly_that_session(visitor: Visitor, another_visitor: Visitor) -> None:
    visitor.signs_in("Kari Nordli")
    another_visitor.signs_in("Kari Nordli")
    mine = SignInSession.objects.earliest("started_at")
    with httpx.Client(base_url=settings.PORTAL_URL) as frame:
        answer = front_channel(frame, iss=settings.IDENTITY_ISSUER, sid=mine.sid)
    assert answer.status_code == 200
    assert not visitor.is_signed_in()
    assert another_visitor.is_signed_in()
    mine.refresh_from_db()
    assert mine.ending == Ending.PROVIDER


@pytest.mark.parametrize(
    "wrong",
    [{"iss": "https://evil.example"}, {"iss": ""}, {"sid": ""}, {"sid": "x"}, {"sid": "%"}, {"sid": "' OR 1=1"}],
)
def test_a_call_that_is_not_the_providers_ends_nothing(visitor: Visitor, wrong: dict[str, str]) -> None:
    visitor.signs_in()
    words = {"iss": settings.IDENTITY_ISSUER, "sid": SignInSession.objects.get().sid} | wrong
    with httpx.Client(base_url=settings.PORTAL_URL) as frame:
        assert front_channel(frame, **words).status_code == 200
    assert visitor.is_signed_in()


def test_only_the_providers_frame_may_show_that_one_address(visitor: Visitor) -> None:
    visitor.signs_in()
    call = visitor.http.get("/logg-ut/idporten/")
    assert "X-Frame-Options" not in call.headers
    assert "frame-ancestors http" in call.headers["Content-Security-Policy"]
    page = visitor.http.get("/logg-ut/")
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


def test_a_visitor_whose_session_was_ended_elsewhere_is_told_why(visitor: Visitor) -> None:
    visitor.signs_in()
    session = SignInSession.objects.get()
    with httpx.Client(base_url=settings.PORTAL_URL) as frame:
        front_channel(frame, iss=session.issuer, sid=session.sid)
    page = visitor.http.get("/brev/")
    assert page.url.path == "/logg-ut/utlopt/"
    assert page.url.params["grunn"] == "provider"
    assert page.url.params["next"] == "/brev/"
    assert "Du logget ut i ID-porten" in page.text
    assert 'href="/logg-inn/?next=%2Fbrev%2F"' in page.text
