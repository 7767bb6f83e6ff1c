"""Orders for letters as a hospital's system would write them."""

import base64
import itertools
import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
from django.test import Client

from letters.fhir import Facts, RefusedOrder, read_order
from letters.orders import LetterOrder
from portal.fhir.outcomes import Problem
from tests.letters.making import synthetic_pid

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PID = synthetic_pid()
RESH = "100082"
IDENTIFIER = "https://dips.example/brev"
BODY = "<p>Du har fått time til undersøkelse av kneet.</p>"
_numbers = itertools.count(1)


def encoded(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def pdf(pages: int = 1, version: str = "1.7", size: tuple[int, int] = (595, 842)) -> bytes:
    """A PDF of empty pages."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=size)
    out = BytesIO()
    made.save(out, force_version=version)
    return out.getvalue()


def html(text: str = BODY, **changes: Any) -> dict[str, Any]:
    attachment = {"contentType": "text/html", "language": "nb", "data": encoded(text)} | changes
    return {"contentAttachment": attachment}


def enclosed(data: bytes, **changes: Any) -> dict[str, Any]:
    return {
        "contentAttachment": {"contentType": "application/pdf", "title": "Samtykke", "data": encoded(data)} | changes
    }


def body(pid: str = PID, **changes: Any) -> dict[str, Any]:
    """The minimal body of the integration guide, with a fresh identifier; None takes a member away."""
    tree: dict[str, Any] = {
        "resourceType": "CommunicationRequest",
        "status": "active",
        "identifier": [{"system": IDENTIFIER, "value": f"B-2026-{next(_numbers):06d}"}],
        "category": [{"coding": [{"system": "https://dis-portal.example/fhir/letter-type", "code": "innkalling"}]}],
        "subject": {"identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": pid}},
        "sender": {"identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.102", "value": RESH}},
        "payload": [{"contentString": "Innkalling til undersøkelse av kneet"}, html()],
        "meta": {"security": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9603", "code": "N"}]},
    } | changes
    return {name: value for name, value in tree.items() if value is not None}


def facts(**changes: Any) -> Facts:
    known: dict[str, Any] = {
        "source": "dips",
        "address": "http://localhost:8000/fhir",
        "environment": "test",
        "now": NOW,
        "is_letter_type": lambda code: code == "innkalling",
        "is_unit": lambda resh: resh == RESH,
        "is_own_letter": lambda letter_id: True,
    } | changes
    return Facts(**known)


def taken(tree: dict[str, Any], **changes: Any) -> LetterOrder:
    """The order a body becomes."""
    return read_order(tree, json.dumps(tree).encode(), "key-1", facts(**changes))


def problems(tree: dict[str, Any], **changes: Any) -> list[Problem]:
    """What keeps a body from becoming an order."""
    try:
        taken(tree, **changes)
    except RefusedOrder as refused:
        return refused.problems
    return []


def codes(tree: dict[str, Any], **changes: Any) -> set[str]:
    return {problem.code for problem in problems(tree, **changes)}


def send(browser: Client, headers: dict[str, str], tree: Any, **more: str) -> Any:
    """POST an order."""
    raw = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    return browser.post(
        "/fhir/CommunicationRequest", raw, content_type="application/fhir+json", headers={**headers, **more}
    )


def outcome(answer: Any) -> list[dict[str, Any]]:
    """The issues of an OperationOutcome."""
    tree = answer.json()
    assert tree["resourceType"] == "OperationOutcome", tree
    issues: list[dict[str, Any]] = tree["issue"]
    return issues


def words(answer: Any) -> set[str]:
    """The problem codes of an OperationOutcome."""
    return {issue["details"]["coding"][0]["code"] for issue in outcome(answer)}


def letter_id(answer: Any) -> str:
    return str(answer["Location"].rpartition("/")[2])


def follow(client: Client, headers: dict[str, str], query: str) -> Any:
    return client.get(f"/fhir/Communication?{query}", headers=headers)
