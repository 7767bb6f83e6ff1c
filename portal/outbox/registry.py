"""Which handler carries out which kind of errand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

Handler = Callable[[UUID], None]
OnGivenUp = Callable[[UUID, str], None]
PatientOf = Callable[[UUID], UUID | None]


@dataclass(frozen=True)
class Kind:
    """How errands of one kind are carried out.

    `lease` must be longer than the slowest call inside the handler. `given_up` is told the subject and the
    error's code when a person must take over. What nobody has tried for `stale_after` (every worker was dead) goes
    to a person unread: the world may have moved on. `patient_of` tells whose rows an errand is about: the database
    then lets it reach that patient's and no other's. Where it is not given, or tells of nobody, it reaches everyone's.
    """

    name: str
    queue: str
    handler: Handler
    given_up: OnGivenUp
    lease: timedelta
    stale_after: timedelta | None
    patient_of: PatientOf | None


_kinds: dict[str, Kind] = {}


def errand(
    name: str,
    *,
    queue: str,
    given_up: OnGivenUp,
    lease: timedelta = timedelta(seconds=60),
    stale_after: timedelta | None = None,
    patient_of: PatientOf | None = None,
) -> Callable[[Handler], Handler]:
    """Register a handler: it gets the subject's id and must be safe to run again after a crash anywhere inside it."""

    def register(handler: Handler) -> Handler:
        if name in _kinds:
            raise ValueError(f"two handlers for {name}")
        _kinds[name] = Kind(name, queue, handler, given_up, lease, stale_after, patient_of)
        return handler

    return register


def kind(name: str) -> Kind:
    """The kind by its name; KeyError when nothing carries it out."""
    return _kinds[name]


def kinds() -> tuple[Kind, ...]:
    """Every kind, for operators and tests."""
    return tuple(_kinds.values())
