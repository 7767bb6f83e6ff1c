"""Signed calls: what passes, and what is turned away."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.counterparts import signing
from portal.kernel import clock

SECRET = "s" * 40
BODY = '{"key": "å"}'.encode()


def test_a_signed_body_passes() -> None:
    signing.verify(SECRET, signing.signed_headers(SECRET, BODY), BODY)


@pytest.mark.parametrize(
    ("secret", "body"),
    [("t" * 40, BODY), (SECRET, BODY + b" "), ("", BODY)],
    ids=["another secret", "another body", "no secret configured"],
)
def test_anything_else_is_turned_away(secret: str, body: bytes) -> None:
    headers = signing.signed_headers(SECRET, BODY)
    with pytest.raises(signing.BadSignature):
        signing.verify(secret, headers, body)


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "²", "9" * 13, "1e9"])
def test_a_nonsense_timestamp_is_turned_away(stamp: str) -> None:
    headers = {signing.TIMESTAMP_HEADER: stamp, signing.SIGNATURE_HEADER: signing.sign(SECRET, stamp, BODY)}
    with pytest.raises(signing.BadSignature):
        signing.verify(SECRET, headers, BODY)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_or_future_call_is_turned_away(minutes: int) -> None:
    stamp = str(int((clock.real_now() + timedelta(minutes=minutes)).timestamp()))
    headers = {signing.TIMESTAMP_HEADER: stamp, signing.SIGNATURE_HEADER: signing.sign(SECRET, stamp, BODY)}
    with pytest.raises(signing.BadSignature):
        signing.verify(SECRET, headers, BODY)


def test_the_lifetime_runs_on_real_time_though_the_clinic_stands_still() -> None:
    with clock.stopped_at(datetime(2026, 12, 23, 9, tzinfo=UTC)):
        signing.verify(SECRET, signing.signed_headers(SECRET, BODY), BODY)
