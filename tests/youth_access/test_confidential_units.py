"""The confidential list is kept by a command, leaves its trace, and closes at once."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from portal.audit.models import AuditRow
from portal.kernel import clock
from tests.youth_access import families
from youth_access.circumstances import ItemFacts
from youth_access.eyes import eyes_for
from youth_access.facts import Service

pytestmark = pytest.mark.django_db


def kept(*words: str) -> str:
    out = StringIO()
    call_command("confidential_unit", *words, stdout=out)
    return out.getvalue()


def test_a_unit_is_put_on_the_list_once_and_taken_off_with_a_trace() -> None:
    unit = families.unit("4200077", "Barne- og ungdomspsykiatrisk poliklinikk")
    assert "4200077 Barne- og ungdomspsykiatrisk poliklinikk" in kept("4200077")
    assert kept("4200077") == kept()
    assert kept("4200077", "--remove") == kept("4200077", "--remove") == ""
    actions = AuditRow.objects.filter(item_id=unit.resh).order_by("id").values_list("action", flat=True)
    assert list(actions) == ["confidential_unit.added", "confidential_unit.removed"]


def test_an_unknown_unit_is_named_and_nothing_changes() -> None:
    families.unit("4200077")
    with pytest.raises(CommandError, match="4299999"):
        kept("4200077", "4299999")
    assert kept() == ""


def test_letters_of_the_unit_close_to_parents_of_a_youth_at_the_next_request() -> None:
    now = clock.now()
    home = families.family(born=clock.today().replace(year=clock.today().year - 14, day=1), seen=now)
    unit = families.unit("4200077")
    referral = families.referral(home.child, unit, "open")
    facts = ItemFacts(referral_ids=(referral.pk,), unit_id=unit.resh)

    def mother_sees(*codes: str) -> bool:
        item = ItemFacts(codes, facts.referral_ids, facts.unit_id)
        return eyes_for(families.viewer(home.mother), home.child.pk, clock.now()).decide(Service.LETTER, item).see

    assert mother_sees()
    kept("4200077")
    assert not mother_sees()
    assert mother_sees("N"), "a clinician has said that this one is open"
