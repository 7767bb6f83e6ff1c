"""Which pages ask for whom: guards, the look-up data pages, and the viewer on every request."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from portal.kernel import clock
from portal.kernel.actor import system
from portal.people import commands
from portal.people.models import Person, Role
from portal.people.viewer import SignedOut, Viewer, citizen_required, require_viewer, role_required, viewer_of
from tests.people.signed_in import signed_in
from tests.people.test_people import PID

BY = system("test")


@citizen_required
def citizens_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@role_required(Role.CLERK, Role.CLINICIAN)
def clerks_page(request: HttpRequest, letter: int) -> HttpResponse:
    return HttpResponse(f"letter {letter}")


@role_required()
def staff_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("staff")


def asked(path: str = "/brev/?side=2", roles: set[Role] | None = None, **extra: str) -> HttpRequest:
    """A request by someone with these roles; None for nobody."""
    request = RequestFactory().get(path, **extra)  # type: ignore[arg-type] # headers by their environment names
    person = Person(name="Kari")
    if roles is not None:
        viewer = Viewer(person.pk, person.name, frozenset(roles), "idporten-loa-high", clock.real_now())
        request.viewer = viewer  # type: ignore[attr-defined] # as the middleware does
    return request


@pytest.mark.parametrize("page", [citizens_page, staff_page])
def test_signed_out_goes_to_sign_in_and_back(page: Callable[[HttpRequest], HttpResponseBase]) -> None:
    answer = page(asked())
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/logg-inn/?next=%2Fbrev%2F%3Fside%3D2"


def test_a_posted_form_is_not_gone_back_to() -> None:
    answer = citizens_page(RequestFactory().post("/brev/"))
    assert answer.headers["Location"] == "/logg-inn/"


def test_fragments_move_the_whole_page() -> None:
    answer = citizens_page(asked(HTTP_HX_REQUEST="true"))
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"].startswith("/logg-inn/")


@pytest.mark.parametrize("roles", [{Role.CLERK}, {Role.CLINICIAN}, {Role.CLERK, Role.OPERATOR}])
def test_a_fitting_role_opens(roles: set[Role]) -> None:
    assert clerks_page(asked(roles=roles), letter=7).status_code == 200


@pytest.mark.parametrize("roles", [set(), {Role.OPERATOR}, {Role.REVIEWER}])
def test_any_other_is_the_same_as_a_missing_page(roles: set[Role]) -> None:
    with pytest.raises(Http404):
        clerks_page(asked(roles=roles), letter=7)


def test_staff_means_any_role() -> None:
    assert staff_page(asked(roles={Role.REVIEWER})).status_code == 200
    with pytest.raises(Http404):
        staff_page(asked(roles=set()))


def test_nobody_is_not_a_viewer() -> None:
    assert viewer_of(asked()) is None
    with pytest.raises(SignedOut):
        require_viewer(asked())


@pytest.mark.django_db
@pytest.mark.urls("tests.sign_in.admin_urls")
class TestLookUpData:
    def test_signed_out_goes_to_sign_in(self, client: Client) -> None:
        assert client.get("/admin/").headers["Location"] == "/logg-inn/?next=%2Fadmin%2F"

    @pytest.mark.parametrize("role", [None, Role.CLERK, Role.CLINICIAN, Role.REVIEWER])
    def test_nobody_but_operators(self, client: Client, role: Role | None) -> None:
        person = commands.register_person(pid=PID)
        if role:
            commands.grant_role(person=person, role=role, by=BY)
        assert signed_in(client, person).get("/admin/").status_code == 404
        assert client.get("/admin/people/unit/").status_code == 404

    def test_operators_come_in_until_the_role_ends(self, client: Client) -> None:
        person = commands.register_person(pid=PID)
        commands.grant_role(person=person, role=Role.OPERATOR, by=BY)
        assert signed_in(client, person).get("/admin/people/unit/").status_code == 200
        commands.end_role(person=person, role=Role.OPERATOR, by=BY)
        assert client.get("/admin/people/unit/").status_code == 404

    def test_there_is_no_password_page(self, client: Client) -> None:
        assert client.get("/admin/login/").status_code == 404
        assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 404


def reads(client: Client) -> list[str]:
    """What one request reads of tables, besides what it tells the database about its reach."""
    with CaptureQueriesContext(connection) as seen:
        client.get("/logg-inn/tid-igjen/")
    return [query["sql"] for query in seen.captured_queries if " FROM " in query["sql"]]


@pytest.mark.django_db
def test_knowing_who_is_here_costs_one_query(client: Client) -> None:
    signed_in(client, commands.register_person(pid=PID))
    found = [sql for sql in reads(client) if "django_session" in sql or "people_signinsession" in sql]
    assert len(found) == 1, found


@pytest.mark.django_db
def test_nobody_without_a_cookie_costs_nothing(client: Client) -> None:
    assert reads(client) == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/accounts/idporten/login/", "/login/"])
def test_no_door_of_the_library_is_open(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404
