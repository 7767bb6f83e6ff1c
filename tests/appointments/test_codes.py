"""Codes set on an appointment after it came in, by clinicians in the back office of access."""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from appointments.commands import codes as setting
from appointments.commands.codes import CodesRefused
from appointments.models import Appointment, AppointmentLine
from appointments.queries import on_screen
from portal.audit.models import AuditRow
from portal.kernel import clock
from portal.kernel.actor import Actor
from tests.appointments import at_hand
from tests.appointments.at_hand import NOW, appointment
from tests.youth_access import families, staff_at_work
from youth_access import sweeps
from youth_access.codes import KNOWN
from youth_access.eyes import eyes_for
from youth_access.facts import Outcome, Service
from youth_access.items import source
from youth_access.models import AccessTask

pytestmark = pytest.mark.django_db
BY = Actor("staff", str(uuid4()))


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.stopped_at(NOW):
        yield


def put(one: Appointment, codes: Collection[str], *, until: datetime | None = None, reason: str = "samtale") -> bool:
    return setting.set_codes(appointment_id=one.pk, codes=codes, withheld_until=until, reason=reason, by=BY)


@pytest.mark.parametrize(
    ("codes", "until", "reason", "why"),
    [
        (["N"], None, " ", "reason-missing"),
        (["NORN_XYZ"], None, "x", "code-unknown"),
        (["NORU"], None, "x", "delay-and-time"),
        (["N"], NOW, "x", "delay-and-time"),
    ],
)
def test_what_makes_no_sense_is_refused(codes: list[str], until: datetime | None, reason: str, why: str) -> None:
    with pytest.raises(CodesRefused) as refused:
        put(appointment(at_hand.person()), codes, until=until, reason=reason)
    assert refused.value.code == why


def test_the_same_codes_again_change_nothing_and_each_change_leaves_its_marks() -> None:
    one = appointment(at_hand.person())
    assert put(one, ["NORN_FORANS"])
    assert not put(one, ["NORN_FORANS"])
    event = AppointmentLine.objects.get(appointment=one, kind="codes")
    assert event.details == {"from": [], "to": ["NORN_FORANS"], "until": "", "note": "samtale"}
    row = AuditRow.objects.get(action="codes")
    assert (row.basis, row.item_kind, row.person_id) == ("clinician", "appointment", one.person_id)
    assert "samtale" not in str(row.details)


def test_the_patients_own_wish_is_undone_by_the_patient_alone() -> None:
    one = appointment(at_hand.person(), security_codes=["NORN_EPO"])
    with pytest.raises(CodesRefused) as refused:
        put(one, ["N"])
    assert refused.value.code == "patients-own-wish"
    kept = source(Service.APPOINTMENT)
    assert kept is not None
    kept.set_codes(patient_id=one.person_id, item_id=one.pk, codes=("N",), visible_from=None, note="åpnes", by=BY)
    one.refresh_from_db()
    assert "NORN_EPO" in one.security_codes
    me = Actor("citizen", str(one.person_id))
    setting.set_codes(appointment_id=one.pk, codes=["N"], withheld_until=None, reason="jeg vil se", by=me)
    one.refresh_from_db()
    assert one.security_codes == ["N"]


def test_scenario_19_a_label_set_later_takes_it_from_the_parent_at_the_next_request_and_not_from_the_youth() -> None:
    mine = families.family(born=date(2012, 6, 1), consented=True)
    about = families.referral(mine.child, outcome=Outcome.OPEN)
    one = appointment(mine.child, referral_ids=[about.pk])
    mother, youth = families.viewer(mine.mother), families.viewer(mine.child)

    def seen(who: object) -> bool:
        return on_screen.visible_to(eyes_for(who, mine.child.pk, NOW)).exists()  # type: ignore[arg-type]  # a viewer

    assert seen(mother)
    assert seen(youth)
    put(one, ["NORN_FORANS"])
    assert not seen(mother)
    assert seen(youth)
    put(one, ["N"])
    assert seen(mother)


def test_a_clinician_lists_appointments_and_sets_a_code_on_the_page_of_access() -> None:
    doctor, patient = staff_at_work.clinician(), families.person()
    families.treats(doctor, patient)
    one = appointment(patient, title="Gastroskopi")
    browser = staff_at_work.desk(doctor)
    page = browser.get(staff_at_work.at(patient)).content.decode()
    assert "Gastroskopi, torsdag" in page
    there = staff_at_work.at(patient, f"koder/appointment/{one.pk}/")
    assert browser.get(there).status_code == 200
    answer = browser.post(there, {"codes": ["NORU"], "visible_from": "2026-12-02T08:00", "note": "Ringes først"})
    assert answer.status_code == 302, answer.content.decode()
    one.refresh_from_db()
    assert one.security_codes == ["NORU"]
    assert one.withheld_until == at_hand.oslo(2026, 12, 2, 8)
    assert "Ringes først" not in browser.get(f"/behandler/timer/{one.pk}/").content.decode()
    assert browser.get(staff_at_work.at(patient, f"koder/appointment/{uuid4()}/")).status_code == 404


def test_one_struck_out_is_not_listed_and_another_patients_is_not_found() -> None:
    patient = at_hand.person()
    appointment(patient, status="entered-in-error")
    other = appointment(at_hand.person())
    kept = source(Service.APPOINTMENT)
    assert kept is not None
    assert kept.of_patient(patient.pk, 10) == []
    assert kept.one(patient.pk, other.pk) is None
    with pytest.raises(CodesRefused):
        kept.set_codes(patient_id=patient.pk, item_id=other.pk, codes=("N",), visible_from=None, note="x", by=BY)


def test_listing_takes_one_query_at_any_length(django_assert_num_queries: object) -> None:
    patient, kept = at_hand.person(), source(Service.APPOINTMENT)
    assert kept is not None
    for number in (1, 30):
        for n in range(number):
            appointment(patient, None, NOW + timedelta(days=n, hours=number))
        with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's own fixture
            assert len(kept.of_patient(patient.pk, 500)) >= number


def test_an_unknown_code_alarms_and_setting_a_known_one_settles_it() -> None:
    one = appointment(at_hand.person(), security_codes=["NORN_NY"])
    setting.ask_about_unknown_codes(one)
    sweeps.unknown_codes()
    sweeps.unknown_codes()
    task = AccessTask.objects.get(kind=AccessTask.Kind.UNKNOWN_CODE)
    assert (task.subject, task.unit_id) == (one.pk, one.unit_id)
    put(one, ["N"])
    task.refresh_from_db()
    assert task.closed_at is not None
    setting.ask_about_unknown_codes(Appointment.objects.get(pk=one.pk))
    assert {"N"} <= KNOWN
    assert AccessTask.objects.filter(closed_at=None).count() == 0
