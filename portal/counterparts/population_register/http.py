"""The population register over HTTP. Identity numbers travel in the body, never in an address."""

from collections.abc import Collection
from typing import Final

from portal.counterparts.client import CounterpartClient
from portal.counterparts.configured import client_for
from portal.counterparts.errors import CounterpartDown
from portal.counterparts.population_register import EventPage, PopulationRegister, RegisteredPerson, answers

MOST_AT_ONCE: Final = 100
"""How many persons one question may be about."""


class HttpPopulationRegister:
    """Asks the register's lookup resource and reads its feed of events."""

    def __init__(self, client: CounterpartClient) -> None:
        self._client = client

    def look_up(self, pid: str) -> RegisteredPerson | None:
        """See `PopulationRegister.look_up`."""
        found = self.look_up_many([pid])
        if pid not in found:
            raise CounterpartDown("unreadable_answer")
        return found[pid]

    def look_up_many(self, pids: Collection[str]) -> dict[str, RegisteredPerson | None]:
        """See `PopulationRegister.look_up_many`."""
        asked, found = list(dict.fromkeys(pids)), dict[str, RegisteredPerson | None]()
        for start in range(0, len(asked), MOST_AT_ONCE):
            found |= self._ask(asked[start : start + MOST_AT_ONCE])
        return found

    def events_after(self, sequence: int, *, most: int) -> EventPage:
        """See `PopulationRegister.events_after`."""
        return self._client.read(
            "GET",
            "v1/hendelser",
            params={"etter": str(sequence), "antall": str(most)},
            parse=lambda answer: answers.events(sequence, answer),
        )

    def _ask(self, pids: list[str]) -> dict[str, RegisteredPerson | None]:
        return self._client.read(
            "POST",
            "v1/personer/oppslag",
            body={"personidentifikatorer": pids},
            parse=lambda answer: answers.people(pids, answer),
        )


def connect(*, seconds: float | None = None) -> PopulationRegister:
    """The population register the settings point at, waited for no longer than `seconds` for each answer."""
    return HttpPopulationRegister(client_for("POPULATION_REGISTER_URL", seconds=seconds))
