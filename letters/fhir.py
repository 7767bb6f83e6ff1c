"""From CommunicationRequest to an order for a letter, with every problem found on the way.

Pure: what must be looked up comes in as `Facts`. No text of a problem repeats a value that was sent, since the value
may be a patient's number. An element that would change what the letter means, and that this portal does not act on,
is refused by name; none is silently left out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from fhir.resources.R4B.communicationrequest import CommunicationRequest

from letters import fhir_codes as codes
from letters.fhir_payload import read_payload
from letters.fhir_security import read_security
from letters.orders import LetterOrder
from portal.fhir.elements import (
    Findings,
    as_list,
    as_object,
    as_text,
    day_or_instant,
    identifiers_of,
    local_id,
    without_server_set,
)
from portal.fhir.errors import refuse
from portal.fhir.outcomes import Problem, without_repeats
from portal.fhir.shapes import problems_of_shape
from portal.fhir.strict_json import Json, fingerprint
from portal.people.fhir_patient import read_patient
from youth_access.fhir_labels import referrals_of

LONGEST_KEY: Final = 200
_FURTHEST_AHEAD: Final = timedelta(days=366)
_HEADER_KEY: Final = re.compile(r'"?([\x21\x23-\x7e]{1,200})"?')
_RESH: Final = re.compile(r"[0-9]{1,20}", re.ASCII)
_REFUSED: Final = ("implicitRules", "modifierExtension", "doNotPerform", "medium", "occurrenceDateTime", "_status")


@dataclass(frozen=True, slots=True)
class Facts:
    """What an order is held against: who sends, where we are, what is known here.

    `address` is the portal's own FHIR address, without a slash at the end. `environment` is PORTAL_ENV.
    """

    source: str
    address: str
    environment: str
    now: datetime
    is_letter_type: Callable[[str], bool]
    is_unit: Callable[[str], bool]
    is_own_letter: Callable[[UUID], bool]


class RefusedOrder(Exception):
    """Every problem that keeps an order from becoming a letter."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def key_of(tree: dict[str, Any], header: str) -> str:
    """The key a repeat is known by: the Idempotency-Key header, else the first whole identifier; empty for neither.

    Raises `FhirRefusal` (400) for a header that is no key.
    """
    if header:
        match = _HEADER_KEY.fullmatch(header.strip())
        if match is None:
            text = _("Idempotency-Key må være 1 til 200 synlige ASCII-tegn.")
            raise refuse(400, "value", "idempotency-key", text)
        return match[1]
    return next(iter(identifiers_of(tree)), "")


def fingerprint_of(tree: dict[str, Any]) -> str:
    """What tells two bodies apart; members that a server sets are left out."""
    return fingerprint(without_server_set(tree))


def read_order(tree: dict[str, Any], raw: bytes, key: str, facts: Facts) -> LetterOrder:
    """The order, fit to be stored. Raises `RefusedOrder` with every problem at once."""
    found = Findings("CommunicationRequest")
    _check_frame(tree, key, found)
    visible_from, must_arrive_by = _period(tree, facts.now, found)
    security = read_security(tree, visible_from, facts.now, found)
    payload = read_payload(tree, found)
    order = LetterOrder(
        source=facts.source,
        key=key,
        fingerprint=fingerprint_of(tree),
        identifiers=identifiers_of(tree),
        raw=raw,
        type_code=_letter_type(tree, facts, found),
        patient_pid=_patient(tree, facts, found),
        unit_resh=_unit(tree, facts, found),
        title=payload.title,
        language=payload.language,
        body_html=payload.body_html,
        enclosures=payload.enclosures,
        security_codes=security.codes,
        withheld_until=security.until,
        referrals=referrals_of(tree, found),
        visible_from=visible_from,
        must_arrive_by=must_arrive_by,
        replaces=_replaces(tree, facts, found),
    )
    problems = _with_shape(tree, found.problems)
    if problems:
        raise RefusedOrder(problems)
    return order


def _with_shape(tree: dict[str, Any], own: list[Problem]) -> list[Problem]:
    """Our own problems, and those of FHIR's shape in places we have not named ourselves."""
    named = {problem.expression for problem in own}
    shape = problems_of_shape(CommunicationRequest, _without_data(tree))
    return without_repeats([*own, *(problem for problem in shape if problem.expression not in named)])


def _without_data(tree: dict[str, Any]) -> dict[str, Any]:
    """The resource with attached data emptied: what we have decoded ourselves need not be decoded again."""
    return {**tree, "payload": [_light(entry) for entry in tree["payload"]]} if as_list(tree.get("payload")) else tree


def _light(entry: Json) -> Json:
    attachment = as_object(as_object(entry).get("contentAttachment"))
    if not isinstance(attachment.get("data"), str):
        return entry
    return {**entry, "contentAttachment": {**attachment, "data": "AA=="}}


def _check_frame(tree: dict[str, Any], key: str, found: Findings) -> None:
    if tree.get("status") != "active":
        found.add("value", "status", _("Et nytt brev må ha status active."), "status")
    if not key:
        text = _("Brevet trenger en identifier med system og value, eller hodet Idempotency-Key.")
        found.add("required", "key-missing", text, "identifier")
    elif max(map(len, (key, *identifiers_of(tree)))) > LONGEST_KEY:
        text = _("Identifikatoren er for lang. Grensen er 200 tegn for system og value til sammen.")
        found.add("too-long", "key-too-long", text, "identifier")
    for name in _REFUSED:
        if tree.get(name) not in (None, False):
            found.add("not-supported", "element-refused", _("Portalen kan ikke følge dette elementet."), name)
    if "occurrenceTiming" in tree:
        found.add("not-supported", "element-refused", _("Bruk occurrencePeriod."), "occurrenceTiming")


def _letter_type(tree: dict[str, Any], facts: Facts, found: Findings) -> str:
    places = [
        (f"category[{n}].coding[{m}]", as_text(as_object(coding).get("code")))
        for n, category in enumerate(as_list(tree.get("category")))
        for m, coding in enumerate(as_list(as_object(category).get("coding")))
        if as_object(coding).get("system") == codes.LETTER_TYPE
    ]
    if len(places) != 1:
        text = _("Brevet trenger nøyaktig én brevtype fra %(system)s.") % {"system": codes.LETTER_TYPE}
        found.add("required", "letter-type-missing", text, "category")
        return ""
    place, code = places[0]
    if not facts.is_letter_type(code):
        found.add("code-invalid", "letter-type-unknown", _("Brevtypen finnes ikke her."), f"{place}.code")
    return code


def _patient(tree: dict[str, Any], facts: Facts, found: Findings) -> str:
    number = read_patient(tree.get("subject"), facts.environment, found)
    if number is None:
        return ""
    _check_recipients(tree, number.digits, found)
    return number.digits


def _check_recipients(tree: dict[str, Any], digits: str, found: Findings) -> None:
    for n, recipient in enumerate(as_list(tree.get("recipient"))):
        value = as_text(as_object(as_object(recipient).get("identifier")).get("value"))
        if value.replace(" ", "") != digits:
            text = _("Portalen avgjør hvem som får brevet. Mottaker må være pasienten selv eller utelates.")
            found.add("not-supported", "recipient", text, f"recipient[{n}]")


def _unit(tree: dict[str, Any], facts: Facts, found: Findings) -> str:
    identifier = as_object(as_object(tree.get("sender")).get("identifier"))
    value = as_text(identifier.get("value"))
    if identifier.get("system") != codes.RESH or not value:
        text = _("Avsender må være en enhet med RESH-id (%(system)s).") % {"system": codes.RESH}
        found.add("required", "sender-missing", text, "sender.identifier")
    elif not _RESH.fullmatch(value) or not facts.is_unit(value):
        found.add("code-invalid", "sender-unknown", _("Enheten finnes ikke her."), "sender.identifier.value")
    return value


def _period(tree: dict[str, Any], now: datetime, found: Findings) -> tuple[datetime | None, datetime | None]:
    start = _moment(tree, "start", found)
    end = _moment(tree, "end", found)
    if start is not None and start > now + _FURTHEST_AHEAD:
        text = _("Brevet kan ikke holdes tilbake mer enn ett år.")
        found.add("business-rule", "visible-too-late", text, "occurrencePeriod.start")
    if end is not None and (end <= now or (start is not None and end <= start)):
        text = _("Fristen for å være framme må være etter nå og etter at brevet blir synlig.")
        found.add("business-rule", "arrival-too-early", text, "occurrencePeriod.end")
    return start, end


def _moment(tree: dict[str, Any], name: str, found: Findings) -> datetime | None:
    period = as_object(tree.get("occurrencePeriod"))
    if name not in period:
        return None
    moment = day_or_instant(as_text(period[name]), end_of_day=name == "end")
    if moment is None:
        text = _("Tidspunktet må være en dato, eller dato og klokkeslett med tidssone.")
        found.add("value", "time-invalid", text, f"occurrencePeriod.{name}")
    return moment


def _replaces(tree: dict[str, Any], facts: Facts, found: Findings) -> UUID | None:
    references = as_list(tree.get("replaces"))
    if not references:
        return None
    if len(references) > 1:
        found.add("value", "replaces-repeated", _("Et brev kan bare erstatte ett annet."), "replaces")
    letter_id = local_id(as_text(as_object(references[0]).get("reference")), "CommunicationRequest", facts.address)
    if letter_id is None or not facts.is_own_letter(letter_id):
        text = _("Brevet som skal erstattes, finnes ikke eller er ikke ditt.")
        found.add("not-found", "replaces-unknown", text, "replaces[0]")
    return letter_id
