"""Whatever is sent, the door answers: never a 5xx, never an exception, always FHIR, and never the patient's number."""

import copy
import itertools
import json
import logging
import operator
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.fhir.clients import signed_in
from tests.fhir.orders import BODY, PID, body, encoded, html, outcome, send

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.fhir.urls")]

MUTATED_REQUESTS = int(os.environ.get("FUZZ_ORDERS", "800"))
"""How many nearly right orders are tried; FUZZ_ORDERS=5000 is the night's dose."""
_TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
_ODD = st.sampled_from(
    [
        "",
        " ",
        "\0",
        "\u202e",
        "9" * 11,
        PID,
        "2026-02-30",
        "9999-12-31T23:59:59.999+14:00",
        "0001-01-01T00:00:00-14:00",
        "====",
        encoded("<p>"),
        encoded("<table>" * 50),
        encoded(b"%PDF-1.7\n"),
        encoded(b"\xff\xfe"),
        "text/html",
        "application/pdf",
        "CommunicationRequest/" + "0" * 36,
        "urn:oid:2.16.578.1.12.4.1.4.2",
        "revoked",
        "NORU",
        "💥" * 40,
        "a" * 3000,
    ]
)
_LEAF = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | _TEXT | _ODD
_NAMES = st.sampled_from(
    ["id", "status", "identifier", "system", "value", "code", "coding", "payload", "contentAttachment", "data", "size",
     "hash", "url", "title", "language", "start", "end", "reference", "extension", "_status", "meta", "security",
     "resourceType", "contained", "replaces", "recipient", "text", "note", "fhir_comments", "__class__"]
)  # fmt: skip
_ANYTHING = st.recursive(
    _LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES | _TEXT, inner, max_size=3), max_leaves=8
)
_TEMPLATE = body(
    occurrencePeriod={"start": "2026-12-01", "end": "2027-01-10T10:00:00Z"},
    statusReason={"coding": [{"system": "https://dis-portal.example/fhir/withdrawal-reason", "code": "annet"}]},
    recipient=[{"identifier": {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": PID}}],
    payload=[{"contentString": "Innkalling"}, html(size=len(BODY.encode()), title="Brev", creation="2026-11-22")],
    note=[{"text": "Intern merknad"}],
)


def places(tree: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a tree."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(tree, dict):
        inner = list(tree.items())
    elif isinstance(tree, list):
        inner = list(enumerate(tree))
    return [at, *(place for step, value in inner for place in places(value, (*at, step)))]


def changed(tree: Any, place: tuple[str | int, ...], how: str, value: Any, name: str) -> Any:
    """The tree with one place replaced, removed, doubled, wrapped or added to."""
    if not place:
        return value if how == "replace" else tree
    holder: Any = reduce(operator.getitem, place[:-1], tree)
    last = place[-1]
    if how == "remove":
        del holder[last]
    elif how == "wrap":
        holder[last] = [holder[last]]
    elif how == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[-1]))
    elif how == "add" and isinstance(holder, dict):
        holder[name] = value
    else:
        holder[last] = value
    return tree


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A valid order with one to three things wrong with it, or right in an unusual way."""
    tree: Any = copy.deepcopy(_TEMPLATE)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(places(tree)))
        how = draw(st.sampled_from(["replace", "replace", "remove", "wrap", "double", "add"]))
        tree = changed(tree, place, how, draw(_ANYTHING), draw(_NAMES | _TEXT))
    return tree


def check(answer: Any, pid: str = PID) -> None:
    """What must hold of any answer."""
    assert answer.status_code < 500, answer.content
    if answer.status_code >= 400:
        issues = outcome(answer)
        assert issues
        assert all(issue["diagnostics"] for issue in issues)
        assert pid not in answer.content.decode()


@dataclass
class Door:
    """A signed-in sender in front of the door, who gives every request a key of its own."""

    client: Client
    headers: dict[str, str]
    keys: Iterator[int] = field(default_factory=itertools.count)
    answers: Counter[int] = field(default_factory=Counter)

    def send(self, content: Any) -> Any:
        """POST an order."""
        answer = send(self.client, self.headers, content, **{"Idempotency-Key": f"k-{next(self.keys)}"})
        self.answers[answer.status_code] += 1
        return answer


@pytest.fixture
def door(client: Client) -> Iterator[Door]:
    """Examples share one transaction; what is refused on purpose need not be logged."""
    cache.clear()
    logging.disable(logging.INFO)
    middleware = ["portal.fhir.middleware.MachineAnswers", *settings.MIDDLEWARE]
    with override_settings(FHIR_REQUESTS_PER_MINUTE=10**9, MIDDLEWARE=middleware):
        yield Door(client, signed_in(client))
    logging.disable(logging.NOTSET)


def many(examples: int) -> hypothesis_settings:
    return hypothesis_settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@many(MUTATED_REQUESTS)
@given(tree=mutated())
def mutations(door: Door, tree: Any) -> None:
    check(door.send(tree))


def test_mutations_of_a_valid_order(door: Door) -> None:
    """Orders that are nearly right: most are refused, some are taken, none brings anything down."""
    mutations(door)
    assert sum(door.answers.values()) >= MUTATED_REQUESTS
    assert door.answers[201] > 0
    assert door.answers[422] > MUTATED_REQUESTS // 5


@many(400)
@given(tree=mutated())
def test_mutations_sent_to_withdraw(door: Door, tree: Any) -> None:
    """Withdrawals that are nearly right."""
    sent = door.send(_TEMPLATE)
    address = sent["Location"].removeprefix("http://localhost:8000")
    raw = json.dumps(tree)
    check(door.client.put(address, raw, content_type="application/fhir+json", headers=door.headers))


@many(400)
@given(raw=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_bytes_that_are_no_json(door: Door, raw: bytes) -> None:
    """Anything at all."""
    check(door.send(raw))


@many(400)
@given(data=st.data())
def test_broken_text_of_a_valid_order(door: Door, data: st.DataObject) -> None:
    """A valid order cut off, or with bytes put in."""
    raw = json.dumps(_TEMPLATE).encode()
    at = data.draw(st.integers(0, len(raw)))
    put_in = data.draw(st.sampled_from([b"", b"\0", b'"', b"{", b"]", b"\\ud800", b"\xff", b",", b"1e999", b"NaN"]))
    rest = data.draw(st.sampled_from([raw[at:], b""]))
    check(door.send(raw[:at] + put_in + rest))


@many(600)
@given(
    query=st.dictionaries(st.sampled_from(["based-on", "identifier", "_format", "_count", "status"]), _TEXT | _ODD),
    path=st.sampled_from(["CommunicationRequest", "Communication", "Communication/_search", "Patient", "metadata", ""]),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"]),
)
def test_any_address_with_any_method(door: Door, query: dict[str, str], path: str, method: str) -> None:
    """The whole door, also with NUL characters in a parameter."""
    answer = door.client.generic(
        method, f"/fhir/{path}", content_type="application/fhir+json", headers=door.headers, query_params=query
    )
    assert answer.status_code < 500
    if answer.status_code >= 400 and method != "HEAD":
        assert outcome(answer)
