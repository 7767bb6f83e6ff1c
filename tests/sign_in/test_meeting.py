"""Two who come at the same moment are one person, one account, one sign-in each."""

import threading

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection

from portal.counterparts.population_register.http import connect as population_register
from portal.people import commands
from portal.people.models import Account, Person, SignInSession
from tests.people.test_people import PID
from tests.sign_in.visitor import Visitor

pytestmark = pytest.mark.django_db(transaction=True)


def test_ten_meet_over_one_new_person() -> None:
    found: list[object] = []

    def meet() -> None:
        person = commands.register_person(pid=PID, name="Kari")
        found.append((person.pk, commands.account_for(person).pk))
        connection.close()

    threads = [threading.Thread(target=meet) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 10
    assert len(set(found)) == 1
    assert (Person.objects.count(), Account.objects.count()) == (1, 1)


def test_first_sign_in_in_two_browsers_at_once(visitor: Visitor, another_visitor: Visitor) -> None:
    population_register().look_up(PID)  # opens the connection both will share
    visitors = (visitor, another_visitor)
    answers = [each.answer_for(each.begins(), "Kari Nordli") for each in visitors]
    threads = [
        threading.Thread(target=each.http.get, args=[answer]) for each, answer in zip(visitors, answers, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(each.is_signed_in() for each in visitors)
    assert (Person.objects.count(), Account.objects.count(), SocialAccount.objects.count()) == (1, 1, 1)
    assert SignInSession.objects.count() == 2
