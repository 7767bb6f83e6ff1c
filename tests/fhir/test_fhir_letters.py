"""A hospital's system orders letters, follows them and takes them back, over HTTP with a token."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from letters.models import Letter, LetterEvent
from letters.queries.for_sender import order_of
from portal.audit.models import AuditRow
from portal.people import queries
from tests.fhir.clients import System, bearer, signed_in
from tests.fhir.orders import PID, body, enclosed, follow, html, letter_id, outcome, pdf, send, words
from tests.letters.making import synthetic_pid

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.fhir.urls")]


@pytest.fixture
def dips(client: Client) -> dict[str, str]:
    """The headers of a sending system."""
    return signed_in(client)


@pytest.fixture
def other(client: Client) -> dict[str, str]:
    """The headers of another."""
    return signed_in(client, "metavision")


def put(client: Client, headers: dict[str, str], at: str, tree: Any, **more: str) -> Any:
    raw = json.dumps(tree)
    return client.put(
        f"/fhir/CommunicationRequest/{at}", raw, content_type="application/fhir+json", headers={**headers, **more}
    )


def kept(at: str) -> bytes:
    order = order_of(UUID(at), "dips")
    assert order is not None
    return order.raw


def test_an_order_becomes_a_letter_with_a_location(client: Client, dips: dict[str, str]) -> None:
    tree = body(payload=[{"contentString": "Innkalling"}, html(), enclosed(pdf(2))])
    answer = send(client, dips, tree)
    assert answer.status_code == 201, answer.content
    assert answer["Location"] == f"http://localhost:8000/fhir/CommunicationRequest/{letter_id(answer)}"
    assert answer["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    assert "ETag" not in answer
    assert answer.json() == tree | {"id": letter_id(answer)}
    letter = Letter.objects.get(pk=letter_id(answer))
    assert (letter.source, letter.title, letter.language) == ("dips", "Innkalling", "nb")
    assert json.loads(kept(letter_id(answer))) == tree
    assert queries.find_by_pid(PID) == letter.person
    assert [d.pages for d in letter.documents.all()] == [2]


def test_the_request_is_kept_to_the_byte(client: Client, dips: dict[str, str]) -> None:
    raw = b'{ "priority" :"routine",\n' + json.dumps(body(), indent=1).encode()[1:]
    answer = send(client, dips, raw)
    assert kept(letter_id(answer)) == raw


@pytest.mark.parametrize("content_type", ["application/json", "application/fhir+json; charset=UTF-8; fhirVersion=4.0"])
def test_the_usual_media_types_are_taken(client: Client, dips: dict[str, str], content_type: str) -> None:
    answer = client.post("/fhir/CommunicationRequest", json.dumps(body()), content_type=content_type, headers=dips)
    assert answer.status_code == 201


def test_the_same_order_again_is_the_same_letter(client: Client, dips: dict[str, str]) -> None:
    tree = body()
    first = send(client, dips, tree)
    again = send(client, dips, tree)
    spread = send(client, dips, json.dumps(dict(reversed(tree.items())), indent=4).encode())
    assert [first.status_code, again.status_code, spread.status_code] == [201, 200, 200]
    assert first["Location"] == again["Location"] == spread["Location"]
    assert Letter.objects.count() == 1


def test_a_repeat_is_known_also_when_it_could_not_be_sent_anew(client: Client, dips: dict[str, str]) -> None:
    tree = body()
    first = send(client, dips, tree)
    Letter.objects.get().type.__class__.objects.update(active=False)
    assert send(client, dips, tree)["Location"] == first["Location"]
    assert send(client, dips, body()).status_code == 422


def test_the_same_key_with_another_body_is_409(client: Client, dips: dict[str, str]) -> None:
    tree = body()
    send(client, dips, tree)
    answer = send(client, dips, tree | {"priority": "urgent"})
    assert (answer.status_code, words(answer)) == (409, {"key-reused"})
    assert Letter.objects.count() == 1


def test_the_header_goes_before_the_identifier(client: Client, dips: dict[str, str]) -> None:
    tree = body(identifier=None)
    assert words(send(client, dips, tree)) == {"key-missing"}
    first = send(client, dips, tree, **{"Idempotency-Key": "k-1"})
    again = send(client, dips, tree, **{"Idempotency-Key": '"k-1"'})
    another = send(client, dips, tree, **{"Idempotency-Key": "k-2"})
    assert [a.status_code for a in (first, again, another)] == [201, 200, 201]
    assert first["Location"] == again["Location"] != another["Location"]


def test_two_senders_may_use_the_same_key(client: Client, dips: dict[str, str], other: dict[str, str]) -> None:
    tree = body()
    assert send(client, dips, tree)["Location"] != send(client, other, tree)["Location"]


def test_a_refused_order_can_be_mended_under_the_same_key(client: Client, dips: dict[str, str]) -> None:
    tree = body()
    refused = send(client, dips, tree | {"status": "draft"})
    assert (refused.status_code, words(refused)) == (422, {"status"})
    assert send(client, dips, tree).status_code == 201


def test_every_problem_is_told_at_once_in_bokmaal(client: Client, dips: dict[str, str]) -> None:
    answer = send(client, dips, body(sender=None, payload=[{"contentString": ""}, html("<video></video>")]))
    assert answer.status_code == 422
    assert words(answer) >= {"sender-missing", "title-missing", "body-element"}
    first = outcome(answer)[0]
    assert first["severity"] == "error"
    assert first["diagnostics"] == "Brevet mangler tittel."
    assert first["expression"] == ["CommunicationRequest.payload[0].contentString"]
    assert not Letter.objects.exists()


def test_replacing_withdraws_the_old_letter_of_the_same_patient_only(client: Client, dips: dict[str, str]) -> None:
    old = letter_id(send(client, dips, body()))
    new = send(client, dips, body(replaces=[{"reference": f"CommunicationRequest/{old}"}]))
    assert new.status_code == 201
    assert Letter.objects.get(pk=old).withdrawn_at is not None
    fate = follow(client, dips, f"based-on=CommunicationRequest/{old}").json()["entry"][0]["resource"]
    assert (fate["status"], fate["statusReason"]["coding"][0]["code"]) == ("stopped", "replaced")
    stranger = body(synthetic_pid(), replaces=[{"reference": f"CommunicationRequest/{letter_id(new)}"}])
    assert words(send(client, dips, stranger)) == {"replaces-unknown"}
    assert Letter.objects.get(pk=letter_id(new)).withdrawn_at is None


def test_anothers_letter_cannot_be_replaced(client: Client, dips: dict[str, str], other: dict[str, str]) -> None:
    theirs = letter_id(send(client, other, body()))
    for target in (theirs, str(uuid4())):
        answer = send(client, dips, body(replaces=[{"reference": f"CommunicationRequest/{target}"}]))
        assert (answer.status_code, words(answer)) == (422, {"replaces-unknown"})


def test_the_sender_reads_its_own_order_and_the_reading_is_noted(client: Client, dips: dict[str, str]) -> None:
    tree = body()
    made = letter_id(send(client, dips, tree))
    answer = client.get(f"/fhir/CommunicationRequest/{made}", headers=dips)
    assert answer.json() == tree | {"id": made}
    row = AuditRow.objects.get(action="letter.order_read")
    assert (row.actor_kind, row.actor_id, row.item_id) == ("sender", "dips", made)


def test_unknown_and_anothers_answer_alike(client: Client, dips: dict[str, str], other: dict[str, str]) -> None:
    theirs = letter_id(send(client, other, body()))
    revoked = {"resourceType": "CommunicationRequest", "status": "revoked"}
    answers = [
        answer
        for target in (theirs, str(uuid4()), "1", "x" * 64)
        for answer in (
            client.get(f"/fhir/CommunicationRequest/{target}", headers=dips),
            client.get(f"/fhir/Communication/{target}", headers=dips),
            put(client, dips, target, revoked),
            follow(client, dips, f"based-on=CommunicationRequest/{target}"),
        )
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert Letter.objects.get(pk=theirs).withdrawn_at is None


def test_a_letter_is_withdrawn_by_revoking_its_order(client: Client, dips: dict[str, str]) -> None:
    tree = body()
    made = letter_id(send(client, dips, tree))
    reason = {"coding": [{"system": "https://dis-portal.example/fhir/withdrawal-reason", "code": "feil-pasient"}]}
    asked = client.get(f"/fhir/CommunicationRequest/{made}", headers=dips).json()
    answer = put(client, dips, made, asked | {"status": "revoked", "statusReason": reason})
    assert (answer.status_code, answer.json()["status"]) == (200, "revoked")
    letter = Letter.objects.get(pk=made)
    assert letter.withdrawn_reason == "feil-pasient"
    again = put(client, dips, made, {"resourceType": "CommunicationRequest", "status": "revoked"})
    assert again.status_code == 200
    assert LetterEvent.objects.filter(letter=letter, kind="withdrawn").count() == 1
    assert client.get(f"/fhir/CommunicationRequest/{made}", headers=dips).json()["status"] == "revoked"
    assert send(client, dips, tree).json()["status"] == "revoked"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"status": "active"}, 422, "only-revoke"),
        ({"status": "completed"}, 422, "only-revoke"),
        ({"payload": [{"contentString": "Noe annet"}]}, 422, "cannot-change"),
        ({"subject": None}, 422, "cannot-change"),
        ({"priority": "urgent"}, 422, "cannot-change"),
        ({"meta": {"security": []}}, 422, "cannot-change"),
        ({"id": str(UUID(int=7))}, 400, "id-mismatch"),
        ({"resourceType": "Task"}, 400, "resource-type"),
        (
            {
                "statusReason": {
                    "coding": [{"system": "https://dis-portal.example/fhir/withdrawal-reason", "code": "x"}]
                }
            },
            422,
            "reason-unknown",
        ),
    ],
)
def test_nothing_else_about_a_sent_letter_can_be_changed(
    client: Client, dips: dict[str, str], changes: dict[str, Any], status: int, code: str
) -> None:
    tree = body()
    made = letter_id(send(client, dips, tree))
    answer = put(client, dips, made, tree | {"status": "revoked"} | changes)
    assert (answer.status_code, words(answer)) == (status, {code})
    assert Letter.objects.get(pk=made).withdrawn_at is None


def test_versions_are_not_kept(client: Client, dips: dict[str, str]) -> None:
    made = letter_id(send(client, dips, body()))
    revoked = {"resourceType": "CommunicationRequest", "status": "revoked"}
    assert put(client, dips, made, revoked, **{"If-Match": 'W/"1"'}).status_code == 412


def test_minimal_answers_on_request(client: Client, dips: dict[str, str]) -> None:
    answer = send(client, dips, body(), Prefer="return=minimal")
    assert (answer.status_code, answer.content) == (201, b"")
    assert answer["Location"]


def test_scopes_are_held(client: Client) -> None:
    system = System("reader")
    system.register("system/CommunicationRequest.rs", "system/Communication.rs")
    headers = bearer(client, system)
    answer = send(client, headers, body())
    assert (answer.status_code, words(answer)) == (403, {"scope-missing"})
    assert follow(client, headers, f"based-on={uuid4()}").status_code == 404
    writer = System("writer")
    writer.register("system/CommunicationRequest.c")
    assert follow(client, bearer(client, writer), f"based-on={uuid4()}").status_code == 403
    assert send(client, {}, body()).status_code == 401


def test_every_element_that_is_refused_is_named(client: Client, dips: dict[str, str]) -> None:
    answer = send(
        client, dips, body(payload=[{"contentString": "Brev"}, html("<p>A</p><img src=x><script>1</script>")])
    )
    assert answer.status_code == 422
    told = " ".join(issue["diagnostics"] for issue in answer.json()["issue"])
    assert "<img>" in told
    assert "<script>" in told


def test_a_letter_of_too_many_pages_is_refused_at_once(client: Client, dips: dict[str, str]) -> None:
    def lines(count: int) -> Any:
        return body(payload=[{"contentString": "Brev"}, html("".join(f"<p>Punkt {n}</p>" for n in range(count)))])

    answer = send(client, dips, lines(800))
    assert answer.status_code == 422, answer.content
    assert [issue["details"]["coding"][0]["code"] for issue in answer.json()["issue"]] == ["too-many-pages"]
    assert send(client, dips, lines(450)).status_code == 201
