"""Writing the audit: no row, no data."""

import re
from typing import Any, Final
from uuid import UUID

from django.db import connection
from psycopg.types.json import Jsonb

from portal.audit import fingerprints
from portal.audit.basis import Basis
from portal.audit.models import AuditRow
from portal.audit.present import NOBODY, present
from portal.audit.refusals import AccessRefused
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.logs import scrub

LOOKS: Final = frozenset({"read", "case", "preview", "tasks", "found", "find", "letter.order_read", "log.read"})
"""Actions that show something and change nothing; callers that say so themselves need not stand here."""
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def record(
    *,
    by: Actor,
    action: str,
    item_kind: str,
    item_id: UUID | str,
    person_id: UUID | None = None,
    basis: Basis | str = "",
    result: AuditRow.Result | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Note a deed in the present transaction. If this fails, so does the deed.

    `basis` may be the bare relation. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an audit row belongs in the transaction of the deed")
    footing = basis if isinstance(basis, Basis) else Basis(relation=basis)
    values: dict[str, Any] = {
        "at": clock.now(),
        "actor_kind": by.kind,
        "actor_id": by.id,
        "action": action,
        "result": str(result or (AuditRow.Result.SHOWN if action in LOOKS else AuditRow.Result.DONE)),
        "person_id": person_id,
        "item_kind": item_kind,
        "item_id": str(item_id),
        **_footing(footing, by),
        "details": _without_numbers(details or {}),
    }
    _insert(values | {"digest": fingerprints.of_row(values), "details": Jsonb(values["details"])})


def note_refusal(refused: AccessRefused) -> None:
    """Note that somebody was refused something that exists. In a transaction of its own: the view's was undone."""
    record(
        by=refused.by,
        action=refused.action,
        item_kind=refused.item_kind,
        item_id=refused.item_id,
        person_id=refused.person_id,
        basis=refused.basis,
        result=AuditRow.Result.REFUSED,
    )


def _footing(basis: Basis, by: Actor) -> dict[str, str]:
    here = present() if by.kind in ("citizen", "staff") else NOBODY
    return {
        "basis": basis.relation,
        "acp": basis.acp,
        "rule": basis.rule,
        "table_version": basis.version,
        "age_band": basis.band,
        "acr": basis.acr or here.acr,
        "hpr": basis.hpr or here.hpr,
        "organisation": basis.organisation or here.organisation,
        "request_id": basis.request_id or present().request_id,
    }


def _insert(values: dict[str, Any]) -> None:
    """Write without reading back: whoever may leave a row need not be able to see it."""
    table = AuditRow._meta.db_table
    places = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", list(values.values()))  # noqa: S608 - names are ours


def _without_numbers(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """The same details with every text cleaned of identity numbers, in case somebody wrote one in a note."""
    if isinstance(value, dict):
        return {key: _without_numbers(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_numbers(each) for each in value]
    return scrub(value) if isinstance(value, str) and not _UUID.fullmatch(value) else value
