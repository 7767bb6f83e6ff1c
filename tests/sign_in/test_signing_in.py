"""Signing in from end to end, over real HTTP, against the stand-in."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.contrib.sessions.models import Session

from portal.kernel import clock
from portal.kernel.actor import system
from portal.people import commands, queries
from portal.people.models import Account, Person, Role, SignInSession
from tests.sign_in.visitor import PROOF_PAGE, Visitor, link_to

pytestmark = pytest.mark.django_db(transaction=True)


def nothing_is_stored() -> bool:
    return not any(model.objects.exists() for model in (Person, Account, SocialAccount, SocialToken, SignInSession))


def someone_known(page: httpx.Response, name: str) -> Person:
    """The only person there is, after checking that it is the one of this name."""
    person = Person.objects.get()
    assert person.name == name
    return person


def test_a_citizen_comes_in_and_lands_where_they_wanted(visitor: Visitor) -> None:
    page = visitor.signs_in("Kari Nordli")
    assert page.url.path == PROOF_PAGE
    assert page.json()["signed_in"] is True
    person = someone_known(page, "Kari Nordli")
    assert person.birth_date is not None
    assert person.activated_at is not None
    assert queries.is_active_user(person, clock.now())
    session = SignInSession.objects.get()
    assert session.assurance == "idporten-loa-high"
    assert session.sid
    assert clock.real_now() - session.authenticated_at < timedelta(minutes=1)


def test_the_second_time_it_is_the_same_person_and_account(visitor: Visitor, another_visitor: Visitor) -> None:
    visitor.signs_in()
    another_visitor.signs_in()
    assert (Person.objects.count(), Account.objects.count(), SocialAccount.objects.count()) == (1, 1, 1)
    assert SignInSession.objects.filter(ended_at=None).count() == 2


def test_nothing_of_the_token_is_kept(visitor: Visitor) -> None:
    visitor.signs_in()
    account = SocialAccount.objects.get()
    assert account.extra_data == {}
    assert account.uid == Person.objects.get().pid_index
    assert not SocialToken.objects.exists()


@pytest.mark.parametrize("repeat", [False, True])
@pytest.mark.parametrize("level", ["idporten-loa-substantial", "idporten-loa-low"])
def test_a_lower_level_is_refused_and_nothing_is_stored(visitor: Visitor, level: str, repeat: bool) -> None:
    for _ in range(1 + repeat):
        page = visitor.begins()
        lowered = visitor.http.get(page.url, params={**page.url.params, "acr": level})
        refused = visitor.chooses(lowered, "Kari Nordli")
        assert refused.status_code == 403
        assert "Du må logge inn på en sikrere måte" in refused.text
        assert not visitor.is_signed_in()
        assert nothing_is_stored()


def test_a_lower_level_the_next_time_changes_nothing_either(visitor: Visitor, another_visitor: Visitor) -> None:
    visitor.signs_in()
    before = (*SocialAccount.objects.values_list(), *Person.objects.values_list())
    page = another_visitor.begins()
    lowered = another_visitor.http.get(page.url, params={**page.url.params, "acr": "low"})
    assert another_visitor.chooses(lowered, "Kari Nordli").status_code == 403
    assert (*SocialAccount.objects.values_list(), *Person.objects.values_list()) == before
    assert not another_visitor.is_signed_in()


def test_the_address_bar_cannot_change_the_request(visitor: Visitor) -> None:
    page = visitor.begins(
        auth_params="acr_values=idporten-loa-low&prompt=none", scope="openid,evil", acr_values="low", process="connect"
    )
    assert "Du har valgt et annet sikkerhetsnivå" not in page.text
    assert visitor.chooses(page, "Kari Nordli").json()["signed_in"] is True
    assert set(page.url.params) == {"client_id", "request_uri"}


def test_an_answer_is_good_once(visitor: Visitor) -> None:
    answer = visitor.answer_for(visitor.begins(), "Kari Nordli")
    assert visitor.http.get(answer).url.path == PROOF_PAGE
    again = visitor.http.get(answer)
    assert again.status_code == 400
    assert "Innloggingen må begynne på nytt" in again.text


def test_an_answer_belongs_to_the_browser_that_began(visitor: Visitor, another_visitor: Visitor) -> None:
    answer = visitor.answer_for(visitor.begins(), "Kari Nordli")
    another_visitor.begins()
    stolen = another_visitor.http.get(answer)
    assert stolen.status_code == 400
    assert not another_visitor.is_signed_in()
    assert nothing_is_stored()


@pytest.mark.parametrize("iss", [None, "", "https://evil.example", "https://idporten.no/"])
def test_an_answer_from_another_sender_is_refused(visitor: Visitor, iss: str | None) -> None:
    answer = httpx.URL(visitor.answer_for(visitor.begins(), "Kari Nordli"))
    answer = answer.copy_remove_param("iss") if iss is None else answer.copy_set_param("iss", iss)
    assert visitor.http.get(answer).status_code == 403
    assert nothing_is_stored()


def test_someone_elses_code_does_not_fit(visitor: Visitor, another_visitor: Visitor) -> None:
    """A code injected into one's own sign-in meets the wrong PKCE verifier at ID-porten."""
    mine = httpx.URL(visitor.answer_for(visitor.begins(), "Kari Nordli"))
    theirs = httpx.URL(another_visitor.answer_for(another_visitor.begins(), "Torbjørn Ytterås"))
    mixed = visitor.http.get(mine.copy_set_param("code", theirs.params["code"]))
    assert mixed.status_code == 403
    assert nothing_is_stored()


def test_the_session_key_is_new_after_signing_in_and_after_signing_in_again(visitor: Visitor) -> None:
    page = visitor.begins()
    before = visitor.session_key
    visitor.chooses(page, "Kari Nordli")
    after = visitor.session_key
    assert after != before
    assert not Session.objects.filter(session_key=before).exists()


def test_signing_in_over_an_open_session_ends_the_old_one(visitor: Visitor) -> None:
    """Two sign-ins are begun in one browser; both are finished, by two people."""
    first, second = visitor.begins(), visitor.begins()
    visitor.chooses(first, "Kari Nordli")
    old = visitor.session_key
    page = visitor.chooses(second, "Torbjørn Ytterås")
    if page.status_code == 400:  # the second state went with the old session: begin again, which is just as safe
        return
    assert visitor.session_key != old
    assert SignInSession.objects.filter(ended_at=None).get().person.name == "Torbjørn Ytterås"


def test_cancelling_is_said_kindly(visitor: Visitor) -> None:
    page = visitor.http.get(link_to(visitor.begins(), "Avbryt"))
    assert "Du avbrøt innloggingen" in page.text
    assert nothing_is_stored()


@pytest.mark.parametrize(
    "foreign", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/logg-ut/"]
)
def test_nobody_is_sent_away_from_here(visitor: Visitor, foreign: str) -> None:
    answer = visitor.answer_for(visitor.begins(foreign), "Kari Nordli")
    landed = visitor.http.get(answer, follow_redirects=False)
    assert landed.status_code == 302
    assert landed.headers["Location"] == "/"
    signed_in_already = visitor.http.get("/logg-inn/", params={"next": foreign}, follow_redirects=False)
    assert signed_in_already.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("roles", "place"),
    [
        ([Role.CLERK], "/behandler/"),
        ([Role.CLINICIAN], "/"),
        ([Role.CLINICIAN, Role.OPERATOR], "/drift/"),
        ([Role.OPERATOR, Role.REVIEWER], "/drift/"),
        ([Role.REVIEWER], "/behandler/"),
        ([], "/"),
    ],
)
def test_staff_land_where_they_work(visitor: Visitor, roles: list[Role], place: str) -> None:
    visitor.signs_in("Wenche Sandmo")
    for role in roles:
        commands.grant_role(person=Person.objects.get(), role=role, by=system("test"))
    visitor.signs_out()
    answer = visitor.answer_for(visitor.begins(""), "Wenche Sandmo")
    assert visitor.http.get(answer, follow_redirects=False).headers["Location"] == place


def test_no_number_and_no_name_in_any_address(visitor: Visitor) -> None:
    seen: list[httpx.URL] = []
    visitor.http.event_hooks["request"] = [lambda request: seen.append(request.url)]
    visitor.signs_in("Kari Nordli")
    visitor.signs_out()
    pid = queries.pid_of(Person.objects.get())
    assert len(seen) > 4
    assert not [url for url in seen if pid in str(url) or "Kari" in str(url)]
    callback = next(url for url in seen if url.path == "/logg-inn/svar/")
    assert set(parse_qs(urlsplit(str(callback)).query)) == {"code", "state", "iss"}
