"""The rules of NHN's profile of Appointment (hn-basis-appointment 2.5.4), each by itself.

Where NHN's versions differ, what its own examples do is taken: a narrative that a machine made of the resource is
passed over, and flags may be more than four. Texts repeat no value.
"""

from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext as _

from appointments import codes
from appointments import fhir_codes as known
from appointments.fhir_elements import Said, codings_of, has_code
from appointments.fhir_rules_inside import flags, locations, parties, references
from appointments.states import Status
from portal.fhir.elements import Findings, as_list, as_object, as_text

LONGEST_TEXT: Final = 1000
_FORBIDDEN: Final = (
    "implicitRules",
    "language",
    "modifierExtension",
    "serviceType",
    "specialty",
    "reasonCode",
    "reasonReference",
    "priority",
    "slot",
    "comment",
    "_status",
)
_MADE_BY_MACHINE: Final = ("generated", "extensions")
_PERIOD_MAY_STAND: Final = (Status.PROPOSED, Status.CANCELLED, Status.ENTERED_IN_ERROR)
_REASON_MAY_STAND: Final = (Status.CANCELLED, Status.NOSHOW)


def check(one: Said, found: Findings) -> None:
    """Note everything that the profile forbids."""
    for rule in _RULES:
        rule(one, found)


def _forbidden(one: Said, found: Findings) -> None:
    for name in _FORBIDDEN:
        if one.tree.get(name) not in (None, False):
            found.add("not-supported", "element-refused", _("Portalen kan ikke følge dette elementet."), name)
    narrative = one.tree.get("text")
    if narrative is not None and as_object(narrative).get("status") not in _MADE_BY_MACHINE:
        found.add("not-supported", "element-refused", _("Portalen kan ikke følge dette elementet."), "text")
    for n, _entry in one.parcel.extensions(known.CONSULTATION):
        text = _("Portalen kan ikke følge dette elementet.")
        found.add("not-supported", "element-refused", text, f"extension[{n}]")


def _assigner(one: Said, found: Findings) -> None:
    entries = as_list(one.tree.get("identifier"))
    if entries and not as_object(as_object(entries[0]).get("assigner")):
        text = _("Identifikatoren må si hvem som har gitt den (assigner).")
        found.add("required", "assigner-missing", text, "identifier[0].assigner")


def _status(one: Said, found: Findings) -> None:
    if one.status not in set(Status):
        text = _("Status må være booked, fulfilled, cancelled, noshow, entered-in-error eller proposed.")
        found.add("value", "status", text, "status")
    if one.status == Status.PROPOSED and one.category != known.HOME:
        text = _("Status proposed er bare for hjemmetjenester (kategori 7).")
        found.add("business-rule", "proposed-category", text, "status")


def _category(one: Said, found: Findings) -> None:
    if len(as_list(one.tree.get("serviceCategory"))) != 1:
        text = _("Timen trenger nøyaktig én kategori (serviceCategory).")
        found.add("required", "category-missing", text, "serviceCategory")
    elif not one.category:
        text = _("Kategorien er ukjent. Sykehus bruker 27 eller 30, kommuner kodeverk 7619.")
        found.add("code-invalid", "category-unknown", text, "serviceCategory[0].coding")


def _types(one: Said, found: Findings) -> None:
    concept = one.tree.get("appointmentType")
    if not as_object(concept):
        text = _("Timen trenger en type (appointmentType).")
        found.add("required", "type-missing", text, "appointmentType")
    seen: set[str] = set()
    for n, (system, code, _display) in enumerate(codings_of(concept)):
        place = f"appointmentType.coding[{n}]"
        if code and not system:
            found.add("required", "coding-system-missing", _("En kode må ha et kodeverk (system)."), place)
        elif system in known.TYPES and code not in known.TYPES[system]:
            found.add("code-invalid", "type-unknown", _("Koden finnes ikke i kodeverket."), f"{place}.code")
        elif system in known.TYPES and system in seen:
            found.add("value", "type-repeated", _("Timen kan ha høyst én kode fra hvert kodeverk."), place)
        seen.add(system)


def _texts(one: Said, found: Findings) -> None:
    for name in ("description", "patientInstruction"):
        if len(as_text(one.tree.get(name))) > LONGEST_TEXT:
            found.add("too-long", "text-too-long", _("Teksten er for lang. Grensen er 1000 tegn."), name)


def _reason(one: Said, found: Findings) -> None:
    concept = one.tree.get("cancelationReason")
    if concept is None:
        if one.status == Status.CANCELLED and not one.is_part:
            text = _("En avlyst time må ha en grunn (cancelationReason).")
            found.add("required", "reason-missing", text, "cancelationReason")
        return
    if one.status not in _REASON_MAY_STAND:
        text = _("Bare en time som er avlyst, eller der pasienten ikke møtte, kan ha en grunn.")
        found.add("business-rule", "reason-not-cancelled", text, "cancelationReason")
    right = known.HOSPITAL_REASONS if one.of_hospital else frozenset({known.PRIMARY_REASON})
    listed = codings_of(concept)
    if one.status == Status.CANCELLED and not one.is_part and not any(system in right for system, _c, _d in listed):
        text = _("Grunnen må være fra kodeverk 8445 eller 9179 for sykehus, og fra 7621 for kommuner.")
        found.add("code-invalid", "reason-system", text, "cancelationReason.coding")
    for n, (system, code, _display) in enumerate(listed):
        if not _is_reason(system, code):
            text = _("Grunnen finnes ikke i kodeverket.")
            found.add("code-invalid", "reason-unknown", text, f"cancelationReason.coding[{n}]")


def _is_reason(system: str, code: str) -> bool:
    if system not in known.REASONS or not known.SHORT_CODE.fullmatch(code):
        return False
    allowed = known.REASONS[system]
    return allowed is None or code in allowed


def _times(one: Said, found: Findings) -> None:
    tree = one.tree
    periods = [as_object(each) for each in as_list(tree.get("requestedPeriod"))]
    if periods and one.status not in _PERIOD_MAY_STAND:
        text = _("Ønsket periode er bare for timer som er foreslått, avlyst eller feilregistrert.")
        found.add("business-rule", "period-status", text, "requestedPeriod")
    if not periods and one.status == Status.PROPOSED:
        text = _("En foreslått time trenger en periode (requestedPeriod).")
        found.add("required", "period-missing", text, "requestedPeriod")
    if len(periods) > 1:
        found.add("value", "period-repeated", _("Timen kan ha høyst én ønsket periode."), "requestedPeriod")
    for n, period in enumerate(periods):
        if not period.get("start") or not period.get("end"):
            text = _("Perioden må ha både start og slutt.")
            found.add("required", "period-incomplete", text, f"requestedPeriod[{n}]")
    may_lack = one.status == Status.PROPOSED or (bool(periods) and one.status == Status.CANCELLED)
    _start_and_end(tree, found, may_lack=may_lack)


def _start_and_end(tree: dict[str, Any], found: Findings, *, may_lack: bool) -> None:
    given = {name for name in ("start", "end") if tree.get(name)}
    if may_lack and not given:
        return
    for name in ("start", "end"):
        if name not in given:
            found.add("required", f"{name}-missing", _("Timen må ha både start og slutt."), name)


def _hospital_alone(one: Said, found: Findings) -> None:
    """What only specialist care and radiology may say."""
    if one.of_hospital or not one.category:
        return
    text = _("Dette er bare for kategori 27 og 30.")
    if one.tree.get("basedOn"):
        found.add("business-rule", "based-on-category", text, "basedOn")
    for n, _entry in one.parcel.extensions(known.PART_OF):
        found.add("business-rule", "part-of-category", text, f"extension[{n}]")
    for n, _entry in one.parcel.extensions(known.POSTPONEMENT):
        found.add("business-rule", "postponement-category", text, f"extension[{n}]")


def _postponement(one: Said, found: Findings) -> None:
    entries = one.parcel.extensions(known.POSTPONEMENT)
    for n, entry in entries:
        coding = as_object(entry.get("valueCoding"))
        place = f"extension[{n}].valueCoding"
        if not coding.get("system") or not known.SHORT_CODE.fullmatch(as_text(coding.get("code"))):
            text = _("Grunnen til utsettelsen må være en kode med kodeverk (8446).")
            found.add("code-invalid", "postponement-unknown", text, place)
    if len(entries) > 1:
        text = _("Timen kan ha høyst én grunn til utsettelse.")
        found.add("value", "postponement-repeated", text, f"extension[{entries[1][0]}]")


def _tags(one: Said, found: Findings) -> None:
    tags = [as_object(tag) for tag in as_list(as_object(one.tree.get("meta")).get("tag"))]
    ours = [(n, tag) for n, tag in enumerate(tags) if tag.get("system") in (codes.NOTICE_TAG, codes.REMINDER_TAG)]
    at_home = one.category == known.HOME and any(
        has_code(as_list(place.get("type")), known.ROLE, "PTRES") for _n, place in one.parcel.contained("Location")
    )
    for n, tag in ours:
        if tag.get("code") not in ("1", "9"):
            found.add("code-invalid", "tag-unknown", _("Koden må være 1 eller 9."), f"meta.tag[{n}].code")
        if at_home:
            text = _("Varsling og påminnelse kan ikke styres for hjemmebesøk.")
            found.add("business-rule", "tag-category", text, f"meta.tag[{n}]")
    reminders = [n for n, tag in ours if tag.get("system") == codes.REMINDER_TAG]
    if len(reminders) > 1:
        text = _("Påminnelse kan stå høyst én gang.")
        found.add("value", "tag-repeated", text, f"meta.tag[{reminders[1]}]")


def _labels(one: Said, found: Findings) -> None:
    if len(as_list(as_object(one.tree.get("meta")).get("security"))) > 1:
        text = _("En time kan ha høyst ett merke for sperring eller nekting.")
        found.add("value", "security-repeated", text, "meta.security[1]")


_RULES: Final[tuple[Callable[[Said, Findings], None], ...]] = (
    _forbidden,
    _assigner,
    _status,
    _category,
    _types,
    _texts,
    _reason,
    _times,
    _hospital_alone,
    _postponement,
    locations,
    flags,
    _tags,
    _labels,
    parties,
    references,
)
