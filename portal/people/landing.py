"""Where a person lands after signing in without having asked for a certain page."""

from collections.abc import Collection
from typing import Final

from portal.people.models import Role

_PLACES: Final = (
    (frozenset({Role.CLERK, Role.CLINICIAN}), "/behandler/"),
    (frozenset({Role.OPERATOR}), "/drift/"),
    (frozenset({Role.REVIEWER}), "/behandler/"),
)


def landing_page(in_force: Collection[Role]) -> str:
    """The back office, the operators' page, or the front page, by the roles in force in the session."""
    return next((place for roles, place in _PLACES if not roles.isdisjoint(in_force)), "/")
