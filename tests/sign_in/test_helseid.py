"""Clinicians come in through HelseID, with the number they are authorised under and the employer they work for."""

import httpx
import pytest
from django.conf import settings

from portal.people.models import Person, Role, SignInSession
from tests.sign_in.cast import CLERK, CLINICIAN, employed
from tests.sign_in.visitor import PROOF_PAGE, STAFF_DOOR, Visitor, link_to

pytestmark = pytest.mark.django_db(transaction=True)
STAFF_PAGE = "/behandler/"
UNN = "983974899"
NORDLAND = "983974910"


def changed(visitor: Visitor, page: httpx.Response, **choices: str) -> httpx.Response:
    """HelseID's page with other choices made."""
    return visitor.http.get(page.url.copy_merge_params(choices))


def open_session() -> SignInSession:
    return SignInSession.objects.get(ended_at=None)


def test_a_clinician_comes_in_with_number_and_employer(visitor: Visitor) -> None:
    person = employed(CLINICIAN[0], Role.CLINICIAN)
    answer = visitor.signs_in_as_staff(next_url="")
    assert (answer.status_code, answer.url.path) == (200, STAFF_PAGE)
    session = open_session()
    assert session.person == person
    assert (session.issuer, session.assurance) == (settings.HELSEID_ISSUER, "helseid-level-4")
    assert session.hpr_number.isdigit()
    assert session.organisation == UNN
    assert session.sid
    person.refresh_from_db()
    assert person.name == CLINICIAN[1]
    assert person.activated_at is None, "work is no sign that letters are read on screen"


def test_the_employer_is_the_one_chosen(visitor: Visitor) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    page = visitor.begins(PROOF_PAGE, STAFF_DOOR)
    visitor.chooses(visitor.http.get(link_to(page, "Nordlandssykehuset HF")), CLINICIAN[1])
    assert open_session().organisation == NORDLAND


def test_without_an_employer_nobody_is_a_clinician(visitor: Visitor) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    page = visitor.begins(PROOF_PAGE, STAFF_DOOR)
    visitor.chooses(visitor.http.get(link_to(page, "Uten organisasjon")), CLINICIAN[1])
    assert open_session().hpr_number
    refused = visitor.http.get(STAFF_PAGE)
    assert refused.status_code == 403
    assert "Logg inn på nytt, og velg hvem du jobber for" in refused.text
    again = visitor.http.get(link_to(refused, "Logg inn med HelseID"))
    assert visitor.chooses(again, CLINICIAN[1]).url.path == STAFF_PAGE
    assert open_session().organisation == UNN


def test_whoever_lands_without_an_employer_is_told_so(visitor: Visitor) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    page = visitor.begins("", STAFF_DOOR)
    landed = visitor.chooses(visitor.http.get(link_to(page, "Uten organisasjon")), CLINICIAN[1])
    assert landed.url.path == "/"
    assert "HelseID fortalte oss ikke både HPR-nummeret ditt og hvem du jobber for" in landed.text


def test_a_clerk_comes_in_without_a_number(visitor: Visitor) -> None:
    employed(CLERK[0], Role.CLERK)
    visitor.signs_in_as_staff(CLERK[1], STAFF_PAGE)
    assert (open_session().hpr_number, open_session().organisation) == ("", UNN)
    assert visitor.http.get(STAFF_PAGE).status_code == 200


def test_a_clerk_who_is_given_a_clinicians_role_is_still_none_without_a_number(visitor: Visitor) -> None:
    employed(CLERK[0], Role.CLINICIAN)
    assert visitor.signs_in_as_staff(CLERK[1], STAFF_PAGE).status_code == 403


@pytest.mark.parametrize("known", [False, True])
def test_nobody_without_a_role_comes_in_and_nothing_is_stored(visitor: Visitor, known: bool) -> None:
    before = [employed(CLERK[0]).pk] if known else []
    page = visitor.signs_in_as_staff(CLERK[1])
    assert page.status_code == 403
    assert "Denne innloggingen er for ansatte" in page.text
    assert link_to(page, "Logg inn med ID-porten").endswith("/logg-inn/")
    assert list(Person.objects.values_list("pk", flat=True)) == before
    assert not SignInSession.objects.exists()
    assert not visitor.is_signed_in()


def test_citizens_are_not_on_helseids_list(visitor: Visitor) -> None:
    page = visitor.begins(PROOF_PAGE, STAFF_DOOR)
    assert "HelseID" in page.text
    assert "Kari Nordli" not in page.text
    assert "ikke den ekte HelseID" in page.text


def test_a_lower_level_is_refused_and_nothing_is_stored(visitor: Visitor) -> None:
    person = employed(CLINICIAN[0], Role.CLINICIAN)
    page = changed(visitor, visitor.begins(PROOF_PAGE, STAFF_DOOR), acr="3")
    refused = visitor.chooses(page, CLINICIAN[1])
    assert refused.status_code == 403
    assert "det høyeste sikkerhetsnivået i HelseID" in refused.text
    assert link_to(refused, "Prøv å logge inn igjen").endswith(STAFF_DOOR)
    assert not SignInSession.objects.exists()
    person.refresh_from_db()
    assert person.name == ""


class TestAClinicianAtIdporten:
    def test_lands_as_a_citizen_and_is_told_the_way(self, visitor: Visitor) -> None:
        employed(CLINICIAN[0], Role.CLINICIAN)
        page = visitor.signs_in(CLINICIAN[1], next_url="")
        assert page.url.path == "/"
        assert "Du er logget inn som innbygger" in page.text
        assert link_to(page, "Logg inn med HelseID").endswith(STAFF_DOOR)
        assert "Du er logget inn som innbygger" not in visitor.http.get("/").text, "once is enough"

    def test_meets_a_door_with_a_sign_and_not_a_missing_page(self, visitor: Visitor) -> None:
        employed(CLINICIAN[0], Role.CLINICIAN)
        page = visitor.signs_in(CLINICIAN[1], next_url=STAFF_PAGE)
        assert page.status_code == 403
        assert "Denne siden krever HelseID" in page.text
        assert visitor.http.get("/drift/").status_code == 404
        helseid = visitor.http.get(link_to(page, "Logg inn med HelseID"))
        inside = visitor.chooses(helseid, CLINICIAN[1])
        assert (inside.status_code, inside.url.path) == (200, STAFF_PAGE)

    def test_the_two_sessions_share_nothing(self, visitor: Visitor) -> None:
        employed(CLINICIAN[0], Role.CLINICIAN)
        visitor.signs_in(CLINICIAN[1])
        old = visitor.session_key
        visitor.signs_in_as_staff()
        assert visitor.session_key != old
        assert SignInSession.objects.get(issuer=settings.IDENTITY_ISSUER).ending == SignInSession.Ending.REPLACED
        assert open_session().issuer == settings.HELSEID_ISSUER


def test_someone_in_through_helseid_goes_straight_on(visitor: Visitor) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    visitor.signs_in_as_staff()
    for door in (STAFF_DOOR, "/logg-inn/"):
        assert visitor.http.get(door, follow_redirects=False).headers["Location"] == STAFF_PAGE


def test_signing_out_ends_it_at_helseid_too(visitor: Visitor) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    visitor.signs_in_as_staff()
    assert "her og i HelseID" in visitor.http.get("/logg-ut/").text
    target = httpx.URL(visitor.signs_out().headers["Location"])
    assert target.path == "/identity/helseid/endsession"
    assert f"/logg-ut/helseid/?iss={settings.HELSEID_ISSUER[:4]}" in visitor.http.get(target).text
    assert "Fortsett som" not in visitor.begins(PROOF_PAGE, STAFF_DOOR).text


def test_helseids_call_ends_its_own_session_and_no_other(visitor: Visitor, another_visitor: Visitor) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    visitor.signs_in_as_staff()
    another_visitor.signs_in(CLINICIAN[1])
    mine = SignInSession.objects.get(issuer=settings.HELSEID_ISSUER)
    with httpx.Client(base_url=settings.PORTAL_URL) as frame:
        for address, issuer in (
            ("/logg-ut/idporten/", settings.HELSEID_ISSUER),
            ("/logg-ut/idporten/", settings.IDENTITY_ISSUER),
            ("/logg-ut/helseid/", settings.IDENTITY_ISSUER),
        ):
            frame.get(address, params={"iss": issuer, "sid": mine.sid})
            assert visitor.is_signed_in()
        frame.get("/logg-ut/helseid/", params={"iss": settings.HELSEID_ISSUER, "sid": mine.sid})
    assert not visitor.is_signed_in()
    assert another_visitor.is_signed_in()


def test_a_request_for_one_provider_is_unknown_to_the_other(visitor: Visitor, standins_url: str) -> None:
    """They share a process, and nothing else."""
    page = visitor.begins(PROOF_PAGE, STAFF_DOOR)
    assert visitor.http.get(f"{standins_url}/identity/authorize", params=page.url.params).status_code == 400
    answer = visitor.answer_for(page, CLINICIAN[1])
    assert visitor.http.get(answer.replace("/logg-inn/ansatt/svar/", "/logg-inn/svar/")).status_code == 400
    assert not SignInSession.objects.exists()
