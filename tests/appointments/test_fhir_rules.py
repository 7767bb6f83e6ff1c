"""Every rule of NHN's profile of Appointment, each by an appointment that breaks it; and NHN's own examples."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
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


def document(name_id: str, kind: str | None = None, **more: Any) -> dict[str, Any]:
    tree = {"resourceType": "DocumentReference", "id": name_id, "status": "current", "content": [{"attachment": {}}]}
    return tree | ({"type": {"coding": [{"system": TASK, "code": kind}]}} if kind else {}) | more


def with_documents(*documents: dict[str, Any]) -> dict[str, Any]:
    tree = timenotifikasjon()
    tree["contained"] += documents
    tree["supportingInformation"] += [{"reference": f"#{each['id']}"} for each in documents]
    return tree


@pytest.mark.parametrize(
    "example", [timenotifikasjon, nhn.cancelled, nhn.video, nhn.phone, nhn.time_lege, nhn.home_visit]
)
def test_nhns_own_examples_are_taken(example: Callable[[], dict[str, Any]]) -> None:
    assert problems(example()) == []


def test_what_is_read_of_nhns_booked_example() -> None:
    order = taken(timenotifikasjon())
    assert (order.status, order.service_category, order.unit_resh) == (Status.BOOKED, "27", nhn.RESH)
    assert order.start == datetime(2026, 12, 3, 11, 0, tzinfo=UTC)
    assert order.end == datetime(2026, 12, 3, 13, 0, tzinfo=UTC)
    assert order.title == "Poliklinisk time"
    assert order.place == "Ortopedisk poliklinikk, Rikshospitalet, Addressen til poliklinikk"
    assert (order.description, order.instruction) == ("Kontrol", "Se innkallingsbrev")
    assert set(order.flags) == {
        Flag.CHANGE_BY_DIALOGUE,
        Flag.SHORT_NOTICE,
        Flag.CONFIRM,
        Flag.DETAILS,
        Flag.DIALOGUE,
    }
    assert (order.no_notice, order.no_reminder) == (False, True)
    assert order.sent_at == datetime(2026, 11, 20, 14, 30, 15, 123000, tzinfo=UTC)
    assert order.patient_pid == nhn.PID


def test_what_is_read_of_the_others() -> None:
    ended = taken(nhn.cancelled())
    assert (ended.cancel_reason_system, ended.cancel_reason) == ("urn:oid:2.16.578.1.12.4.1.1.9179", "AA97")
    assert (ended.channel, ended.virtual_address) == ("url", "https://videomeeting.no/themeeting")
    assert taken(nhn.video()).virtual_address == "https://join.nhn.no/webapp2/home"
    assert (taken(nhn.phone()).channel, taken(nhn.phone()).virtual_address) == ("phone", "909 64 159")
    part = taken(nhn.time_lege())
    assert (part.part_of, part.practitioner, part.flags) == ("Appointment/Timenotifikasjon", "Navn på lege", ())
    assert part.resource
    assert taken(nhn.home_visit()).start is None


def test_kommunikasjonspart_by_resh_is_the_unit_too() -> None:
    """The older form of NHN's example has RESH where the newer has HER-id."""
    tree = timenotifikasjon()
    tree["contained"][4]["identifier"] = [{"system": nhn.RESH_SYSTEM, "value": "1"}]
    tree["contained"][5]["identifier"] = [{"system": nhn.RESH_SYSTEM, "value": nhn.RESH}]
    assert taken(tree).unit_resh == nhn.RESH


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


def test_the_senders_own_words_name_it() -> None:
    kind = {"text": "  Kontroll\nav\u200bhofte ", "coding": [{"system": nhn.NEW_TYPES, "code": "Poliklinisktime"}]}
    assert taken(timenotifikasjon(appointmentType=kind)).title == "Kontroll av hofte"
    shown = {"coding": [{"system": nhn.NEW_TYPES, "code": "Innleggelse", "display": "Innleggelse ved sengepost"}]}
    assert taken(timenotifikasjon(appointmentType=shown)).title == "Innleggelse ved sengepost"
    assert len(taken(timenotifikasjon(appointmentType={"text": "x" * 500})).title) == 150
    assert (
        taken(timenotifikasjon(appointmentType={"coding": [{"system": "s:x", "display": "Samtale"}]})).title
        == "Samtale"
    )


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


def test_when_it_was_said() -> None:
    assert taken(timenotifikasjon(meta={})).sent_at == NOW
    assert ("time-invalid", "meta.lastUpdated") in told(timenotifikasjon(meta={"lastUpdated": "nå"}))
    ahead = (NOW + timedelta(hours=2)).isoformat()
    assert ("updated-in-future", "meta.lastUpdated") in told(timenotifikasjon(meta={"lastUpdated": ahead}))
    assert told(timenotifikasjon(meta={"lastUpdated": (NOW + timedelta(minutes=30)).isoformat()})) == set()


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


def test_the_unit() -> None:
    tree = timenotifikasjon()
    assert ("unit-unknown", "contained[3]") in told(changed(tree, "contained.4.identifier.0.value", "9"))
    bare = changed(tree, "contained.4.identifier", [])
    for n in (1, 3):
        bare = changed(bare, f"contained.{n}.identifier", [])
    assert ("unit-missing", "contained") in told(bare)
    own = changed(
        tree, "contained.3.managingOrganization", {"identifier": {"system": nhn.RESH_SYSTEM, "value": nhn.RESH}}
    )
    assert taken(own).unit_resh == nhn.RESH


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


def test_video_and_telephone() -> None:
    for address in (
        "http://x.example",
        "javascript:alert(1)",
        "https://",
        "https://a@b.example",
        "https://x y",
        "https://[x",
    ):
        tree = nhn.video(extension=[nhn.virtual("url", valueUrl=address)])
        assert ("virtual-address", "extension[0]") in told(tree), address
    for number in ("ring oss", "12", "+" * 30):
        tree = nhn.video(extension=[nhn.virtual("phone", valueString=number)])
        assert ("virtual-address", "extension[0]") in told(tree), number
    assert ("virtual-channel", "extension[0]") in told(
        nhn.video(extension=[nhn.virtual("zoom", valueUrl="https://x.no")])
    )
    one = nhn.virtual("url", valueUrl="https://x.example/m")
    assert ("virtual-repeated", "extension[1]") in told(nhn.video(extension=[one, one]))
    one["extension"].append({"url": "sessionKey", "valueString": "1234"})
    assert taken(nhn.video(extension=[one])).virtual_key == "1234"
    one["extension"][2]["valueString"] = "1" * 101
    assert ("virtual-key", "extension[0]") in told(nhn.video(extension=[one]))
    assert taken(nhn.video(extension=[nhn.virtual("phone")])).virtual_address == ""


def test_the_call_in_letter() -> None:
    key = {"system": "https://dips.example/brev", "value": "B-1"}
    assert taken(with_documents(document("d", identifier=[key]))).call_in_letter == "https://dips.example/brev|B-1"
    assert taken(with_documents(document("d", masterIdentifier=key))).call_in_letter == "https://dips.example/brev|B-1"
    tree = timenotifikasjon()
    tree["supportingInformation"].append({"type": "DocumentReference", "identifier": key})
    assert taken(tree).call_in_letter == "https://dips.example/brev|B-1"
    assert taken(with_documents(document("d"))).call_in_letter == ""
    long = with_documents(document("d", identifier=[key | {"value": "x" * 200}]))
    assert ("letter-key-too-long", "supportingInformation[6]") in told(long)


def test_tasks() -> None:
    key = {"system": "https://dips.example/skjema", "value": "S-1"}
    reading = {"attachment": {"url": "https://helsenorge.no/kne", "title": "Les om kneet"}}
    order = taken(
        with_documents(
            document("f", "form", identifier=[key], description="Fyll ut skjema"),
            document("r", "reading", content=[reading]),
        )
    )
    assert [(each.kind, each.title, each.reference) for each in order.tasks] == [
        ("form", "Fyll ut skjema", "https://dips.example/skjema|S-1"),
        ("reading", "Les om kneet", "https://helsenorge.no/kne"),
    ]
    place = "supportingInformation[6]"
    assert ("task-unknown", place) in told(with_documents(document("x", "dance", description="x")))
    assert ("task-title", place) in told(with_documents(document("x", "reading")))
    assert ("task-reference", place) in told(with_documents(document("x", "form", description="x")))
    unsafe = document("x", "reading", description="x", content=[{"attachment": {"url": "http://x.example"}}])
    assert ("task-reference", place) in told(with_documents(unsafe))
    many = [document(f"d{n}", "reading", description=f"Les {n}") for n in range(21)]
    assert ("tasks-too-many", "supportingInformation") in told(with_documents(*many))


def test_the_whole_is_named_in_three_ways() -> None:
    def named(reference: dict[str, Any]) -> dict[str, Any]:
        return nhn.time_lege(extension=[{"url": nhn.PART_OF, "valueReference": reference}])

    key = {"system": nhn.BOOKING_ID, "value": "a2"}
    assert taken(named({"identifier": key})).part_of == f"{nhn.BOOKING_ID}|a2"
    assert taken(named({"reference": "https://dips.example/fhir/Appointment/77"})).part_of == "Appointment/77"
    assert ("part-of-reference", "extension[0].valueReference") in told(named({"display": "Den store"}))
    twice = nhn.time_lege()
    twice["extension"] *= 2
    assert ("part-of-repeated", "extension[1]") in told(twice)


def test_the_practitioner_by_display_name_and_number() -> None:
    tree = timenotifikasjon()
    doctor = {"type": "Practitioner", "display": "Overlege\tKari Berg", "identifier": {"system": "s:hpr", "value": "7"}}
    tree["participant"].append({"actor": doctor, "status": "accepted"})
    assert taken(tree).practitioner == "Overlege Kari Berg"
    assert taken(tree).resource
    named = {"resourceType": "Practitioner", "id": "p", "name": [{"given": ["Kari"], "family": "Berg"}]}
    tree["contained"].append(named)
    tree["participant"][3]["actor"] = {"reference": "#p"}
    assert (taken(tree).practitioner, taken(tree).resource) == ("Kari Berg", "")


def test_everything_at_once_and_with_fhirs_own_shape() -> None:
    tree = timenotifikasjon(status="arrived", start=None, comment="x", description=["no"], nonsense=1)
    found = told(tree)
    assert {("status", "status"), ("start-missing", "start"), ("element-refused", "comment")} <= found
    assert ("element-unknown", "nonsense") in found
    assert any(element == "description" for _code, element in found)


def test_a_foreign_clients_odd_but_legal_json() -> None:
    """Extensions on primitives, other code systems, unused elements and offsets of its own are no trouble."""
    tree = timenotifikasjon(
        start="2026-12-03T16:30:00.000+05:30",
        end="2026-12-03T18:30:00+05:30",
        _start={"id": "s1"},
        created="2026-11-01",
        minutesDuration=120,
        extension=[{"url": "https://hapi.example/x", "valueString": "y"}],
    )
    tree["participant"].append({"actor": {"display": "Tolk"}, "status": "accepted", "required": "optional"})
    tree["appointmentType"]["coding"].insert(
        0, {"system": "http://terminology.hl7.org/CodeSystem/v2-0276", "code": "CHECKUP"}
    )
    order = taken(tree)
    assert order.start == datetime(2026, 12, 3, 11, 0, tzinfo=UTC)
    assert order.title == "Poliklinisk time"


def test_the_fingerprint_is_of_what_is_said_and_not_of_when() -> None:
    tree = timenotifikasjon()
    again = changed(tree, "meta.lastUpdated", "2026-11-21T10:00:00Z") | {"id": "other"}
    assert taken(tree).fingerprint == taken(again).fingerprint
    assert taken(tree).fingerprint != taken(tree | {"description": "Noe annet"}).fingerprint


def test_a_long_place_is_cut_at_a_whole_part() -> None:
    tree = changed(timenotifikasjon(), "contained.3.description", "Gå til høyre. " * 40)
    assert taken(tree).place == "Ortopedisk poliklinikk, Rikshospitalet, Addressen til poliklinikk"
    lines = {"line": ["Sognsvannsveien 20", "Bygg D"], "postalCode": "0372", "city": "Oslo"}
    assert taken(changed(tree, "contained.3.address", lines)).place.endswith("Sognsvannsveien 20, Bygg D, 0372 Oslo")


def test_the_guides_example_is_taken() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "integration.md").read_text(encoding="utf-8")
    block = re.search(r"```json\n(\{\"resourceType\": \"Appointment\".*?)```", guide, re.DOTALL)
    assert block is not None
    order = taken(json.loads(block[1].replace("<fødselsnummer>", nhn.PID).replace("<RESH-id>", nhn.RESH)))
    assert (order.title, order.flags, order.unit_resh) == ("Kontroll", ("cancel",), nhn.RESH)
    assert order.place == "Ortopedisk poliklinikk, UNN Tromsø"


def test_the_unit_of_a_health_service_that_the_appointment_carries() -> None:
    tree = changed(timenotifikasjon(), "contained.4.identifier", [])
    for n in (1, 3):
        tree = changed(tree, f"contained.{n}.identifier", [])
    named = {"identifier": {"system": nhn.RESH_SYSTEM, "value": nhn.RESH}}
    tree["contained"].append({"resourceType": "HealthcareService", "id": "h", "providedBy": named})
    assert taken(tree).unit_resh == nhn.RESH
