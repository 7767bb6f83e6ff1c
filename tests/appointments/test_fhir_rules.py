"""Every rule of NHN's profile of Appointment, each by an appointment that breaks it; and NHN's own examples."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from appointments.codes import Flag
from appointments.fhir import Facts, Refused, read_appointment
from appointments.orders import AppointmentOrder
from appointments.states import Status
from portal.fhir.outcomes import Problem
from tests.appointments import nhn
from tests.appointments.nhn import changed, timenotifikasjon, with_flags

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECURITY = "urn:oid:2.16.578.1.12.4.1.1.9603"
NOTICE, REMINDER = "http://helsenorge.no/fhir/varsling", "http://helsenorge.no/fhir/paminnelse"
UNTIL = "https://dis-portal.example/fhir/StructureDefinition/withheld-until"
TASK = "https://dis-portal.example/fhir/appointment-task"


def taken(tree: dict[str, Any], **changes: Any) -> AppointmentOrder:
    known: dict[str, Any] = {
        "source": "dips",
        "environment": "test",
        "now": NOW,
        "is_unit": lambda resh: resh == nhn.RESH,
    } | changes
    return read_appointment(tree, json.dumps(tree).encode(), Facts(**known))


def problems(tree: dict[str, Any]) -> list[Problem]:
    try:
        taken(tree)
    except Refused as refused:
        return refused.problems
    return []


def told(tree: dict[str, Any]) -> set[tuple[str, str]]:
    """What is wrong, and with which element."""
    return {(problem.code, problem.expression.removeprefix("Appointment.")) for problem in problems(tree)}


def tags(*entries: tuple[str, str]) -> dict[str, Any]:
    return {"lastUpdated": "2026-11-20T14:30:15Z", "tag": [{"system": one, "code": code} for one, code in entries]}


def labelled(*codes: str, system: str = SECURITY, **changes: Any) -> dict[str, Any]:
    return timenotifikasjon(meta={"security": [{"system": system, "code": code} for code in codes]}, **changes)


@pytest.mark.parametrize("name", ["implicitRules", "language", "priority", "comment"])
def test_plain_elements_that_the_profile_forbids(name: str) -> None:
    value: Any = {"priority": 5, "language": "nb", "comment": "x", "implicitRules": "https://rules.example"}[name]
    assert ("element-refused", name) in told(timenotifikasjon(**{name: value}))


@pytest.mark.parametrize("name", ["serviceType", "specialty", "reasonCode"])
def test_concepts_that_the_profile_forbids(name: str) -> None:
    assert ("element-refused", name) in told(timenotifikasjon() | {name: [{"text": "Hjerte"}]})


@pytest.mark.parametrize("name", ["slot", "reasonReference"])
def test_references_that_the_profile_forbids(name: str) -> None:
    assert ("element-refused", name) in told(timenotifikasjon() | {name: [{"reference": "Slot/1"}]})


def test_a_narrative_is_passed_over_only_where_a_machine_made_it() -> None:
    words = {"status": "additional", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Mer</div>'}
    assert ("element-refused", "text") in told(timenotifikasjon(text=words))
    assert problems(timenotifikasjon(text=words | {"status": "extensions"})) == []


def test_modifier_extensions_and_consultation_types_are_refused() -> None:
    modifier = [{"url": "https://x.example", "valueBoolean": True}]
    assert ("element-refused", "modifierExtension") in told(timenotifikasjon(modifierExtension=modifier))
    kind = [{"url": "http://helsenorge.no/fhir/StructureDefinition/hn-basis-consultationType", "valueString": "x"}]
    assert ("element-refused", "extension[0]") in told(timenotifikasjon(extension=kind))


def test_the_identifier() -> None:
    tree = timenotifikasjon()
    assert ("key-missing", "identifier") in told(tree | {"identifier": []})
    assert ("key-missing", "identifier") in told(changed(tree, "identifier.0.system", None))
    assert ("key-repeated", "identifier") in told(tree | {"identifier": tree["identifier"] * 2})
    assert ("key-too-long", "identifier") in told(changed(tree, "identifier.0.value", "x" * 200))
    assert ("key-is-a-person", "identifier") in told(changed(tree, "identifier.0.value", nhn.PID))
    assert ("assigner-missing", "identifier[0].assigner") in told(changed(tree, "identifier.0.assigner", None))


@pytest.mark.parametrize("status", ["arrived", "pending", "waitlist", "checked-in", "", None])
def test_statuses_outside_the_profile(status: str | None) -> None:
    assert ("status", "status") in told(timenotifikasjon(status=status))


@pytest.mark.parametrize("status", ["booked", "fulfilled", "noshow", "entered-in-error"])
def test_statuses_of_the_profile(status: str) -> None:
    assert taken(timenotifikasjon(status=status)).status == status


def test_proposed_is_for_home_services() -> None:
    assert ("proposed-category", "status") in told(timenotifikasjon(status="proposed"))
    assert taken(nhn.home_visit()).status == Status.PROPOSED


def test_the_reason_of_a_cancellation() -> None:
    def with_reason(system: str, code: str, **changes: Any) -> set[tuple[str, str]]:
        reason = {"coding": [{"system": f"{nhn.VOLVEN}{system}", "code": code}]}
        return told(timenotifikasjon(**{"status": "cancelled", "cancelationReason": reason} | changes))

    assert ("reason-missing", "cancelationReason") in told(timenotifikasjon(status="cancelled"))
    assert with_reason("8445", "2") == set()
    assert with_reason("9179", "AA97") == set()
    assert ("reason-unknown", "cancelationReason.coding[0]") in with_reason("8445", "6")
    assert ("reason-unknown", "cancelationReason.coding[0]") in with_reason("9179", "<b>")
    assert ("reason-system", "cancelationReason.coding") in with_reason("7621", "AAT")
    assert ("reason-not-cancelled", "cancelationReason") in with_reason("8445", "2", status="booked")
    assert with_reason("8445", "2", status="noshow") == set()


def test_a_municipality_has_its_own_reasons() -> None:
    def of_home(system: str, code: str) -> set[tuple[str, str]]:
        reason = {"coding": [{"system": f"{nhn.VOLVEN}{system}", "code": code}]}
        return told(nhn.home_visit(status="cancelled", cancelationReason=reason))

    for code in ("AAT", "AIH", "AAI", "APVAI", "IM"):
        assert of_home("7621", code) == set()
    assert ("reason-system", "cancelationReason.coding") in of_home("8445", "2")
    assert ("reason-unknown", "cancelationReason.coding[0]") in of_home("7621", "XX")


def test_a_part_needs_no_reason_no_places_and_no_patient() -> None:
    part = nhn.time_lege(status="cancelled")
    part["contained"] = [each for each in part["contained"] if each["resourceType"] == "Organization"]
    part["participant"] = [{"actor": {"display": "Noen"}, "status": "accepted"}]
    assert told(part) == set()
    assert taken(part).patient_pid == ""


def test_the_category() -> None:
    both = timenotifikasjon()["serviceCategory"] * 2
    assert ("category-missing", "serviceCategory") in told(timenotifikasjon(serviceCategory=None))
    assert ("category-missing", "serviceCategory") in told(timenotifikasjon(serviceCategory=both))
    tree = changed(timenotifikasjon(), "serviceCategory.0.coding.0.code", "17")
    assert ("category-unknown", "serviceCategory[0].coding") in told(tree)
    assert taken(changed(timenotifikasjon(), "serviceCategory.0.coding.0.code", "30")).service_category == "30"


def test_the_kind_of_appointment() -> None:
    def kind(*codings: tuple[str, str], **more: Any) -> dict[str, Any]:
        listed = [{"system": system, "code": code} | more for system, code in codings]
        return timenotifikasjon(appointmentType={"coding": listed})

    level, contact, citizen = (f"{nhn.VOLVEN}{number}" for number in ("8406", "8432", "7617"))
    assert ("type-missing", "appointmentType") in told(timenotifikasjon(appointmentType=None))
    order = taken(kind((level, "3"), (contact, "6"), (citizen, "Ordinær"), ("http://terminology.example", "X")))
    assert (order.care_level, order.contact_type, order.channel, order.title) == ("3", "6", "url", "Ordinær time")
    assert taken(kind((contact, "7"))).channel == "phone"
    assert taken(kind((contact, "3"))).channel == ""
    for system, code in ((level, "9"), (contact, "4"), (citizen, "Kaffe"), (nhn.NEW_TYPES, "Kaffe")):
        assert ("type-unknown", "appointmentType.coding[0].code") in told(kind((system, code)))
    assert ("type-repeated", "appointmentType.coding[1]") in told(kind((level, "1"), (level, "2")))
    without = timenotifikasjon(appointmentType={"coding": [{"code": "Ordinær"}]})
    assert ("coding-system-missing", "appointmentType.coding[0]") in told(without)


@pytest.mark.parametrize("name", ["description", "patientInstruction"])
def test_texts_of_a_thousand_characters_and_no_more(name: str) -> None:
    assert told(timenotifikasjon(**{name: "å" * 1000})) == set()
    assert ("text-too-long", name) in told(timenotifikasjon(**{name: "å" * 1001}))


def test_the_times() -> None:
    assert ("start-missing", "start") in told(timenotifikasjon(start=None))
    assert ("end-missing", "end") in told(timenotifikasjon(end=None))
    assert ("end-before-start", "end") in told(timenotifikasjon(end="2023-01-14T10:00:00Z"))
    for odd in ("2026-12-03", "2026-12-03T12:00:00", "2026-13-03T12:00:00Z", "i morgen"):
        assert ("time-invalid", "start") in told(timenotifikasjon(start=odd))


def test_the_wished_period() -> None:
    period = [{"start": "2026-12-03T08:00:00Z", "end": "2026-12-03T12:00:00Z"}]
    assert ("period-missing", "requestedPeriod") in told(nhn.home_visit(requestedPeriod=None))
    assert ("period-status", "requestedPeriod") in told(timenotifikasjon(requestedPeriod=period))
    assert ("period-repeated", "requestedPeriod") in told(nhn.home_visit(requestedPeriod=period * 2))
    half = [{"start": "2026-12-03T08:00:00Z"}]
    assert ("period-incomplete", "requestedPeriod[0]") in told(nhn.home_visit(requestedPeriod=half))
    turned = [{"start": "2026-12-03T12:00:00Z", "end": "2026-12-03T08:00:00Z"}]
    assert ("end-before-start", "requestedPeriod[0].end") in told(nhn.home_visit(requestedPeriod=turned))


def test_entered_in_error_needs_its_times() -> None:
    period = [{"start": "2026-12-03T08:00:00Z", "end": "2026-12-03T12:00:00Z"}]
    assert {("start-missing", "start"), ("end-missing", "end")} <= told(
        timenotifikasjon(status="entered-in-error", start=None, end=None, requestedPeriod=period)
    )
    assert told(timenotifikasjon(status="entered-in-error", requestedPeriod=period)) == set()


def test_what_only_hospitals_may_say() -> None:
    based = [{"type": "ServiceRequest", "identifier": {"system": "https://x.example", "value": "H-1"}}]
    whole = {"url": nhn.PART_OF, "valueReference": {"reference": "Appointment/1"}}
    postponed = {
        "url": "http://helsenorge.no/fhir/StructureDefinition/hn-basis-postponementreason",
        "valueCoding": {"system": f"{nhn.VOLVEN}8446", "code": "21"},
    }
    assert ("based-on-category", "basedOn") in told(nhn.home_visit(basedOn=based))
    assert ("part-of-category", "extension[0]") in told(nhn.home_visit(extension=[whole]))
    assert ("postponement-category", "extension[0]") in told(nhn.home_visit(extension=[postponed]))
    order = taken(timenotifikasjon(basedOn=based, extension=[postponed]))
    assert order.referrals == ("https://x.example|H-1",)
    assert ("postponement-repeated", "extension[1]") in told(timenotifikasjon(extension=[postponed, postponed]))
    odd = postponed | {"valueCoding": {"code": "21"}}
    assert ("postponement-unknown", "extension[0].valueCoding") in told(timenotifikasjon(extension=[odd]))


def test_a_referral_without_identifier_is_refused() -> None:
    based = [{"reference": "ServiceRequest/1"}]
    assert ("referral-identifier", "basedOn[0].identifier") in told(timenotifikasjon(basedOn=based))


def test_the_places() -> None:
    tree = timenotifikasjon()
    assert ("location-organisation", "contained[1].managingOrganization") in told(
        changed(tree, "contained.1.managingOrganization", None)
    )
    for place in ("contained.1", "contained.3"):
        assert ("location-type", "contained") in told(changed(tree, f"{place}.type.0.coding.0.code", "X"))
    bare = [each for each in tree["contained"] if each["resourceType"] != "Location"]
    assert ("location-missing", "contained") in told(tree | {"contained": bare})
    home = nhn.home_visit()
    assert ("location-type", "contained") in told(changed(home, "contained.2.type", None))
    both = changed(home, "contained.2.type.0.coding", [{"system": nhn.ROLE, "code": code} for code in ("PTRES", "OF")])
    assert ("location-type", "contained") in told(both)
    online = nhn.home_visit(extension=[nhn.virtual("url", valueUrl="https://x.example/m")])
    assert told(changed(online, "contained.2", {"resourceType": "Basic", "id": "b", "code": {"text": "x"}})) == set()


@pytest.mark.parametrize("code", list(Flag))
def test_every_flag_of_the_code_system(code: Flag) -> None:
    assert taken(with_flags(code.value)).flags == (code.value,)


def test_flags_unknown_twice_of_another_system_or_for_a_while() -> None:
    assert ("flag-unknown", "contained[7].code.coding[0]") in told(with_flags("canDance"))
    assert ("flag-repeated", "contained[8].code.coding[0]") in told(with_flags("cancel", "cancel"))
    other = changed(with_flags("cancel"), "contained.7.code.coding.0.system", "https://x.example")
    assert ("flag-unknown", "contained[7].code.coding[0]") in told(other)
    assert ("flag-unknown", "contained[7].code") in told(
        changed(with_flags("cancel"), "contained.7.code", {"text": "x"})
    )
    lasting = changed(with_flags("cancel"), "contained.7.period", {"end": "2026-12-01"})
    assert ("flag-period", "contained[7]") in told(lasting)
    assert taken(with_flags("CanCancelServiceRequest")).flags == ("canCancelServiceRequest",)


def test_a_flag_that_is_not_active_allows_nothing() -> None:
    assert taken(changed(with_flags("cancel"), "contained.7.status", "inactive")).flags == ()


def test_a_municipality_has_no_dialogue_flags() -> None:
    for code in ("canAcknowledge", "canChangeAppointmentDialog", "canHaveAppointmentDetails", "canInitiateDialog"):
        tree = nhn.home_visit()
        tree["contained"].append(nhn.flag("f", code))
        assert ("flag-category", "contained[3].code.coding[0]") in told(tree)
    tree["contained"][3] = nhn.flag("f", "cancel")
    assert told(tree) == set()


def test_the_tags() -> None:
    assert taken(timenotifikasjon(meta=tags((NOTICE, "1"), (NOTICE, "9")))).no_notice
    assert not taken(timenotifikasjon(meta=tags((NOTICE, "9")))).no_notice
    assert not taken(timenotifikasjon(meta=tags((REMINDER, "9")))).no_reminder
    assert ("tag-unknown", "meta.tag[0].code") in told(timenotifikasjon(meta=tags((NOTICE, "2"))))
    assert ("tag-repeated", "meta.tag[1]") in told(timenotifikasjon(meta=tags((REMINDER, "1"), (REMINDER, "9"))))
    assert ("tag-category", "meta.tag[0]") in told(nhn.home_visit(meta=tags((NOTICE, "1"))))
    assert told(timenotifikasjon(meta=tags(("https://x.example", "free")))) == set()


def test_the_label() -> None:
    for code in ("N", "NORN_FORANS", "NORN_UNGDOM", "NORN_NYTT"):
        assert taken(labelled(code)).security_codes == (code,)
    assert ("security-unknown", "meta.security[0]") in told(labelled("N", system="https://x.example"))
    assert ("security-repeated", "meta.security[1]") in told(labelled("N", "NORS"))


def test_norus_time() -> None:
    until = [{"url": UNTIL, "valueDateTime": "2026-11-24T12:00:00+01:00"}]
    assert taken(labelled("NORU", extension=until)).withheld_until == datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert ("security-without-time", "extension") in told(labelled("NORU"))
    assert ("delay-without-code", "extension[0]") in told(labelled("N", extension=until))
    late = [{"url": UNTIL, "valueDateTime": "2030-11-24"}]
    assert ("visible-too-late", "extension[0].valueDateTime") in told(labelled("NORU", extension=late))


def test_the_patient() -> None:
    tree = timenotifikasjon()
    actor = "participant.0.actor"
    assert ("patient-missing", "participant") in told(tree | {"participant": tree["participant"][1:]})
    assert ("patient-repeated", "participant[1].actor") in told(
        tree | {"participant": [tree["participant"][0], *tree["participant"]]}
    )
    assert ("patient-reference", f"{actor.replace('.0', '[0]')}.reference") in told(
        changed(tree, f"{actor}.reference", "Patient/1")
    )
    for system in ("urn:oid:2.16.578.1.12.4.1.4.3", "https://x.example"):
        place = "participant[0].actor.identifier.system"
        assert ("subject-system", place) in told(changed(tree, f"{actor}.identifier.system", system))
    dnr = changed(tree, f"{actor}.identifier.system", "urn:oid:2.16.578.1.12.4.1.4.2")
    assert ("subject-kind", "participant[0].actor.identifier.system") in told(dnr)
    odd = changed(tree, f"{actor}.identifier.value", "12345678901")
    assert ("subject-number", "participant[0].actor.identifier.value") in told(odd)


def test_no_text_repeats_the_patients_number() -> None:
    tree = changed(timenotifikasjon(), "identifier.0.value", nhn.PID)
    tree |= {"status": nhn.PID, "start": nhn.PID, "patientInstruction": nhn.PID * 100, "slot": [{"display": nhn.PID}]}
    found = problems(tree)
    assert len(found) >= 4
    assert not any(nhn.PID in f"{each.text}{each.expression}{each.code}" for each in found)


def test_parties() -> None:
    tree = timenotifikasjon()
    twice = changed(tree, "supportingInformation", [tree["supportingInformation"][0]] * 2)
    assert ("communication-party-repeated", "supportingInformation") in told(twice)
    other = changed(
        tree, "contained.5.meta", {"profile": ["http://hl7.no/fhir/StructureDefinition/no-basis-Organization"]}
    )
    assert told(other) == set()
    assert ("communication-party", "supportingInformation[0]") in told(changed(other, "contained.5.partOf", None))
    assert ("communication-party", "supportingInformation") in told(nhn.home_visit(supportingInformation=[]))


def test_what_we_act_on_must_lie_inside() -> None:
    tree = timenotifikasjon()
    for reference in ({"reference": "Flag/1"}, {"reference": "#nothing"}, {"reference": "DocumentReference/1"}):
        tree["supportingInformation"][1] = reference
        assert ("reference-not-contained", "supportingInformation[1]") in told(tree)
