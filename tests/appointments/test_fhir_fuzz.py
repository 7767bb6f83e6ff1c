"""Whatever a record system sends of appointments, the door answers in FHIR: never a 5xx, never the patient's number."""

import copy
import json
import logging
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.appointments import nhn, nhn_timetable
from tests.appointments.test_fhir_appointments import by_identifier, send, token
from tests.fhir.test_fhir_fuzz import _ANYTHING, _NAMES, _TEXT, changed, check, places

pytestmark = pytest.mark.django_db
MUTATED = int(os.environ.get("FUZZ_ORDERS", "800")) // 4
_OF = nhn_timetable.schedule()
_TEMPLATES = (
    nhn.timenotifikasjon(meta={"lastUpdated": "2026-01-20T14:30:15Z"}),
    nhn.cancelled(meta={"lastUpdated": "2026-01-20T14:30:15Z"}),
    nhn.time_lege(meta={"lastUpdated": "2026-01-20T14:30:15Z"}),
    nhn.home_visit(meta={"lastUpdated": "2026-01-20T14:30:15Z"}),
    _OF,
    nhn_timetable.slot(_OF),
    nhn_timetable.task(_OF),
)
_WORDS = st.sampled_from(
    ["#", "#45c4b733-c3c9-4b66-bf66-2d8001f19d6a", "Appointment/", "cancelled", "proposed", "entered-in-error",
     "booked", "2026-11-28T10:00:00+14:00", "2199-12-31T23:59:59Z", "2000-01-01T00:00:00-14:00", "https://[", "https://a:99999/",
     nhn.RESH, nhn.FNR, nhn.PID, "closed", "urn:uuid:00000000-0000-4000-8000-000000000000", "x" * 5000]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A valid resource with one to three things wrong with it, or right in an unusual way."""
    tree: Any = copy.deepcopy(draw(st.sampled_from(_TEMPLATES)))
    kind = tree["resourceType"]
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.sampled_from(places(tree)))
        how = draw(st.sampled_from(["replace", "replace", "remove", "wrap", "double", "add"]))
        tree = changed(tree, place, how, draw(_ANYTHING | _WORDS), draw(_NAMES | _TEXT))
    return kind, tree


@pytest.fixture
def door(client: Client) -> Iterator[dict[str, str]]:
    cache.clear()
    logging.disable(logging.INFO)
    with override_settings(FHIR_REQUESTS_PER_MINUTE=10**9):
        headers = token(client, "dips")
        send(client, headers, _OF)
        yield headers
    logging.disable(logging.NOTSET)


def test_mutations_of_valid_resources(client: Client, door: dict[str, str]) -> None:
    answers: Counter[int] = Counter()

    @hypothesis_settings(max_examples=MUTATED, deadline=None, suppress_health_check=list(HealthCheck))
    @given(made=mutated(), put=st.booleans())
    def one(made: tuple[str, Any], put: bool) -> None:
        kind, tree = made
        try:
            query = by_identifier(tree) if put else ""
        except (KeyError, IndexError, TypeError):
            query = ""
        raw = json.dumps(tree)
        answer = send(client, door, raw, f"/fhir/{kind}{query}", "put" if query else "post")
        answers[answer.status_code] += 1
        check(answer, nhn.PID)

    one()
    assert answers[422] > MUTATED // 5
    assert answers[200] + answers[201] > 0


@pytest.mark.parametrize("address", ["Appointment", "Schedule", "Slot", "Task"])
def test_bytes_that_are_no_json(client: Client, door: dict[str, str], address: str) -> None:
    for raw in (
        "",
        "{",
        "\x00",
        "[]",
        '{"resourceType":"' + address + '"}',
        '{"resourceType":"' + address + '","identifier":5}',
    ):
        for method in ("post", "put"):
            check(send(client, door, raw, f"/fhir/{address}", method), nhn.PID)
            check(send(client, door, raw, f"/fhir/{address}?identifier=%00", method), nhn.PID)
            check(send(client, door, raw, f"/fhir/{address}/%F0%9F%92%A5", "put"), nhn.PID)
