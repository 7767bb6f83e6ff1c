"""Every alarm rings for what it is meant for, and for nothing else."""

from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from portal.audit import rounds
from portal.audit.verification import Fault
from portal.counterparts.probe import CounterpartHealth
from portal.site import alarms
from portal.site.figures import Figures
from portal.ui.figures import NoticeFigures
from tests.operations import sample
from tests.operations.sample import DAY, HOUR, MINUTE, NOW, kind, standing, well

ROOT = Path(__file__).resolve().parents[2]
SMS_DOWN = CounterpartHealth("sms", "SMS-tjenesten", False, "Svarer ikke i tide", 2000)


def sms(**changes: int) -> tuple[NoticeFigures, ...]:
    return (NoticeFigures(**({"channel": "sms", "label": "SMS", "sent": 100} | changes)),)  # type: ignore[arg-type]  # names of its own fields


WRONG: dict[str, Figures] = {
    "fallback_late": well(standing("overdue", 2, 15 * MINUTE)),
    "paper_late": well(standing("ready", 1, DAY)),
    "letters_nowhere": well(comparison=sample.comparison(kind(200, nowhere=1))),
    "type_not_reaching": well(comparison=sample.comparison(kind(20, held=3), kind(900, "vedtak"))),
    "reconciliation_differs": well(comparison=sample.comparison(ghosts=1)),
    "outcome_unknown": well(standing("unknown", 1, 15 * MINUTE)),
    "posting_unconfirmed": well(standing("accepted", 9, 5 * DAY)),
    "intake_slow": well(standing("rendered", 1, 15 * MINUTE)),
    "unknown_code": well(standing("unknown_code", 1)),
    "tasks_waiting": well(standing("tasks", 1, 5 * DAY)),
    "notices_failing": well(notices=sms(failed=25)),
    "notices_silent": well(notices=sms(unconfirmed=25)),
    "job_late": replace(well(), jobs=(sample.job(succeeded_at=NOW - 3 * MINUTE),)),
    "job_failing": replace(well(), jobs=(sample.job(failed_at=NOW),)),
    "audit_tampered": replace(well(), audit=sample.verified(faults=(("row_changed", 3), ("seal_gone", 1)))),
    "audit_unverified": replace(well(), audit=sample.verified(ended_at=NOW - 2 * DAY - MINUTE)),
    "errands_late": replace(well(), errands=(sample.errands(struggling=1),)),
    "errands_given_up": replace(well(), errands=(sample.errands(given_up=2),)),
    "counterpart_down": replace(well(), counterparts=(SMS_DOWN,)),
}
ALMOST: dict[str, Figures] = {
    "fallback_late": well(standing("overdue", 2, 14 * MINUTE)),
    "paper_late": well(standing("ready", 1, DAY - MINUTE)),
    "type_not_reaching": well(comparison=sample.comparison(kind(20, held=2), kind(19, "vedtak", held=19))),
    "withdrawn letters need not arrive": well(comparison=sample.comparison(kind(100, withdrawn=90))),
    "a repair is no difference": well(comparison=sample.comparison(repaired=9)),
    "outcome_unknown": well(standing("unknown", 1, 14 * MINUTE)),
    "over a weekend": replace(well(standing("accepted", 9, 4 * DAY), standing("tasks", 1, 4 * DAY)), now=NOW - 2 * DAY),
    "few notices": well(notices=sms(sent=9, failed=10)),
    "job_late": replace(well(), jobs=(sample.job(succeeded_at=NOW - 2 * MINUTE),)),
    "a job that failed before": replace(well(), jobs=(sample.job(failed_at=NOW - HOUR),)),
    "audit_unverified": replace(well(), audit=sample.verified(ended_at=NOW - 2 * DAY, whole_ended_at=NOW - 14 * DAY)),
    "errands_late": replace(well(), errands=(sample.errands(oldest_due=NOW - 14 * MINUTE),)),
    "nothing at all": Figures(now=NOW, real_now=NOW),
}


def ringing(figures: Figures) -> list[str]:
    return [alarm.rule.name for alarm in alarms.raised(figures)]


def test_a_portal_that_is_well_is_silent() -> None:
    assert ringing(well()) == []


@pytest.mark.parametrize("name", [rule.name for rule in alarms.RULES])
def test_each_alarm_rings_alone_and_says_something(name: str) -> None:
    (alarm,) = alarms.raised(WRONG[name])
    assert alarm.rule.name == name
    assert alarm.text.strip()
    assert "%" not in alarm.text


@pytest.mark.parametrize("what", ALMOST)
def test_what_is_nearly_wrong_rings_nothing(what: str) -> None:
    assert ringing(ALMOST[what]) == []


def test_a_backlog_that_nobody_works_off_rings() -> None:
    assert ringing(replace(well(), errands=(sample.errands(oldest_due=NOW - 15 * MINUTE),))) == ["errands_late"]


def test_places_that_do_not_add_up_ring() -> None:
    assert ringing(well(comparison=sample.comparison(replace(kind(50), issued=51)))) == ["letters_nowhere"]


def test_counterparts_that_nobody_could_ask_ring() -> None:
    assert ringing(replace(well(), counterparts=(), counterparts_known=False)) == ["counterpart_down"]


def test_the_critical_come_first() -> None:
    figures = replace(WRONG["fallback_late"], counterparts=(SMS_DOWN,), errands=(sample.errands(given_up=1),))
    assert ringing(figures)[0] == "fallback_late"


@pytest.mark.parametrize(
    ("job", "late"),
    [
        (sample.job(started_at=None, succeeded_at=None), True),
        (sample.job(started_at=None, succeeded_at=None, every=HOUR), True),
        (sample.job(started_at=None, succeeded_at=None, every=7 * DAY), False),
        (sample.job(started_at=NOW - DAY, succeeded_at=None), True),
        (sample.job(started_at=NOW, succeeded_at=None), False),
        (sample.job(every=DAY, succeeded_at=NOW - 2 * DAY - MINUTE), True),
    ],
)
def test_when_a_job_is_late(job: Any, *, late: bool) -> None:
    assert bool(well().late_by(job)) is late


def test_a_new_portal_has_not_missed_its_nights() -> None:
    new = replace(well(), services={})
    assert not new.late_by(sample.job(started_at=None, succeeded_at=None, every=HOUR))


@pytest.mark.parametrize(
    "standing",
    [rounds.Standing(), sample.verified(whole_ended_at=NOW - 14 * DAY - MINUTE)],
    ids=["never", "never all of it"],
)
def test_an_audit_that_nobody_verifies_rings(standing: rounds.Standing) -> None:
    assert ringing(replace(well(), audit=standing)) == ["audit_unverified"]
    assert ringing(replace(well(), audit=rounds.Standing(), services={})) == []


def test_every_fault_has_its_words() -> None:
    faults = tuple((fault, 1) for fault in get_args(Fault))
    (alarm,) = alarms.raised(replace(well(), audit=sample.verified(faults=faults)))
    assert alarm.text.count(": 1") == len(faults)


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((ROOT / "docs" / "alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_prometheus_rings_for_the_same_alarms_as_the_page() -> None:
    ours = {rule["labels"]["alarm"]: rule for rule in rules() if "alarm" in rule["labels"]}
    assert {name: rule["labels"]["severity"] for name, rule in ours.items()} == {
        rule.name: rule.severity for rule in alarms.RULES
    }
    for name, rule in ours.items():
        assert rule["expr"] == f'max(portal_alarm{{alarm="{name}"}}) == 1'


def test_every_prometheus_rule_is_explained() -> None:
    text = (ROOT / "docs" / "alerts.md").read_text()
    for rule in rules():
        assert {"summary", "description"} <= set(rule["annotations"])
        assert f"### {rule['alert']}" in text
