"""Reads the population register's answers. What cannot be believed raises, or, in a row that ties people, ties nobody.

Rows have whole days or moments for their start and end. A start later than now, within a day, counts from the next day;
an end within a day counts from that day's beginning. An end in a day's last minute is the day's end.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Final

from portal.counterparts import wire
from portal.counterparts.population_register import (
    Address,
    EventPage,
    Guardianship,
    Holder,
    ParentalResponsibility,
    Protection,
    RegisteredPerson,
    RegisterEvent,
    ResponsibilityKind,
    SharedHome,
)
from portal.kernel import clock

MOST_LINES: Final = 4
UNREADABLE: Final = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)
PERSONAL: Final = frozenset({"personligeInteresser", "personligeOgOekonomiskeInteresser"})
"""The kinds of omfang that cover personal interests. Those for immigration cases are not among them."""
FOR_A_LONE_CHILD: Final = "ensligMindreaarig"
"""How the kinds of vergemål begin that are for asylum seekers and refugees who came alone as children."""

_NOBODY: Final = ParentalResponsibility(ResponsibilityKind.UNKNOWN, None, None, None, Holder.NOBODY, is_read=False)
_END_OF_DAY: Final = timedelta(seconds=59)


def people(asked: Collection[str], answer: dict[str, Any]) -> dict[str, RegisteredPerson | None]:
    """Those asked for, by the number asked with; None for the unknown, and nothing for those who cannot be read."""
    unknown, rows = frozenset(answer["ukjente"]), _by_number(answer["personer"])
    found: dict[str, RegisteredPerson | None] = {pid: None for pid in asked if pid in unknown}
    for pid in asked:
        if pid in rows and pid not in unknown:
            try:
                found[pid] = _person(rows[pid])
            except UNREADABLE:
                continue
    return found


def events(after: int, answer: dict[str, Any]) -> EventPage:
    """A page of the feed, in order, with nothing that was read before."""
    read = sorted((_event(row) for row in answer["hendelser"]), key=lambda event: event.sequence)
    latest = _number(answer["sisteSekvensnummer"])
    return EventPage(tuple(event for event in read if event.sequence > after), latest)


def _by_number(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The rows by every number their persons have or had; the number in use wins over a former one."""
    named = [(row, row["personidentifikator"]) for row in rows if isinstance(row, dict) and _named(row)]
    former = {pid: row for row, _pid in named for pid in _pids(row.get("tidligereIdentifikatorer"))}
    return former | {pid: row for row, pid in named}


def _named(row: dict[str, Any]) -> bool:
    return isinstance(row.get("personidentifikator"), str)


def _event(row: dict[str, Any]) -> RegisterEvent:
    kind = row.get("hendelsestype")
    pid = row.get("personidentifikator")
    return RegisterEvent(
        sequence=_number(row["sekvensnummer"]),
        kind=kind if isinstance(kind, str) else "",
        pid=pid if isinstance(pid, str) else "",
    )


def _number(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("sequence number expected")
    return value


def _person(row: dict[str, Any]) -> RegisteredPerson:
    name = row["navn"]
    return RegisteredPerson(
        pid=wire.text(row["personidentifikator"]),
        given_name=_name(name["fornavn"]),
        middle_name=_name(name["mellomnavn"]) if name.get("mellomnavn") else None,
        family_name=_name(name["etternavn"]),
        birth_date=wire.optional_day(row.get("foedselsdato")),
        birth_year=int(row["foedselsaar"]),
        died_on=wire.optional_day(row.get("doedsdato")),
        protection=Protection(row["adressebeskyttelse"]),
        residence=_address(row.get("bostedsadresse")),
        contact_address=_address(row.get("kontaktadresse")),
        no_fixed_abode=row["utenFastBosted"] is True,
        parental_responsibility=tuple(_responsibility(part) for part in row["foreldreansvar"]),
        former_pids=_pids(row.get("tidligereIdentifikatorer")),
        parent_pids=_pids(row.get("foreldre")),
        child_pids=_pids(row.get("barn")),
        ward_pids=_pids(row.get("vergeFor")),
        shared_homes=tuple(home for part in row.get("deltBosted") or () for home in _shared_home(part)),
        guardianships=tuple(one for part in row.get("vergemaal") or () for one in _guardianship(part)),
    )


def _name(value: object) -> str:
    found = wire.text(value)
    if "\0" in found:
        raise ValueError("a name that no database takes")
    return found


def _pids(value: object) -> tuple[str, ...]:
    """The numbers in a list; anything else in it is passed over."""
    return tuple(dict.fromkeys(pid for pid in value if isinstance(pid, str) and pid)) if isinstance(value, list) else ()


def _address(row: dict[str, Any] | None) -> Address | None:
    if row is None:
        return None
    lines = tuple(wire.text(line) for line in row["adresselinjer"])
    if len(lines) > MOST_LINES:
        raise ValueError("an address has more lines than the register allows")
    return Address(
        lines=lines,
        postal_code=row["postnummer"] or "",
        town=row["poststed"] or "",
        country_code=wire.text(row["landkode"]),
        dwelling_id=wire.optional_text(row.get("bruksenhetsnummer")),
    )


def _responsibility(row: Any) -> ParentalResponsibility:  # noqa: ANN401 - a row of any shape is read, or counts as nobody's
    try:
        pid = wire.optional_text(row.get("ansvarlig"))
        return ParentalResponsibility(
            kind=ResponsibilityKind(row["ansvar"]),
            responsible_pid=pid,
            valid_from=_first_day(row.get("gyldighetstidspunkt")),
            ended_on=_day_after(row.get("opphoerstidspunkt")),
            holder=_holder(pid, row),
        )
    except UNREADABLE:
        return _NOBODY


def _holder(pid: str | None, row: dict[str, Any]) -> Holder:
    if pid is not None:
        return Holder.PERSON
    if row.get("ansvarligOrganisasjon"):
        return Holder.ORGANISATION
    return Holder.WITHOUT_NUMBER if row.get("ansvarligUtenIdentifikator") else Holder.NOBODY


def _shared_home(row: Any) -> list[SharedHome]:  # noqa: ANN401 - a row of any shape is read or passed over
    try:
        address = _address(row["adresse"])
        start, end = _first_day(row.get("startdatoForKontrakt")), _day_after(row.get("sluttdatoForKontrakt"))
    except UNREADABLE:
        return []
    return [SharedHome(address, start, end)] if address is not None else []


def _guardianship(row: Any) -> list[Guardianship]:  # noqa: ANN401 - a row of any shape is read or passed over
    try:
        party = row["verge"]
        covers = party.get("omfang") in PERSONAL and party.get("omfangetErInnenPersonligOmraade", True) is True
        return [
            Guardianship(
                guardian_pid=wire.text(party["motpartsPersonident"]),
                personal=covers,
                valid_from=_first_day(row.get("gyldighetstidspunkt")),
                ended_on=_day_after(row.get("opphoerstidspunkt")),
                for_lone_child=str(row.get("type", "")).startswith(FOR_A_LONE_CHILD),
            )
        ]
    except UNREADABLE:
        return []


def _first_day(value: object) -> date | None:
    if not value:
        return None
    found = _moment(value)
    if not isinstance(found, datetime):
        return found
    begins_later_that_day = found > clock.now() and found.time() != datetime.min.time()
    return found.date() + timedelta(days=begins_later_that_day)


def _day_after(value: object) -> date | None:
    if not value:
        return None
    found = _moment(value)
    return (found + _END_OF_DAY).date() if isinstance(found, datetime) else found


def _moment(value: object) -> date | datetime:
    """A whole day, or a moment on the wall clock in Oslo."""
    text = wire.text(value)
    return wire.instant(text).astimezone(clock.OSLO) if "T" in text else wire.day(text)
