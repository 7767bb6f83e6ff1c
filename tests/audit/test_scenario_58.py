"""Scenario 58 from end to end: real letters, real requests, the database committing as it does in production."""

from datetime import date

import pytest
from django.db import transaction
from django.test import Client

from letters.models import Letter
from letters.states import Digital, Stage
from portal.audit import chain
from portal.audit.models import AuditRow
from portal.audit.verification import verify
from portal.kernel import clock
from portal.people.queries import pid_of
from tests.audit.log_readers import browser, said
from tests.letters import making
from tests.youth_access import families
from tests.youth_access.families import Family, oslo

pytestmark = pytest.mark.django_db(transaction=True)
LAST_MINUTE, BIRTHDAY, GROWN = oslo(2026, 11, 21, 23, 59), oslo(2026, 11, 22), oslo(2030, 11, 22, 9)


@transaction.atomic
def a_child_with_a_letter() -> tuple[Family, Letter]:
    mine = families.family(born=date(2014, 11, 22))
    letter = making.received(patient=mine.child, pid=pid_of(mine.child), title="Svar fra BUP")
    Letter.objects.filter(pk=letter.pk).update(
        stage=Stage.DECIDED, digital=Digital.AVAILABLE, available_at=clock.now(), security_codes=["N"]
    )
    return mine, letter


def test_the_patients_log_lists_the_fathers_reading_at_11_and_his_refused_attempt_at_12() -> None:
    with clock.stopped_at(LAST_MINUTE):
        mine, letter = a_child_with_a_letter()
        father: Client = browser(mine.father, mine.child)
        assert father.get(f"/brev/{letter.id}/").status_code == 200
    with clock.stopped_at(BIRTHDAY):
        assert father.get(f"/brev/{letter.id}/").status_code == 404
    read, refused = AuditRow.objects.filter(item_id=str(letter.id), actor_id=str(mine.father.pk)).order_by("id")
    assert (read.result, read.basis, read.acp, read.age_band, read.rule) == ("shown", "FO", "1", "0-11", "G05")
    assert (refused.result, refused.basis, refused.acp, refused.age_band) == ("refused", "FO", "", "12")
    assert read.person_id == refused.person_id == mine.child.pk
    with clock.stopped_at(GROWN):
        page = said(browser(mine.child).get("/innsyn/").content.decode())
    assert "Fredrik Far leste et brev Som forelder" in page
    assert "Fredrik Far prøvde å åpne et brev Som forelder Grunnlag: foreldreansvar Avvist" in page
    assert "BUP" not in page
    chain.seal_waiting()
    assert verify().findings == []
