"""Operators look after what each clinic has decided; nobody else gets in."""

import pytest
from django.test import Client

from appointments.models import Clinic
from portal.people.models import Role
from tests.appointments import at_hand
from tests.people.signed_in import signed_in

pytestmark = pytest.mark.django_db
HERE = "/admin/appointments/clinic/"
WORDS = {
    "finding": "Inngang B",
    "preparation": "",
    "cancel_limit": "2",
    "cancel_unit": "working_days",
    "fee": "1500",
    "hold_minutes": "15",
    "notice_of_news": "on",
    "remind_days": "7",
    "remind_hours": "72,24",
    "remind_unconfirmed_hours": "",
}


def test_an_operator_writes_and_changes_what_a_clinic_has_decided() -> None:
    desk = signed_in(Client(), at_hand.person(), [Role.OPERATOR])
    unit = at_hand.unit()
    assert desk.get(f"{HERE}add/").status_code == 200
    made = desk.post(f"{HERE}add/", WORDS | {"unit": unit.pk})
    assert made.status_code == 302, made.content.decode()
    clinic = Clinic.objects.get()
    assert (clinic.finding, clinic.remind_hours, clinic.remind_unconfirmed_hours) == ("Inngang B", [72, 24], None)
    assert unit.name in desk.get(HERE).content.decode()
    assert desk.post(f"{HERE}{unit.pk}/change/", WORDS | {"fee": "900", "unit": "another"}).status_code == 302
    assert Clinic.objects.get().fee == 900


@pytest.mark.parametrize(
    "wrong", [{"hold_minutes": "61"}, {"remind_days": "snart"}, {"cancel_unit": "years"}, {"fee": "-1"}]
)
def test_what_makes_no_sense_is_told_and_not_kept(wrong: dict[str, str]) -> None:
    desk = signed_in(Client(), at_hand.person(), [Role.OPERATOR])
    answer = desk.post(f"{HERE}add/", WORDS | {"unit": at_hand.unit().pk} | wrong)
    assert answer.status_code == 200
    assert not Clinic.objects.exists()


def test_clerks_do_not_get_in() -> None:
    assert signed_in(Client(), at_hand.person(), [Role.CLERK]).get(HERE).status_code in (302, 404)
