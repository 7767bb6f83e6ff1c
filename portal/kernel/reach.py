"""How far the present piece of work may reach into the patients' tables.

The second ring of access: PostgreSQL's row-level security lets the application's role touch rows of one patient, of
everyone, or (where nothing was said) of nobody. What is said here is set at the start of each transaction and ends
with it; nothing is ever set on a connection. It stops mistakes (a forgotten filter, a join, raw SQL), and rests on
`youth_access` for what a person may see of one patient's rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

ROLE: Final = "portal_app"
"""The PostgreSQL role that requests and errands run as; it owns nothing and bypasses nothing."""
EVERYONE: Final = "*"
SAY: Final = (
    "SELECT set_config('role', %s, true), set_config('portal.actor', %s, true), set_config('portal.reach', %s, true)"
)
"""Sets role and reach for the rest of one transaction; see `words`."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Who works, and how far: one patient's uuid as text, `EVERYONE`, or empty for nobody."""

    actor: str
    patient: str


_present: ContextVar[Reach | None] = ContextVar("reach", default=None)


def present() -> Reach | None:
    """The reach of the present work; None where nothing was said."""
    return _present.get()


@contextmanager
def one_patient(actor: str, patient_id: UUID) -> Iterator[None]:
    """Reach the rows of one patient and no other's."""
    with _reaching(Reach(actor, str(patient_id))):
        yield


@contextmanager
def everyone(actor: str) -> Iterator[None]:
    """Reach every patient's rows: for jobs, hospital systems and the back office, whose own rules then apply."""
    with _reaching(Reach(actor, EVERYONE)):
        yield


@contextmanager
def nobody(actor: str) -> Iterator[None]:
    """Reach no patient's rows."""
    with _reaching(Reach(actor, "")):
        yield


@contextmanager
def _reaching(wanted: Reach) -> Iterator[None]:
    before = _present.get()
    token = _present.set(wanted)
    try:
        if connection.in_atomic_block:
            tell(wanted)
        yield
    finally:
        _present.reset(token)
        if connection.in_atomic_block and not connection.needs_rollback and not connection.closed_in_transaction:
            _go_back(before)


def words(reach: Reach) -> tuple[str, str, str]:
    """What `SAY` is to be sent with."""
    return ROLE, reach.actor, reach.patient


def tell(reach: Reach) -> None:
    """Set the role and the reach for the rest of the present transaction."""
    with connection.cursor() as cursor:
        cursor.execute(SAY, words(reach))


def _go_back(before: Reach | None) -> None:
    if before is not None:
        tell(before)
        return
    with connection.cursor() as cursor:
        cursor.execute(  # no value: back to the role that the connection began as
            "SELECT set_config('role', NULL, true), set_config('portal.actor', '', true),"
            " set_config('portal.reach', '', true)"
        )
