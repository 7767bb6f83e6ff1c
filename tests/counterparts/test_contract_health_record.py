"""The record system's contract: what is handed back is filed once, and its door is open to the portal."""

from uuid import uuid4

import jwt
import pytest

from portal.counterparts.errors import ConflictingDuplicate, CounterpartDown, Refused, UnknownOutcome
from portal.counterparts.health_record.http import HttpHealthRecord
from tests.counterparts.running import World

RESOURCE = {"resourceType": "Communication", "status": "completed"}


@pytest.fixture
def record(world: World) -> HttpHealthRecord:
    return HttpHealthRecord(world.client("record-system"))


def test_a_resource_is_filed_once_per_key(world: World, record: HttpHealthRecord) -> None:
    key = str(uuid4())
    first, second = record.deliver(key, RESOURCE), record.deliver(key, RESOURCE)
    assert (first.duplicate, second.duplicate) == (False, True)
    assert first.record_id == second.record_id
    rows = [row for row in world.ask("GET", "/record-system/inbox.json")[1] if row["key"] == key]
    assert [row["resource"] for row in rows] == [RESOURCE]
    with pytest.raises(ConflictingDuplicate):
        record.deliver(key, RESOURCE | {"status": "in-progress"})


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("down", CounterpartDown),
        ("error", UnknownOutcome),
        ("slow", UnknownOutcome),
        ("garbage", UnknownOutcome),
        ("accept_then_drop_reply", UnknownOutcome),
        ("reject", Refused),
    ],
)
def test_every_failure_is_told_for_what_it_is(world: World, mode: str, error: type[Exception]) -> None:
    world.behave("record-system", mode, times=1, seconds=0.6)
    with pytest.raises(error):
        HttpHealthRecord(world.client("record-system", seconds=0.4)).deliver(str(uuid4()), RESOURCE)


def test_units_and_keys_are_there_for_the_portal(world: World) -> None:
    units = world.ask("GET", "/record-system/units.json")[1]
    assert len(units) >= 8
    assert set(units[0]) >= {"resh", "name", "hospital", "phone", "return_lines"}
    (key,) = world.ask("GET", "/record-system/jwks.json")[1]["keys"]
    assert (key["alg"], key["crv"]) == ("ES384", "P-384")
    assert "d" not in key
    assert jwt.PyJWK(key, algorithm="ES384")


def test_a_token_is_not_invented_where_the_portal_gives_none(world: World) -> None:
    status, answer = world.ask("GET", "/record-system/token")
    assert (status, answer["code"]) == (502, "no_token")
