"""Every fault an order can have: its name, what it changes, its code, and the element it is told of."""

import base64
from typing import Any
from uuid import UUID

from tests.fhir.orders import PID, enclosed, encoded, html, pdf

TITLE = {"contentString": "Innkalling"}


def coded(
    system: str = "https://dis-portal.example/fhir/letter-type", code: str = "innkalling"
) -> list[dict[str, Any]]:
    return [{"coding": [{"system": system, "code": code}]}]


def subject(value: Any = PID, system: str = "urn:oid:2.16.578.1.12.4.1.4.1") -> dict[str, Any]:
    return {"identifier": {"system": system, "value": value}}


def sender(value: str, system: str = "urn:oid:2.16.578.1.12.4.1.4.102") -> dict[str, Any]:
    return {"identifier": {"system": system, "value": value}}


def label(code: str, system: str = "urn:oid:2.16.578.1.12.4.1.1.9603") -> dict[str, Any]:
    return {"system": system, "code": code}


def delay(until: str) -> dict[str, Any]:
    return {"url": "https://dis-portal.example/fhir/StructureDefinition/withheld-until", "valueDateTime": until}


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("draft", {"status": "draft"}, "status", "status"),
    ("no status", {"status": None}, "status", "status"),
    ("no payload", {"payload": None}, "title-missing", "payload[0].contentString"),
    ("blank title", {"payload": [{"contentString": "  "}, html()]}, "title-missing", "payload[0].contentString"),
    ("title is not first", {"payload": [html(), TITLE]}, "title-missing", "payload[0].contentString"),
    ("long title", {"payload": [{"contentString": "å" * 151}, html()]}, "title-too-long", "payload[0].contentString"),
    ("line break", {"payload": [{"contentString": "a\nb"}, html()]}, "title-characters", "payload[0].contentString"),
    (
        "turned text",
        {"payload": [{"contentString": "a\u202eb"}, html()]},
        "title-characters",
        "payload[0].contentString",
    ),
    ("two titles", {"payload": [TITLE, TITLE, html()]}, "payload-text", "payload[1].contentString"),
    ("no body", {"payload": [TITLE]}, "body-missing", "payload"),
    ("two bodies", {"payload": [TITLE, html(), html()]}, "body-repeated", "payload[2].contentAttachment"),
    ("empty body", {"payload": [TITLE, html("")]}, "attachment-empty", "payload[1].contentAttachment.data"),
    ("body of nothing", {"payload": [TITLE, html("<p> </p>")]}, "body-empty", "payload[1].contentAttachment.data"),
    (
        "unfilled field",
        {"payload": [TITLE, html("<p>Hei {{navn}}</p>")]},
        "body-placeholder",
        "payload[1].contentAttachment.data",
    ),
    ("script", {"payload": [TITLE, html("<script>x</script>")]}, "body-element", "payload[1].contentAttachment.data"),
    (
        "latin-1 body",
        {"payload": [TITLE, html(data=base64.b64encode("<p>å</p>".encode("latin-1")).decode())]},
        "body-not-utf8",
        "payload[1].contentAttachment.data",
    ),
    (
        "latin-1 said",
        {"payload": [TITLE, html(contentType="text/html; charset=iso-8859-1")]},
        "body-charset",
        "payload[1].contentAttachment.contentType",
    ),
    ("not base64", {"payload": [TITLE, html(data="<p>Hei</p>")]}, "base64", "payload[1].contentAttachment.data"),
    ("half base64", {"payload": [TITLE, html(data="abcde")]}, "base64", "payload[1].contentAttachment.data"),
    (
        "address",
        {"payload": [TITLE, html(url="https://dips.example/1")]},
        "attachment-address",
        "payload[1].contentAttachment.url",
    ),
    ("wrong size", {"payload": [TITLE, html(size=1)]}, "attachment-size", "payload[1].contentAttachment.size"),
    (
        "wrong hash",
        {"payload": [TITLE, html(hash=encoded(b"x" * 20))]},
        "attachment-hash",
        "payload[1].contentAttachment.hash",
    ),
    (
        "unknown language",
        {"payload": [TITLE, html(language="fr")]},
        "language-unknown",
        "payload[1].contentAttachment.language",
    ),
    (
        "plain text",
        {"payload": [TITLE, html(), enclosed(b"x", contentType="text/plain")]},
        "attachment-type",
        "payload[2].contentAttachment.contentType",
    ),
    (
        "a reference",
        {"payload": [TITLE, html(), {"contentReference": {"reference": "Binary/1"}}]},
        "payload-reference",
        "payload[2].contentReference",
    ),
    (
        "no PDF",
        {"payload": [TITLE, html(), enclosed(b"PK\x03\x04")]},
        "enclosure-not-pdf",
        "payload[2].contentAttachment.data",
    ),
    ("eleven enclosures", {"payload": [TITLE, html(), *[enclosed(b"%PDF-")] * 11]}, "enclosures-too-many", "payload"),
    (
        "title of enclosure",
        {"payload": [TITLE, html(), enclosed(pdf(), title="a\tb")]},
        "title-characters",
        "payload[2].contentAttachment.title",
    ),
    ("no category", {"category": None}, "letter-type-missing", "category"),
    ("another system", {"category": coded("https://other.example")}, "letter-type-missing", "category"),
    ("two types", {"category": coded() + coded()}, "letter-type-missing", "category"),
    ("unknown type", {"category": coded(code="julekort")}, "letter-type-unknown", "category[0].coding[0].code"),
    ("no subject", {"subject": None}, "subject-missing", "subject.identifier"),
    ("a reference to a patient", {"subject": {"reference": "Patient/1"}}, "subject-missing", "subject.identifier"),
    (
        "unknown number system",
        {"subject": subject(system="urn:oid:1.2.3")},
        "subject-system",
        "subject.identifier.system",
    ),
    ("wrong check digits", {"subject": subject("13097248023")}, "subject-number", "subject.identifier.value"),
    ("no digits", {"subject": subject("Kari Nordmann")}, "subject-number", "subject.identifier.value"),
    (
        "said to be a D-number",
        {"subject": subject(system="urn:oid:2.16.578.1.12.4.1.4.2")},
        "subject-kind",
        "subject.identifier.system",
    ),
    ("a real number", {"subject": subject("13097248022")}, "subject-not-welcome", "subject.identifier.value"),
    ("another recipient", {"recipient": [subject("05058299999")]}, "recipient", "recipient[0]"),
    ("no sender", {"sender": None}, "sender-missing", "sender.identifier"),
    (
        "organisation number",
        {"sender": sender("983974899", "urn:oid:2.16.578.1.12.4.1.4.101")},
        "sender-missing",
        "sender.identifier",
    ),
    ("unknown unit", {"sender": sender("999999")}, "sender-unknown", "sender.identifier.value"),
    ("label that is no code", {"meta": {"security": [label("NORN XYZ")]}}, "security-unknown", "meta.security[0]"),
    (
        "label of another set",
        {"meta": {"security": [label("R", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality")]}},
        "security-unknown",
        "meta.security[0]",
    ),
    (
        "delayed without a time",
        {"meta": {"security": [label("NORU")]}},
        "security-without-time",
        "occurrencePeriod.start",
    ),
    (
        "a time of delay that is none",
        {"meta": {"security": [label("NORU")]}, "extension": [delay("2027")]},
        "time-invalid",
        "extension[0].valueDateTime",
    ),
    (
        "a delay of two years",
        {"meta": {"security": [label("NORU")]}, "extension": [delay("2028-11-22T12:00:00Z")]},
        "visible-too-late",
        "extension[0].valueDateTime",
    ),
    ("a delay without its label", {"extension": [delay("2026-12-01T12:00:00Z")]}, "delay-without-code", "extension[0]"),
    (
        "a referral without a name",
        {"basedOn": [{"reference": "ServiceRequest/17"}]},
        "referral-identifier",
        "basedOn[0].identifier",
    ),
    ("a year", {"occurrencePeriod": {"start": "2027"}}, "time-invalid", "occurrencePeriod.start"),
    ("no zone", {"occurrencePeriod": {"end": "2026-12-10T10:00:00"}}, "time-invalid", "occurrencePeriod.end"),
    ("no such day", {"occurrencePeriod": {"end": "2027-02-29"}}, "time-invalid", "occurrencePeriod.end"),
    ("no such hour", {"occurrencePeriod": {"end": "2027-02-28T25:00:00Z"}}, "time-invalid", "occurrencePeriod.end"),
    ("long ago", {"occurrencePeriod": {"end": "2026-11-21"}}, "arrival-too-early", "occurrencePeriod.end"),
    (
        "turned about",
        {"occurrencePeriod": {"start": "2027-01-02", "end": "2027-01-01"}},
        "arrival-too-early",
        "occurrencePeriod.end",
    ),
    ("far ahead", {"occurrencePeriod": {"start": "2028-01-01"}}, "visible-too-late", "occurrencePeriod.start"),
    (
        "beyond the calendar",
        {"occurrencePeriod": {"start": "9999-12-31T23:59:59-14:00"}},
        "time-invalid",
        "occurrencePeriod.start",
    ),
    ("a point in time", {"occurrenceDateTime": "2026-12-10"}, "element-refused", "occurrenceDateTime"),
    ("do not", {"doNotPerform": True}, "element-refused", "doNotPerform"),
    ("a medium of its own", {"medium": [{"text": "post"}]}, "element-refused", "medium"),
    (
        "a modifier",
        {"modifierExtension": [{"url": "https://x.example", "valueBoolean": True}]},
        "element-refused",
        "modifierExtension",
    ),
    ("replaces by identifier", {"replaces": [{"identifier": {"value": "1"}}]}, "replaces-unknown", "replaces[0]"),
    (
        "replaces elsewhere",
        {"replaces": [{"reference": f"https://x.example/CommunicationRequest/{UUID(int=1)}"}]},
        "replaces-unknown",
        "replaces[0]",
    ),
    (
        "replaces two",
        {"replaces": [{"reference": f"CommunicationRequest/{UUID(int=n)}"} for n in (1, 2)]},
        "replaces-repeated",
        "replaces",
    ),
    (
        "long identifier",
        {"identifier": [{"system": "https://dips.example", "value": "x" * 200}]},
        "key-too-long",
        "identifier",
    ),
    ("unknown element", {"kjole": True}, "element-unknown", "kjole"),
    ("wrong shape", {"note": {"text": "x"}}, "element-not-list", "note"),
]
