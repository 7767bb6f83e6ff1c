"""The same request many times at once: one letter, one token."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from letters.models import Letter, LetterType
from portal.fhir.models import AccessToken
from tests.fhir.clients import System, ask, signed_in
from tests.fhir.orders import body, send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.fhir.urls")]
AT_ONCE = 4


def at_once(call: Callable[[Client], Any]) -> list[Any]:
    """The answers to one call made by several clients at the same moment."""
    start = Barrier(AT_ONCE)

    def one(_: int) -> Any:
        try:
            start.wait(timeout=20)
            return call(Client())
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.fixture
def dips(client: Client) -> dict[str, str]:
    """The headers of a sending system, where letters of one type may be sent."""
    LetterType.objects.get_or_create(code="innkalling", defaults={"name": "Innkalling", "fallback_amount": 4})
    return signed_in(client)


def test_the_same_order_at_once_is_one_letter(dips: dict[str, str]) -> None:
    for _ in range(10):
        tree = body()
        answers = at_once(partial(send, headers=dips, tree=tree))
        assert Counter(answer.status_code for answer in answers) == {201: 1, 200: AT_ONCE - 1}
        assert len({answer["Location"] for answer in answers}) == 1
    assert Letter.objects.count() == 10


def test_one_key_with_different_bodies_at_once_is_one_letter(dips: dict[str, str]) -> None:
    trees = [body() | {"identifier": [{"system": "https://dips.example/brev", "value": "the-same"}]} for _ in range(2)]
    trees[1]["priority"] = "urgent"
    turns = iter([0, 1] * AT_ONCE)
    answers = at_once(lambda client: send(client, dips, json.loads(json.dumps(trees[next(turns)]))))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 1, 409: 2}
    assert Letter.objects.count() == 1


def test_one_assertion_at_once_buys_one_token(client: Client) -> None:
    system = System("dips")
    system.register()
    for number in range(1, 11):
        assertion = system.sign()
        answers = at_once(partial(ask, assertion=assertion))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 401: AT_ONCE - 1}
        assert AccessToken.objects.count() == number
