"""The contact register over HTTP. Identity numbers travel in the body, never in an address."""

from typing import Any

from portal.counterparts import wire
from portal.counterparts.client import CounterpartClient
from portal.counterparts.configured import client_for
from portal.counterparts.contact_register import ContactPoint, ContactPreferences, ContactRegister


class HttpContactRegister:
    """Asks KRR's person resource, one person at a time."""

    def __init__(self, client: CounterpartClient) -> None:
        self._client = client

    def look_up(self, pid: str) -> ContactPreferences:
        """See `ContactRegister.look_up`."""
        return self._client.read(
            "POST",
            "v2/personer",
            body={"personidentifikatorer": [pid]},
            parse=lambda answer: _preferences(pid, answer),
        )


def connect() -> ContactRegister:
    """The contact register the settings point at."""
    return HttpContactRegister(client_for("CONTACT_REGISTER_URL"))


def _preferences(pid: str, answer: dict[str, Any]) -> ContactPreferences:
    person = {row["personidentifikator"]: row for row in answer["personer"]}[pid]
    registered = wire.one_of(person["status"], AKTIV=True, SLETTET=False, IKKE_REGISTRERT=False)
    points = person.get("kontaktinformasjon") or {}
    return ContactPreferences(
        pid=pid,
        registered=registered,
        reserved=wire.one_of(person["reservasjon"], JA=True, NEI=False),
        can_be_notified=wire.one_of(person["varslingsstatus"], KAN_VARSLES=True, KAN_IKKE_VARSLES=False),
        email=_point(points, "epostadresse"),
        mobile=_point(points, "mobiltelefonnummer"),
        language=wire.optional_text(person.get("spraak")),
    )


def _point(points: dict[str, Any], name: str) -> ContactPoint | None:
    value = wire.optional_text(points.get(name))
    if value is None:
        return None
    return ContactPoint(
        value=value,
        updated=wire.optional_instant(points.get(f"{name}_oppdatert")),
        verified=wire.optional_instant(points.get(f"{name}_sist_verifisert")),
    )
