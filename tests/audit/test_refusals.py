"""A refusal is a 404 like any other, and leaves its row although the view's transaction is undone."""

from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from django.urls import include, path
from pytest_django import Settings

from portal.audit import commands
from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.audit.refusals import AccessRefused
from portal.kernel.actor import Actor
from portal.people.models import Role
from portal.people.viewer import citizen_required, require_viewer
from tests.letters import making
from tests.people.signed_in import HPR_NUMBER, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
LETTER, CHILD = uuid4(), uuid4()


@citizen_required
def item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """One letter exists, and nobody may see it."""
    viewer = require_viewer(request)
    making.person(name="Skrevet i samme transaksjon")
    if item_id != LETTER:
        raise Http404
    raise AccessRefused(
        by=Actor("staff" if viewer.is_staff else "citizen", str(viewer.person_id)),
        action="read",
        item_kind="letter",
        item_id=item_id,
        person_id=CHILD,
        basis=Basis(relation="FO", rule="V16", version="2026-11-01:abc", band="12"),
    )


urlpatterns = [path("proev/<uuid:item_id>/", item), path("", include("portal.config.urls"))]


@pytest.fixture
def client() -> Client:
    with transaction.atomic():
        return signed_in(Client(), making.person())


@override_settings(ROOT_URLCONF="tests.audit.test_refusals")
def test_a_refusal_looks_absent_and_stands_in_the_audit(client: Client) -> None:
    refused, absent = client.get(f"/proev/{LETTER}/"), client.get(f"/proev/{uuid4()}/")
    assert refused.status_code == absent.status_code == 404
    assert body(refused) == body(absent)
    row = AuditRow.objects.get(item_kind="letter")
    assert (row.result, row.item_id, row.person_id, row.rule) == ("refused", str(LETTER), CHILD, "V16")
    assert (row.request_id, row.acr) == (refused.headers["X-Request-ID"], "idporten-loa-high")


@override_settings(ROOT_URLCONF="tests.audit.test_refusals")
def test_a_clinicians_number_is_noted_from_the_session() -> None:
    with transaction.atomic():
        clinician = signed_in(Client(), making.person(), [Role.CLINICIAN])
    clinician.get(f"/proev/{LETTER}/")
    assert AuditRow.objects.get(item_kind="letter").hpr == HPR_NUMBER


@override_settings(ROOT_URLCONF="tests.audit.test_refusals")
def test_a_refusal_that_cannot_be_written_is_still_a_404(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    def full(values: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(commands, "_insert", full)
    assert client.get(f"/proev/{LETTER}/").status_code == 404
    assert "could not be written down" in caplog.text


def body(answer: HttpResponseBase) -> str:
    """The page without its own reference number."""
    assert isinstance(answer, HttpResponse)
    return answer.content.decode().replace(answer.headers["X-Request-ID"], "")
