"""The sealing job: links what has been written into a chain, so that later changes and cuts can be found.

A row waits in a queue from the moment its transaction commits, whatever its id; rows from a transaction that took long
simply come in a later seal. Nobody who writes the audit waits for anybody else.
"""

import logging
from typing import Final

from django.db import connection, transaction

from portal.audit import fingerprints
from portal.audit.models import AuditSeal
from portal.kernel import clock

_LOG: Final = logging.getLogger(__name__)
ROWS_IN_A_SEAL: Final = 10_000
BEGINNING: Final = bytes(fingerprints.SIZE)
"""What stands for the digest before the first seal."""
_ONE_AT_A_TIME: Final = 0x5EA1
_TAKE: Final = """
DELETE FROM audit_unsealed
WHERE row_id IN (SELECT row_id FROM audit_unsealed ORDER BY row_id LIMIT %s)
RETURNING row_id, digest
"""


def seal_waiting() -> int:
    """Seal every row that waits. Says how many; nothing while another process is at it.

    The log, which is kept elsewhere, is told where the chain ends: a chain that is cut or made anew later no longer
    holds what the log says.
    """
    total = 0
    while sealed := _seal_some():
        total += sealed
    last = AuditSeal.objects.order_by("-number").only("number", "digest").first() if total else None
    if last is not None:
        _LOG.info("audit sealed, anchor %s:%s", last.number, fingerprints.spelled(bytes(last.digest)))
    return total


@transaction.atomic
def _seal_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        if not (cursor.fetchone() or [False])[0]:
            return 0
        cursor.execute(_TAKE, [ROWS_IN_A_SEAL])
        taken = sorted((row_id, bytes(digest)) for row_id, digest in cursor.fetchall())
    if taken:
        _link(taken)
    return len(taken)


def _link(entries: list[tuple[int, bytes]]) -> None:
    last = AuditSeal.objects.order_by("-number").only("number", "digest").first()
    number, previous = (last.number + 1, bytes(last.digest)) if last else (1, BEGINNING)
    sealed_at, rows = clock.real_now(), fingerprints.packed(entries)
    AuditSeal.objects.create(
        number=number,
        sealed_at=sealed_at,
        from_id=entries[0][0],
        to_id=entries[-1][0],
        count=len(entries),
        rows=rows,
        previous=previous,
        digest=fingerprints.of_seal(number, sealed_at, rows, previous),
    )
