"""The one decision: who may see, act on and be told of what.

Pure: no clock and no database. Every list, count, search, page, PDF, calendar file and notice rests on it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from youth_access.case import Case
from youth_access.conditions import CONDITIONS
from youth_access.facts import Actor, Assurance, Item, Kind, Patient, Referral, Relation, Service, Wishes
from youth_access.table import Notify, Row, Table, in_force

_NO_ITEM: Final = Item()


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows. `rule` is the row that decided, `version` the table it stands in, `reason` a key for words.

    `relation` is the tie that was asked about: of several, the one this decision rests on. `act` and `notify` are never
    without `see`. Rule DEFAULT: nothing matched. Rule YEAR: only the birth year is known, and the year's two ends give
    different answers.
    """

    see: bool
    act: bool
    notify: Notify
    rule: str
    reason: str
    version: str
    relation: Kind


def decide(
    actor: Actor,
    relation: Relation,
    patient: Patient,
    service: Service,
    item: Item | None,
    referral: Referral,
    wishes: Wishes,
    assurance: Assurance,
    instant: datetime,
    *,
    table: Table | None = None,
) -> Decision:
    """Decide by the table in force at `instant`, or by the one given (to make an old decision again).

    First match wins, vetoes before grants, nothing matched is no. `item` None asks about the service as such.
    The instant is taken in UTC, so that no wall clock that repeats an hour is ever compared with another.
    """
    now = instant.astimezone(UTC)
    rules = table or in_force(now)
    about = item or _NO_ITEM
    days: tuple[date | None, ...] = patient.birth.possible_days if patient.birth is not None else (None,)
    first, *others = [
        _by_table(Case(actor, relation, patient, service, about, referral, wishes, assurance, now, born), rules)
        for born in days
    ]
    if all((each.see, each.act, each.notify) == (first.see, first.act, first.notify) for each in others):
        return first
    return _no("YEAR", "age_unknown", rules, relation.kind)


def _by_table(case: Case, table: Table) -> Decision:
    for row in table.rows_for(case.relation.kind, case.service):
        if _applies(row, case):
            return Decision(row.see, row.act, row.notify, row.id, row.reason, table.version, case.relation.kind)
    return _no("DEFAULT", "not_available", table, case.relation.kind)


def _applies(row: Row, case: Case) -> bool:
    return (row.ages is None or case.band in row.ages) and CONDITIONS[row.when](case)


def _no(rule: str, reason: str, table: Table, relation: Kind) -> Decision:
    return Decision(False, False, "none", rule, reason, table.version, relation)
