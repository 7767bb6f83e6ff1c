"""From CommunicationRequest to an order: what is taken, what is refused, and in which words."""

import copy
import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from letters.fhir import fingerprint_of, key_of
from letters.orders import LetterOrder
from portal.fhir.elements import identifiers_of
from portal.fhir.errors import FhirRefusal
from portal.fhir.outcomes import operation_outcome
from tests.fhir.faults import REFUSED, TITLE, coded, delay, label, sender, subject
from tests.fhir.orders import BODY, PID, body, codes, enclosed, encoded, html, pdf, problems, taken


def test_the_minimal_body_becomes_an_order() -> None:
    tree = body()
    order = taken(tree)
    assert isinstance(order, LetterOrder)
    assert (order.source, order.key, order.patient_pid, order.unit_resh) == ("dips", "key-1", PID, "100082")
    assert (order.type_code, order.language, order.security_codes) == ("innkalling", "nb", ("N",))
    assert order.title == "Innkalling til undersøkelse av kneet"
    assert BODY in order.body_html
    assert (order.enclosures, order.visible_from, order.must_arrive_by, order.replaces) == ((), None, None, None)
    assert json.loads(order.raw) == tree


def test_the_number_stays_out_of_the_orders_description() -> None:
    assert PID not in repr(taken(body()))


def test_an_order_without_labels_has_none() -> None:
    assert taken(body(meta=None)).security_codes == ()


def test_every_label_is_kept_once_also_one_we_do_not_know() -> None:
    labels = [label("N"), label("NORN_FORANS"), label("N"), label("NORN_XYZ")]
    assert taken(body(meta={"security": labels})).security_codes == ("N", "NORN_FORANS", "NORN_XYZ")


@pytest.mark.parametrize(
    ("changes", "until"),
    [
        ({"occurrencePeriod": {"start": "2026-12-01T08:00:00+01:00"}}, datetime(2026, 12, 1, 7, tzinfo=UTC)),
        ({"extension": [delay("2026-12-02T12:00:00+01:00")]}, datetime(2026, 12, 2, 11, tzinfo=UTC)),
    ],
)
def test_noru_has_its_time_from_its_own_extension_or_the_first_day(changes: dict[str, Any], until: datetime) -> None:
    order = taken(body(meta={"security": [label("NORU")]}, **changes))
    assert (order.security_codes, order.withheld_until) == (("NORU",), until)


def test_referrals_are_named_by_identifier_wherever_they_stand() -> None:
    def referral(value: str) -> dict[str, Any]:
        return {"type": "ServiceRequest", "identifier": {"system": "https://dips.example/henvisning", "value": value}}

    plan = {"type": "CarePlan", "identifier": {"system": "https://dips.example/plan", "value": "1"}}
    order = taken(body(basedOn=[referral("H-1"), plan], about=[referral("H-2"), referral("H-1")]))
    assert order.referrals == ("https://dips.example/henvisning|H-1", "https://dips.example/henvisning|H-2")


def test_enclosures_follow_in_order_with_pages_and_checksum() -> None:
    one, two = pdf(2), pdf(1)
    nameless = {"contentAttachment": {"contentType": "application/pdf", "data": encoded(two)}}
    order = taken(body(payload=[TITLE, enclosed(one), html(), nameless]))
    assert [(e.title, e.pages) for e in order.enclosures] == [("Samtykke", 2), ("Vedlegg 2", 1)]
    assert order.enclosures[0].sha256 == hashlib.sha256(one).hexdigest()
    assert order.enclosures[1].data == two


@pytest.mark.parametrize(
    ("written", "language"), [("nb", "nb"), ("nb-NO", "nb"), ("no", "nb"), ("nn", "nn"), ("se", "se"), ("en-GB", "en")]
)
def test_the_bodys_language_is_the_letters(written: str, language: str) -> None:
    assert taken(body(payload=[TITLE, html(language=written)])).language == language


def test_without_a_language_of_its_own_the_body_has_the_resources() -> None:
    bare = {"contentAttachment": {"contentType": "text/html; charset=utf-8", "data": encoded(BODY)}}
    assert taken(body(payload=[TITLE, bare], language="se")).language == "se"
    assert taken(body(payload=[TITLE, bare])).language == "nb"


PERIODS: list[tuple[dict[str, str], datetime | None, datetime | None]] = [
    ({"start": "2026-12-01T08:00:00+01:00"}, datetime(2026, 12, 1, 7, tzinfo=UTC), None),
    ({"start": "2026-12-01"}, datetime(2026, 11, 30, 23, tzinfo=UTC), None),
    ({"end": "2026-12-10T10:00:00Z"}, None, datetime(2026, 12, 10, 10, tzinfo=UTC)),
    ({"end": "2026-12-10"}, None, datetime(2026, 12, 10, 22, 59, 59, tzinfo=UTC)),
    (
        {"start": "2027-03-28", "end": "2027-03-28"},
        datetime(2027, 3, 27, 23, tzinfo=UTC),
        datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC),
    ),
]


@pytest.mark.parametrize(("period", "start", "end"), PERIODS)
def test_the_period_says_when_it_shows_and_when_it_must_be_there(
    period: dict[str, str], start: datetime | None, end: datetime | None
) -> None:
    order = taken(body(occurrencePeriod=period))
    assert (order.visible_from, order.must_arrive_by) == (start, end)


def test_a_letter_may_replace_an_own_letter() -> None:
    letter_id = uuid4()
    for reference in (
        f"CommunicationRequest/{letter_id}",
        f"http://localhost:8000/fhir/CommunicationRequest/{letter_id}",
    ):
        assert taken(body(replaces=[{"reference": reference}])).replaces == letter_id


@pytest.mark.parametrize(("changes", "code", "element"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_fault_is_told_with_its_code_and_element(changes: dict[str, Any], code: str, element: str) -> None:
    found = {(problem.code, problem.expression) for problem in problems(body(**changes))}
    assert (code, f"CommunicationRequest.{element}") in found


@pytest.mark.parametrize(
    "changes",
    [row[1] for row in REFUSED if row[2] not in ("key-too-long", "element-refused")],
    ids=[row[0] for row in REFUSED if row[2] not in ("key-too-long", "element-refused")],
)
def test_one_fault_gives_at_most_two_problems(changes: dict[str, Any]) -> None:
    assert 1 <= len(problems(body(**changes))) <= 2


def test_every_problem_is_told_at_once() -> None:
    broken = body(
        status="draft",
        category=coded(code="julekort"),
        subject=subject("13097248023"),
        sender=sender("999999"),
        meta={"security": [label("R", "urn:oid:1.2.3")]},
        payload=[{"contentString": ""}, html("<script>x</script>"), enclosed(b"x")],
        kjole=1,
    )
    assert codes(broken) >= {
        "status",
        "letter-type-unknown",
        "subject-number",
        "sender-unknown",
        "security-unknown",
        "title-missing",
        "body-element",
        "enclosure-not-pdf",
        "element-unknown",
    }


@pytest.mark.parametrize(
    ("data", "code", "pages"),
    [
        (pdf(20), "enclosure-too-many-pages", ()),
        (pdf(1, size=(842, 1191)), "enclosure-page-size", (1,)),
        (pdf(1)[:200], "enclosure-corrupt", ()),
        (pdf(1, version="2.0"), "enclosure-version", ()),
    ],
)
def test_an_enclosure_that_cannot_be_printed_is_refused_with_its_pages(
    data: bytes, code: str, pages: tuple[int, ...]
) -> None:
    found = problems(body(payload=[TITLE, html(), enclosed(data)]))
    assert (code, pages) in {(problem.code, problem.pages) for problem in found}
    issues = operation_outcome(found)["issue"]
    assert all(issue["expression"] == ["CommunicationRequest.payload[2].contentAttachment.data"] for issue in issues)
    told = [part["valuePositiveInt"] for issue in issues for part in issue.get("extension", [])]
    assert set(pages) <= set(told)


def test_enclosures_are_counted_together() -> None:
    assert "enclosures-too-many-pages" in codes(body(payload=[TITLE, html(), enclosed(pdf(10)), enclosed(pdf(10))]))


def test_production_refuses_invented_people() -> None:
    assert codes(body(), environment="production") == {"subject-not-welcome"}
    assert codes(body("13097248022"), environment="production") == set()


@pytest.mark.parametrize("row", REFUSED, ids=[row[0] for row in REFUSED])
def test_no_answer_repeats_the_patients_number(row: tuple[str, dict[str, Any], str, str]) -> None:
    for pid in (PID, "13097248022", "13097248023"):
        changes = {"subject": subject(pid), "recipient": [subject(pid)], pid: pid, "priority": pid} | row[1]
        with translation.override("nb"):
            told = json.dumps(operation_outcome(problems(body(**changes))))
        assert pid not in told


def test_the_key_is_the_header_else_the_first_whole_identifier() -> None:
    tree = body(
        identifier=[{"value": "x"}, {"system": "https://a.example", "value": "1"}, {"system": "s", "value": "2"}]
    )
    assert key_of(tree, "") == "https://a.example|1"
    assert key_of(tree, '"8e03978e"') == key_of(tree, "8e03978e") == "8e03978e"
    assert key_of(body(identifier=None), "") == ""
    assert identifiers_of(tree) == ("https://a.example|1", "s|2")
    assert codes(body(identifier=None)) == set()


@pytest.mark.parametrize("header", ["æ", "a b", "x" * 201, '"', '""', "a\tb"])
def test_a_header_that_is_no_key_is_refused(header: str) -> None:
    with pytest.raises(FhirRefusal) as refused:
        key_of(body(), header)
    assert refused.value.status == 400


def test_what_a_server_sets_does_not_make_another_letter() -> None:
    tree = body()
    again = copy.deepcopy(tree) | {"id": "1"}
    again["meta"] |= {"lastUpdated": "2026-11-22T10:00:00Z", "versionId": "2"}
    assert fingerprint_of(again) == fingerprint_of(tree)
    assert fingerprint_of(tree | {"priority": "urgent"}) != fingerprint_of(tree)


@given(st.text(max_size=200))
def test_any_title_is_taken_as_it_is_or_refused_by_its_place(title: str) -> None:
    try:
        title.encode()
    except UnicodeEncodeError:
        return
    if "\0" in title:
        return
    found = problems(body(payload=[{"contentString": title}, html()]))
    if not found:
        assert taken(body(payload=[{"contentString": title}, html()])).title == title.strip()
    assert {problem.expression for problem in found} <= {"CommunicationRequest.payload[0].contentString"}
