"""Scenario 59: the table changes at noon, and each row tells by which version it was decided."""

from datetime import date
from importlib.resources import files

import pytest
from django.test import Client

from portal.audit.models import AuditRow
from portal.kernel import clock
from tests.people.signed_in import signed_in
from tests.youth_access import families
from tests.youth_access.families import oslo
from youth_access import table
from youth_access.decide import decide
from youth_access.eyes import ACTING_FOR, eyes_for
from youth_access.facts import Referral, Service, Wishes
from youth_access.table import Table, parse

pytestmark = pytest.mark.django_db
SWITCH = "log_for_parents"


def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """From noon the log is open to parents of 12 to 15."""
    folder = files("youth_access") / "data" / "rules" / "2026-11-01"
    rules, switches = ((folder / name).read_text(encoding="utf-8") for name in ("rules.csv", "switches.csv"))
    assert f"\n{SWITCH},yes," in switches
    before, *_later = table.versions()
    after = parse(oslo(2026, 11, 23, 12), rules, switches.replace(f"\n{SWITCH},yes,", f"\n{SWITCH},no,"))

    def both() -> tuple[Table, ...]:
        return (before, after)

    monkeypatch.setattr(table, "versions", both)


def test_decisions_before_and_after_can_be_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    at_noon(monkeypatch)
    with clock.stopped_at(oslo(2026, 11, 23, 11, 59)):
        mine = families.family(born=date(2013, 5, 1))
        client = signed_in(Client(), mine.mother)
        session = client.session
        session[ACTING_FOR] = str(mine.child.pk)
        session.save()
        assert client.get("/innsyn/").status_code == 404
    with clock.stopped_at(oslo(2026, 11, 23, 12)):
        assert client.get("/innsyn/").status_code == 200
    before, after = AuditRow.objects.filter(action="log.read").order_by("id")
    assert before.table_version != after.table_version
    assert (before.rule, before.result) == ("V18", "refused")
    assert (after.rule, after.result) == ("G06b", "shown")
    for row in (before, after):
        eyes = eyes_for(families.viewer(mine.mother), mine.child.pk, row.at)
        again = decide(
            eyes.actor,
            eyes.relation,
            eyes.patient,
            Service.LOG,
            None,
            Referral(),
            Wishes(),
            eyes.assurance,
            row.at,
            table=table.table_by_version(row.table_version),
        )
        assert (again.rule, again.see) == (row.rule, row.result == "shown")
