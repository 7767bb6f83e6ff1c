"""Every sign-in, refusal and sign-out is in the audit, in the transaction of the deed, with ids and codes only."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.test import Client

from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.people import sessions, signals
from portal.people.commands import register_person
from portal.people.models import Person, Role, SignInSession
from tests.people.signed_in import signed_in
from tests.people.test_people import PID
from tests.sign_in.cast import CLERK, CLINICIAN, employed, pid_of
from tests.sign_in.visitor import PROOF_PAGE, STAFF_DOOR, Visitor

pytestmark = pytest.mark.django_db(transaction=True)
Ending = SignInSession.Ending


def rows(action: str) -> list[AuditRow]:
    return list(AuditRow.objects.filter(action=action, item_kind="session").order_by("id"))


def test_coming_in_and_going_out(visitor: Visitor) -> None:
    visitor.signs_in()
    visitor.signs_out()
    session = SignInSession.objects.get()
    for row, details in zip(
        rows("sign_in") + rows("sign_out"), [{"provider": "idporten"}, {"ending": "signed_out"}], strict=True
    ):
        assert (row.actor_kind, row.actor_id) == ("citizen", str(session.person_id))
        assert (row.person_id, row.item_id) == (session.person_id, str(session.pk))
        assert (row.basis, row.acr, row.hpr, row.result) == ("self", "idporten-loa-high", "", "done")
        assert row.details == details


def test_a_clinicians_number_and_employer_go_along(visitor: Visitor) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    visitor.signs_in_as_staff()
    (row,) = rows("sign_in")
    session = SignInSession.objects.get()
    assert (row.actor_kind, row.acr) == ("staff", "helseid-level-4")
    assert (row.hpr, row.organisation) == (session.hpr_number, session.organisation)
    assert row.hpr
    assert row.details == {"provider": "helseid"}


def test_a_refusal_says_why_and_not_who(visitor: Visitor) -> None:
    page = visitor.begins()
    visitor.chooses(visitor.http.get(page.url, params={**page.url.params, "acr": "low"}), "Kari Nordli")
    (row,) = rows("sign_in")
    assert (row.result, row.item_id, row.person_id) == ("refused", "level", None)
    assert (row.actor_kind, row.actor_id) == ("system", "sign-in")
    assert row.details == {"provider": "idporten", "reason": "level"}


def test_a_refusal_of_somebody_we_know_says_whom_it_concerns(visitor: Visitor) -> None:
    person = employed(CLERK[0])
    visitor.signs_in_as_staff(CLERK[1])
    (row,) = rows("sign_in")
    assert (row.result, row.item_id, row.person_id) == ("refused", "no_role", person.pk)


def test_bare_knocking_writes_nothing(visitor: Visitor) -> None:
    """Or anybody could fill the audit from outside."""
    visitor.http.get("/logg-inn/svar/?state=x&code=y")
    visitor.http.get("/logg-inn/svar/?error=access_denied")
    visitor.http.get("/logg-inn/ansatt/svar/")
    assert not AuditRow.objects.exists()


@pytest.mark.parametrize(("idle", "ending"), [(31, Ending.IDLE), (5, Ending.ABSOLUTE)])
def test_a_session_that_ran_out(client: Client, idle: int, ending: Ending) -> None:
    signed_in(client, register_person(pid=PID))
    now = clock.real_now()
    SignInSession.objects.update(
        last_seen_at=now - timedelta(minutes=idle),
        started_at=now - timedelta(minutes=200 if ending == Ending.ABSOLUTE else 60),
    )
    for _ in range(2):
        client.get("/logg-ut/")
    assert [row.details for row in rows("sign_out")] == [{"ending": ending.value}]


def test_the_providers_call_and_its_replay(visitor: Visitor) -> None:
    visitor.signs_in()
    words = {"iss": settings.IDENTITY_ISSUER, "sid": SignInSession.objects.get().sid}
    with httpx.Client(base_url=settings.PORTAL_URL) as frame:
        for _ in range(3):
            frame.get("/logg-ut/idporten/", params=words)
    assert [row.details for row in rows("sign_out")] == [{"ending": "provider"}]


def test_without_the_row_nobody_comes_in(visitor: Visitor) -> None:
    def full(**_signal: Any) -> None:
        raise RuntimeError("the audit is full")

    signals.signed_in.connect(full)
    try:
        assert visitor.signs_in().status_code == 500
    finally:
        signals.signed_in.disconnect(full)
    assert not SignInSession.objects.exists()
    assert not Person.objects.exists()
    assert not AuditRow.objects.exists()
    assert not visitor.is_signed_in()


def test_an_ended_session_is_not_ended_twice(client: Client) -> None:
    signed_in(client, register_person(pid=PID))
    session = SignInSession.objects.get()
    assert sessions.end(session, Ending.SIGNED_OUT) is True
    assert sessions.end(session, Ending.IDLE) is False
    assert len(rows("sign_out")) == 1


def test_no_number_and_no_name_in_the_audit(visitor: Visitor) -> None:
    employed(CLINICIAN[0], Role.CLINICIAN)
    visitor.signs_in_as_staff()
    visitor.signs_out()
    visitor.chooses(visitor.begins(PROOF_PAGE, STAFF_DOOR), CLERK[1])
    written = "".join(str(row.__dict__) for row in AuditRow.objects.all())
    assert len(rows("sign_in")) == 2
    for word in (pid_of(CLINICIAN[0]), pid_of(CLERK[0]), CLINICIAN[1], CLERK[1]):
        assert word not in written
