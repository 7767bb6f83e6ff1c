"""Random families and items at random instants: the list filter in SQL and `decide` in Python say the same to all."""

import os
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.youth_access import chances, families
from tests.youth_access.household import Household, Thing
from youth_access.facts import Service

SERVICES = (Service.LETTER, Service.APPOINTMENT, Service.DIALOGUE, Service.JOURNAL)


@pytest.mark.django_db
@given(data=st.data(), words=chances.families(), service=st.sampled_from(SERVICES))
@settings(max_examples=int(os.environ.get("FAMILIES", "40")))
def test_list_and_decision_agree_for_everyone(data: st.DataObject, words: dict[str, Any], service: Service) -> None:
    now = data.draw(chances.instants(words["born"]))
    with transaction.atomic():
        home = Household(now, service, words)
        with home.still():
            referrals = [families.referral(home.family.child, outcome=data.draw(chances.outcomes())) for _ in range(2)]
            families.unit("4200009", "BUP Tromsø", confidential=True)
        people = [each.pk for each in home.family.relatives.values()]
        for _ in range(4):
            facts = data.draw(chances.items(now, [each.pk for each in referrals], people, ["4200001", "4200009"]))
            home.add(Thing(facts))
        for who in home.family.relatives:
            home.agrees_about(who)
        transaction.set_rollback(True)
