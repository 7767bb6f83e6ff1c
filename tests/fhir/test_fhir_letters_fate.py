"""A sender asks what became of its letters: by order, by identifier, and never more than its own."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.communication import Communication

from letters.models import Letter
from letters.states import Digital
from portal.kernel import clock
from tests.fhir.clients import signed_in
from tests.fhir.orders import IDENTIFIER, PID, body, follow, letter_id, send, words

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.fhir.urls")]


@pytest.fixture
def dips(client: Client) -> dict[str, str]:
    """The headers of a sending system."""
    return signed_in(client)


@pytest.fixture
def other(client: Client) -> dict[str, str]:
    """The headers of another."""
    return signed_in(client, "metavision")


def test_a_letters_fate_is_found_by_order_and_by_identifier(client: Client, dips: dict[str, str]) -> None:
    tree = body()
    made = letter_id(send(client, dips, tree))
    value = tree["identifier"][0]["value"]
    for query in (
        f"based-on=CommunicationRequest/{made}",
        f"based-on={made}",
        f"based-on=http://localhost:8000/fhir/CommunicationRequest/{made}",
        f"identifier={IDENTIFIER}|{value}",
        f"based-on=CommunicationRequest/{made}&identifier={IDENTIFIER}|{value}&_format=json",
    ):
        bundle = follow(client, dips, query).json()
        Bundle.model_validate(bundle)
        assert (bundle["total"], bundle["entry"][0]["resource"]["id"]) == (1, made)
        assert bundle["entry"][0]["fullUrl"] == f"http://localhost:8000/fhir/Communication/{made}"
        assert PID not in json.dumps(bundle)
    form = f"identifier={IDENTIFIER}%7C{value}"
    searched = client.post(
        "/fhir/Communication/_search", form, content_type="application/x-www-form-urlencoded", headers=dips
    )
    assert searched.json()["total"] == 1
    one = client.get(f"/fhir/Communication/{made}", headers=dips).json()
    Communication.model_validate(one)
    assert one["basedOn"] == [{"reference": f"CommunicationRequest/{made}"}]
    assert one["status"] == "preparation"


def test_an_identifier_that_nothing_of_ones_own_carries_finds_nothing(
    client: Client, dips: dict[str, str], other: dict[str, str]
) -> None:
    tree = body()
    send(client, other, tree)
    value = tree["identifier"][0]["value"]
    bundle = follow(client, dips, f"identifier={IDENTIFIER}|{value}").json()
    assert (bundle["total"], "entry" in bundle) == (0, False)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "search-empty"),
        ("status=completed", "search-empty"),
        ("identifier=B-1", "search-identifier"),
        ("identifier=|B-1", "search-identifier"),
        ("based-on=a&based-on=b", "search-value"),
        ("based-on=%01", "search-value"),
        ("based-on=" + "a" * 3000, "search-value"),
        ("based-on=,", "search-values"),
        ("based-on=" + ",".join("a" * 30), "search-values"),
    ],
)
def test_a_search_that_says_too_little_or_too_much_is_400(
    client: Client, dips: dict[str, str], query: str, code: str
) -> None:
    answer = follow(client, dips, query)
    assert (answer.status_code, words(answer)) == (400, {code})


def test_an_unknown_parameter_is_refused_where_the_client_is_strict(client: Client, dips: dict[str, str]) -> None:
    made = letter_id(send(client, dips, body()))
    address = f"/fhir/Communication?based-on={made}&patient=1"
    assert client.get(address, headers=dips).status_code == 200
    answer = client.get(address, headers={**dips, "Prefer": "handling=strict"})
    assert (answer.status_code, words(answer)) == (400, {"search-parameter"})


def test_the_sender_sees_when_it_was_opened(client: Client, dips: dict[str, str]) -> None:
    made = letter_id(send(client, dips, body()))
    now = clock.now()
    Letter.objects.filter(pk=made).update(digital=Digital.OPENED, available_at=now, opened_at=now, opened_by=uuid4())
    fate = client.get(f"/fhir/Communication/{made}", headers=dips).json()
    assert (fate["status"], fate["medium"][0]["coding"][0]["code"]) == ("completed", "ELECTRONIC")
    assert fate["sent"] == fate["received"]
