"""Who does something: every command knows."""

from dataclasses import dataclass
from typing import Literal

ActorKind = Literal["citizen", "staff", "system", "sender"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    `id` is opaque: a person's uuid, an OAuth client id, or the name of a periodic job. Never a name or a number.
    """

    kind: ActorKind
    id: str


def system(job: str) -> Actor:
    """The portal itself, in the job named."""
    return Actor("system", job)
